"""One harvest of a source at a time: its lock, and its row in `aivision_run`."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa

from ckanext.aivision.catalogue.lease import Lease
from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.model import run as run_table

_ABANDONED = sa.text(
    "UPDATE aivision_run SET state = 'interrupted', finished = coalesce(heartbeat, started)"
    " WHERE source = :source AND state = 'running'"
)


class HarvestLease(Lease):
    """A run of a source. The store writes its end into the row, in the transaction of what it stores last."""

    KIND = "aivision harvest"
    TABLE = run_table
    BUSY = "{name}: is being harvested by another run; wait until it ends, or cancel it"
    CANCELLED = "{name}: the run was cancelled; what was stored is kept, nothing was removed"

    def __init__(self, source: str, started: datetime.datetime) -> None:
        """started: in UTC."""
        super().__init__(source, source)
        self._source, self._started = source, naive(started)

    def begin(self, connection: sa.Connection) -> dict[str, Any]:
        # This process has the lock, so no other run of the source is alive.
        connection.execute(_ABANDONED, {"source": self._source})
        return {"source": self._source, "started": self._started}
