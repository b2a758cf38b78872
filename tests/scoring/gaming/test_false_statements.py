"""What is stated and cannot be true is worth what silence is worth: no more, and no less."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scoring.conftest import result_of, value_of

from ckanext.aivision.normalise.geography.places import is_no_place
from ckanext.aivision.scoring.examples import record
from ckanext.aivision.scoring.rubric import load

ORGANOGRAM = "https://github.com/datagovuk/schemas/tree/master/organogram"
# As they stand in real records: criterion, what is said, and what of it is told as the reason.
FALSE: list[tuple[str, dict[str, Any], str]] = [
    ("modified-stated", {"modified": "1900-01-01", "title": "Peanut product recalls, 2009"}, "1900-01-01"),
    ("modified-stated", {"modified": "1970-01-01T00:00:00Z"}, "1970-01-01T00:00:00Z"),
    ("modified-stated", {"modified": "0001-01-01T00:00:00"}, "0001-01-01T00:00:00"),
    ("modified-stated", {"modified": "2031-01-01"}, "in the future"),
    ("issued-stated", {"issued": "1970-01-01", "temporal": ["2010-01-01/2020-12-31"]}, "have no date"),
    ("issued-stated", {"issued": "2031-01-01"}, "in the future"),
    ("spatial-coverage-stated", {"spatial": ["National, State"]}, "National, State: names no place"),
    ("spatial-coverage-stated", {"spatial": ["Physical and mailing addresses."]}, "names no place"),
    ("spatial-coverage-stated", {"spatial": ["-180.0 90.0 -180.0 90.0"], "title": "Ocean, global"}, "names no place"),
    ("spatial-coverage-stated", {"spatial": ["0,0,0,0"]}, "0,0,0,0: names no place"),
    (
        "standard-conformance-stated",
        {"conforms_to": [ORGANOGRAM], "title": "Ford crossings"},
        "not a standard for this kind",
    ),
    ("standard-conformance-stated", {"conforms_to": ["https://resources.data.gov/"]}, "a home page"),
    ("data-dictionary-linked", {"described_by": "Findings are based on a national sample."}, "not a web address"),
]


@pytest.mark.parametrize("profile", sorted(load().profiles))
@pytest.mark.parametrize(("criterion", "said", "told"), FALSE)
def test_a_false_statement_is_worth_what_silence_is(
    profile: str, criterion: str, said: dict[str, Any], told: str
) -> None:
    silent = result_of(criterion, record(profile=profile))
    found = result_of(criterion, record(profile=profile, **said))
    assert (found.result, found.value) == (silent.result, silent.value)
    if found.result == "fail":
        assert told in found.evidence


@pytest.mark.parametrize(
    ("criterion", "said", "value"),
    [
        ("issued-stated", {"issued": "1970-01-01", "temporal": ["R/1970-01-01/P1M"]}, 1),  # traffic since 1970
        ("issued-stated", {"issued": "1970"}, 1),
        ("issued-stated", {"issued": "1900"}, 1),
        ("issued-stated", {"issued": "1970-01-01", "metadata_issued": "2019-05-01"}, 0.25),
        ("modified-stated", {"modified": "1970-01-02"}, 1),
        ("spatial-coverage-stated", {"spatial": ["Street"]}, 0.9),  # in Somerset
        ("spatial-coverage-stated", {"spatial": ["Global"]}, 0.9),
        ("spatial-coverage-stated", {"spatial": ["United States, County"]}, 0.9),
        ("spatial-coverage-stated", {"spatial": ["National", "-6.2,49.9,2.1,55.8"]}, 1),
        ("spatial-coverage-stated", {"spatial": ["-180.0 -90.0 180.0 90.0"]}, 1),
        ("spatial-coverage-stated", {"spatial": ["-180.0 -90.0 180.0 -90.0"]}, 1),
        ("standard-conformance-stated", {"conforms_to": [ORGANOGRAM], "title": "Senior staff and salaries"}, 1),
        ("standard-conformance-stated", {"conforms_to": [ORGANOGRAM], "keyword": ["organogram"]}, 1),
        ("standard-conformance-stated", {"conforms_to": [ORGANOGRAM, "https://gtfs.org/schedule/"]}, 1),
    ],
)
def test_what_may_be_true_is_believed(criterion: str, said: dict[str, Any], value: float) -> None:
    assert value_of(criterion, **said) == value


@pytest.mark.parametrize("name", ["data.cdc.gov", "https://www.cdc.gov/ncird/", "Data.gov", "WWW.DATA.VA.GOV"])
def test_a_host_in_the_place_of_a_publishers_name_is_worth_half_of_a_name_with_an_identifier(name: str) -> None:
    assert value_of("publisher-identified", publisher={"name": name, "identifier": "009:20"}) == 0.5
    assert value_of("publisher-identified", publisher={"name": name}) == 0.5
    above = {"name": name, "sub_organization_of": ["Centers for Disease Control and Prevention"]}
    assert value_of("publisher-identified", publisher=above) == 1


@pytest.mark.parametrize("name", ["OB.DAAC", "NASA/GSFC/SED/ESD/GCDC/OB.DAAC", "St. Albans", "U.S. Geological Survey"])
def test_a_name_with_a_dot_is_no_host(name: str) -> None:
    assert value_of("publisher-identified", publisher={"name": name, "identifier": "026:00"}) == 1


@pytest.mark.parametrize("text", ["", "and", ",", "National and", "x" * 10_000, "National, " * 5_000])
def test_odd_texts_are_judged_at_once(text: str) -> None:
    assert is_no_place(text) == (text == "National and")
