"""Searching the catalogue by evaluation: filters and facets of package_search, and the page of datasets."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import ckan.model as model
import msgspec
import pytest
import sqlalchemy as sa
from tests.plugin.conftest import execute

from ckanext.aivision.compare.table.filters import known_values

Search = Callable[..., dict[str, Any]]
FILE = {"url": "https://rivers.example.gov/levels.csv", "format": "CSV", "name": "Levels"}


@pytest.fixture
def word() -> str:
    """In the titles of this test's datasets, and of no other."""
    return f"wb{''.join(chr(97 + int(digit, 16)) for digit in uuid.uuid4().hex)}"


@pytest.fixture
def dataset(ckan: Any, site_user: dict[str, Any], organization: str, word: str) -> Callable[..., dict[str, Any]]:
    def publish(**fields: Any) -> dict[str, Any]:
        package = {
            "name": f"rivers-{uuid.uuid4().hex[:8]}",
            "title": f"River levels {word}",
            "notes": "Levels.",
            "owner_org": organization,
            "country": "GB",
            "license_id": "none",
            "resources": [FILE],
            **fields,
        }
        created: dict[str, Any] = ckan.get_action("package_create")(dict(site_user), package)
        return created

    return publish


@pytest.fixture
def search(ckan: Any, word: str) -> Search:
    """A search among this test's datasets."""

    def find(**asked: Any) -> dict[str, Any]:
        found: dict[str, Any] = ckan.get_action("package_search")({"user": ""}, {"q": f"title:{word}", **asked})
        return found

    return find


def _names(found: dict[str, Any]) -> list[str]:
    return [package["name"] for package in found["results"]]


@pytest.fixture
def two(dataset: Callable[..., dict[str, Any]]) -> tuple[str, str]:
    """The names of a dataset with an open licence and of one with none."""
    return dataset(license_id="OGL-UK-3.0")["name"], dataset()["name"]


def test_datasets_are_searched_by_the_result_of_a_criterion(search: Search, two: tuple[str, str]) -> None:
    licensed, bare = two
    assert _names(search(fq="aivision_criteria:licence-open.pass")) == [licensed]
    assert _names(search(fq="aivision_criteria:licence-open.fail")) == [bare]
    assert _names(search(fq='aivision_failed:"licence-open"')) == [bare]
    assert _names(search(fq="-aivision_failed:licence-open")) == [licensed]


def test_the_filter_works_in_the_api_without_a_login(
    reader: Callable[[str], Any], word: str, two: tuple[str, str]
) -> None:
    path = f"/api/3/action/package_search?q=title:{word}&fq=aivision_criteria:licence-open.fail"
    answer = reader("").get(path).get_json()["result"]
    assert _names(answer) == [two[1]]


def test_datasets_are_sorted_and_narrowed_by_score(ckan: Any, search: Search, two: tuple[str, str]) -> None:
    def score(name: str) -> float:
        return float(ckan.get_action("aivision_score_show")({"user": ""}, {"id": name})["score"])

    licensed, bare = two
    assert score(licensed) > score(bare)
    assert _names(search(sort="aivision_score desc")) == [licensed, bare]
    assert _names(search(sort="aivision_score asc")) == [bare, licensed]
    assert _names(search(sort="aivision_grade asc, aivision_score desc")) == [licensed, bare]
    assert _names(search(fq=f"aivision_score:[{score(licensed)} TO 100]")) == [licensed]
    assert _names(search(fq=f"aivision_score:[0 TO {score(bare)}]")) == [bare]
    assert search(fq="aivision_score_findable:[0 TO 100] aivision_gain:[0 TO 100]")["count"] == 2


def test_a_dataset_that_is_mended_moves(
    ckan: Any, site_user: dict[str, Any], search: Search, two: tuple[str, str]
) -> None:
    bare = two[1]
    ckan.get_action("package_patch")(dict(site_user), {"id": bare, "license_id": "OGL-UK-3.0"})
    assert sorted(_names(search(fq="aivision_criteria:licence-open.pass"))) == sorted(two)
    assert search(fq="aivision_failed:licence-open")["count"] == 0


def test_facets_have_readable_names(search: Search, two: tuple[str, str]) -> None:
    fields = ["aivision_failed", "aivision_kind", "aivision_gate", "aivision_level"]
    found = search(**{"facet.field": fields})
    assert found["facets"]["aivision_failed"]["licence-open"] == 1
    assert found["facets"]["aivision_kind"] == {"tabular": 2}
    shown = {
        field: {item["name"]: item["display_name"] for item in found["search_facets"][field]["items"]}
        for field in fields
    }
    assert shown["aivision_failed"]["licence-open"] == "Licence open: fails"
    assert shown["aivision_kind"] == {"tabular": "Tables"}
    assert "no licence" in shown["aivision_gate"].values()


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("query", ["open", "fail", "tabular", "aivision", "licence-open.fail"])
def test_results_are_no_words_of_the_dataset(ckan: Any, word: str, query: str) -> None:
    asked = {"q": query, "fq": f"title:{word}"}
    assert ckan.get_action("package_search")({"user": ""}, asked)["count"] == 0


def test_every_value_of_a_list_of_ours_has_words(ckan_application: Any) -> None:
    """One table for the filters of the comparison and the facets of the search."""
    from ckanext.aivision.helpers import search_facets
    from ckanext.aivision.helpers.facet_words import facet_words

    with ckan_application.test_request_context():
        words = facet_words()
        items = [{"name": kind} for kind in known_values()["kind"]]
        labelled = search_facets.labelled({"search_facets": {"aivision_kind": {"items": items}}})
    listed = {name: set(values) for name, values in known_values().items() if name != "format"}
    assert {name for name, values in listed.items() if values - words[name].keys()} == set()
    shown = {item["name"]: item["display_name"] for item in labelled["search_facets"]["aivision_kind"]["items"]}
    assert shown["program"] == "Programs and source code"
    assert {text.lower() for text in shown.values()} == {text.lower() for text in words["kind"].values()}


def test_the_page_of_datasets_offers_the_facets_and_orders(
    reader: Callable[[str], Any], word: str, two: tuple[str, str]
) -> None:
    licensed, bare = two
    page = reader("").text(f"/dataset/?q=title:{word}&_aivision_failed_limit=0")
    for text in ("Criterion that fails", "Licence open: fails", "Kind of data", "Tables", "Grade, best first"):
        assert text in page, text
    assert "aivisionlicence" not in page
    narrowed = reader("").text(f"/dataset/?q=title:{word}&aivision_failed=licence-open")
    assert f"/dataset/{bare}" in narrowed
    assert f"/dataset/{licensed}" not in narrowed
    of_agency = reader("").text("/dataset/?aivision_agency=gb-cabinet-office")
    assert "Cabinet Office" in of_agency.partition('class="filtered pill"')[2][:200]
    assert "None:" not in of_agency
    ordered = reader("").text(f"/dataset/?q=title:{word}&sort=aivision_grade+asc%2C+aivision_score+desc")
    assert ordered.index(f"/dataset/{licensed}") < ordered.index(f"/dataset/{bare}")
    assert 'value="aivision_grade asc, aivision_score desc" selected' in ordered


def test_a_page_reads_the_evaluations_of_all_that_it_lists_at_once(
    ckan_application: Any, word: str, two: tuple[str, str]
) -> None:
    read = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if re.search(r"FROM aivision_evaluation\b", statement):
            read.append(statement)

    with ckan_application.test_request_context():
        engine = model.meta.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        page = ckan_application.test_client().get(f"/dataset/?q=title:{word}").get_data(as_text=True)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert page.count("aivision-grade-") >= len(two)
    assert len(read) == 1


@pytest.mark.parametrize(
    ("former", "is_indexed_again"),
    [
        ({"result": "pass", "value": 1.0}, True),
        ({"evidence": "other words about the same"}, False),
    ],
)
def test_a_rescore_indexes_what_has_other_results_and_nothing_else(
    ckan: Any, dataset: Callable[..., dict[str, Any]], former: dict[str, Any], is_indexed_again: bool
) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
    from ckanext.aivision.catalogue.evaluations.encoding import to_text
    from ckanext.aivision.catalogue.rescore.batch import rescored

    id = dataset()["id"]
    evaluation = evaluations.find(id)
    assert evaluation is not None
    results = [
        msgspec.structs.replace(one, **former) if one.criterion == "licence-open" else one for one in evaluation.results
    ]
    text = to_text(msgspec.structs.replace(evaluation, results=results))
    execute("UPDATE aivision_evaluation SET evaluation = :text WHERE package_id = :id", text=text, id=id)
    counts = rescored([id], evaluations.today(), lambda row: False)
    waiting = set(model.Session.execute(sa.text("SELECT package_id FROM aivision_unindexed")).scalars())
    execute("DELETE FROM aivision_unindexed WHERE package_id = :id", id=id)
    assert (id in waiting, counts.with_text, counts.regraded) == (is_indexed_again, 1, 0)


def test_a_box_is_indexed_where_ckanext_spatial_looks_for_it(dataset: Callable[..., Any], search: Search) -> None:
    ring = [[-1, 54], [0, 54], [0, 55], [-1, 55], [-1, 54]]
    box = json.dumps({"type": "Polygon", "coordinates": [ring]})
    mapped = dataset(spatial_coverage=[{"bbox": box}])["name"]
    dataset()
    assert _names(search(fq="spatial:*Polygon*")) == [mapped]
