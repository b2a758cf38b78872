"""The table of gates: in step with its functions, worst first, and each row with its reasons."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ckanext.aivision.scoring.gate_rows import Gate, gate_problems, wording_problems
from ckanext.aivision.scoring.registry import gate_checks
from ckanext.aivision.scoring.rubric import Rubric

ROW = Gate(
    id="no-map",
    limit="D",
    label="no map",
    field="spatial",
    reason="Maps matter.",
    fix="Draw one.",
    form_field="spatial_coverage",
    judgement="All of it.",
)


def row(**changes: Any) -> Gate:
    return msgspec.structs.replace(ROW, **changes)


def test_every_gate_has_a_function_and_every_function_a_row(rubric: Rubric) -> None:
    assert {gate.id for gate in rubric.gates} == set(gate_checks()) == set(rubric.gate_checks)


def test_every_gate_says_what_is_our_judgement_in_it(rubric: Rubric) -> None:
    assert [gate.id for gate in rubric.gates if not gate.judgement] == []


@pytest.mark.parametrize(
    ("rows", "functions", "problem"),
    [
        ([ROW], [], ("no-map", 'no function: write one below @gate("no-map") in scoring/gates.py')),
        ([], ["no-map"], ("no-map", "no row: add one with this id to config/rubric/gates.yaml")),
        (
            [ROW, ROW],
            ["no-map"],
            ("no-map", "the same id is used by another gate or criterion; give one of them another id"),
        ),
        ([row(limit="A")], ["no-map"], ("no-map", "`limit` A limits nothing: give B to E")),
        (
            [ROW, row(id="no-sea", limit="E")],
            ["no-map", "no-sea"],
            ("no-sea", "limit E stands below limit D: put the worst first"),
        ),
    ],
)
def test_what_does_not_fit_together_is_said_in_one_line(
    rows: list[Gate], functions: list[str], problem: tuple[str, str]
) -> None:
    assert list(gate_problems(rows, functions, [])) == [problem]
    assert "\n" not in problem[1]


def test_a_gate_is_not_called_as_a_criterion_is() -> None:
    assert len(list(gate_problems([ROW], ["no-map"], ["no-map"]))) == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"judgement": ""}, "`sources` and `judgement` are empty: cite a clause, or say that it is our judgement"),
        ({"fix": "Draw one"}, "`fix` must be a sentence that ends with a full stop"),
        ({"field": "maps"}, "`field`: a record has no field 'maps'"),
    ],
)
def test_a_row_says_what_it_has_to(changes: dict[str, str], problem: str | None) -> None:
    assert list(wording_problems(row(**changes))) == ([problem] if problem else [])
