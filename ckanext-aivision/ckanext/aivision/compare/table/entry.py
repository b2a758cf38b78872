"""One dataset as a row of the table: what it is of, and its results as whole numbers."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ckanext.aivision.compare.table.facets import Facets
from ckanext.aivision.compare.tallies.points import from_point
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import Outcome

# A result is a whole number: the value in thousandths, or one of these.
UNKNOWN, NOT_APPLICABLE = -1, -2
_SPECIAL = {"u": UNKNOWN, "n": NOT_APPLICABLE, "p": 1000, "f": 0}
_PARTIAL = "v"
_POINTS_KEPT = 32_768
GRADES = ("A", "B", "C", "D", "E")


class Numbers(NamedTuple):
    """results: by criterion, in thousandths, UNKNOWN or NOT_APPLICABLE. dimensions, score: tenths of a point, or
    UNKNOWN. coverage: thousandths. grade: its place in GRADES. gate: that limits the grade; empty if none does."""

    results: tuple[int, ...]
    dimensions: tuple[int, ...]
    score: int
    coverage: int
    grade: int
    gate: str


class Entry(NamedTuple):
    """A dataset. looked_at: links, content, both (`links content`) or nothing, beside the metadata.

    modified: when it last changed in the catalogue (UTC); None where it is in none.
    """

    id: str
    name: str
    title: str
    country: str
    source: str
    sample: bool
    facets: Facets
    looked_at: str
    reference_date: datetime.date
    numbers: Numbers
    modified: datetime.datetime | None = None


@functools.lru_cache(_POINTS_KEPT)
def numbers_of_point(text: str) -> Numbers:
    """The numbers of a stored point (`tallies.points`). Raises msgspec.DecodeError where it is none.

    Many datasets of one publisher have the same point, so the last ones are kept.
    """
    point = from_point(text)
    letters, *partial = point.outcomes.split(" ")
    results = _of_letters(letters.replace(_PARTIAL, "f"))
    if partial:
        place = -1
        for value in partial:
            place = letters.index(_PARTIAL, place + 1)
            results[place] = int(value)
    return _numbers(tuple(results), point.dimensions, point.score, point.coverage, point.grade, point.gate)


def results_of_letters(letters: str) -> tuple[int, ...]:
    """The numbers of outcomes as a stored point writes them: p, f, u or n. Raises KeyError for another letter."""
    return tuple(_of_letters(letters))


def _of_letters(letters: str) -> list[int]:
    # Letter by letter in Python takes three times as long, which counts with half a million points.
    return [*map(_SPECIAL.__getitem__, letters)]


def numbers_of_results(
    results: Sequence[tuple[Outcome, float | None]],
    dimensions: Mapping[str, float | None],
    score: float | None,
    coverage: float,
    grade: str,
    gate: str,
) -> Numbers:
    """The numbers of an evaluation. results: by criterion, in the table's order."""
    return _numbers(tuple(_result(*result) for result in results), dimensions, score, coverage, grade, gate)


def _result(outcome: Outcome, value: float | None) -> int:
    if value is None:
        return NOT_APPLICABLE if outcome == "not-applicable" else UNKNOWN
    return round(1000 * value)


def _numbers(
    results: tuple[int, ...],
    dimensions: Mapping[str, float | None],
    score: float | None,
    coverage: float,
    grade: str,
    gate: str,
) -> Numbers:
    return Numbers(
        results,
        tuple([_tenths(dimensions.get(name)) for name in DIMENSIONS]),
        _tenths(score),
        round(1000 * coverage),
        GRADES.index(grade),
        gate,
    )


def _tenths(score: float | None) -> int:
    return UNKNOWN if score is None else round(10 * score)
