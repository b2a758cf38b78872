"""A tally counts and sums the evaluations of one publisher."""

from __future__ import annotations

import datetime
import random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.compare.tallies.tally import CountedEvaluation, CriterionTally, Tally, collect, merge, merged
from ckanext.aivision.errors import UsageError

VALUES = st.one_of(st.none(), st.just("n/a"), st.integers(0, 1000).map(lambda number: number / 1000))
ROWS = st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=6)


def test_results_are_counted_and_values_summed_by_criterion(evaluation: Any) -> None:
    rows = [(1, 0.5, 0), (1, 0.25, None), (0, "n/a", None)]
    (tally,) = collect(evaluation(row) for row in rows)
    assert tally.criteria == {
        "keywords-specific": CriterionTally(partial=2, not_applicable=1, thousandths=750),
        "licence-open": CriterionTally(failed=1, unknown=2),
        "title-descriptive": CriterionTally(passed=2, failed=1, thousandths=2000),
    }


def test_scores_coverage_and_grades_are_summed(evaluation: Any) -> None:
    # Weights 3, 1, 4: scores 50.0 (all known) and 37.5 (half known), grades C and D.
    (tally,) = collect([evaluation((1, 1, 0)), evaluation((1, 0, None))])
    assert (tally.data_sets, tally.scored, tally.score_tenths, tally.coverage_thousandths) == (2, 2, 875, 1500)
    assert tally.grades == {"C": 1, "D": 1}


@pytest.mark.parametrize(("value", "scored"), [(None, 1), ("n/a", 0)])
def test_a_dataset_that_says_nothing_has_a_score_of_0_and_one_that_is_asked_nothing_has_none(
    evaluation: Any, value: Any, scored: int
) -> None:
    (tally,) = collect([evaluation((value, value, value))])
    assert (tally.data_sets, tally.scored, tally.score_tenths) == (1, scored, 0)
    assert tally.dimensions["findable"].known == scored


def test_publishers_of_the_same_name_in_two_countries_are_two(evaluation: Any) -> None:
    found = collect([evaluation((1, 1, 1), "Health", "US"), evaluation((1, 1, 1), "Health", "GB")])
    assert [(tally.country, tally.publisher) for tally in found] == [("GB", "Health"), ("US", "Health")]


def test_records_without_publisher_are_counted_under_an_empty_name(evaluation: Any) -> None:
    (tally,) = collect([evaluation((1, 1, 1), None), evaluation((1, 1, 1), "")])
    assert (tally.publisher, tally.data_sets) == ("", 2)


def test_the_reference_dates_are_kept_as_a_span(evaluation: Any) -> None:
    days = [datetime.date(2026, 11, day) for day in (24, 2, 13)]
    (tally,) = collect(evaluation((1, 1, 1), on=day) for day in days)
    assert (tally.first_date, tally.last_date) == (days[1], days[0])


def test_evaluations_under_two_rubric_versions_are_refused(evaluation: Any) -> None:
    with pytest.raises(UsageError, match=r"versions 1 and 2 cannot be compared"):
        collect([evaluation((1, 1, 1)), evaluation((1, 1, 1), "Another", version="2")])


def test_tallies_under_two_rubric_versions_are_refused(evaluation: Any) -> None:
    one, two = collect([evaluation((1, 1, 1))]), collect([evaluation((1, 1, 1), "Another", version="2")])
    with pytest.raises(UsageError, match=r"rescore"):
        merged(one + two)


def test_two_publishers_do_not_merge(evaluation: Any) -> None:
    one, two = collect([evaluation((1, 1, 1)), evaluation((1, 1, 1), "Another")])
    with pytest.raises(ValueError, match="two publishers"):
        merge(one, two)


@given(ROWS)
def test_a_tally_survives_json(evaluation: Any, rows: Any) -> None:
    (tally,) = collect(evaluation(row) for row in rows)
    assert msgspec.json.decode(msgspec.json.encode(tally), type=Tally) == tally


@given(ROWS)
def test_an_evaluation_read_without_its_evidence_counts_the_same(evaluation: Any, rows: Any) -> None:
    whole = [evaluation(row) for row in rows]
    slim = [msgspec.json.decode(msgspec.json.encode(row), type=CountedEvaluation) for row in whole]
    assert collect(slim) == collect(whole)


@given(ROWS, ROWS, ROWS)
def test_merging_is_associative(evaluation: Any, first: Any, second: Any, third: Any) -> None:
    one, two, three = (collect(evaluation(row) for row in rows)[0] for rows in (first, second, third))
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@given(ROWS, ROWS)
def test_merging_gives_the_bytes_of_counting_together(evaluation: Any, first: Any, second: Any) -> None:
    apart = [collect(evaluation(row) for row in rows)[0] for rows in (first, second)]
    together = collect(evaluation(row) for row in [*first, *second])
    assert msgspec.json.encode(merge(*apart)) == msgspec.json.encode(together[0])


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_evaluations_does_not_matter(evaluation: Any, rows: Any, chance: random.Random) -> None:
    shuffled = chance.sample(rows, len(rows))
    in_order, mixed = (collect(evaluation(row) for row in order) for order in (rows, shuffled))
    assert msgspec.json.encode(in_order) == msgspec.json.encode(mixed)
