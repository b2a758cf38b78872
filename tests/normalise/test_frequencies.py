"""What an update rhythm is read as, row by row."""

from __future__ import annotations

import pytest

from ckanext.aivision.normalise import frequencies
from ckanext.aivision.record import Term

READ = [
    # ISO 8601 repeating intervals (DCAT-US 1.1).
    ("R/P1Y", "R/P1Y", "id"),
    ("R/P12M", "R/P1Y", "id"),
    ("R/P3.5D", "R/P3.5D", "id"),
    ("R/P0.5M", "R/P0.5M", "id"),
    ("R/P2W", "R/P2W", "id"),
    ("R/P7D", "R/P1W", "id"),
    ("R/PT1S", "continuous", "id"),
    ("R/PT0.1S", "continuous", "id"),
    ("R/PT20S", "continuous", "id"),
    ("R/PT1H", "R/PT1H", "id"),
    ("R5/P1M", "R/P1M", "id"),
    ("P1M", "R/P1M", "id"),
    ("R/P18M", "R/P18M", "id"),
    ("R/P35D", "R/P35D", "id"),
    ("Annual  (R/P1Y)", "R/P1Y", "label"),
    # Words of CKAN, data.gov.uk and ISO 19115.
    ("Weekly", "R/P1W", "label"),
    ("annually", "R/P1Y", "label"),
    ("quarterly", "R/P3M", "label"),
    ("asNeeded", "as-needed", "label"),
    ("notPlanned", "ended", "label"),
    ("continual", "continuous", "label"),
    ("biannually", "R/P6M", "label"),
    ("semimonthly", "R/P0.5M", "label"),
    ("irregular", "irregular", "label"),
    ("never", "ended", "label"),
    # Addresses.
    ("http://publications.europa.eu/resource/authority/frequency/ANNUAL", "R/P1Y", "uri"),
    ("http://publications.europa.eu/resource/authority/frequency/DAILY_2", "R/PT12H", "uri"),
    ("http://publications.europa.eu/resource/authority/frequency/AS_NEEDED", "as-needed", "uri"),
    ("http://publications.europa.eu/resource/authority/frequency/BIDECENNIAL", "R/P20Y", "uri"),
    ("http://publications.europa.eu/resource/authority/frequency/15MIN", "continuous", "uri"),
    ("http://purl.org/cld/freq/threeTimesAWeek", "R/P0.33W", "uri"),
    ("freq:biennial", "R/P2Y", "uri"),
    (
        "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml#MD_MaintenanceFrequencyCode_fortnightly",
        "R/P2W",
        "uri",
    ),
    # Sentences.
    ("No longer updated (dataset archived)", "ended", "pattern"),
    ("Dataset will no longer be updated.", "ended", "pattern"),
    ("Annually. Dataset will no longer be updated after the 2022 release in summer 2024.", "ended", "pattern"),
    ("Survey has ended. 2022 data will be released Summer 2024.", "ended", "pattern"),
    ("None - this dataset is archived as of May 2023", "ended", "pattern"),
    ("Approximately Monthly", "R/P1M", "pattern"),
    ("Updated monthly", "R/P1M", "pattern"),
    ("On a continuous basis", "continuous", "pattern"),
    ("Every 5 years", "R/P5Y", "pattern"),
    ("every two weeks", "R/P2W", "label"),
    ("Two Weeks", "R/P2W", "label"),
    ("Updated every 7 years", "R/P7Y", "pattern"),
]

UNREAD = [
    "unknown",
    "http://publications.europa.eu/resource/authority/frequency/UNKNOWN",
    "n/a",
    "None",
    "Other",
    "periodic",
    "we expect yearly or biannually is reasonable R/P1Y or R/P2Y",
    "monthly until 2015, annually since",
    "not updated regularly",
    "R/P",
    "R/P0D",
    "every 0 years",
    "every 99999999999999999999 years",
    "Weekday",
    "",
]

DAYS = [("R/P1D", 1.0), ("R/P1W", 7.0), ("R/P1Y", 365.25), ("R/P18M", 547.875), ("R/P35D", 35.0), ("R/P7Y", 2556.75)]


@pytest.mark.parametrize(("written", "id", "rule"), READ)
def test_a_rhythm_is_read_as(written: str, id: str, rule: str) -> None:
    assert frequencies.clean(written) == Term(written, id, rule)


@pytest.mark.parametrize("written", UNREAD)
def test_what_names_no_rhythm_stays_unmatched(written: str) -> None:
    assert frequencies.clean(written) == Term(written)


@pytest.mark.parametrize(("id", "days"), DAYS)
def test_a_rhythm_has_its_period_in_days(id: str, days: float) -> None:
    assert frequencies.period_days(id) == pytest.approx(days, rel=1e-3)


@pytest.mark.parametrize("id", ["irregular", "as-needed", "ended", "no rhythm at all"])
def test_what_promises_no_date_has_no_period(id: str) -> None:
    assert frequencies.period_days(id) is None


def test_every_rhythm_is_read_from_its_own_id() -> None:
    assert [id for id in frequencies.all_frequencies() if frequencies.clean(id).id != id] == []


def test_every_rhythm_is_read_from_the_code_of_the_eu_authority() -> None:
    base = "http://publications.europa.eu/resource/authority/frequency/"
    assert [
        id for id in frequencies.all_frequencies() if frequencies.clean(f"{base}{frequencies.eu_code(id)}").id != id
    ] == []


def test_the_same_rhythm_is_the_same_evidence_on_both_sides_of_the_ocean() -> None:
    written = ("R/P1Y", "annual", "annually", "Annual (R/P1Y)", "http://purl.org/cld/freq/annual", "Every year")
    assert {frequencies.clean(text).id for text in written} == {"R/P1Y"}
