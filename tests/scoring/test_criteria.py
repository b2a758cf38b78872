"""What each criterion gives to records as both countries publish them. The records stand in `cases`, by dimension."""

from __future__ import annotations

import importlib

import pytest
from tests.scoring.conftest import N_A, Cases, Value, observed, record, result_of, rows, value_of

from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Rubric


def cases_of(dimension: str) -> Cases:
    cases: Cases = importlib.import_module(f"tests.scoring.cases.{dimension.replace('-', '_')}").CASES
    return cases


CASES: Cases = {criterion: listed for dimension in DIMENSIONS for criterion, listed in cases_of(dimension).items()}

# What a criterion cannot give, and why.
NEVER = {
    ("title-descriptive", "unknown"): "a record without a title is refused",
    ("identifier-persistent", "unknown"): "a record without an identifier is refused",
    ("identifier-persistent", "fail"): "whatever is known to one catalogue is something",
    ("distribution-present", "partial"): "there is an address or there is none",
    ("download-direct", "partial"): "one file that can be fetched is enough",
    ("format-efficient", "partial"): "one form made for bulk is enough",
}


def outcome(value: Value) -> str:
    if value is None or isinstance(value, str):
        return value or "unknown"
    return {0: "fail", 1: "pass"}.get(value, "partial")


@pytest.mark.parametrize(("criterion", "value", "said"), rows(CASES))
def test_a_record_gets_what_its_practice_deserves(criterion: str, value: Value, said: dict[str, object]) -> None:
    assert value_of(criterion, **said) == pytest.approx(value, abs=0.001)


def test_the_cases_are_of_every_criterion_and_stand_under_its_dimension(rubric: Rubric) -> None:
    for dimension in DIMENSIONS:
        assert list(cases_of(dimension)) == [row.id for row in rubric.everything if row.dimension == dimension]


@pytest.mark.parametrize("criterion", CASES)
def test_every_outcome_that_a_criterion_has_is_among_its_cases(criterion: str) -> None:
    outcomes = [outcome(value) for value, _ in CASES[criterion]]
    assert outcomes.count("pass") >= 2
    missing = {result for result in ("fail", "partial", "unknown") if result not in outcomes}
    assert missing == {result for result in missing if (criterion, result) in NEVER}


@pytest.mark.parametrize(("criterion", "impossible"), NEVER)
def test_what_we_call_impossible_is_not_among_the_cases(criterion: str, impossible: str) -> None:
    assert impossible not in [outcome(value) for value, _ in CASES[criterion]]


@pytest.mark.parametrize(("criterion", "value", "said"), rows(CASES))
def test_a_finding_shows_its_field_and_what_was_seen_there(
    criterion: str, value: Value, said: dict[str, object]
) -> None:
    fields = {*Dataset.__struct_fields__, *(f"distribution[].{name}" for name in Distribution.__struct_fields__)}
    found = result_of(criterion, record(**said), observed(said))
    # `quality.flag` and `distribution.X` are places that a profile has; `url` is whichever address there is.
    assert found.field in fields | {"quality.flag", "distribution[].url"} or found.field.startswith("distribution.")
    assert 0 < len(found.evidence) <= 300
    assert bool(found.fix) == (value is None or (value != N_A and value != 1))
