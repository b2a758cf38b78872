"""Evaluated records as test suites: one case for each gate and each criterion.

A gate that limits the grade is a failure, and so is a fail or partial result; what is unknown, or is in the baseline,
is skipped; a refused record is an error.
"""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.aivision.cli.criteria.explanation import described
from ckanext.aivision.cli.input.records import Judged, Rows, Scored, is_problem
from ckanext.aivision.cli.output.report import Case, Suite
from ckanext.aivision.scoring.gate_rows import Gate
from ckanext.aivision.scoring.results import Evaluation, Result

_READING, _GATES = "aivision.reading", "aivision.gates"


def score_suites(rows: Rows, judged: Judged) -> Iterator[Suite]:
    """A suite for each record, and one for the source if reading broke off."""
    criteria = {row.id: described(row) for row in judged.rubric.criteria}
    for row in rows:
        cases = list(_refusals(row))
        if row.evaluation is not None:
            cases = [_case_of_gate(row, row.evaluation, gate) for gate in judged.rubric.gates]
            cases += [_case(row, found, criteria[found.criterion]) for found in row.evaluation.results]
        name = row.harvested.identifier or row.harvested.where
        yield Suite(name, judged.on, cases, _properties(row, judged))
    if rows.fault is not None:
        case = Case("source-readable", _READING, "error", "fault", str(rows.fault))
        yield Suite("the source", judged.on, [case], {"rubric_version": judged.rubric.version})


def _case_of_gate(row: Scored, evaluation: Evaluation, gate: Gate) -> Case:
    hit = next((hit for hit in evaluation.gates if hit.gate == gate.id), None)
    if hit is None:
        return Case(gate.id, _GATES)
    message = f"Grade {gate.limit} at best: {gate.label}. {hit.evidence}"
    if gate.id in row.known:
        return Case(gate.id, _GATES, "skipped", message=f"in the baseline: {message}")
    return Case(gate.id, _GATES, "failure", "fail", message, f"{gate.reason}\n{gate.fix}\nfield: {gate.field}")


def _case(row: Scored, found: Result, criterion: dict[str, object]) -> Case:
    group = f"aivision.{criterion['dimension']}"
    message = f"{criterion['question']} {found.result}: {found.evidence}"
    if is_problem(found) and found.criterion in row.known:
        return Case(found.criterion, group, "skipped", message=f"in the baseline: {message}")
    if is_problem(found):
        details = f"{criterion['reason']}\n{found.fix}\nfield: {found.field}"
        return Case(found.criterion, group, "failure", found.result, message, details)
    if found.value is None:
        return Case(found.criterion, group, "skipped", message=message)
    return Case(found.criterion, group)


def _refusals(row: Scored) -> Iterator[Case]:
    for problem in row.harvested.problems:
        message = f"{problem.where}: {problem.message}"
        if row.known_refusal:
            yield Case(problem.code, _READING, "skipped", message=message)
        else:
            yield Case(problem.code, _READING, "error", "refused", message)


def _properties(row: Scored, judged: Judged) -> dict[str, str]:
    evaluation = row.evaluation
    return {
        "rubric_version": judged.rubric.version,
        "title": evaluation.title if evaluation is not None else "",
        "source": row.source.name,
        "where": row.harvested.where,
        **({"score": str(evaluation.score), "grade": evaluation.grade} if evaluation is not None else {}),
    }
