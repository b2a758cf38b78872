"""An evaluation as a point in a series: what a tally needs of it, in about two hundred bytes.

A series may have millions of points. One has no evidence and no names of criteria: these stand in the rubric's order,
so a point can be counted under the version of the rubric that it was made under, and under no other.
"""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from ckanext.aivision.compare.tallies.tally import CriterionTally, DimensionTally, Tally
from ckanext.aivision.scoring.results import Evaluation, Grade, Outcome

# A partial value's thousandths follow after the letters, in their order: `pvf 350`.
_LETTERS: dict[Outcome, str] = {"pass": "p", "partial": "v", "fail": "f", "unknown": "u", "not-applicable": "n"}
_PARTS_KEPT = 8192


class Point(msgspec.Struct, array_like=True, frozen=True):
    """score, dimensions: 0 to 100, None if nothing is known. coverage: 0 to 1. outcomes: a letter a criterion.

    gate: that limits the grade, the worst; empty if none does, and in points from before there were gates.
    """

    score: float | None
    coverage: float
    grade: Grade
    dimensions: dict[str, float | None]
    outcomes: str
    gate: str = ""


def to_point(evaluation: Evaluation) -> str:
    """The point of an evaluation that rests on metadata alone (`scoring.scores.metadata_only.of_metadata`), as JSON."""
    letters = "".join([_LETTERS[found.result] for found in evaluation.results])
    partial = [str(round(1000 * (found.value or 0))) for found in evaluation.results if found.result == "partial"]
    return msgspec.json.encode(
        Point(
            evaluation.score,
            evaluation.coverage,
            evaluation.grade,
            {name: found.score for name, found in evaluation.dimensions.items()},
            " ".join([letters, *partial]),
            evaluation.gates[0].gate if evaluation.gates else "",
        )
    ).decode()


_decode = msgspec.json.Decoder(Point).decode


def from_point(text: str) -> Point:
    """The point of `to_point`. Raises msgspec.DecodeError where it is none."""
    return _decode(text)


class _Parts(NamedTuple):
    point: Point
    letters: str
    thousandths: list[int]


@functools.lru_cache(_PARTS_KEPT)
def _parts(text: str) -> _Parts:
    point = from_point(text)
    letters, *partial = point.outcomes.split(" ")
    values = iter(partial)
    return _Parts(
        point,
        letters,
        [1000 if letter == "p" else int(next(values)) if letter == "v" else 0 for letter in letters],
    )


class RunningTally:
    """A tally of points that are counted in and out again."""

    def __init__(self, criteria: Sequence[str]) -> None:
        """criteria: the ids of the rubric's criteria of the metadata, in its order."""
        self._criteria = criteria
        self._numbers: Counter[str] = Counter()
        self._grades: Counter[str] = Counter()
        self._dates: Counter[datetime.date] = Counter()
        self._dimensions: dict[str, DimensionTally] = {}
        self._letters: list[Counter[str]] = [Counter() for _ in criteria]
        self._thousandths = [0] * len(criteria)

    @property
    def data_sets(self) -> int:
        return self._numbers["data_sets"]

    def count(self, text: str, on: datetime.date, times: int = 1) -> None:
        """Counts a point in, or out where `times` is negative. on: its reference date.

        Raises ValueError if it has not as many outcomes as there are criteria.
        """
        point, letters, thousandths = _parts(text)
        if len(letters) != len(self._criteria):
            raise ValueError(f"a point of {len(letters)} criteria is of another version of the rubric")
        self._dates[on] += times
        self._grades[point.grade] += times
        self._numbers["data_sets"] += times
        self._numbers["coverage"] += times * round(1000 * point.coverage)
        if point.score is not None:
            self._numbers["scored"] += times
            self._numbers["score"] += times * round(10 * point.score)
        for name, score in point.dimensions.items():
            dimension = self._dimensions.setdefault(name, DimensionTally())
            if score is not None:
                dimension.known += times
                dimension.tenths += times * round(10 * score)
        for place, letter in enumerate(letters):
            self._letters[place][letter] += times
            self._thousandths[place] += times * thousandths[place]

    def tally(self, country: str, publisher: str, rubric_version: str, day: datetime.date) -> Tally:
        """The tally of what is counted now, as `compare.tallies.tally.collect` would give it.

        day: taken for the dates if nothing is counted.
        """
        dates = [on for on, times in self._dates.items() if times > 0] or [day]
        return Tally(
            country=country,
            publisher=publisher,
            rubric_version=rubric_version,
            first_date=min(dates),
            last_date=max(dates),
            data_sets=self._numbers["data_sets"],
            scored=self._numbers["scored"],
            score_tenths=self._numbers["score"],
            coverage_thousandths=self._numbers["coverage"],
            grades={name: times for name, times in sorted(self._grades.items()) if times},
            dimensions={
                name: DimensionTally(found.known, found.tenths) for name, found in sorted(self._dimensions.items())
            },
            criteria=dict(sorted((name, self._criterion(place)) for place, name in enumerate(self._criteria))),
        )

    def _criterion(self, place: int) -> CriterionTally:
        counts = self._letters[place]
        return CriterionTally(
            passed=counts["p"],
            partial=counts["v"],
            failed=counts["f"],
            unknown=counts["u"],
            not_applicable=counts["n"],
            thousandths=self._thousandths[place],
        )
