"""Update the row of a run while it runs, so that a page can show its progress."""

from __future__ import annotations

import time

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.harvest.run_account import Counts
from ckanext.aivision.catalogue.harvest.store import Listener
from ckanext.aivision.model import run as run_table

# Not more often: a row that is written with every batch would be most of what a small batch writes.
SECONDS_BETWEEN = 2.0


class KeptProgress:
    """A listener that writes the counts into the run's row, and tells another listener."""

    def __init__(
        self, run_id: str, limit: int | None = None, listener: Listener | None = None, table: sa.Table = run_table
    ) -> None:
        """limit: of the run, which then reads no more than so many. table: where the row is, of runs or of previews."""
        self._run_id, self._limit, self._listener, self._table = run_id, limit, listener, table
        self._next = 0.0

    def progress(self, counts: Counts, expected: int | None) -> None:
        """Called after each batch."""
        if self._listener is not None:
            self._listener.progress(counts, expected)
        if time.monotonic() < self._next:
            return
        known = [number for number in (expected, self._limit) if number is not None]
        account = {"counts": msgspec.to_builtins(counts), "expected": min(known) if known else None}
        # In a transaction of its own: the session's is the store's.
        with model.meta.engine.begin() as connection:
            running = sa.and_(self._table.c.id == self._run_id, self._table.c.state == "running")
            connection.execute(self._table.update().where(running).values(account=account))
        self._next = time.monotonic() + SECONDS_BETWEEN
