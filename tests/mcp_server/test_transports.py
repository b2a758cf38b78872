"""`aivision mcp` over standard input and over streamable HTTP, with the official client and with what is none."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from mcp import Client
from tests.mcp_server.clients import call, session

pytestmark = pytest.mark.long

TOOLS = {"search_datasets", "read_evaluation", "compare_countries", "explain_criterion", "lint_draft"}
DRAFT = {"dataset": [{"identifier": "gauge-1", "title": "River gauges of the north", "accessLevel": "public"}]}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize("way", ["by_stdio", "by_http"])
def test_the_tools_are_there_and_say_that_they_change_nothing(way: str, request: pytest.FixtureRequest) -> None:
    async def use(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = session(request.getfixturevalue(way), use)
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)


@pytest.mark.parametrize("way", ["by_stdio", "by_http"])
def test_a_dataset_is_found_and_its_evaluation_read(way: str, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue(way)
    found = call(server, "search_datasets", country="US", limit=2)
    assert found["count"] >= len(found["datasets"]) == 2
    first = found["datasets"][0]
    evaluation = call(server, "read_evaluation", dataset=first["id"], lens="uk-dsit")
    assert (evaluation["grade"], evaluation["score"]) == (first["grade"], first["score"])
    assert evaluation["lens"]["groups"]


@pytest.mark.parametrize("way", ["by_stdio", "by_http"])
def test_countries_are_compared_a_criterion_explained_and_a_draft_linted(
    way: str, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue(way)
    assert call(server, "compare_countries", lens="mqa")["verdict"]
    assert call(server, "explain_criterion", criterion="licence-open")["fix"]
    (record,) = call(server, "lint_draft", text=json.dumps(DRAFT))["records"]
    assert record["grade"] in "ABCDE"
    assert record["fixes"]


@pytest.mark.parametrize("way", ["by_stdio", "by_http"])
def test_a_refusal_is_one_sentence_and_the_server_goes_on(way: str, request: pytest.FixtureRequest) -> None:
    async def use(client: Client) -> Any:
        drafts = ["[" * 50_000, "\0", "<" * 10_000, "x" * 200_001, "@prefix a: <b>."]
        answers = [await client.call_tool("lint_draft", {"text": text}) for text in drafts]
        answers.append(await client.call_tool("search_datasets", {"limit": 10**30}))
        return answers, await client.call_tool("search_datasets", {"limit": 1})

    refusals, last = session(request.getfixturevalue(way), use)
    for answer in refusals:
        assert answer.is_error
        assert "\n" not in answer.content[0].text
        assert "Traceback" not in answer.content[0].text
    assert not last.is_error


def test_clients_at_once_get_their_own_answers(by_http: str) -> None:
    async def use(client: Client) -> Any:
        found = await asyncio.gather(
            *(client.call_tool("explain_criterion", {"criterion": id}) for id in ("licence-open", "checksum-given"))
        )
        return [json.loads(answer.content[0].text)["id"] for answer in found]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: session(by_http, use), range(8)))
    assert answers == [["licence-open", "checksum-given"]] * 8


HOSTILE = {
    "no JSON": (b"<html>", {}),
    "deep nesting": (b"[" * 100_000, {}),
    "no method": (b'{"jsonrpc": "2.0", "id": 1}', {}),
    "not UTF-8": (b'{"jsonrpc": "2.0", "id": 1, "method": "\xff"}', {}),
    "another media type": (json.dumps(LIST).encode(), {"Content-Type": "text/plain"}),
    "a page of another site": (json.dumps(LIST).encode(), {"Origin": "https://attacker.example"}),
    "a name that leads here": (json.dumps(LIST).encode(), {"Host": "attacker.example"}),
    "a body of 100 MB": (b" " * (100 * 2**20), {}),
}


@pytest.mark.parametrize(("body", "headers"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_request_of_a_client_is_refused(body: bytes, headers: dict[str, str], by_http: str) -> None:
    try:
        answer = requests.post(by_http, body, headers=HEADERS | headers, timeout=60)
    except requests.ConnectionError:
        pass  # It does not wait for the rest of what is too large.
    else:
        assert 400 <= answer.status_code < 500, answer.text
        assert "Traceback" not in answer.text
    assert call(by_http, "explain_criterion", criterion="licence-open")["id"] == "licence-open"


def test_there_is_nothing_at_other_addresses(by_http: str) -> None:
    site = by_http.removesuffix("/mcp")
    assert [requests.get(f"{site}{path}", timeout=60).status_code for path in ("/", "/mcp/../etc/passwd")] == [404, 404]
