"""Gates of stored evaluations: kept as they are, and rows from before there were any are still read."""

from __future__ import annotations

import msgspec

from ckanext.aivision.catalogue.evaluations.encoding import from_text, to_text
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.rubric import load


def test_an_evaluation_is_read_with_its_gates() -> None:
    evaluation = evaluate(record(), load(), ON)
    assert evaluation.gates
    assert from_text(to_text(evaluation), evaluation.rubric_version, ON) == evaluation


def test_a_row_from_before_there_were_gates_has_none() -> None:
    evaluation = evaluate(record(), load(), ON)
    *former, _ = msgspec.json.decode(to_text(evaluation))
    read = from_text(msgspec.json.encode(former).decode(), evaluation.rubric_version, ON)
    assert read == msgspec.structs.replace(evaluation, gates=[])
