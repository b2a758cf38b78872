"""The tools of `aivision mcp` as a language model's client meets them: what they answer, and what they refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from tests.cli.conftest import aivision
from tests.mcp_server.clients import call, session

pytestmark = pytest.mark.long
RECORD = {"identifier": "gauge-1", "title": "River gauges of the north", "accessLevel": "public"}


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
        ("search_datasets", {"wrods": "rivers"}, "wrods: no such argument; search_datasets has words, country"),
        ("search_datasets", {"words": ["rivers"]}, "words: Input should be a valid string"),
        ("search_datasets", {"words": {"$ne": ""}}, "words: Input should be a valid string"),
        ("delete_dataset", {"dataset": "gauge-1"}, "delete_dataset: no such tool; there are search_datasets"),
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
    assert "\n" not in error


def test_the_schemas_say_that_there_are_no_other_arguments(tools: Any) -> None:
    async def use(client: Client) -> Any:
        return (await client.list_tools()).tools

    for tool in session(tools, use):
        assert tool.input_schema["additionalProperties"] is False, tool.name


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
