"""The tools answered from a running catalogue."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from tests.mcp_server.clients import call

from ckanext.aivision.mcp_server.instance_place import InstancePlace
from ckanext.aivision.mcp_server.server import build_server


@pytest.fixture(scope="module")
def site(live_site: str, stack: Any) -> str:
    """The address of a site with the samples of both countries and a snapshot."""
    for name in ("sample-us", "sample-uk"):
        stack.ckan("aivision", "harvest", name)
    stack.ckan("aivision", "snapshot")
    return live_site


@pytest.fixture(scope="module")
def tools(site: str) -> Any:
    return build_server(InstancePlace(site, ["127.0.0.1"]))


def api(site: str, action: str, **params: str) -> Any:
    return requests.get(f"{site}/api/3/action/{action}", params, timeout=60).json()["result"]


@pytest.mark.parametrize("country", ["US", "GB"])
def test_a_search_finds_datasets_of_a_country_whose_evaluations_can_be_read(
    country: str, tools: Any, site: str
) -> None:
    found = call(tools, "search_datasets", country=country, limit=50)
    assert found["count"] == len(found["datasets"]) > 1
    name = found["datasets"][0]["id"]
    evaluation = call(tools, "read_evaluation", dataset=name, lens="mqa")
    assert (evaluation["country"], bool(evaluation["lens"])) == (country, True)
    assert evaluation["score"] == api(site, "aivision_score_show", id=name)["score"]


def test_grades_and_failed_criteria_narrow_a_search(tools: Any) -> None:
    found = call(tools, "search_datasets", failed_criterion="checksum-given", grade="B", limit=5)
    for row in found["datasets"]:
        evaluation = call(tools, "read_evaluation", dataset=row["id"])
        assert evaluation["grade"] == "B"
        assert {one["criterion"]: one["result"] for one in evaluation["results"]}["checksum-given"] == "fail"
    assert found["count"] < call(tools, "search_datasets")["count"]


@pytest.mark.parametrize("words", ['" OR *:*', "title:[* TO *]", "{!func}1", "((((", "a" * 200, "\N{SNOWMAN}"])
def test_the_words_of_a_search_are_no_query_language(words: str, tools: Any) -> None:
    found = call(tools, "search_datasets", words=words)
    assert isinstance(found, dict), found


def test_the_comparison_is_that_of_the_api(tools: Any, site: str) -> None:
    assert call(tools, "compare_countries")["verdict"] == api(site, "aivision_compare")["verdict"]


def test_a_criterion_has_the_figures_of_the_catalogue(tools: Any) -> None:
    assert set(call(tools, "explain_criterion", criterion="licence-open")["countries"]) == {"US", "GB"}


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("read_evaluation", {"dataset": "no-such-dataset"}, "no such dataset"),
        ("read_evaluation", {"dataset": "\0"}, "no such dataset"),
        ("compare_countries", {"theme": "nope"}, "a filter means nothing"),
        ("compare_countries", {"lens": "nope"}, "no such lens"),
    ],
)
def test_what_the_catalogue_refuses_is_told_in_words(
    tool: str, arguments: dict[str, str], words: str, tools: Any
) -> None:
    error = call(tools, tool, **arguments)
    assert isinstance(error, str)
    assert words in error
