"""Decide the exit status: thresholds, baseline and refused records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ckanext.aivision.cli.input.records import Scored

_NAMED = 3
_LONGEST_NAME = 80


class Gates(NamedTuple):
    """The conditions of a pass. fail_under: minimum score of each record; fail_under_mean: of the mean (None or 0-100).

    no_new_problem: whether to fail for a problem that is not in the baseline. A refused record always fails.
    """

    fail_under: float | None = None
    fail_under_mean: float | None = None
    no_new_problem: bool = False


class Verdict:
    """Looks at records one by one; memory does not grow with their number."""

    def __init__(self, gates: Gates) -> None:
        self._gates = gates
        self._low = self._refused = self._problems = self._scored = 0
        self._sum = 0.0
        self._names: list[str] = []

    def add(self, row: Scored) -> None:
        """Counts a record. A record without a score is below any threshold."""
        self._refused += row.refused
        if row.evaluation is None:
            return
        score = row.evaluation.score
        if score is not None:
            self._sum, self._scored = self._sum + score, self._scored + 1
        if self._gates.no_new_problem:
            self._problems += len(row.problems()) + len(row.gates())
        if self._gates.fail_under is not None and (score is None or score < self._gates.fail_under):
            self._low += 1
            if len(self._names) < _NAMED:
                self._names.append(row.evaluation.identifier[:_LONGEST_NAME])

    def reasons(self) -> Iterator[str]:
        """The reasons to fail, one sentence each; none if the run passes."""
        gates = self._gates
        if self._refused:
            yield f"{_counted(self._refused, 'record')} refused"
        if self._low:
            names = ", ".join(self._names) + (", ..." if self._low > len(self._names) else "")
            yield f"{_counted(self._low, 'dataset')} below {gates.fail_under:g} of 100 ({names})"
        if gates.fail_under_mean is not None:
            mean = self._sum / self._scored if self._scored else None
            if mean is None:
                yield "no mean score: nothing is known of any dataset"
            elif mean < gates.fail_under_mean:
                # Rounded down: 79.96 is below 80.
                yield f"mean score {int(mean * 10) / 10} below {gates.fail_under_mean:g} of 100"
        if self._problems:
            yield f"{_counted(self._problems, 'problem')} not in the baseline"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
