"""The pages: they answer, hold what they promise, and escape what records bring."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load

_TEMPLATES = Path(__file__).resolve().parents[2] / "ckanext-aivision" / "ckanext" / "aivision" / "templates"
_TRANSLATED = re.compile(r"""_\((?:"([^"]*)"|'([^']*)')\)""")


@pytest.fixture
def page(ckan_application: Any) -> Any:
    client = ckan_application.test_client()

    def get(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        text: str = answer.get_data(as_text=True)
        return text

    return get


@pytest.fixture
def harvested(ckan: Any, snapshot: Any) -> dict[str, Any]:
    """The samples of both countries, harvested and compared; and one of their datasets."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import load_sources

    for name in ("sample-us", "sample-uk"):
        assert harvest_into_ckan(load_sources()[name]).state == "finished"
    snapshot()
    # Other tests may have saved the same record by hand.
    asked = {"source": "sample-us", "beginning": "CITY-311"}
    (record,) = ckan.get_action("aivision_record_list")({"ignore_auth": True}, asked)
    found: dict[str, Any] = ckan.get_action("package_show")({"ignore_auth": True}, {"id": record["package_id"]})
    return found


def test_a_data_set_page_shows_every_criterion_with_its_evidence_and_fix(harvested: Any, page: Any) -> None:
    text = page(f"/dataset/{harvested['name']}")
    for row in load().criteria:
        assert row.question.split("?")[0] in text.replace("&#39;", "'"), row.id
    assert "opendatacommons.org/licenses/odbl/1.0/" in text
    assert "Fix these first" in text


def test_the_grade_stands_before_the_files_of_a_data_set_however_many_they_are(harvested: Any, page: Any) -> None:
    text = page(f"/dataset/{harvested['name']}")
    verdict = text.index('href="#ai-readiness"')
    assert verdict < text.index("Data and Resources") < text.index('id="ai-readiness"')
    assert re.search(r"grade [A-E], [\d.]+ of 100 points", text[verdict:])


def test_the_sidebar_of_a_data_set_is_made_once(harvested: Any, page: Any, ckan_application: Any) -> None:
    asked = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        asked.append(statement)

    with ckan_application.test_request_context():
        engine = model.meta.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        text = page(f"/dataset/{harvested['name']}")
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert len([one for one in asked if "FROM user_following_dataset" in one]) == 1
    sidebar = text.split('id="organization-info"')[1].split("</section>")[0]
    assert harvested["organization"]["title"] in sidebar
    assert text.count('id="organization-info"') == 1


@pytest.fixture
def of_both_countries(ckan: Any, site_user: dict[str, Any], organization: str, snapshot: Any) -> None:
    """A dataset of each country that is no sample: other tests may have left some of one country."""
    for country, licence in (("US", "us-pd"), ("GB", "OGL-UK-3.0")):
        package = {"name": f"levels-{uuid.uuid4().hex[:8]}", "title": "Levels", "owner_org": organization}
        ckan.get_action("package_create")(dict(site_user), {**package, "country": country, "license_id": licence})
    snapshot()


def test_the_comparison_has_a_row_with_both_countries_for_each_dimension_and_criterion(
    of_both_countries: None, page: Any
) -> None:
    text = page("/best-practice")
    rows = {"overall": "measure", **dict.fromkeys(DIMENSIONS, "dimension")}
    rows |= {row.id: "criterion" for row in load().criteria}
    for name, kind in rows.items():
        row = text.split(f'id="{kind}-{name}"')[1].split("</ul>")[0]
        assert [label for label in ("US", "UK") if f"</i> {label} " in row] == ["US", "UK"], name
    assert len(text) < 150_000


def test_the_figures_of_the_comparison_can_be_had_as_json(harvested: Any, ckan_application: Any) -> None:
    answer = ckan_application.test_client().get("/best-practice.json")
    assert answer.mimetype == "application/json"
    assert {measure["id"] for measure in answer.get_json()["criteria"]} == {row.id for row in load().criteria}


def test_the_search_has_facets_for_country_and_grade(harvested: Any, page: Any) -> None:
    text = page("/dataset/?aivision_country=UK")
    assert "aivision_grade=" in text
    assert "aivision_country" in text


def test_the_search_has_a_facet_for_what_limits_the_grade(harvested: Any, page: Any, ckan: Any) -> None:
    asked = {"facet.field": ["aivision_gate"], "rows": 1000}
    found = ckan.get_action("package_search")({"ignore_auth": True}, asked)
    labels = {gate.id: gate.label for gate in load().gates}
    counts = found["facets"]["aivision_gate"]
    assert counts
    assert set(counts) <= set(labels)
    assert {item["display_name"] for item in found["search_facets"]["aivision_gate"]["items"]} <= set(labels.values())
    gate, count = next(iter(counts.items()))
    asked = {"fq": f'aivision_gate:"{gate}"', "rows": 0}
    assert ckan.get_action("package_search")({"ignore_auth": True}, asked)["count"] == count
    assert "What limits the grade" in page("/dataset/")


@pytest.mark.parametrize(("order", "is_best_first"), [("asc", True), ("desc", False)])
def test_the_search_sorts_by_grade_and_then_by_score(
    harvested: Any, ckan: Any, order: str, is_best_first: bool
) -> None:
    other = "desc" if is_best_first else "asc"
    # Of one organization: other tests change evaluations behind the index's back.
    own = f"organization:{harvested['organization']['name']}"
    asked = {"rows": 1000, "fq": own, "sort": f"aivision_grade {order}, aivision_score {other}"}
    packages = ckan.get_action("package_search")({"ignore_auth": True}, asked)["results"]
    show = ckan.get_action("aivision_score_show")
    evaluations = [show({"ignore_auth": True}, {"id": package["id"]}) for package in packages]
    places = [(evaluation["grade"], -(evaluation["score"] or 0)) for evaluation in evaluations]
    assert len(set(places)) > 2
    assert places == sorted(places, reverse=not is_best_first)


def test_the_orders_by_grade_can_be_chosen_for_datasets_alone(harvested: Any, page: Any) -> None:
    text = page("/dataset/")
    assert 'value="aivision_grade asc, aivision_score desc"' in text
    assert "Grade, worst first" in page(f"/organization/{harvested['organization']['name']}")
    assert "aivision_score" not in page("/organization/")
    # CKAN's own stay.
    assert "title_string asc" in text


def test_the_home_page_says_how_many_data_sets_there_are(harvested: Any, page: Any) -> None:
    assert "in the United Kingdom" in page("/")


def test_data_sets_are_given_out_as_dcat(harvested: Any, page: Any) -> None:
    assert "dcat:Dataset" in page(f"/dataset/{harvested['name']}.ttl")
    assert "dcat:Catalog" in page("/catalog.ttl")


def test_what_a_record_brings_is_escaped(ckan: Any, page: Any, snapshot: Any) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    name = f"hostile-{uuid.uuid4().hex[:8]}"
    admin = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    ckan.get_action("organization_create")(dict(admin), {"name": f"org-{name}", "title": f"Office {hostile}"})
    package = {
        "name": name,
        "title": f"A title of rivers {hostile}",
        "notes": f"A description of rivers {hostile}",
        "owner_org": f"org-{name}",
        "country": "US",
        "license_id": "none",
        "limitations": f"Limits {hostile}",
        "contact": [{"name": hostile}],
    }
    ckan.get_action("package_create")(dict(admin), package)
    snapshot()
    for path in (f"/dataset/{name}", "/best-practice", "/dataset/"):
        text = page(path)
        assert "<script>alert(1)" not in text, path
        assert "<img src=x" not in text, path


def test_translated_texts_hold_no_bare_per_cent_sign() -> None:
    """CKAN's templates fill texts in with the % operator, to which a bare sign is an error at display."""
    for template in _TEMPLATES.rglob("*.html"):
        for texts in _TRANSLATED.findall(template.read_text(encoding="utf-8")):
            assert "%" not in "".join(texts), f"{template.name}: {''.join(texts)}"
