"""The finding in one sentence says what the figures say: who is ahead, by how much, how sure, and in what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest

from ckanext.aivision.compare.estimates.figures import Comparison, Difference, Mean, Overview
from ckanext.aivision.compare.estimates.method import Interval
from ckanext.aivision.compare.home_sentence import headline
from ckanext.aivision.scoring.registry import DIMENSIONS


def comparison(value: float, low: float, high: float, is_distinguishable: bool | None = True) -> Comparison:
    found = Difference(Mean(50 + value, None), Mean(50, None), value, Interval(low, high), is_distinguishable)
    note = "" if is_distinguishable is not None else "too few agencies"
    return Comparison(found, found, is_distinguishable, 3, 3, note=note)


LEVEL = comparison(1, -2, 4, False)


@pytest.fixture
def found(compare: Callable[..., Overview], both: Any) -> Callable[..., Overview]:
    """An overview with this overall comparison, and others of the first dimensions."""
    made = compare(both)

    def change(overall: Comparison, dimensions: Sequence[Comparison] = ()) -> Overview:
        others = [*dimensions, *[LEVEL] * (len(DIMENSIONS) - len(dimensions))]
        return msgspec.structs.replace(
            made,
            overall=msgspec.structs.replace(made.overall, comparison=overall),
            dimensions=[
                msgspec.structs.replace(row, comparison=one) for row, one in zip(made.dimensions, others, strict=True)
            ],
        )

    return change


def test_it_names_who_is_ahead_with_the_difference_and_its_interval(found: Callable[..., Overview]) -> None:
    said = headline(found(comparison(4.2, 1.1, 7.3)))
    assert said == "Overall the US is ahead (US minus UK +4.2 points of 100, 95\u00a0% interval +1.1 to +7.3)."
    said = headline(found(comparison(-4.2, -7.3, -1.1)))
    assert said == "Overall the UK is ahead (US minus UK −4.2 points of 100, 95\u00a0% interval −7.3 to −1.1)."


def test_it_calls_nobody_ahead_where_the_interval_holds_zero(found: Callable[..., Overview]) -> None:
    said = headline(found(comparison(-1.64, -8.81, 5.65, False)))
    assert said.startswith("Overall the US and the UK cannot be told apart (US minus UK −1.6 points of 100,")
    assert said.endswith("95\u00a0% interval −8.8 to +5.7).") or said.endswith("95\u00a0% interval −8.8 to +5.6).")
    assert "ahead" not in said


def test_it_lists_the_dimensions_in_which_each_is_ahead_and_no_other(found: Callable[..., Overview]) -> None:
    us, uk = comparison(9, 3, 15), comparison(-9, -15, -3)
    said = headline(found(LEVEL, [us, uk, uk, LEVEL, uk]))
    leads = ": the US is ahead in being findable, and the UK in being accessible, machine-readable and documented."
    assert said.endswith(leads)
    assert headline(found(LEVEL, [uk])).endswith(": the UK is ahead in being findable.")


def test_a_difference_that_is_large_but_not_distinguishable_is_no_lead(found: Callable[..., Overview]) -> None:
    # After the correction for the number of comparisons.
    assert "findable" not in headline(found(LEVEL, [comparison(9, 1, 17, False)]))
    assert "findable" not in headline(found(LEVEL, [comparison(9, 1, 17, None)]))


def test_it_says_why_nothing_can_be_compared(found: Callable[..., Overview]) -> None:
    said = headline(found(comparison(9, 1, 17, None)))
    assert said == "Overall the US and the UK cannot be compared (too few agencies)."


def test_it_says_which_country_has_no_datasets(
    compare: Callable[..., Overview], country: Callable[..., list[Any]]
) -> None:
    said = headline(compare(country("GB", [(1, None, 0)])))
    assert said == "There are no datasets of the US yet, so nothing can be compared."
    assert headline(compare([])) == ""
