"""Real catalogues: nearly every dataset has its agency, and each body stands once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from bench.agencies import Placed, measured, placed

from ckanext.aivision.agencies.placement import RULES

SURE = ("bureau-code", "agency-code", "publisher-name", "source-owner")


@pytest.fixture(scope="module")
def everything(real_corpus: Path) -> list[Placed]:
    return list(placed(real_corpus))


def agencies_where(everything: list[Placed], *words: str) -> set[str]:
    """The agencies of datasets whose publisher is called one of these, in any case."""
    return {
        row.placement.agency.id if row.placement.agency is not None else ""
        for row in everything
        if row.publisher.casefold() in {word.casefold() for word in words}
    }


def test_at_least_97_per_cent_are_placed_in_each_country(everything: list[Placed]) -> None:
    for country, least in (("US", 21_000), ("GB", 1_000)):
        rows = [row for row in everything if row.dataset.country == country]
        assert len(rows) > least
        assert sum(row.placement.agency is not None for row in rows) / len(rows) >= 0.97


def test_every_rule_is_counted_and_those_of_real_catalogues_decide(everything: list[Placed]) -> None:
    counts = measured(iter(everything))["counts"][""]
    assert list(counts["rules"]) == list(RULES)
    assert (
        sum(counts["rules"].values())
        == counts["placed"]
        == counts["datasets"] - sum(row["datasets"] for row in counts["unplaced"])
    )
    assert {rule for rule, count in counts["rules"].items() if count} == set(SURE)


@pytest.mark.parametrize(
    ("source", "agency"),
    [("nasa", "us-026"), ("epa", "us-020"), ("cdc", "us-009"), ("va", "us-029"), ("gsa", "us-023"), ("opm", "us-027")],
)
def test_a_catalogue_of_one_agency_is_one_agency(everything: list[Placed], source: str, agency: str) -> None:
    found = {row.placement.agency.id for row in everything if row.source == source and row.placement.agency is not None}
    assert found == {agency}


def test_nasa_and_epa_stand_once_each(everything: list[Placed]) -> None:
    titles = Counter(row.placement.agency.title for row in everything if row.placement.agency is not None)
    assert [title for title in titles if "Aeronautics" in title] == ["National Aeronautics and Space Administration"]
    assert [title for title in titles if "Environmental Protection" in title] == ["Environmental Protection Agency"]
    assert agencies_where(everything, "NASA", "National Aeronautics and Space Administration", "NASA HQ") == {"us-026"}
    assert agencies_where(everything, "EPA", "US EPA, Region 6", "United States Environmental Protection Agency") == {
        "us-020"
    }


def test_a_council_stands_once_whatever_portal_its_datasets_are_on(everything: list[Placed]) -> None:
    councils: dict[str, set[str]] = {}
    for row in everything:
        if row.placement.agency is not None and row.placement.level == "local":
            councils.setdefault(row.placement.agency.title, set()).add(row.placement.agency.id)
    assert {title: ids for title, ids in councils.items() if len(ids) > 1} == {}
    assert len(councils) > 30
    for council in ("dundee", "glasgow", "edinburgh", "north-ayrshire"):
        own = {row.placement.agency.id for row in everything if row.source == council and row.placement.agency}
        hub = {
            row.placement.agency.id
            for row in everything
            if row.source == "spatial-hub-scotland" and council.replace("-", " ") in row.publisher.casefold()
            if row.placement.agency is not None
        }
        assert own == {id for id in hub if "airport" not in id}, council
        assert len(own) == 1


def test_publishers_are_merged(everything: list[Placed]) -> None:
    names = {row.publisher for row in everything if row.source == "nasa"}
    publishers = {row.placement.publisher.id for row in everything if row.source == "nasa" and row.placement.publisher}
    assert len(names) > 65
    assert len(publishers) < 40


def test_an_id_of_a_publisher_begins_with_that_of_its_agency_or_is_that_of_one(everything: list[Placed]) -> None:
    for row in everything:
        agency, publisher = row.placement.agency, row.placement.publisher
        if agency is not None and publisher is not None and "/" in publisher.id:
            assert publisher.id.startswith(f"{agency.id}/")


def test_a_placeholder_never_becomes_a_publisher(everything: list[Placed]) -> None:
    words = {"not provided", "n/a", "unspecified", "", "619", "138"}
    named = {row.publisher for row in everything if row.placement.publisher is not None}
    assert {name for name in named if name.casefold() in words} == set()
