"""Shared by sources that are read page by page: a state to resume from, and a request budget."""

from __future__ import annotations

import abc
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.http.clock import CLOCK, Clock
from ckanext.aivision.harvesters.http.request_budget import Budget
from ckanext.aivision.harvesters.http.session import Params, Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.harvesters.sources.source_state import SourceState
from ckanext.aivision.record import Harvested

# The largest page that CKAN (ckan.search.rows_max) and catalog.data.gov give; a portal may have a lower limit.
ROWS = 1000
# A page of records of 15 KB each, which there are, would take a hundred megabytes while it is read.
_COMFORTABLE, _FEWEST_ROWS = 5 * 1024 * 1024, 20  # bytes


class ApiPages(abc.ABC):
    """The records of a source that is asked page by page. Iterate once.

    expected: the number of records that the source says it has; None if it has not said it.
    state: what to keep for the next reading; after each record, what to go on with from there.
    incremental: not everything is asked for.
    again: these records may have been given before, for they changed while the rest was read.
    remarks: problems of the source as a whole.
    """

    def __init__(
        self,
        source: Source,
        session: Session,
        rows: int = ROWS,
        state: SourceState | None = None,
        clock: Clock = CLOCK,
        known: Known = NOTHING_KNOWN,
    ) -> None:
        """source: with its kind. rows: asked for a page at most, 1 to 1,000; the source may give fewer.

        known: what is not read again.
        """
        self._known = known
        self._source, self._session, self._clock = source, session, clock
        self._rows = self._most_rows = min(rows, KINDS[source.kind].rows)
        self._size = 0
        self.state = state or SourceState()
        self.expected: int | None = None
        self.incremental = self.again = False
        self.remarks: list[Problem] = []
        per_hour = source.requests_per_hour or KINDS[source.kind].requests_per_hour
        self._budget = Budget(per_hour, self.state.requests, clock) if per_hour else None
        self._prepare()

    @abc.abstractmethod
    def _prepare(self) -> None:
        """Works out the address and the parameters. Raises UsageError if a setting cannot be read."""

    @abc.abstractmethod
    def __iter__(self) -> Iterator[Harvested]:
        """Raises SourceError if the source cannot be read any further."""

    def _ask(self, url: str, params: Params, headers: Mapping[str, str] | None = None, items_of: str = "") -> Any:
        """The JSON of an answer, within the budget, which the state keeps account of. items_of: as `Session.json`."""
        try:
            return self._session.json(url, params, headers, self._budget, self._sized, items_of)
        finally:
            if self._budget is not None:
                self.state = msgspec.structs.replace(self.state, requests=self._budget.spent)

    def _sized(self, size: int) -> None:
        self._size = size

    def _fit(self, records: int) -> None:
        """Asks the next page for as many rows as will be a comfortable size, by the last page's."""
        if records:
            fitting = _COMFORTABLE * records // max(self._size, 1)
            self._rows = min(self._most_rows, max(_FEWEST_ROWS, fitting))
