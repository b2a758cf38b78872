"""The form of a harvested dataset: it says that changes are kept as corrections, and links to the source."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from tests.plugin.forms import Steward


@pytest.fixture
def of_a_source(
    harvested: Any, source: Callable[..., str], site_user: dict[str, Any], ckan: Any
) -> Callable[..., tuple[dict[str, Any], str]]:
    """Harvests a record; gives its package and the name of the source."""
    from tests.records import record

    def harvest(**fields: Any) -> tuple[dict[str, Any], str]:
        name = source(title="Rivers of the North", url="https://user:key@rivers.example.gov/data.json?token=secret")
        assert harvested(name, [record(1, identifier=uuid.uuid4().hex, **fields)]).state == "finished"
        (row,) = ckan.get_action("aivision_record_list")(dict(site_user), {"source": name})
        package = ckan.get_action("package_show")(dict(site_user), {"id": row["package_id"]})
        return package, name

    return harvest


@pytest.fixture
def editor(reader: Any, person: Callable[..., str]) -> Callable[[dict[str, Any]], Any]:
    """An editor of the organization that a package belongs to."""
    return lambda package: reader(person("editor", package["owner_org"]))


def test_every_page_that_changes_a_harvested_dataset_says_that_changes_are_corrections(
    of_a_source: Any, editor: Any
) -> None:
    package, _ = of_a_source(landingPage="https://rivers.example.gov/station/1")
    name, file = package["name"], package["resources"][0]["id"]
    pages = [f"/dataset/edit/{name}/{number}" for number in range(1, 6)]
    others = [f"/dataset/{name}/resource/{file}/edit", f"/dataset/{name}/resource/new", f"/dataset/resources/{name}"]
    for path in (*pages, *others):
        text = " ".join(editor(package).text(path).split())
        assert "This dataset is harvested from Rivers of the North." in text, path
        assert "What you change here is kept as a correction" in text, path
        assert 'href="https://rivers.example.gov/station/1"' in text, path


def test_a_harvested_dataset_without_a_page_links_to_its_source_without_its_key(of_a_source: Any, editor: Any) -> None:
    package, _ = of_a_source(landingPage=None)
    text = editor(package).text(f"/dataset/edit/{package['name']}/1")
    assert 'href="https://rivers.example.gov/data.json"' in text
    assert "secret" not in text
    assert "user:key" not in text


def test_fix_it_leads_to_the_source_of_a_harvested_dataset_and_into_the_form_of_any_other(
    of_a_source: Any, editor: Any, steward: Steward, dataset: Callable[..., str]
) -> None:
    package, _ = of_a_source(landingPage="https://rivers.example.gov/station/1")
    card = lxml.html.fromstring(editor(package).text(f"/dataset/{package['name']}")).get_element_by_id("ai-readiness")
    links = {link.get("href") for link in card.xpath(".//a[starts-with(text(), 'Fix it')]")}
    assert links == {"https://rivers.example.gov/station/1"}
    assert "This dataset is harvested from Rivers of the North." in card.text_content()
    name = dataset()
    card = lxml.html.fromstring(steward.reader.text(f"/dataset/{name}")).get_element_by_id("ai-readiness")
    links = {link.get("href").split("#")[0] for link in card.xpath(".//a[text()='Fix it']")}
    assert links
    assert all(link.startswith(f"/dataset/edit/{name}/") or link == f"/dataset/resources/{name}" for link in links)
    for path in (f"/dataset/{name}", f"/dataset/edit/{name}/1"):
        assert "is harvested from" not in steward.reader.text(path)


def test_the_form_of_a_harvested_dataset_that_nobody_has_changed_has_the_score_of_what_is_stored(
    of_a_source: Any, ckan: Any, site_user: dict[str, Any]
) -> None:
    """The form cannot hold all that a source says, so that its score is not always that of the source's own record."""
    package, _ = of_a_source(temporal="2001/2004", rights="See the office", accrualPeriodicity="R/P0.33W")
    found = ckan.get_action("aivision_score_draft")(dict(site_user), {"id": package["id"], "package": {}})
    assert found["stored"] == {"score": found["score"], "grade": found["grade"]}
    typed = {"id": package["id"], "package": {"title": "x", "notes": "", "license_id": "none"}}
    less = ckan.get_action("aivision_score_draft")(dict(site_user), typed)
    assert less["stored"] == found["stored"]
    assert less["score"] < found["score"]


def test_readers_of_a_harvested_dataset_are_not_told_how_to_edit_it(of_a_source: Any, reader: Any) -> None:
    package, _ = of_a_source()
    assert "What you change here" not in reader("").text(f"/dataset/{package['name']}")
