"""The records that `score` streams from reader to writer, with their evaluations and the settings of the run."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from ckanext.aivision.errors import AivisionError, SourceError, UsageError
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.scoring.results import Evaluation, GateHit, Result
from ckanext.aivision.scoring.rubric import Rubric

T = TypeVar("T")


class Scored(NamedTuple):
    """One record.

    evaluation: None if the record was refused. known: the criteria and gates whose problems are in the baseline.
    known_refusal: whether the refusal is in the baseline. seen: link checks and file profiles.
    """

    source: Source
    harvested: Harvested
    evaluation: Evaluation | None
    known: frozenset[str] = frozenset()
    known_refusal: bool = False
    seen: Observed = NOTHING

    def problems(self) -> list[Result]:
        """The results that are a fail or partial, without those in the baseline."""
        if self.evaluation is None:
            return []
        return [found for found in self.evaluation.results if is_problem(found) and found.criterion not in self.known]

    def gates(self) -> list[GateHit]:
        """What limits the grade, without what is in the baseline."""
        return [hit for hit in self.evaluation.gates if hit.gate not in self.known] if self.evaluation else []

    @property
    def refused(self) -> bool:
        """Whether the record was refused and the refusal is not in the baseline."""
        return self.evaluation is None and not self.known_refusal


class Judged(NamedTuple):
    """How records are evaluated and shown.

    rubric: with the selected criteria. on: the date of the evaluation. explain: whether to show the reason, fix and
    sources of each problem, in formats that leave a choice. lens: a framework to show the results through as well, in
    formats that support it.
    """

    rubric: Rubric
    on: datetime.date
    explain: bool = False
    lens: Lens | None = None


class Reading(Iterator[T]):
    """Records until the end, or until the source cannot be read any further.

    fault: why reading stopped. The output is completed with what was read, then the command raises the fault.
    """

    def __init__(self, rows: Iterable[T]) -> None:
        """Raises SourceError or UsageError if not even a first record can be read."""
        self.fault: AivisionError | None = None
        self._rows = iter(rows)
        self._first = next(self._rows, None)

    def __next__(self) -> T:
        row, self._first = self._first, None
        if row is None:
            try:
                row = next(self._rows, None)
            except (SourceError, UsageError) as fault:
                self.fault, self._rows = fault, iter(())
        if row is None:
            raise StopIteration
        return row


class Rows(Reading[Scored]):
    """Records with their evaluations."""


def is_problem(found: Result) -> bool:
    """Whether a result needs a fix. What the format of a source has no field for is unknown, not a problem."""
    return found.result in ("fail", "partial")
