"""Packages in a real CKAN: no real record is refused or changed, ckanext-dcat gives them out, the form saves them."""

from __future__ import annotations

import json
import uuid
from typing import Any

import lxml.html
import msgspec
import pytest
import rdflib
from tests.examples import is_nightly
from tests.serialise.conftest import EVERYTHING, Form

from ckanext.aivision.normalise import dates
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.package import from_package, to_package

_DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
# The form takes one page after the other, and the resource at the end.
_PAGES = 5
# What CKAN fills in by itself, or keeps in an order of its own.
_CKANS_OWN = {"identifier", "metadata_issued", "metadata_modified", "keyword", "distribution", "publisher", "raw"}


@pytest.fixture
def saved(ckan: Any, steward: dict[str, str]) -> Any:
    """Saves a record as a package through CKAN's own action and gives it as CKAN shows it, in JSON."""

    def save(dataset: Dataset) -> dict[str, Any]:
        package = {**to_package(dataset), "name": uuid.uuid4().hex, "owner_org": steward["organization"]}
        context = {"ignore_auth": True, "user": steward["name"]}
        ckan.get_action("package_create")(dict(context), package)
        shown = ckan.get_action("package_show")(dict(context), {"id": package["name"]})
        answer: dict[str, Any] = json.loads(json.dumps(shown, default=str))
        return answer

    return save


def compared(dataset: Dataset) -> dict[str, Any]:
    fields = {field: getattr(dataset, field) for field in Dataset.__struct_fields__ if field not in _CKANS_OWN}
    # CKAN spells formats its own way, and guesses a media type by the address where none is given.
    files = [(item.title, item.url, item.format and item.format.id, item.byte_size) for item in dataset.distribution]
    # A browser sends each end of a line in its own way, and a lone carriage return as an end of a line.
    lines = (dataset.description or "").splitlines()
    return {**fields, "description": lines, "keyword": sorted(dataset.keyword), "distribution": files}


def test_ckan_takes_every_record_of_the_corpus_and_gives_it_back_as_it_was(
    saved: Any, corpus_records: list[Dataset]
) -> None:
    for dataset in corpus_records[:: 1 if is_nightly() else 6]:
        assert compared(from_package(saved(dataset))) == compared(from_package(to_package(dataset))), dataset.identifier


def test_ckan_takes_every_sample(saved: Any, sample_records: list[Dataset]) -> None:
    for dataset in sample_records:
        assert compared(from_package(saved(dataset))) == compared(from_package(to_package(dataset))), dataset.identifier


def test_ckanext_dcat_gives_out_what_the_form_holds(ckan_application: Any, saved: Any) -> None:
    package = saved(EVERYTHING)
    answer = ckan_application.test_client().get(f"/dataset/{package['name']}.ttl")
    assert answer.status_code == 200
    graph = rdflib.Graph().parse(data=answer.get_data(as_text=True), format="turtle")
    (dataset,) = graph.subjects(rdflib.RDF.type, _DCAT.Dataset)
    authority = "http://publications.europa.eu/resource/authority"
    said = {
        predicate: {str(value) for value in graph.objects(dataset, predicate)}
        for predicate in set(graph.predicates(dataset))
    }
    assert said[rdflib.DCTERMS.title] == {EVERYTHING.title}
    assert said[rdflib.DCTERMS.accrualPeriodicity] == {f"{authority}/frequency/WEEKLY"}
    assert said[rdflib.DCTERMS.accessRights] == {f"{authority}/access-right/RESTRICTED"}
    assert said[_DCAT.keyword] == set(EVERYTHING.keyword)
    assert said[_DCAT.landingPage] == {EVERYTHING.landing_page}
    assert said[rdflib.FOAF.page] == set(EVERYTHING.page)
    assert said[rdflib.DCTERMS.conformsTo] == set(EVERYTHING.conforms_to)
    assert said[rdflib.DCTERMS.source] == set(EVERYTHING.derived_from)
    assert said[_DCAT.version] == {EVERYTHING.version}
    for predicate in (
        rdflib.DCTERMS.publisher,
        _DCAT.contactPoint,
        rdflib.DCTERMS.temporal,
        rdflib.DCTERMS.spatial,
        rdflib.DCTERMS.provenance,
    ):
        assert len(said[predicate]) >= 1, predicate
    # A series named in words is no dataset of this catalogue to link to.
    assert _DCAT.inSeries not in said
    (file,) = graph.objects(dataset, _DCAT.distribution)
    assert str(graph.value(file, _DCAT.downloadURL)) == EVERYTHING.distribution[0].download_url
    assert str(graph.value(file, _DCAT.accessURL)) == EVERYTHING.distribution[0].access_url


@pytest.mark.parametrize("form", [".ttl", ".xml", ".jsonld", "/croissant.jsonld"])
def test_every_form_of_ckanext_dcat_takes_records_of_the_corpus(
    ckan_application: Any, saved: Any, corpus_records: list[Dataset], form: str
) -> None:
    client = ckan_application.test_client()
    for dataset in corpus_records[::25]:
        answer = client.get(f"/dataset/{saved(dataset)['name']}{form}")
        assert answer.status_code == 200, dataset.identifier


def test_the_form_saves_a_data_set_page_by_page_without_scripts(ckan: Any, form: Form, steward: dict[str, str]) -> None:
    name = f"levels-{uuid.uuid4().hex[:8]}"
    essentials = {"title": "Weekly river levels", "name": name, "country": "GB", "license_id": "OGL-UK-3.0"}
    pages = (
        {**essentials, "notes": "Levels of rivers.", "tag_string": "rivers,levels", "private": "False"},
        {"theme": "ENVI", "temporal_coverage-0-start": "2001-01-01", "spatial_coverage-0-text": "England"},
        {"ai_use": "allowed"},
        {"frequency": str(to_package(EVERYTHING)["frequency"])},
        {"limitations": "Floods between two readings do not show."},
    )
    path = "/dataset/new"
    for typed in pages:
        path = form.send(path, **typed)
    file = {
        "url": "https://rivers.example.gov/levels.csv",
        "name": "Levels",
        "format": "CSV",
        "columns": "week | date | Monday",
    }
    assert form.send(path, **file) == f"/dataset/{name}"

    shown = ckan.get_action("package_show")({"ignore_auth": True}, {"id": name})
    dataset = from_package(json.loads(json.dumps(shown, default=str)))
    assert shown["state"] == "active"
    assert (dataset.title, dataset.country, sorted(dataset.keyword)) == (
        "Weekly river levels",
        "GB",
        ["levels", "rivers"],
    )
    assert dataset.temporal[0].original == "2001-01-01/.."
    assert [place.original for place in dataset.spatial] == ["-6.5,49.8,1.8,55.9"], "the form knows England's box"
    assert dataset.accrual_periodicity == EVERYTHING.accrual_periodicity
    assert dataset.distribution[0].download_url == file["url"]
    assert dataset.distribution[0].columns == ["week"]
    score = ckan.get_action("aivision_score_show")({"ignore_auth": True}, {"id": name})
    assert next(row for row in score["results"] if row["criterion"] == "limitations-described")["result"] == "pass"


def test_the_required_fields_alone_are_enough(ckan: Any, form: Form) -> None:
    name = f"levels-{uuid.uuid4().hex[:8]}"
    form.send("/dataset/new", title="River levels", name=name, country="US", license_id="us-pd")
    assert ckan.get_action("aivision_score_show")({"ignore_auth": True}, {"id": name})["country"] == "US"


def test_a_date_known_to_the_year_is_not_lost_in_a_browsers_date_field(
    ckan_application: Any, saved: Any, steward: dict[str, str]
) -> None:
    package = saved(msgspec.structs.replace(EVERYTHING, issued=dates.moment("2001"), modified=dates.moment("2026")))
    seen = set()
    for number in range(1, _PAGES + 1):
        headers = {"Authorization": steward["token"]}
        page = ckan_application.test_client().get(f"/dataset/edit/{package['name']}/{number}", headers=headers)
        for field in lxml.html.fromstring(page.get_data(as_text=True)).xpath(
            "//input[@name='issued' or @name='modified']"
        ):
            seen.add((field.get("name"), field.get("value"), field.get("type")))
    assert seen == {("issued", "2001", "text"), ("modified", "2026", "text")}


def test_mending_one_page_of_a_harvested_data_set_keeps_all_the_others(ckan: Any, form: Form, saved: Any) -> None:
    before = saved(EVERYTHING)
    form.send(f"/dataset/edit/{before['name']}/5", limitations="Floods and droughts between two readings do not show.")
    after = ckan.get_action("package_show")({"ignore_auth": True}, {"id": before["id"]})
    there, here = from_package(before), from_package(json.loads(json.dumps(after, default=str)))
    changed = {field for field in Dataset.__struct_fields__ if getattr(there, field) != getattr(here, field)}
    assert changed - {"metadata_modified"} == {"limitations"}


def test_every_page_of_a_record_of_the_corpus_can_be_saved_as_it_stands(
    ckan: Any, form: Form, saved: Any, corpus_records: list[Dataset]
) -> None:
    for dataset in corpus_records[:: 20 if is_nightly() else 80]:
        before = saved(dataset)
        for number in range(1, _PAGES + 1):
            form.send(f"/dataset/edit/{before['name']}/{number}")
        after = ckan.get_action("package_show")({"ignore_auth": True}, {"id": before["id"]})
        assert compared(from_package(json.loads(json.dumps(after, default=str)))) == compared(from_package(before))
        # The group that stands ready for one more leaves nothing behind.
        assert after.get("contact") == before.get("contact")
        assert after.get("creator") == before.get("creator")


def test_the_data_sets_page_lists_the_fields_that_are_filled_in_and_no_others(
    ckan_application: Any, saved: Any
) -> None:
    package = saved(Dataset(identifier="levels", title="River levels", profile="ckan", country="GB", version="7.3"))
    page = ckan_application.test_client().get(f"/dataset/{package['name']}").get_data(as_text=True)
    rows = lxml.html.fromstring(page).xpath("//section[contains(@class, 'additional-info')]//tr/*[1]")
    assert [row.text_content().strip() for row in rows] == [
        "Field",
        "Country of the publisher",
        "Persistent identifier",
        "Version",
    ]


def test_every_page_of_the_form_says_what_it_is_for(
    ckan_application: Any, saved: Any, steward: dict[str, str], schema: dict[str, Any]
) -> None:
    package, client = saved(EVERYTHING), ckan_application.test_client()
    pages = [field["start_form_page"] for field in schema["dataset_fields"] if "start_form_page" in field]
    for number, page in enumerate(pages, 1):
        path = f"/dataset/edit/{package['name']}/{number}"
        shown = client.get(path, headers={"Authorization": steward["token"]}).get_data(as_text=True)
        assert page["description"] in lxml.html.fromstring(shown).text_content()
