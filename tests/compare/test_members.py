"""What is found from arrays of the datasets is what plain loops over the same entries find."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compare.tables import FAIL, PASS, UNKNOWN, criteria, entry, members_of, table
from tests.examples import share_of

from ckanext.aivision.compare.table import agency_counts, listing
from ckanext.aivision.compare.table.entry import Entry
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.snapshot.answers import agency_profile as profile
from ckanext.aivision.snapshot.examples.best_datasets import best_of_all

FIRST = criteria()[0].id
IDS = st.lists(st.text("abcé€😀", min_size=1, max_size=4), unique=True, max_size=12)


@st.composite
def catalogues(draw: st.DrawFn) -> list[Entry]:
    """Datasets of few agencies, publishers and themes, in no order, so that many are alike."""
    return [
        entry(
            id,
            (draw(st.sampled_from([PASS, FAIL, UNKNOWN])), PASS),
            country=draw(st.sampled_from(["US", "GB"])),
            agency=draw(st.sampled_from(["", "us-026", "gb-cabinet-office"])),
            publisher=draw(st.sampled_from(["", "p", "q"])),
            publisher_title="A publisher",
            themes=draw(st.lists(st.sampled_from(["health", "energy"]), unique=True)),
            year=draw(st.sampled_from([None, 2020, 2021])),
            sample=draw(st.booleans()),
            grade=draw(st.sampled_from("ABCDE")),
            gate=draw(st.sampled_from(["", "licence"])),
            score=draw(st.sampled_from([UNKNOWN, 0, 400, 405])),
        )
        for id in draw(IDS)
    ]


def real(entries: list[Entry]) -> list[Entry]:
    return [one for one in entries if not one.sample]


@pytest.mark.long
@settings(max_examples=share_of(40))
@given(catalogues(), st.integers(1, 4))
def test_examples_are_the_first_ids_of_each_agency_in_turns(entries: list[Entry], number: int) -> None:
    condition = agency_counts.narrowed(Filters(), samples=False)
    with members_of(entries) as members:
        found = agency_counts.examples(members, FIRST, [1, 0], condition, number)
    for outcome, value in ((1, PASS), (0, FAIL)):
        turns = []
        for country in ("US", "GB"):
            by_agency = defaultdict(list)
            for one in sorted(real(entries), key=lambda one: one.id):
                if one.country == country and one.numbers.results[0] == value:
                    by_agency[one.facets.agency].append(one.id)
            ranked = sorted((turn, id) for ids in by_agency.values() for turn, id in enumerate(ids))
            turns.append([id for _, id in ranked])
        expected = [id for pair in itertools.zip_longest(*turns) for id in pair if id is not None]
        assert [one.id for one in found[outcome]] == expected[:number]


@pytest.mark.long
@settings(max_examples=share_of(40))
@given(catalogues())
def test_the_lowest_datasets_of_an_agency_are_those_of_the_list(entries: list[Entry]) -> None:
    datasets = table(entries)
    everything = agency_counts.narrowed(Filters(), samples=False)[0]
    fields = ("id", "grade", "gate", "score")
    asked = listing.Asked(sort="grade desc", limit=2 * profile.LOWEST, fields=fields)
    listed = listing.page(datasets, asked, f"agency = ? AND {everything}", ["us-026"]).rows
    with members_of(entries) as members:
        assert profile.lowest(members, datasets, "us-026", samples=False) == listed


@pytest.mark.long
@settings(max_examples=share_of(40))
@given(catalogues(), st.integers(1, 3), st.integers(1, 3))
def test_the_best_are_those_of_each_agency_and_of_each_value(entries: list[Entry], first: int, second: int) -> None:
    best: dict[str, int] = {}
    parts: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for one in sorted(entries, key=lambda one: (-one.numbers.score, one.id)):
        if one.numbers.results[0] == PASS:
            facets = one.facets
            found_in: list[tuple[str, object]] = [("level", ""), ("licence", "none"), ("year", facets.year)]
            found_in += [("agency", facets.agency or facets.publisher), *(("theme", theme) for theme in facets.themes)]
            for kind, value in found_in:
                parts[one.country, one.sample, kind, value].append(one.id)
    for part, ids in parts.items():
        for rank, id in enumerate(ids[: first if part[2] == "agency" else second], 1):
            best[id] = min(rank, best.get(id, rank))
    with members_of(entries) as members:
        found = best_of_all(members, [FIRST], first, second)[FIRST]
        assert {members.id(position): rank for position, rank in found.items()} == best
