"""Likely personal data: flagged for a person to look at; of their values nothing is told, kept or logged."""

from __future__ import annotations

import json
import logging

import msgspec
import pytest
from tests.content.conftest import column, profiled, values, workbook, zipped

pytestmark = pytest.mark.long
PEOPLE = [
    (
        "Ermintrude",
        "ermintrude@rivers.example.gov",
        "07700 900123",
        "QQ123456C".replace("QQ", "AB"),
        "123-45-6789",
        "1980-02-29",
    ),
    ("Zebedee", "zebedee@rivers.example.gov", "(202) 555-0123", "CE987654A", "234-56-7890", "1975-12-24"),
    ("Dougal", "dougal@rivers.example.gov", "+44 7700 900456", "JK112233B", "345-67-8901", "1990-07-01"),
]
NAMES = ("first_name", "contact", "call", "code", "reference", "Date of Birth")
TOLD = (
    ["name of a person"],
    ["e-mail address"],
    ["telephone number"],
    ["national insurance number"],
    ["social security number"],
    ["date of birth"],
)
TABLE = "\n".join([",".join(NAMES), *(",".join(person) for person in PEOPLE)]) + "\n"
SECRETS = [value for person in PEOPLE for value in person]


def test_each_kind_of_personal_data_is_flagged_and_no_range_is_told_in_such_a_file() -> None:
    found = profiled(TABLE.replace("\n", ",12\n").replace("Date of Birth,12", "Date of Birth,wage"))
    assert found.columns.pop().name == "wage"
    assert [column.personal for column in found.columns] == list(TOLD)
    assert all(column.least is None and column.greatest is None for column in found.columns)


FORMS = {
    "CSV": TABLE,
    "without a header": TABLE.split("\n", 1)[1],
    "one row without a header": ",".join(PEOPLE[0]) + "\n" + ",".join(PEOPLE[1]) + "\n",
    "with a title": "Staff list\n\n" + TABLE,
    "JSON": json.dumps([dict(zip(NAMES, person, strict=True)) for person in PEOPLE]),
    "names as keys": json.dumps({person[1]: {"row": 1} for person in PEOPLE}),
    "JSON that breaks off": json.dumps([dict(zip(NAMES, person, strict=True)) for person in PEOPLE])[:-9],
    "XLSX": workbook(Staff=[list(NAMES), *map(list, PEOPLE)]),
    "zipped": zipped(staff_csv=TABLE),
    "a quote that is not closed": TABLE.replace("Ermintrude", '"Ermintrude'),
    "rows of any length": TABLE + "x\n" + TABLE.replace("\n", ",extra\n"),
    "a line without end": TABLE + "x" * 3_000_000 + "\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_no_value_of_a_person_is_in_a_profile_or_a_log(
    form: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        found = profiled(FORMS[form])
    written = msgspec.json.encode(found).decode()
    out, err = capfd.readouterr()
    assert [value for value in SECRETS if value in written + caplog.text + out + err] == []


@pytest.mark.parametrize(
    "cells",
    [
        ("2025550123", "2025550124"),
        ("SW1A 1AA", "EH1 1YZ"),
        ("10.1000/182", "AB12345"),
        ("000-12-3456", "123-00-4567"),
        ("2026-01-31", "2026-02-01"),
        ("E06000001", "W06000002"),
        ("02920123-1", "51.5074, -0.1278"),
    ],
)
def test_codes_and_plain_figures_are_not_flagged(cells: tuple[str, ...]) -> None:
    assert column(values(*cells)).personal == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("PatientSurname", "name of a person"),
        ("E-mail", "e-mail address"),
        ("contact_email_address", "e-mail address"),
        ("DOB", "date of birth"),
        ("Mobile No", "telephone number"),
        ("NINO", "national insurance number"),
        ("NHS Number", "health service number"),
    ],
)
def test_a_name_of_a_column_is_enough(name: str, kind: str) -> None:
    assert kind in column(values("a", "b", name=name), name=name).personal


@pytest.mark.parametrize(
    "name", ["station name", "company_name", "phoneme", "emailed", "species", "place_name", "address"]
)
def test_names_of_other_things_are_no_names_of_persons(name: str) -> None:
    assert column(values("a", "b", name=name), name=name).personal == []


def test_an_address_in_few_of_many_notes_is_flagged_and_in_one_of_a_thousand_is_not() -> None:
    some = ["fine"] * 98 + ["ask zebedee@rivers.example.gov", "see dougal@rivers.example.gov"]
    assert column(values(*some)).personal == ["e-mail address"]
    assert column(values(*["fine"] * 999, "ask zebedee@rivers.example.gov")).personal == []


@pytest.mark.parametrize(
    ("dates", "rows_are_about_people", "kinds"),
    [
        (("1950-03-11", "1984-07-02", "1979-01-30"), True, ["date of birth"]),
        (("1950-03-11", "1984-07-02", "1979-01-30"), False, []),
        (("2015-03-11", "2024-07-02", "2020-01-30"), True, []),
        (("1975-03-11", "1976-07-02", "1979-01-30"), True, []),
    ],
)
def test_dates_of_decades_beside_people_are_those_of_births_where_no_header_says_what_they_are(
    dates: tuple[str, ...], rows_are_about_people: bool, kinds: list[str]
) -> None:
    contacts = [person[1] for person in PEOPLE] if rows_are_about_people else ["Leeds", "York", "Hull"]
    found = profiled("".join(f"{contact},{date}\n" for contact, date in zip(contacts, dates, strict=True)))
    assert not found.header.found
    assert found.columns[1].personal == kinds
