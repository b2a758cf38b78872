"""Where a record says or shows that its data name people and do not protect them, and where it does not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scoring.conftest import result_of, value_of

from ckanext.aivision.scoring.examples import record
from ckanext.aivision.scoring.facts.personal_data import find_unprotected_personal_data
from ckanext.aivision.scoring.rubric import load

UNPROTECTED: list[dict[str, Any]] = [
    {"description": "Names and home addresses of registered persons, with no protection applied."},
    {"description": "The file holds personal data of named individuals who did not consent to publication."},
    {"description": "Patient names are shown. The records have not been anonymised."},
    {"description": "Personal information is unredacted in these case files."},
    {"description": "Names, home addresses, dates of birth and photographs of tenants, exported every day."},
    {"description": "Every applicant's full name, date of birth and national insurance number."},
    {"description": "Case notes.", "rights": ["Contains personal data; no redaction was carried out."]},
    {"title": "Names and dates of birth of pupils", "description": "One row for each pupil of the county."},
    {"personal_data": "present", "personal_data_measures": "None"},
    {"personal_data": "present", "personal_data_measures": "No."},
    {"personal_data": "present", "personal_data_measures": "No safeguards were applied."},
    {"personal_data": "present", "personal_data_measures": "The records are not anonymised."},
    {"distribution": [{"access_url": "https://rivers.example/a.csv", "columns": ["FirstName", "Last_Name", "DOB"]}]},
]
PROTECTED: list[dict[str, Any]] = [
    {},
    {"description": "Names of companies and their addresses."},
    {"description": "Company names, and dates of birth of no one."},
    {"description": "Names of places in the county, with no protection order in force."},
    {"description": "The survey data have been anonymised: names and dates of birth were removed."},
    {"description": "The data contain no personal data, so no anonymisation was needed."},
    {"description": "The file no longer contains names or home addresses of tenants."},
    {"description": "Wild birds without protection, by site, and names of sites."},
    {"description": "Counts of births by date of birth of the child and name of the hospital, aggregated to months."},
    {
        "description": "Names and home addresses of members, not redacted, as the register of interests is published "
        "by law."
    },
    {"description": "Names and addresses of charity trustees, published under the Charities Act 2011."},
    {"description": "Names and dates of birth of patients.", "access_rights": "non-public"},
    {"personal_data": "present", "personal_data_measures": "Names are replaced by numbers."},
    {"personal_data": "present", "personal_data_measures": "No known limitations."},
    {"personal_data": "present", "personal_data_measures": "No names are kept."},
    {"personal_data": "present"},
    {"personal_data": "none", "description": "Names of gauges."},
    {"distribution": [{"access_url": "https://rivers.example/a.csv", "columns": ["contact name", "date of survey"]}]},
]


@pytest.mark.parametrize("said", UNPROTECTED)
def test_people_who_are_named_and_unprotected_are_seen(said: dict[str, Any]) -> None:
    assert find_unprotected_personal_data(record(**said)) is not None


@pytest.mark.parametrize("said", PROTECTED)
def test_data_that_name_nobody_or_protect_them_are_left_alone(said: dict[str, Any]) -> None:
    assert find_unprotected_personal_data(record(**said)) is None


@pytest.mark.long
@pytest.mark.parametrize("profile", sorted(load().profiles))
@pytest.mark.parametrize("said", UNPROTECTED)
def test_such_data_get_what_silence_gets_and_the_evidence_says_why(said: dict[str, Any], profile: str) -> None:
    found = result_of("personal-data-addressed", record(profile=profile, **said))
    assert found.value == value_of("personal-data-addressed", profile=profile)
    assert "not protected" in found.evidence


def test_a_notice_of_a_system_of_records_does_not_protect_anybody_either() -> None:
    said = {"system_of_records": "https://rivers.example/notices/7", **UNPROTECTED[0]}
    assert value_of("personal-data-addressed", **said) == 0
