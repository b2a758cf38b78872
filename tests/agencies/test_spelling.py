"""Names in one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.agencies.spelling import fold, fold_in, host, slug


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Perth & Kinross Council", "The Perth and Kinross  Council"),
        ("U.S. EPA, Region 9", "us epa region 9"),
        ("Sir Ynys Môn", "SIR YNYS MON"),
        ("King’s Lynn", "King's Lynn"),
        ("ORNL_DAAC", "ornl daac"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aberdeen City Council", "Aberdeenshire Council"),
        ("Region 1", "Region 10"),
        ("Newcastle City Council", "Newcastle-under-Lyme Borough Council"),
        ("Bureau of Land Management", "Bureau of Land Managment"),
        ("EPA", "E P A"),
    ],
)
def test_what_is_only_alike_stays_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_the_country_before_a_name_counts_in_the_united_states_only() -> None:
    names = ("U.S. Mint", "US Mint", "United States Mint", "The United States of America Mint")
    assert {fold_in("US", name) for name in names} == {"mint"}
    assert fold_in("GB", "US Mint") == "us mint"
    assert fold_in("US", "Usher Mint") == "usher mint"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("data.cdc.gov", "data.cdc.gov"),
        ("www.data.va.gov", "data.va.gov"),
        ("https://www.CDC.gov/ncird/", "cdc.gov"),
        ("OB.DAAC", "ob.daac"),
        ("Data desk", ""),
        ("http://[::1", ""),
        ("https://", ""),
        ("", ""),
    ],
)
def test_a_host_is_found_alone_and_in_an_address(text: str, found: str) -> None:
    assert host(text) == found


@given(st.text())
def test_any_text_has_a_spelling(text: str) -> None:
    assert fold(fold(text)) in (fold(text), fold(text).removeprefix("the "))
    assert " " not in slug(text)
    assert host(text) == host(text).strip()


def test_a_megabyte_takes_no_time_and_no_memory() -> None:
    assert len(fold("river " * 200_000)) <= 300
