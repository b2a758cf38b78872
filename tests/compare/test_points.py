"""A point keeps what a tally counts of an evaluation; folded, points give the tallies of days gone by."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.compare.tallies.points import RunningTally, from_point, to_point
from ckanext.aivision.compare.tallies.replay import Event, Folding
from ckanext.aivision.compare.tallies.tally import collect
from ckanext.aivision.scoring.rubric import Criterion

FIRST = datetime.date(2026, 1, 1)
VALUES = st.one_of(st.none(), st.just("n/a"), st.integers(0, 1000).map(lambda number: number / 1000))
ROWS = st.tuples(VALUES, VALUES, VALUES)
# Dataset, day, publisher, values; no values where it is not public any more.
CHANGES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 5), st.sampled_from(["Health", "Rivers"]), st.none() | ROWS),
    max_size=20,
    unique_by=lambda change: change[:2],
)


def day(number: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=number)


@given(rows=st.lists(ROWS, min_size=1, max_size=8))
def test_points_are_tallied_as_the_evaluations_that_they_were_made_of(
    evaluation: Any, criteria: list[Criterion], rows: Any
) -> None:
    evaluations = [evaluation(row, on=day(number)) for number, row in enumerate(rows)]
    running = RunningTally([row.id for row in criteria])
    for found in evaluations:
        running.count(to_point(found), found.reference_date)
    assert [running.tally("US", "An agency", "1", FIRST)] == collect(evaluations)


def test_a_point_of_another_rubric_is_refused(evaluation: Any) -> None:
    with pytest.raises(ValueError, match="another version"):
        RunningTally(["title-descriptive"]).count(to_point(evaluation((1, 0.5, None))), FIRST)


def test_a_point_is_short_and_says_its_score(evaluation: Any) -> None:
    found = evaluation((1, 0.35, None))
    assert from_point(to_point(found)).outcomes == "pvu 350"
    assert from_point(to_point(found)).score == found.score
    assert len(to_point(found)) < 250


@given(changes=CHANGES, wanted=st.sets(st.integers(0, 6), max_size=4))
def test_the_tallies_of_a_day_are_those_of_the_data_sets_as_they_were_on_it(
    evaluation: Any, criteria: list[Criterion], changes: Any, wanted: Any
) -> None:
    events, made = [], {}
    for package, number, publisher, row in sorted(changes, key=lambda change: change[1]):
        made[package, number] = None if row is None else evaluation(row, publisher, on=day(number))
        point = None if row is None else to_point(made[package, number])
        events.append(Event(day(number), package, publisher, point))
    folding = Folding("US", "1", [row.id for row in criteria])
    found = list(folding.days(events, {day(number): ["Health", "Rivers"] for number in wanted}))
    assert [row.publisher for row in found] == ["Health", "Rivers", None] * len(wanted)
    for number in wanted:
        latest: dict[str, Any] = {}
        for (package, on), value in sorted(made.items(), key=lambda item: item[0][1]):
            if on <= number:
                latest[package] = value
        expected = {row.publisher: row for row in collect([value for value in latest.values() if value is not None])}
        rows = {row.publisher: row for row in found if row.day == day(number)}
        for publisher in ("Health", "Rivers"):
            tally = rows[publisher].tally
            assert tally.data_sets == 0 if publisher not in expected else _known(tally) == _known(expected[publisher])
        assert rows[None].tally.data_sets == sum(row.data_sets for row in expected.values())
        assert rows[None].publishers == len(expected)


def _known(tally: Any) -> object:
    """A tally without the dimensions of datasets that have left it."""
    kept = {name: found for name, found in tally.dimensions.items() if found.known}
    return msgspec.structs.replace(tally, dimensions=kept)
