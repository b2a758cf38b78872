"""Placements, counted for an operator."""

from __future__ import annotations

from ckanext.aivision.agencies.placement import RULES, SourceFacts, place
from ckanext.aivision.agencies.placement_counts import AgencyCount, PlacementTally, Unplaced
from ckanext.aivision.agencies.register import LEVELS
from ckanext.aivision.record import Agent, Dataset


def tally(*rows: tuple[str, str, str]) -> PlacementTally:
    """rows: (country, publisher, source)."""
    found = PlacementTally()
    for country, name, source in rows:
        dataset = Dataset(identifier="1", title="T", profile="p", country=country, publisher=Agent(name=name))
        found.add(place(dataset, SourceFacts(source)), country, name, source)
    return found


def test_nothing_is_no_dataset_and_every_rule_and_level_is_there() -> None:
    counts = tally().counts()
    assert (counts.datasets, counts.placed, counts.agencies, counts.unplaced) == (0, 0, [], [])
    assert counts.rules == dict.fromkeys(RULES, 0)
    assert counts.levels == dict.fromkeys(LEVELS, 0)


def test_datasets_are_counted_by_agency_with_their_publishers() -> None:
    rows = (("US", "LaRC", "nasa"), ("US", "NASA", "nasa"), ("US", "Not provided", "nasa"), ("GB", "Fife Council", ""))
    counts = tally(*rows).counts()
    assert counts.agencies == [
        AgencyCount("us-026", "National Aeronautics and Space Administration", "national", "", 3, 2),
        AgencyCount("gb-fife-council", "Fife Council", "local", "", 1, 1),
    ]
    assert (counts.datasets, counts.placed) == (4, 4)
    assert (counts.rules["publisher-name"], counts.rules["source-owner"]) == (2, 2)
    assert (counts.levels["national"], counts.levels["local"]) == (3, 1)


def test_what_could_not_be_placed_is_listed_with_publisher_source_and_number() -> None:
    rows = (("GB", "Ramblers", "hub"), ("GB", "", "hub"), ("GB", "", "hub"), ("GB", "Ramblers", "other"))
    counts = tally(*rows).counts()
    assert counts.unplaced == [
        Unplaced("GB", "", "hub", 2),
        Unplaced("GB", "Ramblers", "hub", 1),
        Unplaced("GB", "Ramblers", "other", 1),
    ]
    assert (counts.datasets, counts.placed) == (4, 0)
