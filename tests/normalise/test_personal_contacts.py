"""Which e-mail addresses are a person's, and what stands in a text in their place."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.normalise.personal_contacts import hide_names, hide_record, hide_text, is_of, is_personal
from ckanext.aivision.record import Agent, Dataset

FORM = "https://catalogue.example/dataset/1/contact"


@pytest.mark.parametrize(
    ("address", "personal"),
    [
        ("jane.doe@leeds.gov.uk", True),
        ("j.smith2@defra.gov.uk", True),
        ("Juliet.Fink-Yates@town.example", True),
        ("data.team@leeds.gov.uk", False),
        ("business.intelligence@council.example", False),
        ("ra-dhicontactus@state.example", False),
        ("leeds.city@leeds.gov.uk", False),
        ("opendata@leeds.gov.uk", False),
        ("jdoe@leeds.gov.uk", False),
    ],
)
def test_an_address_of_two_words_is_a_persons_unless_one_of_them_is_an_offices(address: str, personal: bool) -> None:
    assert is_personal(address) == personal


@pytest.mark.parametrize(
    ("address", "name", "found"),
    [
        ("dwalls@town.example", "David Walls", True),
        ("planning@town.example", "Planning Policy Team", False),
        ("data@town.example", "Jane Doe", False),
        ("rivers@town.example", None, False),
    ],
)
def test_an_address_with_the_name_of_the_person_beside_it_is_theirs(
    address: str, name: str | None, found: bool
) -> None:
    assert is_of(address, name) == found


def test_a_form_stands_in_the_place_of_an_address_in_all_of_a_record() -> None:
    people = [Agent(name="David Walls", email="DWalls@town.example"), Agent(name="Desk", email="data@town.example")]
    source = {"contactPoint": {"hasEmail": "mailto:dwalls@town.example"}, "note": ["Ask jane.doe@town.example."]}
    record = Dataset(identifier="1", title="Bins", profile="p", country="GB", contact_point=people, raw=source)
    hidden = hide_record(record, FORM)
    assert hidden.contact_point == [Agent(name="David Walls", url=FORM), people[1]]
    assert hidden.raw == {"contactPoint": {"hasEmail": FORM}, "note": [f"Ask {FORM}."]}


def test_evidence_shows_the_host_alone() -> None:
    assert (
        hide_names("Jane Doe jane.doe@town.example, data@town.example") == "Jane Doe …@town.example, data@town.example"
    )


@given(st.text(), st.text())
def test_whatever_is_around_it_an_address_is_hidden_and_nothing_else_changes(before: str, after: str) -> None:
    text = f"{before} jane.doe@town.example {after}"
    hidden = hide_text(text, FORM)
    assert "jane.doe@town.example" not in hidden
    if "@" not in before + after and "%40" not in before + after:
        assert hidden == f"{before} {FORM} {after}"


@given(st.builds(Dataset, identifier=st.text(), title=st.text(), profile=st.just("p"), country=st.just("GB")))
def test_a_record_without_addresses_stays_as_it_is(record: Dataset) -> None:
    if b"@" not in msgspec.json.encode(record) and b"%40" not in msgspec.json.encode(record):
        assert hide_record(record, FORM) is record
