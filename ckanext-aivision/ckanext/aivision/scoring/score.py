"""Calculate scores from results: weighted means over what is known, and a grade limited by coverage."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import DimensionScore, Grade, Result
from ckanext.aivision.scoring.rubric import Criterion

# (grade, least score of 100, least coverage): the better of two grades needs both.
GRADES: tuple[tuple[Grade, float, float], ...] = (("A", 80, 0.90), ("B", 65, 0.75), ("C", 50, 0.60), ("D", 35, 0.40))


def weighted(results: Sequence[Result], criteria: Sequence[Criterion]) -> tuple[float | None, float]:
    """Weighted mean of the known values, 0 to 100 with one decimal, and coverage, 0 to 1 with three.

    results and criteria run in parallel. The score is None if nothing is known. Coverage is the share of all weight
    that has an answer: that a question does not apply is one, or to say so would cost. It is 0 without criteria.
    """
    answered = known = total = whole = 0.0
    for found, row in zip(results, criteria, strict=True):
        whole += row.weight
        if found.result != "unknown":
            answered += row.weight
        if found.value is not None:
            known += row.weight
            total += row.weight * found.value
    score = round(100 * total / known, 1) if known else None
    return score, round(answered / whole, 3) if whole else 0.0


def dimension_scores(results: Sequence[Result], criteria: Sequence[Criterion]) -> dict[str, DimensionScore]:
    """The same for each dimension apart, in the rubric's order."""
    rows: dict[str, tuple[list[Result], list[Criterion]]] = {dimension: ([], []) for dimension in DIMENSIONS}
    for found, row in zip(results, criteria, strict=True):
        of_dimension = rows[row.dimension]
        of_dimension[0].append(found)
        of_dimension[1].append(row)
    return {dimension: DimensionScore(*weighted(*pair)) for dimension, pair in rows.items()}


def grade(score: float | None, coverage: float) -> Grade:
    """A to E. A poor schema cannot reach a good grade by leaving much unknown."""
    if score is None:
        return "E"
    return next((name for name, least, cover in GRADES if score >= least and coverage >= cover), "E")
