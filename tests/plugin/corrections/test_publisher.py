"""What is sent to the publisher: corrected documents, what to change, and an e-mail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.plugin.corrections.conftest import Office


@pytest.fixture
def corrected(office: Office) -> Office:
    (file,) = office.show()["resources"]
    limits = "The sensor freezes below minus five degrees."
    changed = {"notes": "Levels in metres, weekly.", "license_id": "CC-BY-4.0", "limitations": limits}
    office.act("package_patch", id=office.id, correction_reason="From the handbook.", **changed)
    office.act("resource_patch", id=file["id"], description="One row a station.")
    return office


@pytest.fixture
def fetch(corrected: Office, reader: Any) -> Any:
    """A document of the corrected dataset's organization, as its editor gets it."""
    name = corrected.show()["organization"]["name"]
    return lambda form: reader(corrected.editor).get(f"/organization/{name}/corrections/{form}").get_data(as_text=True)


def test_the_corrected_data_json_has_what_was_corrected_and_all_else_as_the_source_wrote_it(
    corrected: Office, fetch: Any, reader: Any
) -> None:
    own = reader("").get(f"/dataset/{corrected.show()['name']}/dcat-us.json").get_json()["dataset"][0]
    (record,) = json.loads(fetch("dcat-us.json"))["dataset"]
    assert record["description"] == "Levels in metres, weekly."
    assert record["license"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert record["distribution"][0]["description"] == "One row a station."
    changed = {"description", "license", "distribution"}
    assert {key: value for key, value in record.items() if key in own and key not in changed} == {
        key: value for key, value in own.items() if key not in changed
    }
    assert own["description"].startswith("Levels in metres above")


def test_the_patch_makes_the_corrected_record_of_the_source_s_own(corrected: Office, fetch: Any, reader: Any) -> None:
    from tests.serialise.test_json_patch import apply_patch

    own = reader("").get(f"/dataset/{corrected.show()['name']}/dcat-us.json").get_json()["dataset"][0]
    (record,) = json.loads(fetch("dcat-us.json"))["dataset"]
    (found,) = json.loads(fetch("patch.json"))
    assert (found["standard"], found["identifier"]) == ("dcat-us-1.1", own["identifier"])
    assert apply_patch(own, found["patch"]) == record
    assert {step["path"].split("/")[1] for step in found["patch"]} >= {"description", "license", "distribution"}


def test_a_publisher_that_takes_the_corrected_record_ends_the_corrections(corrected: Office, fetch: Any) -> None:
    (record,) = json.loads(fetch("dcat-us.json"))["dataset"]
    before = corrected.show()
    corrected.harvest(**record)
    after = corrected.show()
    assert {row["outcome"] for row in corrected.corrections()} == {"agreed"}
    for field in ("notes", "license_id", "limitations"):
        assert after[field] == before[field]


def test_the_other_documents_have_the_corrections_too(fetch: Any) -> None:
    for form in ("dcat-us-3.json", "uk-metadata-exchange.json", "packages.json"):
        assert "Levels in metres, weekly." in fetch(form)
    (package,) = json.loads(fetch("packages.json"))
    assert (package["license_id"], package["resources"][0]["description"]) == ("CC-BY-4.0", "One row a station.")


def test_the_e_mail_names_each_correction_with_its_reason_and_the_contact(corrected: Office, fetch: Any) -> None:
    text = fetch("email.txt")
    assert "To: data@rivers.example.gov" in text
    assert "Subject: Corrections to the metadata of 1 dataset of" in text
    assert "- Description: Levels in metres above the gauge's zero" in text
    assert "-> Levels in metres, weekly." in text
    assert "Why: From the handbook." in text
    assert "JSON Patch: corrections-patch.json" in text


def test_the_e_mail_has_values_as_the_form_names_them(office: Office, reader: Any) -> None:
    monthly = "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
    office.act("package_patch", id=office.id, frequency=monthly, license_id="CC-BY-4.0")
    package = office.show()
    address = f"/organization/{package['organization']['name']}/corrections/email.txt"
    text = reader(office.editor).get(address).get_data(as_text=True)
    assert "-> Monthly\n" in text
    assert "-> Creative Commons Attribution 4.0" in text
    assert monthly not in text


def test_catalogues_have_the_source_s_own_values_and_corrected_ones_where_they_are_asked_for(
    corrected: Office, reader: Any
) -> None:
    package = corrected.show()
    for address in (
        f"/organization/{package['organization']['name']}/data.json",
        f"/dataset/{package['name']}/dcat-us.json",
        f"/dataset/{package['name']}/dcat-us-3.json",
        f"/dataset/{package['name']}.ttl",
        f"/catalog.ttl?fq=name:{package['name']}",
        f"/catalog.xml?page=all&fq=name:{package['name']}",
    ):
        asked = f"{address}{'&' if '?' in address else '?'}corrected=1"
        own, other = (reader("").get(one).get_data(as_text=True) for one in (address, asked))
        assert "Levels in metres, weekly." not in own
        assert "Levels in metres, weekly." in other
    for address in ("/data.json", "/catalog.ttl", f"/dataset/{package['name']}.ttl"):
        assert reader("").get(f"{address}?corrected=yes", 400)
    # Profiles of others write the package as it is.
    assert reader("").get(f"/dataset/{package['name']}.ttl?corrected=1&profiles=schemaorg", 400)
