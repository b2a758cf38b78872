"""Each criterion stands in the lists that its figures put it in, and in no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import share_of

from ckanext.aivision.compare.estimates.figures import Measure, Overview
from ckanext.aivision.compare.priorities import WEAK, Priorities, priorities
from ckanext.aivision.scoring.rubric import Rubric

VALUE = st.sampled_from([None, 0.0, 0.2, 0.5, 0.8, 1.0])
ROWS = st.lists(st.tuples(VALUE, VALUE, VALUE), min_size=5, max_size=8)


@pytest.fixture
def found(compare: Any, country: Any, rubric: Rubric) -> Callable[..., tuple[Overview, Priorities]]:
    """found(rows of the US, rows of the UK): the comparison and its priorities; a row is an agency of 10 datasets."""

    def find(us: Any, uk: Any) -> tuple[Overview, Priorities]:
        overview = compare(country("US", us) + country("GB", uk))
        return overview, priorities(overview, rubric)

    return find


def ids(rows: Any) -> set[str]:
    return {row.criterion.id for row in rows}


def both_below(measure: Measure) -> bool:
    means = (measure.comparison.by_agency.first, measure.comparison.by_agency.second)
    return all(mean.interval is not None and mean.interval.high < WEAK for mean in means)


@pytest.mark.long
@settings(max_examples=share_of(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(us=ROWS, uk=ROWS)
def test_each_row_is_in_the_right_list(found: Any, us: Any, uk: Any) -> None:
    overview, lists = found(us, uk)
    measures = {row.id: row for row in overview.criteria}
    assert ids(lists.gaps) == {id for id, row in measures.items() if row.comparison.distinguishable}
    compared = {id for id, row in measures.items() if row.comparison.distinguishable is not None}
    assert ids(lists.weak) == {id for id in compared if both_below(measures[id])}
    assert ids(lists.unknown) == set(measures) - compared
    assert not ids(lists.unknown) & (ids(lists.gaps) | ids(lists.weak))
    for row in lists.gaps:
        comparison = measures[row.criterion.id].comparison
        assert row.interval.low > 0
        assert row.p < 0.05
        assert row.gap == pytest.approx(abs(comparison.by_agency.value or 0))
        assert f"{row.ahead.label} ahead" == comparison.verdict
        assert row.ahead.mean > row.behind.mean
    for some in (lists.gaps, lists.weak, lists.unknown):
        assert len(ids(some)) == len(some)


@pytest.mark.long
@settings(max_examples=share_of(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(us=ROWS, uk=ROWS)
def test_what_mending_gains_is_never_more_than_what_is_lacking(found: Any, us: Any, uk: Any) -> None:
    overview, lists = found(us, uk)
    for side in [row.behind for row in lists.gaps] + [side for row in lists.weak for side in row.sides]:
        mean = overview.overall.countries[side.code].by_data_set.value
        assert side.gain is not None
        assert 0 <= side.gain <= 100
        assert mean is None or side.gain <= 100
    assert all(side.gain is None for row in lists.unknown for side in row.sides)


def test_a_gap_says_who_leads_and_what_closing_it_gains(found: Any) -> None:
    us, uk = [(1, 1, 1)] * 6, [(1, 1, 0)] * 6
    _, lists = found(us, uk)
    assert [(row.criterion.id, row.ahead.label, row.behind.label) for row in lists.gaps] == [
        ("licence-open", "US", "UK")
    ]
    # The licence is 4 of 8: a UK without it scores 50, with it 100.
    assert lists.gaps[0].behind.gain == pytest.approx(50)
    assert lists.gaps[0].behind.data_sets == 60
    assert lists.gaps[0].behind.agencies == 6


def test_what_both_fail_is_to_be_worked_on_together_though_they_cannot_be_told_apart(found: Any) -> None:
    rows = [(1, 0.2, 1), (1, 0.1, 1), (1, 0.3, 1), (1, 0.2, 1), (1, 0.2, 1)]
    _, lists = found(rows, rows)
    assert ids(lists.weak) == {"keywords-specific"}
    assert not lists.gaps


def test_what_is_not_known_of_one_country_names_its_reason_and_the_standards_that_have_a_field(
    found: Any, rubric: Rubric
) -> None:
    _, lists = found([(1, 1, 1)] * 5, [(1, None, 1)] * 5)
    assert ids(lists.unknown) == {"keywords-specific"}
    assert "UK 0.0 %" in lists.unknown[0].reason or "UK" in lists.unknown[0].reason
    assert lists.unknown[0].weight == pytest.approx(12.5)


def test_the_standards_named_are_those_whose_profile_has_the_field(compare: Any, country: Any, rubric: Rubric) -> None:
    overview = compare(country("US", [(1, 1, 1)] * 5) + country("GB", [(1, None, 1)] * 5))
    for needs, standards in (
        (["limitations", "title"], ("DCAT-US 3.0",)),
        (["security_classification"], ("UK Cross-Government Metadata Exchange Model",)),
        (["version"], ("DCAT-US 3.0", "UK Cross-Government Metadata Exchange Model")),
        (["biases", "description"], ()),
    ):
        criteria = [msgspec.structs.replace(row, needs=needs) for row in rubric.criteria]
        lists = priorities(overview, msgspec.structs.replace(rubric, criteria=criteria))
        assert [row.standards for row in lists.unknown] == [standards]


def test_one_country_alone_has_no_priorities(found: Any) -> None:
    _, lists = found([(1, 0, 1)] * 5, [])
    assert lists == Priorities([], [], [])


def test_the_lists_are_the_most_rewarding_first(found: Any) -> None:
    _, lists = found([(1, 1, 1)] * 6, [(0, 0, 0)] * 6)
    gains = [row.behind.gain for row in lists.gaps]
    assert gains == sorted(gains, reverse=True)
    assert lists.gaps[0].criterion.id == "licence-open"
