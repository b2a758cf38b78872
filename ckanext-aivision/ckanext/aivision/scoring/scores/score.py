"""Calculate scores from results: the share of the weight that a record earns, and the grade that it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ckanext.aivision.scoring.free_text import load_free_text
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import DimensionScore, Evaluation, GateHit, Grade, Result
from ckanext.aivision.scoring.rubric import Criterion, Rubric

# (grade, least score of 100)
GRADES: tuple[tuple[Grade, float], ...] = (("A", 80), ("B", 65), ("C", 50), ("D", 35))


class _Totals(NamedTuple):
    """Sums of weight: of what was earned, what counts, what has an answer, and all."""

    earned: float
    counted: float
    answered: float
    whole: float


def weighted(results: Sequence[Result], criteria: Sequence[Criterion]) -> tuple[float | None, float]:
    """The share of the weight that was earned, 0 to 100 with one decimal, and coverage, 0 to 1 with three.

    results and criteria run in parallel. What a record does not say earns nothing, whether its format has a field for
    it or not: otherwise the same facts would score differently in another format. What was looked for in links and
    files and could not be seen is left out, and so is a question that does not apply. The score is None if nothing
    counts. Coverage is the share of all weight that has an answer: that a question does not apply is one. It is 0
    without criteria. Facts that are told in free text alone count up to a limit (`free_text.py`).
    """
    return _rounded(_limited(results, criteria))


def reached(results: Sequence[Result], criteria: Sequence[Criterion]) -> float:
    """The score of `weighted` before it is rounded; 0 if nothing counts."""
    found = _limited(results, criteria)
    return 100 * found.earned / found.counted if found.counted else 0.0


def _limited(results: Sequence[Result], criteria: Sequence[Criterion]) -> _Totals:
    found = _totals(results, criteria)
    pairs = [pair for pair in zip(results, criteria, strict=True) if is_told_in_text(pair[0], pair[1].id)]
    most = load_free_text().most / 100
    earned = sum(row.weight * (result.value or 0.0) for result, row in pairs) - most * found.counted
    answered = sum(row.weight for _, row in pairs) - most * found.whole
    if earned <= 0 and answered <= 0:
        return found
    return found._replace(earned=found.earned - max(0.0, earned), answered=found.answered - max(0.0, answered))


def _totals(results: Sequence[Result], criteria: Sequence[Criterion]) -> _Totals:
    answered = counted = earned = whole = 0.0
    for found, row in zip(results, criteria, strict=True):
        whole += row.weight
        if found.result != "unknown":
            answered += row.weight
        if _counts(found, row):
            counted += row.weight
            earned += row.weight * (found.value or 0.0)
    return _Totals(earned, counted, answered, whole)


def _rounded(found: _Totals) -> tuple[float | None, float]:
    score = round(100 * found.earned / found.counted, 1) if found.counted else None
    # Sums of tenths are a hair off; the last digit must not depend on the order in which they are added.
    return score, round(round(found.answered / found.whole, 9), 3) if found.whole else 0.0


def is_told_in_text(found: Result, id: str) -> bool:
    """Whether a result rests on a sentence of free text alone. id: of its criterion."""
    free_text = load_free_text()
    return bool(found.value) and found.field in free_text.fields and id not in free_text.but


def gains(results: Sequence[Result], criteria: Sequence[Criterion]) -> list[float]:
    """How many of 100 points each criterion would add if it passed; 0 where it does, or does not apply."""
    pairs = list(zip(results, criteria, strict=True))
    counted = sum(row.weight for found, row in pairs if _counts(found, row))
    return [
        100 * row.weight * (1 - (found.value or 0.0)) / counted if _counts(found, row) else 0.0 for found, row in pairs
    ]


def largest_gains(evaluation: Evaluation, rubric: Rubric) -> list[tuple[Criterion, Result, float]]:
    """The criteria that would add something, with their results and the points, those that add most first.

    Results of criteria that the rubric lost are left out.
    """
    rows = {row.id: row for row in rubric.everything}
    results = [result for result in evaluation.results if result.criterion in rows]
    criteria = [rows[result.criterion] for result in results]
    found = zip(criteria, results, gains(results, criteria), strict=True)
    return sorted((one for one in found if one[2]), key=lambda one: -one[2])


def _counts(found: Result, row: Criterion) -> bool:
    """Whether a result is part of the score: it has a value, or the record could have said it and did not."""
    return found.value is not None or (found.result == "unknown" and row.depth == "metadata")


def dimension_scores(results: Sequence[Result], criteria: Sequence[Criterion]) -> dict[str, DimensionScore]:
    """The same for each dimension apart, in the rubric's order, without a limit to what free text tells."""
    rows: dict[str, tuple[list[Result], list[Criterion]]] = {dimension: ([], []) for dimension in DIMENSIONS}
    for found, row in zip(results, criteria, strict=True):
        of_dimension = rows[row.dimension]
        of_dimension[0].append(found)
        of_dimension[1].append(row)
    return {dimension: DimensionScore(*_rounded(_totals(*pair))) for dimension, pair in rows.items()}


def grade(score: float | None) -> Grade:
    """A to E, from the score alone; what limits a grade beside it is a gate."""
    if score is None:
        return "E"
    return next((name for name, least in GRADES if score >= least), "E")


def limited(reached: Grade, gates: Sequence[GateHit]) -> Grade:
    """The grade that a score reached, or the worst limit of its gates if that is worse."""
    return max(reached, *(hit.limit for hit in gates)) if gates else reached


def binding_gate(evaluation: Evaluation) -> GateHit | None:
    """The gate that the grade is named after: the worst, if no better grade is possible while it holds."""
    return next((hit for hit in evaluation.gates if hit.limit == evaluation.grade), None)
