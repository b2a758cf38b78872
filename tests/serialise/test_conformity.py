"""Whether a dataset is valid for data.gov and for the UK, and which fields of the form it still needs."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.serialise.package import from_package
from ckanext.aivision.serialise.standards.conformity import PROFILES, find_requirements

RIVERS: dict[str, Any] = {
    "id": "levels",
    "name": "levels",
    "title": "River levels",
    "notes": "Levels of rivers, one row for each day.",
    "license_id": "us-pd",
    "access_rights": "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
    "modified": "2026-01-31",
    "tags": [{"name": "rivers"}],
    "contact": [{"name": "River desk", "email": "rivers@epa.gov"}],
    "resources": [{"id": "file", "url": "https://epa.gov/levels.csv", "format": "CSV", "name": "Levels"}],
}
US = {"country": "US", "publisher": [{"name": "EPA"}], "bureau_code": ["020:00"], "program_code": ["020:001"]}
UK = {
    "country": "GB",
    "license_id": "OGL-UK-3.0",
    "publisher": [{"name": "Environment Agency"}],
    "creator": [
        {"name": "Environment Agency", "identifier": "https://www.gov.uk/government/organisations/environment-agency"}
    ],
    "security_classification": "OFFICIAL",
    "version": "1",
    "frequency": "http://publications.europa.eu/resource/authority/frequency/DAILY",
    "issued": "2026-01-01",
}
PROFILE = {profile.id: profile for profile in PROFILES}


def needed(profile: str, **fields: Any) -> set[tuple[str, str]]:
    record = from_package({**RIVERS, **fields})
    return {(row.form_field, row.message) for row in find_requirements(record, PROFILE[profile])}


@pytest.mark.parametrize("profile", ["dcat-us-1.1-federal", "dcat-us-1.1-non-federal", "dcat-us-3"])
def test_a_record_with_all_that_data_gov_asks_for_is_valid(profile: str) -> None:
    assert needed(profile, **US) == set()


def test_a_record_with_all_that_the_uk_model_asks_for_is_valid() -> None:
    assert needed("uk-metadata-exchange", **UK) == set()


@pytest.mark.parametrize("field", ["bureau_code", "program_code", "contact", "modified", "access_rights", "tags"])
def test_what_a_federal_agency_has_left_out_is_named_by_its_field(field: str) -> None:
    named = "tag_string" if field == "tags" else field
    assert needed("dcat-us-1.1-federal", **{**US, field: None}) == {(named, "is missing")}


@pytest.mark.parametrize("field", ["security_classification", "creator", "version", "frequency"])
def test_what_the_uk_model_misses_is_named_by_its_field(field: str) -> None:
    assert needed("uk-metadata-exchange", **{**UK, field: None}) == {(field, "is missing")}


def test_only_federal_agencies_need_the_codes_of_the_budget() -> None:
    without = {**US, "bureau_code": None, "program_code": None}
    assert needed("dcat-us-1.1-non-federal", **without) == set()


def test_a_fault_of_a_file_is_told_of_the_file() -> None:
    record = from_package({**RIVERS, **UK, "resources": [{"id": "file", "url": "https://epa.gov/levels.csv"}]})
    found = find_requirements(record, PROFILE["uk-metadata-exchange"])
    assert ("resource", "name") in {(row.part, row.form_field) for row in found}


def test_a_part_of_a_member_is_told_by_the_field_that_it_is_kept_in() -> None:
    file = {**RIVERS["resources"][0], "hash": "0" * 64}
    record = from_package({**RIVERS, **US, "resources": [file]})
    found = find_requirements(record, PROFILE["dcat-us-3"])
    assert [(row.part, row.form_field) for row in found] == [("resource", "hash_algorithm")]


def test_no_message_names_a_command() -> None:
    for profile in PROFILES:
        for row in find_requirements(from_package({"title": "x"}), profile):
            assert "--" not in row.message


def test_every_licence_of_the_form_says_what_it_means() -> None:
    told = [id for row in rows("licence_meanings", "steward") for id in row["ids"].split()]
    assert sorted(told) == sorted(row["id"] for row in rows("licences"))
    for row in rows("licence_meanings", "steward"):
        assert {row[question] for question in ("reuse", "sell", "credit", "share")} <= {"yes", "no", "ask"}
