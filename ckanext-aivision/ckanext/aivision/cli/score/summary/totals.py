"""What can be said of many records in a few figures."""

from __future__ import annotations

import collections
import dataclasses
from typing import Any

from ckanext.aivision.cli.input.records import Scored
from ckanext.aivision.cli.score.summary.repetition import Repetition
from ckanext.aivision.compare.tallies.known_share import too_little_known
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric


@dataclasses.dataclass
class _DimensionSums:
    """score: of the `scored` records, 0 to 100 each. coverage: of all that are evaluated, 0 to 1 each."""

    score: float = 0.0
    scored: int = 0
    coverage: float = 0.0


class Totals:
    """Counts records one by one; memory grows by eight bytes with each, for what they repeat.

    problems: gates, and results that are a fail or partial, those of a baseline left out. gates: datasets by gate.
    repaired: warnings, not records.
    """

    def __init__(self, rubric: Rubric) -> None:
        self.records = self.evaluated = self.refused = self.repaired = self.problems = 0
        self.grades: collections.Counter[str] = collections.Counter()
        self.gates: collections.Counter[str] = collections.Counter()
        self._scores = self._coverage = 0.0
        self._scored = 0
        self.repetition = Repetition()
        self._dimensions = {row.dimension: _DimensionSums() for row in rubric.criteria}

    def add(self, row: Scored) -> None:
        """Counts one record."""
        self.records += 1
        self.repetition.add(row.harvested.dataset)
        self.repaired += sum(problem.severity == "warning" for problem in row.harvested.problems)
        if row.evaluation is None:
            self.refused += 1
            return
        self.evaluated += 1
        self.problems += len(row.problems()) + len(row.gates())
        self._count(row.evaluation)

    def _count(self, evaluation: Evaluation) -> None:
        self.grades[evaluation.grade] += 1
        self.gates.update(hit.gate for hit in evaluation.gates)
        self._coverage += evaluation.coverage
        if evaluation.score is not None:
            self._scores, self._scored = self._scores + evaluation.score, self._scored + 1
        for id, sums in self._dimensions.items():
            sums.coverage += evaluation.dimensions[id].coverage
            if (score := evaluation.dimensions[id].score) is not None:
                sums.score, sums.scored = sums.score + score, sums.scored + 1

    @property
    def mean(self) -> float | None:
        """The mean score, 0 to 100; None if no record has one."""
        return self._scores / self._scored if self._scored else None

    @property
    def coverage(self) -> float | None:
        """The mean share of the criteria's weight that is known, 0 to 1."""
        return self._coverage / self.evaluated if self.evaluated else None

    def dimensions(self) -> dict[str, tuple[float | None, int]]:
        """Dimension -> the mean score of the records that have one (None if too little is known), their number."""
        return {id: (self._dimension_mean(sums), sums.scored) for id, sums in self._dimensions.items()}

    def _dimension_mean(self, sums: _DimensionSums) -> float | None:
        if not sums.scored or too_little_known(sums.coverage / self.evaluated):
            return None
        return sums.score / sums.scored

    def summary(self) -> dict[str, Any]:
        """The figures as a JSON object."""
        return {
            "records": self.records,
            "evaluated": self.evaluated,
            "refused": self.refused,
            "repaired": self.repaired,
            "problems": self.problems,
            "mean_score": _rounded(self.mean, 1),
            "coverage": _rounded(self.coverage, 3),
            "grades": {grade: self.grades[grade] for grade in "ABCDE"},
            "gates": dict(self.gates),
            "dimensions": {
                id: {"mean_score": _rounded(mean, 1), "data_sets": count}
                for id, (mean, count) in self.dimensions().items()
            },
            **self.repetition.summary(),
        }


def _rounded(value: float | None, places: int) -> float | None:
    return round(value, places) if value is not None else None
