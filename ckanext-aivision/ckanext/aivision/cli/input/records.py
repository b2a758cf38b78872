"""What a linting run passes from reading to writing: records with their evaluations, and what it is all judged by."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from ckanext.aivision.errors import AivisionError, SourceError, UsageError
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.scoring.results import Evaluation, Result
from ckanext.aivision.scoring.rubric import Rubric

T = TypeVar("T")


class Scored(NamedTuple):
    """One record as it was read.

    evaluation: None where the record was refused. known: the criteria whose problems were there before (a baseline's).
    known_refusal: whether the refusal was. seen: what was seen beyond the metadata.
    """

    source: Source
    harvested: Harvested
    evaluation: Evaluation | None
    known: frozenset[str] = frozenset()
    known_refusal: bool = False
    seen: Observed = NOTHING

    def problems(self) -> list[Result]:
        """What to mend: the results that are a fail or partial, but for those that were there before."""
        if self.evaluation is None:
            return []
        return [found for found in self.evaluation.results if is_problem(found) and found.criterion not in self.known]

    @property
    def refused(self) -> bool:
        """Whether the record was refused, and not before."""
        return self.evaluation is None and not self.known_refusal


class Judged(NamedTuple):
    """By what records are judged.

    rubric: with the criteria that were selected. on: the date that ages count to. explain: whether each problem is to
    be told with its reason, its fix and its sources, where the form leaves a choice. lens: a framework that the results
    are shown through as well, in the forms that have a place for it.
    """

    rubric: Rubric
    on: datetime.date
    explain: bool = False
    lens: Lens | None = None


class Reading(Iterator[T]):
    """Records until the end, or until their source cannot be read any further.

    fault: why the reading broke off. A form is finished with what was read, and the command raises the fault then.
    """

    def __init__(self, rows: Iterable[T]) -> None:
        """Raises SourceError or UsageError where there is not even a first record to be had."""
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
    """Whether something is to be mended. What a source's format has no place for is unknown, and no problem."""
    return found.result in ("fail", "partial")
