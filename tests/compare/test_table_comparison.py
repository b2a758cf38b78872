"""The comparison of a table is that of the same evaluations counted one after the other."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import share_of

from ckanext.aivision.agencies.placement import SourceFacts, place
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.table.build import in_memory
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.entry import Entry, numbers_of_results
from ckanext.aivision.compare.table.facets import facets_of, unit
from ckanext.aivision.compare.table.filters import parse
from ckanext.aivision.compare.table_comparison import agency_titles, compare, samples_of, tallies_of
from ckanext.aivision.compare.tallies.tally import CountedEvaluation, Tally, collect
from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import Agent, Dataset
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Criterion

ON = datetime.date(2026, 11, 24)
NASA, CDC, LEEDS = "National Aeronautics and Space Administration", "data.cdc.gov", "Leeds City Council"
PUBLISHERS = (NASA, CDC, LEEDS, "River Wardens", "river wardens", "Perth & Kinross Council", None, "Not provided")
VALUES = st.one_of(st.none(), st.just("n/a"), st.sampled_from((0, 0.355, 0.5, 1)))


class Harvest(msgspec.Struct, frozen=True):
    """Datasets alike, as a source gives them."""

    evaluation: Evaluation
    source: str
    sample: bool
    times: int

    @property
    def dataset(self) -> Dataset:
        found = self.evaluation
        agent = Agent(name=found.publisher) if found.publisher is not None else None
        return Dataset(
            identifier=found.identifier, title=found.title, profile="ckan", country=found.country, publisher=agent
        )


def table_of(harvests: Sequence[Harvest], criteria: Sequence[Criterion]) -> DatasetTable:
    return in_memory((_entry(row) for row in harvests for _ in range(row.times)), criteria)


def _entry(row: Harvest) -> Entry:
    found = row.evaluation
    return Entry(
        id=found.identifier,
        name="",
        title=found.title,
        country=found.country,
        source=row.source,
        sample=row.sample,
        facets=facets_of(row.dataset, SourceFacts(row.source)),
        looked_at="",
        reference_date=found.reference_date,
        numbers=numbers_of_results(
            [(result.result, result.value) for result in found.results],
            {name: one.score for name, one in found.dimensions.items()},
            found.score,
            found.coverage,
            found.grade,
            "",
        ),
    )


def tallies(harvests: Sequence[Harvest]) -> list[Tally]:
    """The same counted without a table, each placed by the tables of agencies."""
    names = _names(harvests)
    found = []
    for sample in (False, True):
        rows = collect(_placed(row, names) for row in harvests for _ in range(row.times) if row.sample == sample)
        found += [msgspec.structs.replace(tally, sample=sample) for tally in rows]
    return found


def _names(harvests: Sequence[Harvest]) -> dict[str, str]:
    """Each publisher's name, as most of its datasets spell it."""
    times: dict[str, dict[str, int]] = {}
    for row in harvests:
        publisher = place(row.dataset, SourceFacts(row.source)).publisher
        if publisher is not None:
            spellings = times.setdefault(publisher.id, {})
            spellings[publisher.title] = spellings.get(publisher.title, 0) + row.times
    return {id: min(spellings, key=lambda name: (-spellings[name], name)) for id, spellings in times.items()}


def _placed(row: Harvest, names: dict[str, str]) -> CountedEvaluation:
    placed = place(row.dataset, SourceFacts(row.source))
    agency, found = unit(placed), msgspec.to_builtins(row.evaluation)
    found |= {"publisher": names[placed.publisher.id] if placed.publisher is not None else "", "source": row.source}
    if agency is not None:
        found |= {"agency": agency.id, "agency_title": agency.title, "level": agency.level}
    return msgspec.convert(found, CountedEvaluation)


@st.composite
def harvests(draw: Any, evaluate: Any) -> list[Harvest]:
    rows = draw(
        st.lists(
            st.tuples(
                st.tuples(VALUES, VALUES, VALUES),
                st.sampled_from(PUBLISHERS),
                st.sampled_from(("US", "GB", "GB", "US", "CA")),
                st.integers(0, 3),
                st.sampled_from(("gsa", "leeds")),
                st.booleans(),
                st.integers(1, 8),
            ),
            max_size=14,
        )
    )
    return [
        Harvest(evaluate(values, publisher, country, on=ON - datetime.timedelta(days=days)), source, sample, times)
        for values, publisher, country, days, source, sample, times in rows
    ]


# Bootstraps take most of the time.
@pytest.mark.long
@settings(max_examples=share_of(25))
@given(data=st.data())
def test_the_unfiltered_table_gives_the_comparison_of_the_evaluations(
    evaluation: Any, criteria: list[Criterion], data: Any
) -> None:
    found = data.draw(harvests(evaluation))
    assert compare(table_of(found, criteria), criteria, "1")[0] == overview(tallies(found), criteria)


@pytest.mark.long
@settings(max_examples=share_of(50))
@given(data=st.data())
def test_a_tally_of_a_cell_is_that_of_its_evaluations(evaluation: Any, criteria: list[Criterion], data: Any) -> None:
    found = data.draw(harvests(evaluation))
    table = table_of(found, criteria)
    given_out = tallies_of(table, "1")

    def plain(rows: list[Tally]) -> list[Tally]:
        """With every dimension."""
        same: dict[str, Any] = {"dimensions": {}}
        return sorted(
            (msgspec.structs.replace(row, **same) for row in rows),
            key=lambda row: (row.country, row.sample, row.agency, row.publisher, row.source),
        )

    assert plain(given_out) == plain(tallies(found))
    for row in given_out:
        asked = {"findable", "licensed"}
        assert all(one.known == 0 for name, one in row.dimensions.items() if name not in asked)


@pytest.fixture
def some(evaluation: Any) -> list[Harvest]:
    return [
        Harvest(evaluation((1, 1, 1), NASA, "US"), "gsa", False, 6),
        Harvest(evaluation((0, 0, 0), "River Wardens", "US", on=ON - datetime.timedelta(days=9)), "gsa", False, 5),
        Harvest(evaluation((1, 0, 1), LEEDS, "GB"), "leeds", False, 7),
        Harvest(evaluation((1, 0, 1), "Invented", "GB"), "sample-uk", True, 4),
    ]


def test_filters_narrow_the_comparison(criteria: list[Criterion], some: list[Harvest]) -> None:
    table = table_of(some, criteria)

    def sizes(*pairs: tuple[str, str]) -> list[int]:
        return [row.data_sets for row in compare(table, criteria, "1", parse(pairs))[0].countries]

    assert sizes() == [11, 7]
    assert sizes(("agency", "us-026")) == [6, 0]
    assert sizes(("level", "local")) == [0, 7]
    assert sizes(("source", "gsa"), ("source", "leeds")) == [11, 7]
    assert sizes(("country", "uk")) == [0, 7]
    assert sizes(("country", "us"), ("level", "local")) == [0, 0]


def test_samples_are_compared_only_where_filters_leave_nothing_else(
    criteria: list[Criterion], some: list[Harvest]
) -> None:
    table = table_of(some, criteria)
    found = compare(table, criteria, "1", parse([("source", "sample-uk")]))[0]
    assert (found.samples, [row.data_sets for row in found.countries]) == (True, [0, 4])
    found = compare(table, criteria, "1")[0]
    assert (found.samples, [row.data_sets for row in found.countries]) == (False, [11, 7])


def test_a_filter_that_leaves_nothing_says_so(criteria: list[Criterion], some: list[Harvest]) -> None:
    found = compare(table_of(some, criteria), criteria, "1", parse([("theme", "health")]))[0]
    assert found.notes[0].endswith("so nothing can be compared.")
    assert found.overall.comparison.verdict == "not compared"
    assert (found.rubric_version, found.first_date) == ("1", None)


def test_an_agency_of_no_dataset_is_refused(criteria: list[Criterion], some: list[Harvest]) -> None:
    with pytest.raises(UsageError, match="agency=us-999: no dataset is of this agency"):
        compare(table_of(some, criteria), criteria, "1", parse([("agency", "us-999")]))


def test_a_publisher_spelled_in_two_ways_by_two_sources_is_one(criteria: list[Criterion], evaluation: Any) -> None:
    rows = [
        Harvest(evaluation((1, 1, 1), "River Wardens", "US"), "one", False, 5),
        Harvest(evaluation((0, 0, 0), "RIVER WARDENS", "US"), "two", False, 5),
    ]
    found = compare(table_of(rows, criteria), criteria, "1")[0]
    assert [(row.name, row.data_sets) for row in found.publishers] == [("RIVER WARDENS", 10)]


def test_an_empty_table_has_no_days_and_nothing_to_compare(criteria: list[Criterion]) -> None:
    table = in_memory([], criteria)
    assert table.dates() == (None, None)
    found = compare(table, criteria, "1")[0]
    assert (found.first_date, found.rubric_version, [row.data_sets for row in found.countries]) == (None, "", [0, 0])


def test_days_are_those_of_the_first_and_the_last_evaluation_compared(
    criteria: list[Criterion], some: list[Harvest]
) -> None:
    found = compare(table_of(some, criteria), criteria, "1")[0]
    assert (found.first_date, found.last_date) == (ON - datetime.timedelta(days=9), ON)
    found = compare(table_of(some, criteria), criteria, "1", parse([("level", "local")]))[0]
    assert (found.first_date, found.last_date) == (ON, ON)


def test_other_countries_are_counted_and_not_compared(criteria: list[Criterion], evaluation: Any) -> None:
    rows = [Harvest(evaluation((1, 1, 1), "Statistics Canada", "CA"), "ca", False, 3)]
    samples, about = samples_of(table_of(rows, criteria).cells(), "1")
    assert about.other_countries == {"CA": 3}
    assert [len(one.publishers) for one in samples.values()] == [0, 0]


def test_samples_of_other_countries_are_left_out_only_beside_real_datasets(
    criteria: list[Criterion], evaluation: Any, some: list[Harvest]
) -> None:
    invented = Harvest(evaluation((1, 1, 1), "Invented", "CA"), "sample-ca", True, 3)
    for rows, others, note in (([invented], {"CA": 3}, False), ([*some, invented], {}, True)):
        for found in (compare(table_of(rows, criteria), criteria, "1")[0], overview(tallies(rows), criteria)):
            assert found.other_countries == others
            assert any("made up and not counted" in text for text in found.notes) == note


def test_agencies_go_by_their_names() -> None:
    assert agency_titles()["us-026"] == NASA
