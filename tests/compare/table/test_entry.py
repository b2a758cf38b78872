"""An evaluation as whole numbers: the same of a stored point and of its results."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.compare.table.entry import NOT_APPLICABLE, UNKNOWN, numbers_of_point, numbers_of_results
from ckanext.aivision.compare.tallies.points import to_point
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import Evaluation, GateHit

VALUES = st.one_of(st.none(), st.just("n/a"), st.integers(0, 1000).map(lambda number: number / 1000))


def of_results(found: Evaluation) -> Any:
    return numbers_of_results(
        [(row.result, row.value) for row in found.results],
        {name: row.score for name, row in found.dimensions.items()},
        found.score,
        found.coverage,
        found.grade,
        found.gates[0].gate if found.gates else "",
    )


@given(values=st.tuples(VALUES, VALUES, VALUES), gate=st.sampled_from(["", "no-data"]))
def test_a_stored_point_gives_the_numbers_of_the_results(evaluation: Any, values: Any, gate: str) -> None:
    gates = [GateHit(gate, "D", "")] if gate else []
    found = msgspec.structs.replace(evaluation(values), gates=gates)
    assert numbers_of_point(to_point(found)) == of_results(found)


def test_values_are_thousandths_and_what_has_none_says_why(evaluation: Any) -> None:
    assert of_results(evaluation((1, 0.355, 0))).results == (1000, 355, 0)
    assert of_results(evaluation((None, "n/a", 0.001))).results == (UNKNOWN, NOT_APPLICABLE, 1)


def test_scores_are_tenths_and_coverage_thousandths(evaluation: Any) -> None:
    # Weights 3, 1, 4; unknown is worth nothing.
    found = of_results(evaluation((1, 0, None)))
    assert (found.score, found.coverage, found.grade) == (375, 500, 3)


def test_a_dimension_that_was_not_asked_is_unknown(evaluation: Any) -> None:
    found = dict(zip(DIMENSIONS, of_results(evaluation((1, 1, "n/a"))).dimensions, strict=True))
    assert (found["findable"], found["licensed"], found["timely"]) == (1000, UNKNOWN, UNKNOWN)


def test_a_dataset_that_is_asked_nothing_has_no_score(evaluation: Any) -> None:
    assert of_results(evaluation(("n/a", "n/a", "n/a"))).score == UNKNOWN


@pytest.mark.parametrize("text", ["", "{}", "[]", "no point", '[1,2,"A",{},"p"', '[1,2,"Z",{},"p"]'])
def test_what_is_no_point_is_refused(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        numbers_of_point(text)
