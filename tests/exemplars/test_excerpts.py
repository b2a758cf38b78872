"""What is shown of a record: its own words, whole sentences, and nothing personal."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import share_of
from tests.exemplars.conftest import Show, part_of, show_criterion, show_dataset

from ckanext.aivision.exemplars.rules import load_rules
from ckanext.aivision.normalise.text import plain
from ckanext.aivision.record import Agent
from ckanext.aivision.scoring.examples import record
from ckanext.aivision.scoring.rubric import load

LIMITS = "Readings from the twelve mountain stations are not included for the winter of 2019, when they were frozen."
BEFORE = "Weekly levels of 240 rivers in metres above the gauge's zero."
AFTER = "Stations are listed by county."
MAIL = "Ask jane.doe@rivers.example.gov, as levels at 12 stations in Kent are not included in 2019 figures."
PHONE = "Levels at 12 stations in Kent are not included in the 2019 figures: call (020) 555 0123 for them."
PERSON = "Levels at 12 stations in Kent are not included in the 2019 figures, says Dr Jane Doe of the office."
BROKEN = "Levels at 12 stations in Kent are not included in the 2019 figures.rnrnSee the |table| of 2019."


def test_of_a_description_the_sentence_by_which_it_passes_is_shown_whole(show: Show) -> None:
    found = show("limitations-described", description=f"{BEFORE} {LIMITS} {AFTER}")
    assert part_of(found).limitations == LIMITS
    assert found is not None
    assert found.place == "description"


@pytest.mark.parametrize(
    "written",
    [
        f"<p>{BEFORE}</p><p>{LIMITS}</p><ul><li>{AFTER}</li></ul>",
        f"{BEFORE}\n\n{LIMITS}\n\n- {AFTER}",
        f"## About\n{BEFORE}\n**{LIMITS}**\n{AFTER}",
        f"{BEFORE}\\r\\n\\r\\n{LIMITS}\\r\\n{AFTER}",
    ],
    ids=["html", "lines", "markdown", "written-out"],
)
def test_markup_is_left_out(show: Show, written: str) -> None:
    assert part_of(show("limitations-described", description=written)).limitations == LIMITS


def test_a_sentence_behind_it_that_speaks_of_the_same_is_shown_too(show: Show) -> None:
    more = "Counts of 2020 are incomplete in 3 counties."
    assert (
        part_of(show("limitations-described", description=f"{LIMITS} {more} {AFTER}")).limitations == f"{LIMITS} {more}"
    )


@pytest.mark.parametrize("written", [MAIL, PHONE, PERSON, BROKEN])
def test_what_is_personal_or_broken_is_not_shown(show: Show, written: str) -> None:
    assert show("limitations-described", description=f"{BEFORE} {written}") is None


def test_what_does_not_pass_is_not_shown(show: Show) -> None:
    assert show("limitations-described", description=BEFORE) is None
    assert show("licence-open", license="cc-nc") is None


def test_of_a_contact_only_the_name_of_an_office_is_shown(show: Show) -> None:
    office = [{"name": "River data team", "email": "rivers@agency.gov.uk"}]
    found = show("contact-reachable", contact_point=office)
    assert part_of(found).contact_point == [Agent(name="River data team")]
    for name in ("Jane Doe", "Jane Doe, River data team", "jane.doe@agency.gov.uk"):
        assert show("contact-reachable", contact_point=[{"name": name, "email": "rivers@agency.gov.uk"}]) is None


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "http://10.0.0.1/levels.csv"])
def test_an_address_that_nobody_should_open_is_not_shown(address: str) -> None:
    item = {"title": "Levels, CSV", "download_url": address, "format": "CSV"}
    found = show_criterion("format-structured", distribution=[{**item}])
    assert found is None or address not in found.excerpt


def test_of_a_file_the_fields_that_the_criterion_is_about_are_shown(show: Show) -> None:
    other = {"title": "About", "access_url": "https://rivers.example.org/about.html"}
    file = {"title": "Levels, CSV", "download_url": "https://data.rivers.gov.uk/levels.csv", "format": "CSV"}
    found = part_of(show("download-direct", distribution=[other, file])).distribution
    assert [(item.title, item.download_url, item.description) for item in found] == [
        ("Levels, CSV", "https://data.rivers.gov.uk/levels.csv", None)
    ]


def test_a_text_that_is_too_long_is_cut_after_a_sentence(show: Show) -> None:
    counties = ("Kent", "Devon", "Norfolk", "Cumbria", "Suffolk", "Dorset", "Essex", "Surrey", "Durham", "Rutland")
    sentences = [
        f"This table shows the mean level of {place} rivers in {county} in 2019."
        for place, county in enumerate(counties)
    ]
    text = part_of(show("description-substantive", description=" ".join(sentences))).description or ""
    assert 400 < len(text) <= 520
    assert text.endswith("2019.")


_TEXTS = st.sampled_from([BEFORE, LIMITS, AFTER, MAIL, PHONE, PERSON, BROKEN, "<b>", "\n", "\\r\\n", "jane@b.gov.uk"])


@settings(max_examples=share_of(60), deadline=None)
@given(parts=st.lists(_TEXTS | st.text(max_size=30), max_size=8), name=st.text(max_size=20))
def test_whatever_a_record_says_no_mail_is_shown_and_values_are_those_of_the_record(
    parts: list[str], name: str
) -> None:
    contact: list[dict[str, Any]] = [{"name": name or "x", "email": "jane@agency.gov.uk"}]
    dataset = record(description=" ".join(parts), contact_point=contact, keyword=parts or ["x"])
    for criterion in ("limitations-described", "contact-reachable", "keywords-specific", "plain-language"):
        found = show_dataset(criterion, dataset)
        if found is not None:
            assert "jane@" not in found.excerpt
            part = part_of(found)
            # White space around a value is no part of it.
            assert set(part.keyword) <= {plain(word) for word in dataset.keyword}
            told = msgspec.to_builtins(dataset)
            assert set(msgspec.to_builtins(part)) <= {*told, "limitations", "profile"}


def test_every_rule_is_of_a_criterion_of_the_metadata() -> None:
    assert set(load_rules()) <= {row.id for row in load().criteria}
