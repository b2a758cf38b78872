"""Lenses in CKAN: the actions' `lens`, the pages' `?lens=`."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from lxml import etree

from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.observations.observations import Link
from ckanext.aivision.scoring.rubric import load

NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc)

# No other test has the links of this host checked.
LEVELS = {
    "name": "Levels",
    "url": "https://lenses.example.gov/levels.csv",
    "access_url": "https://lenses.example.gov/levels",
    "format": "CSV",
}


@pytest.fixture
def package(ckan: Any, site_user: dict[str, Any], organization: str) -> dict[str, Any]:
    """A dataset that was saved in the form: a licence, keywords, one CSV."""
    given = {
        "name": f"levels-{uuid.uuid4().hex[:8]}",
        "title": "River levels, weekly, by station",
        "notes": "Levels of rivers at gauging stations, <b>measured</b> every week by an automated sensor.",
        "owner_org": organization,
        "country": "GB",
        "license_id": "OGL-UK-3.0",
        "tag_string": "river,level,gauge",
        "resources": [LEVELS],
    }
    made: dict[str, Any] = ckan.get_action("package_create")(dict(site_user), given)
    return made


@pytest.fixture
def comparison(ckan_application: Any, ckan: Any, package: dict[str, Any], snapshot: Any) -> Any:
    """Gets a page of the comparison, where some dataset of the UK is counted."""
    from ckanext.aivision.snapshot.read import newest

    stored = newest()
    if stored is None or not stored.manifest.countries[1].data_sets:
        snapshot()

    def get(path: str, status: int = 200) -> Any:
        answer = ckan_application.test_client().get(path, buffered=True)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return answer

    return get


def show(ckan: Any, package: dict[str, Any], **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = ckan.get_action("aivision_score_show")({"user": ""}, {"id": package["id"], **asked})
    return found


def test_the_lenses_are_listed_without_a_log_in(ckan: Any) -> None:
    listed = ckan.get_action("aivision_lens_list")({"user": ""}, {})
    assert [lens["name"] for lens in listed] == names()
    assert listed[names().index("mqa")]["total"] == 405
    address = cite("MQA findability.keyword").url
    assert listed[names().index("mqa")]["citations"]["MQA findability.keyword"]["url"] == address


@pytest.mark.parametrize("name", names())
def test_a_score_can_be_had_through_every_lens(ckan: Any, package: dict[str, Any], name: str) -> None:
    seen = show(ckan, package, lens=name)["lens"]
    assert seen["title"] == load_lens(name).title
    assert [group["id"] for group in seen["groups"]] == [group.id for group in load_lens(name).groups]
    assert seen["score"] is not None
    for code, found in seen["citations"].items():
        assert (found["title"], found["url"]) == (cite(code).title, cite(code).url)
    assert {clause for group in seen["groups"] for row in group["rows"] for clause in row["clauses"]} <= set(
        seen["citations"]
    )


def test_without_a_lens_the_answer_is_as_it_was(ckan: Any, package: dict[str, Any]) -> None:
    assert "lens" not in show(ckan, package)
    whole = show(ckan, package, lens="aivision")
    assert (whole["lens"]["score"], whole["lens"]["band"]) == (whole["score"], whole["grade"])


def test_mqa_asks_the_record_that_was_saved(ckan: Any, package: dict[str, Any], site_user: dict[str, Any]) -> None:
    before = show(ckan, package, lens="mqa")["lens"]["count"]
    assert before["total"] - before["known"] == 80
    ckan.get_action("package_patch")(dict(site_user), {"id": package["id"], "theme": ["ENVI"]})
    assert show(ckan, package, lens="mqa")["lens"]["count"]["earned"] == before["earned"] + 30


def test_a_lens_sees_what_the_links_of_a_stored_data_set_answered(
    ckan: Any, package: dict[str, Any], site_user: dict[str, Any]
) -> None:
    import ckan.model as model

    from ckanext.aivision.catalogue.observations import links

    before = show(ckan, package, lens="mqa")["lens"]["count"]
    url = f"https://lenses.example.gov/{package['name']}.csv"
    links.keep([Link(url=url, state="reachable", form="other", checked_at=NOW)])
    model.Session.commit()
    resources = [{**LEVELS, "url": url}]
    shown = ckan.get_action("package_patch")(dict(site_user), {"id": package["id"], "resources": resources})
    found = show(ckan, shown, lens="mqa")["lens"]["count"]
    assert (found["earned"], found["known"]) == (before["earned"] + 30, before["known"] + 30)
    whole = show(ckan, shown, lens="aivision")
    assert "links-reachable" in {row["id"] for group in whole["lens"]["groups"] for row in group["rows"]}
    assert (whole["lens"]["score"], whole["lens"]["coverage"]) == (whole["score"], whole["coverage"])


@pytest.mark.parametrize("wanted", ["mqua", "./mqa.yaml", "/etc/passwd", "../lenses/mqa", ["mqa"], 7])
def test_the_api_takes_names_only_and_no_file(ckan: Any, package: dict[str, Any], wanted: Any) -> None:
    with pytest.raises(ckan.ValidationError) as caught:
        ckan.get_action("aivision_score_show")({"user": ""}, {"id": package["id"], "lens": wanted})
    wrong_type = "This must be text"
    assert ("Use one of: aivision" if isinstance(wanted, str) else wrong_type) in str(caught.value.error_dict["lens"])


@pytest.mark.parametrize("wanted", ["mqua", "./mqa.yaml", "/etc/passwd", "../lenses/mqa", ["mqa", "mqa"], {"a": 1}, 7])
def test_so_does_the_comparison(ckan: Any, wanted: Any) -> None:
    with pytest.raises(ckan.ValidationError, match=r"Use one of: aivision|This must be text"):
        ckan.get_action("aivision_compare")({"user": ""}, {"lens": wanted})


def test_a_lens_shows_nothing_of_a_private_data_set(ckan: Any, package: dict[str, Any], site_user: Any) -> None:
    ckan.get_action("package_patch")(dict(site_user), {"id": package["id"], "private": True})
    with pytest.raises(ckan.NotAuthorized):
        show(ckan, package, lens="mqa")


@pytest.mark.parametrize("name", names())
def test_a_data_set_page_shows_the_lens_that_its_address_asks_for(package: Any, reader: Any, name: str) -> None:
    text = reader("").text(f"/dataset/{package['name']}?lens={name}")
    assert all(group.title in text for group in load_lens(name).groups)
    assert f"lens={name}" in text or name == "aivision"
    # The footer marks the language of the page.
    assert text.split("<footer")[0].count('aria-current="true"') == 1
    assert "<b>measured" not in text.split('id="ai-readiness"')[1]


@pytest.mark.parametrize("name", names())
def test_a_data_set_page_shows_every_clause_with_its_title_and_as_a_link(
    ckan: Any, package: Any, reader: Any, name: str
) -> None:
    page = etree.fromstring(reader("").text(f"/dataset/{package['name']}?lens={name}"), etree.HTMLParser())
    links = {(link.get("href"), link.text) for link in page.xpath('//*[@id="ai-readiness"]//a')}
    groups = show(ckan, package, lens=name)["lens"]["groups"]
    rows = [row for group in groups for inner in (group, *group["groups"]) for row in inner["rows"]]
    codes = {code for row in rows for code in row["clauses"]}
    codes = codes or {code for row in load().criteria for code in row.sources}
    assert {(cite(code).url, cite(code).label) for code in codes} <= links
    assert {cite(group["clause"]).url for group in groups} - {""} <= {address for address, _ in links}


def test_a_page_says_how_many_points_could_not_be_known(package: Any, reader: Any) -> None:
    text = reader("").text(f"/dataset/{package['name']}?lens=mqa")
    assert "80 of these points could not be judged" in text
    assert "? unknown" in text
    benchmarks = reader("").text(f"/dataset/{package['name']}?lens=us-commerce")
    assert "Benchmarks of models are not part of a dataset's metadata." in benchmarks


def test_a_lens_that_is_not_there_leaves_the_page_as_it_is(package: Any, reader: Any) -> None:
    for wanted in ("mqua", "..%2Fmqa", "%3Cscript%3E", ""):
        text = reader("").text(f"/dataset/{package['name']}?lens={wanted}")
        assert "Machine-readable" in text
        assert "<script>" not in text.split('id="ai-readiness"')[1].split("</section>")[0]


@pytest.mark.parametrize("name", names())
def test_the_figures_of_the_comparison_have_the_groups_of_a_lens(package: Any, comparison: Any, name: str) -> None:
    figures = comparison(f"/best-practice.json?lens={name}").get_json()["lens"]
    if name == "aivision":
        assert figures is None, "its groups are the dimensions, which stand there anyway"
        return
    assert figures["lens"] == name
    assert {group.title for group in load_lens(name).groups} <= {group["title"] for group in figures["groups"]}


@pytest.mark.parametrize("name", names())
def test_the_api_gives_titles_and_addresses_of_clauses_with_the_comparison(
    package: Any, comparison: Any, name: str
) -> None:
    figures = comparison(f"/api/3/action/aivision_compare?lens={name}").get_json()["result"]["lens"]
    if name == "aivision":
        assert figures is None
        return
    assert {code: found["url"] for code, found in figures["citations"].items()} == {
        code: cite(code).url for code in load_lens(name).clauses()
    }


def test_the_page_of_a_lens_has_its_groups_and_what_it_does_not_measure(package: Any, comparison: Any) -> None:
    text = comparison("/best-practice/frameworks/us-commerce").get_data(as_text=True)
    assert all(group.title in text for group in load_lens("us-commerce").groups)
    assert 'id="lens-overall"' in text
    benchmarks = cite("DOC 5.2.1")
    link = f'<a href="{benchmarks.url}" title="{benchmarks.note}" class="text-decoration-underline">DOC 5.2.1</a>'
    assert f"{link} Benchmarks" in text


def test_a_comparison_through_no_lens_that_there_is_is_refused(comparison: Any) -> None:
    comparison("/best-practice?lens=mqua", 400)
    comparison("/best-practice.json?lens=../mqa", 400)
