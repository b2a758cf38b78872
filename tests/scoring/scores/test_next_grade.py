"""What would raise a dataset by one grade."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from tests.scoring.strategies import records

from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.results import Evaluation, GateHit
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.next_grade import next_grade
from ckanext.aivision.scoring.scores.score import grade, limited, weighted


def passing(evaluation: Evaluation, criteria: set[str], lifted: set[str]) -> Evaluation:
    """The evaluation once these criteria pass and these gates are gone."""
    results = [
        msgspec.structs.replace(found, result="pass", value=1.0) if found.criterion in criteria else found
        for found in evaluation.results
    ]
    gates = [hit for hit in evaluation.gates if hit.gate not in lifted]
    score, _ = weighted(results, load().criteria)
    return msgspec.structs.replace(
        evaluation, score=score, results=results, gates=gates, grade=limited(grade(score), gates)
    )


@pytest.mark.long
@given(records())
def test_the_fixes_lead_to_the_grade_and_one_less_does_not(said: dict[str, Any]) -> None:
    evaluation = evaluate(record(**said), load(), ON)
    ahead = next_grade(evaluation, load())
    if ahead is None:
        assert evaluation.grade == "A"
        return
    names, gates = [step.criterion for step in ahead.steps], set(ahead.gates)
    assert ahead.fixes
    assert ahead.grade < evaluation.grade
    assert passing(evaluation, set(names), gates).grade == ahead.grade
    if names:
        assert ahead.grade == chr(ord(evaluation.grade) - 1)
        assert passing(evaluation, set(names[:-1]), gates).grade > ahead.grade
    for gate in gates:
        assert passing(evaluation, set(names), gates - {gate}).grade > ahead.grade


def test_the_steps_are_the_fewest_and_begin_with_the_greatest_gain() -> None:
    ahead = next_grade(evaluate(record(), load(), ON), load())
    assert ahead is not None
    gains = [step.gain for step in ahead.steps]
    assert len(gains) > 1
    assert gains == sorted(gains, reverse=True)


@pytest.mark.parametrize("limit", ["E", "D"])
def test_a_gate_that_binds_is_lifted_alone_where_the_score_is_enough(limit: Any) -> None:
    evaluation = evaluate(record(), load(), ON)
    whole = passing(evaluation, {found.criterion for found in evaluation.results}, set())
    ahead = next_grade(
        msgspec.structs.replace(whole, grade=limit, gates=[GateHit("licence-missing", limit, "")]), load()
    )
    assert ahead is not None
    assert (ahead.grade, ahead.gates, ahead.steps) == ("A", ["licence-missing"], [])


def test_an_evaluation_by_other_weights_is_not_explained() -> None:
    evaluation = msgspec.structs.replace(evaluate(record(), load(), ON), rubric_version="0")
    assert next_grade(evaluation, load()) is None
