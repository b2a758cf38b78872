"""`aivision mcp` as a language model's client meets it: the official client, over standard input and over HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from tests.cli.conftest import COMMAND, aivision

TOOLS = {"search_datasets", "read_evaluation", "compare_countries", "explain_criterion", "lint_draft"}
RECORD = {"identifier": "gauge-1", "title": "River gauges of the north", "accessLevel": "public"}
Ask = Callable[..., Any]


def session(server: Any, use: Callable[[Client], Any]) -> Any:
    """What a client makes of a server."""

    async def run() -> Any:
        async with Client(server, read_timeout_seconds=120) as client:
            return await use(client)

    # In a thread of its own: tests in a browser leave an event loop in the one that tests run in.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, run()).result(300)


def call(server: Any, tool: str, **arguments: Any) -> Any:
    """The answer of a tool; the text of its error where it refuses."""

    async def use(client: Client) -> Any:
        answer = await client.call_tool(tool, arguments)
        (content,) = answer.content
        return content.text if answer.is_error else json.loads(content.text)

    return session(server, use)


@pytest.fixture(scope="module")
def harvests(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Harvests of a US and a UK source."""
    folder = tmp_path_factory.mktemp("harvests")
    for name in ("sample-us", "sample-uk"):
        assert aivision("harvest", name, "--into", folder / name).status == 0
    return [folder / "sample-us", folder / "sample-uk"]


@pytest.fixture(scope="module")
def by_stdio(harvests: list[Path]) -> StdioServerParameters:
    return StdioServerParameters(command=str(COMMAND), args=["mcp", *map(str, harvests)])


@pytest.fixture(scope="module")
def by_http(harvests: list[Path]) -> Iterator[str]:
    """The address of a server of its own process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(COMMAND), "mcp", *map(str, harvests), "--http", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as server:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None, server.stderr.read() if server.stderr else ""
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
        server.terminate()


@pytest.mark.long
@pytest.mark.parametrize("way", ["by_stdio", "by_http"])
def test_the_tools_are_there_and_say_that_they_change_nothing(way: str, request: pytest.FixtureRequest) -> None:
    async def use(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = session(request.getfixturevalue(way), use)
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)


@pytest.mark.long
@pytest.mark.parametrize("way", ["by_stdio", "by_http"])
def test_a_dataset_is_found_and_its_evaluation_read(way: str, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue(way)
    found = call(server, "search_datasets", country="US", limit=2)
    assert found["count"] >= len(found["datasets"]) == 2
    first = found["datasets"][0]
    evaluation = call(server, "read_evaluation", dataset=first["id"], lens="uk-dsit")
    assert (evaluation["grade"], evaluation["score"]) == (first["grade"], first["score"])
    assert evaluation["lens"]["groups"]


@pytest.fixture(scope="module")
def tools(harvests: list[Path]) -> Any:
    """The server within this process."""
    from ckanext.aivision.mcp_server.directory_place import DirectoryPlace
    from ckanext.aivision.mcp_server.server import build_server

    return build_server(DirectoryPlace(harvests))


def test_words_and_filters_narrow_a_search(tools: Any) -> None:
    everything = call(tools, "search_datasets", limit=50)
    title = everything["datasets"][0]["title"]
    by_words = call(tools, "search_datasets", words=title, limit=50)
    assert title in {row["title"] for row in by_words["datasets"]}
    assert by_words["count"] < everything["count"]
    failing = call(tools, "search_datasets", failed_criterion="checksum-given", limit=50)
    assert 0 < failing["count"] <= everything["count"]
    results = call(tools, "read_evaluation", dataset=failing["datasets"][0]["id"])["results"]
    assert {row["criterion"]: row["result"] for row in results}["checksum-given"] == "fail"


def test_the_countries_are_compared_with_a_verdict(tools: Any) -> None:
    found = call(tools, "compare_countries")
    assert found["verdict"]
    assert len(found["dimensions"]) == 8
    assert call(tools, "compare_countries", lens="us-commerce")["lens"]["groups"]


def test_a_criterion_is_explained_with_its_guidance(tools: Any) -> None:
    row = call(tools, "explain_criterion", criterion="licence-open")
    assert row["question"].endswith("?")
    assert row["fix"]
    assert all(citation["url"] for citation in row["citations"].values())


def test_a_draft_gets_a_grade_problems_and_fixes(tools: Any) -> None:
    found = call(tools, "lint_draft", text=json.dumps({"dataset": [RECORD, {"identifier": "gauge-2"}]}))
    good, bad = found["records"]
    assert good["grade"] in "ABCDE"
    assert {fix["criterion"] for fix in good["fixes"]} & {"licence-open", "distribution-present"}
    assert (bad["refused"], bad["problems"][0]["code"]) == (True, "title-missing")


def test_a_long_draft_says_that_there_is_more(tools: Any) -> None:
    records = [{**RECORD, "identifier": str(number)} for number in range(12)]
    found = call(tools, "lint_draft", text=json.dumps({"dataset": records}))
    assert (len(found["records"]), found["more"]) == (10, True)


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("search_datasets", {"words": "x" * 201}, "at most 200 characters"),
        ("search_datasets", {"limit": 51}, "less than or equal to 50"),
        ("search_datasets", {"country": "FR"}, "'US' or 'GB'"),
        ("search_datasets", {"failed_criterion": "licence"}, "did you mean"),
        ("read_evaluation", {"dataset": "no-such"}, "search_datasets gives their ids"),
        ("read_evaluation", {"dataset": ""}, "at least 1 character"),
        ("read_evaluation", {"dataset": "../../etc/passwd"}, "no such dataset"),
        ("compare_countries", {"lens": "../x"}, "no such lens; there are"),
        ("compare_countries", {"theme": "nope"}, "theme"),
        ("compare_countries", {"year": "' OR 1=1"}, "year"),
        ("explain_criterion", {"criterion": "licence-opne"}, "did you mean licence-open"),
        ("lint_draft", {"text": " "}, "the draft is empty"),
        ("lint_draft", {"text": "hello"}, "begins with"),
        ("lint_draft", {"text": "x" * 200_001}, "at most 200000 characters"),
        ("lint_draft", {"text": '{"dataset": ' + "[" * 50_000}, "draft"),
    ],
)
def test_what_a_tool_does_not_take_is_refused_in_words(
    tool: str, arguments: dict[str, Any], words: str, tools: Any
) -> None:
    error = call(tools, tool, **arguments)
    assert isinstance(error, str), error
    assert words in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no-such-directory"], "no harvest"),
        (["http://127.0.0.1:9"], "no catalogue with this extension answers there"),
        (["http://a.example.gov", "us"], "one address, or one or more directories"),
    ],
)
def test_what_is_no_place_is_refused_by_the_command(words: list[str], message: str) -> None:
    done = aivision("mcp", *words)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert len(done.err.splitlines()) == 1


def test_without_the_package_the_command_says_how_to_get_it(tmp_path: Path) -> None:
    hidden = (
        "from importlib import metadata; found = metadata.distribution\n"
        "def distribution(name):\n"
        "    if name == 'mcp': raise metadata.PackageNotFoundError(name)\n"
        "    return found(name)\n"
        "metadata.distribution = distribution\n"
        "from ckanext.aivision.cli.main import main; main(['mcp', '.'])\n"
    )
    done = subprocess.run([sys.executable, "-c", hidden], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert 'pip install "ckanext-aivision[mcp]"' in done.stderr
