"""The actions that read agencies, criteria and evaluations of the newest snapshot."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable
from typing import Any

import pytest
from tests.plugin.conftest import execute

ACTIONS = {
    "aivision_agency_list": {},
    "aivision_agency_show": {"id": "gb-cabinet-office"},
    "aivision_criterion_list": {},
    "aivision_criterion_show": {"id": "licence-open"},
    "aivision_evaluation_list": {},
}
FILTERS = (
    *("country", "level", "agency", "publisher", "source", "theme", "kind", "format", "licence", "year", "looked_at"),
)
INJECTION = "x' OR 1=1; --"
BAD: list[Any] = [
    INJECTION,
    "x" * 5000,
    "nul\0",
    "\N{SNOWMAN}",
    {"a": 1},
    [["a"]],
    [None],
    1.5,
    True,
    "../../etc/passwd",
]


@pytest.fixture
def call(ckan: Any) -> Callable[..., Any]:
    """Calls an action as somebody who is not logged in."""
    return lambda action, **asked: ckan.get_action(action)({"user": ""}, asked)


@pytest.fixture
def get(reader: Callable[[str], Any]) -> Callable[..., Any]:
    """The result that GET gives without a log-in."""

    def ask(action: str, status: int = 200, **asked: Any) -> Any:
        query = urllib.parse.urlencode(asked, doseq=True)
        answer = reader("").get(f"/api/3/action/{action}?{query}", status).get_json()
        return answer["result"] if status == 200 else answer["error"]

    return ask


@pytest.mark.parametrize(("action", "asked"), ACTIONS.items())
def test_everybody_reads_them_by_get(
    action: str, asked: dict[str, str], published: Any, snapshot: Any, get: Callable[..., Any]
) -> None:
    published()
    made = snapshot().made
    assert get(action, **asked)["as_of"] == made.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(("action", "asked"), ACTIONS.items())
@pytest.mark.usefixtures("no_snapshot")
def test_while_there_is_no_snapshot_the_answer_says_so(
    action: str, asked: dict[str, str], get: Callable[..., Any]
) -> None:
    answer = get(action, **asked)
    assert answer["as_of"] is None
    if "criteria" not in answer:
        assert "are being computed" in answer["message"]


def test_an_agency_has_its_datasets_criteria_publishers_and_sources(
    published: Any, snapshot: Any, call: Callable[..., Any]
) -> None:
    published()
    before = snapshot()
    assert before.data_sets
    first = call("aivision_agency_show", id="gb-cabinet-office")
    published(license_id="none")
    snapshot()
    found = call("aivision_agency_show", id="gb-cabinet-office")
    assert (found["title"], found["level"], found["country"]) == ("Cabinet Office", "national", "GB")
    assert found["data_sets"] == first["data_sets"] + 1 == sum(found["grades"].values())
    licence = {row["id"]: row for row in found["criteria"]}["licence-open"]
    assert licence["failed"] == {row["id"]: row for row in first["criteria"]}["licence-open"]["failed"] + 1
    assert (
        sum(licence[name] for name in ("passed", "partial", "failed", "unknown", "not_applicable"))
        == (found["data_sets"])
    )
    assert found["publishers"][0]["title"] == "Cabinet Office"
    listed = {row["id"]: row for row in call("aivision_agency_list", country="GB", limit=1000)["agencies"]}
    assert listed["gb-cabinet-office"]["data_sets"] == found["data_sets"]
    assert listed["gb-cabinet-office"]["grades"] == found["grades"]


@pytest.mark.usefixtures("figures_of_two")
def test_an_agency_without_datasets_is_shown_and_one_that_is_none_is_not_found(get: Callable[..., Any]) -> None:
    found = get("aivision_agency_show", id="us-581-00")
    assert (found["data_sets"], found["mean"], found["publishers"]) == (0, None, [])
    for id in ("gb-no-such-office", INJECTION):
        assert get("aivision_agency_show", 404, id=id)
    assert get("aivision_agency_show", 409)["id"] == ["Missing value"]


@pytest.mark.usefixtures("figures_of_two")
def test_agencies_are_sorted_and_paged(call: Callable[..., Any]) -> None:
    whole = call("aivision_agency_list", sort="title")
    titles = [row["title"].casefold() for row in whole["agencies"]]
    assert titles == sorted(titles)
    assert whole["count"] == len(titles)
    paged = [
        row["id"]
        for start in range(whole["count"])
        for row in call("aivision_agency_list", sort="title", limit=1, offset=start)["agencies"]
    ]
    assert paged == [row["id"] for row in whole["agencies"]]
    assert call("aivision_agency_list", offset=whole["count"])["agencies"] == []


def test_a_criterion_has_its_figures_agencies_and_examples(
    published: Any, snapshot: Any, call: Callable[..., Any]
) -> None:
    passing, failing = published()["name"], published(license_id="none")["name"]
    snapshot()
    listed = {row["id"]: row for row in call("aivision_criterion_list", dimension="licensed")["criteria"]}
    assert set(listed["licence-open"]["countries"]) == {"US", "GB"}
    assert {row["dimension"] for row in listed.values()} == {"licensed"}
    found = call("aivision_criterion_show", id="licence-open")
    assert {key: found[key] for key in listed["licence-open"]} == listed["licence-open"]
    assert found["fix"]
    assert set(found["citations"]) <= set(found["sources"])
    assert found["figures"]["countries"]["GB"]["data_sets"] >= 1
    assert "gb-cabinet-office" in {row["id"] for row in found["agencies"]}
    names = {row["name"] for row in (*found["examples"]["pass"], *found["examples"]["fail"])}
    assert names
    every = call("aivision_evaluation_list", criterion="licence-open.pass", limit=1000)["evaluations"]
    assert passing in {row["name"] for row in every}
    assert failing not in {row["name"] for row in every}
    assert {row["name"] for row in found["examples"]["pass"]} <= {row["name"] for row in every}


@pytest.mark.usefixtures("figures_of_two")
def test_a_criterion_that_asks_for_more_than_metadata_has_no_figures(call: Callable[..., Any]) -> None:
    every = call("aivision_criterion_list")["criteria"]
    deep = next(row for row in every if row["depth"] == "links")
    assert (deep["countries"], deep["verdict"]) == ({}, None)
    found = call("aivision_criterion_show", id=deep["id"])
    assert (found["figures"], found["agencies"], found["examples"]) == (None, [], {"pass": [], "fail": []})


def test_evaluations_are_those_of_the_dataset_pages(published: Any, snapshot: Any, call: Callable[..., Any]) -> None:
    package = published()
    snapshot()
    rows = call("aivision_evaluation_list", agency="gb-cabinet-office", limit=1000)["evaluations"]
    row = next(row for row in rows if row["id"] == package["id"])
    score = call("aivision_score_show", id=package["id"])
    assert (row["name"], row["title"]) == (package["name"], package["title"])
    assert (row["score"], row["grade"]) == (round(score["score"], 1), score["grade"])
    assert row["results"] == {one["criterion"]: one["result"] for one in score["results"]}
    assert row["dimensions"].keys() == score["dimensions"].keys()
    assert row["modified"][:10] == package["metadata_modified"][:10]


def test_pages_give_each_evaluation_once(published: Any, snapshot: Any, get: Callable[..., Any]) -> None:
    for _ in range(3):
        published()
    snapshot()
    whole = get("aivision_evaluation_list", country="GB", sort="modified", limit=1000, fields="id,title")
    assert whole["count"] == len(whole["evaluations"]) >= 3
    assert whole["next"] is None
    paged: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        one = get("aivision_evaluation_list", country="GB", sort="modified", limit=2, after=after, fields="id,title")
        paged += one["evaluations"]
        after = one["next"]
    assert paged == whole["evaluations"]
    assert set(paged[0]) == {"id", "title"}


def test_datasets_that_became_private_or_are_gone_are_not_named(
    published: Any, snapshot: Any, call: Callable[..., Any], ckan: Any, site_user: dict[str, Any]
) -> None:
    kept, private, deleted, hidden = (published(title=f"Secret plans {number}") for number in range(4))
    snapshot()
    execute("UPDATE package SET private = TRUE WHERE id = :id", id=hidden["id"])
    ckan.get_action("package_patch")(dict(site_user), {"id": private["id"], "private": True})
    ckan.get_action("package_delete")(dict(site_user), {"id": deleted["id"]})
    execute("UPDATE package SET title = 'Renamed' WHERE id = :id", id=kept["id"])
    answer = call("aivision_evaluation_list", sort="modified", limit=1000)
    named = {row["id"]: row["title"] for row in answer["evaluations"]}
    assert named[kept["id"]] == "Renamed"
    assert not named.keys() & {private["id"], deleted["id"], hidden["id"]}
    assert "Secret plans" not in json.dumps(call("aivision_criterion_show", id="title-descriptive"))


@pytest.mark.parametrize("value", BAD, ids=lambda value: repr(value)[:20])
@pytest.mark.usefixtures("figures_of_two")
def test_a_value_that_means_nothing_is_refused_by_the_name_of_its_parameter(
    call: Callable[..., Any], ckan: Any, value: Any
) -> None:
    of_agencies, of_evaluations = "aivision_agency_list", "aivision_evaluation_list"
    asked = [
        *((action, field) for action in (of_agencies, of_evaluations) for field in (*FILTERS, "sort", "limit")),
        *((of_agencies, "offset"), ("aivision_criterion_list", "dimension")),
        *((of_evaluations, field) for field in ("criterion", "fields", "after")),
    ]
    for action, field in asked:
        with pytest.raises(ckan.ValidationError) as refused:
            call(action, **{field: value})
        assert list(refused.value.error_dict) == [field], (action, field)
        assert len(str(refused.value.error_dict)) < 2500 + len(repr(value))


@pytest.mark.parametrize(
    ("field", "values"), [("limit", ["0", "-1", "1001", "9" * 400]), ("offset", ["-1", "9" * 400])]
)
def test_numbers_have_limits(call: Callable[..., Any], ckan: Any, field: str, values: list[str]) -> None:
    for value in values:
        with pytest.raises(ckan.ValidationError, match="Enter a whole number"):
            call("aivision_agency_list", **{field: value})


@pytest.mark.parametrize(("action", "asked"), ACTIONS.items())
def test_a_parameter_that_is_none_is_refused(action: str, asked: dict[str, str], get: Callable[..., Any]) -> None:
    error = get(action, 409, **asked, contry="GB")
    assert "There is no such parameter" in error["contry"][0]


@pytest.mark.parametrize("action", ["aivision_agency_show", "aivision_criterion_show"])
@pytest.mark.parametrize("value", BAD, ids=lambda value: repr(value)[:20])
@pytest.mark.usefixtures("figures_of_two")
def test_an_id_that_is_none_is_not_found_or_refused(
    call: Callable[..., Any], ckan: Any, action: str, value: Any
) -> None:
    with pytest.raises((ckan.ObjectNotFound, ckan.ValidationError)):
        call(action, id=value)


@pytest.mark.usefixtures("figures_of_two")
def test_the_end_of_a_page_in_another_order_is_refused(call: Callable[..., Any], ckan: Any) -> None:
    after = call("aivision_evaluation_list", limit=1)["next"]
    with pytest.raises(ckan.ValidationError, match="use `next`"):
        call("aivision_evaluation_list", limit=1, sort="score", after=after)
