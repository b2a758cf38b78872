"""Allow one run of `ckan aivision rescore` at a time, with a heartbeat, and let it be cancelled."""

from __future__ import annotations

import datetime
import time
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.lease import Lease
from ckanext.aivision.catalogue.tables.moments import now
from ckanext.aivision.errors import RunCancelled
from ckanext.aivision.model import rescore as table

_NAME = "rescore"
# The process that gets the lock knows that no other run is alive.
_ABANDONED = sa.text("UPDATE aivision_rescore SET state = 'interrupted', finished = heartbeat WHERE state = 'running'")
_LAST = sa.text(
    "SELECT state, rubric_version, reference_date FROM aivision_rescore ORDER BY started DESC, id DESC LIMIT 1"
)
_CANCELLED = sa.text("UPDATE aivision_rescore SET cancel_requested = TRUE WHERE state = 'running'")
_KEPT = sa.text("DELETE FROM aivision_rescore WHERE started < :started - interval '90 days'")
# How often the account is kept while the run is at work, in seconds.
_KEEP_EVERY = 2.0


class RescoreRun(Lease):
    """A run of `rescore`."""

    KIND = "aivision rescore"
    TABLE = table
    BUSY = "{name}: another run is in progress; wait until it ends, or cancel it (--cancel)"
    CANCELLED = "{name}: the run was cancelled; what was stored is kept, and the next run continues from there"

    def __init__(self, rubric_version: str, on: datetime.date | None, today: datetime.date) -> None:
        """on: the reference date, where one is asked for. today: in UTC."""
        super().__init__(_NAME, "")
        self.account: dict[str, Any] = {}
        self.continued = False
        self._version, self._on, self._today = rubric_version, on, today
        self._kept = time.monotonic()

    @property
    def reference_date(self) -> datetime.date:
        return self._on or self._today

    def begin(self, connection: sa.Connection) -> dict[str, Any]:
        connection.execute(_ABANDONED)
        self._go_on(connection)
        started = now()
        connection.execute(_KEPT, {"started": started})
        return {"rubric_version": self._version, "reference_date": self.reference_date, "started": started}

    def end(self, connection: sa.Connection, error: BaseException | None) -> None:
        state = "finished" if error is None else "cancelled" if _is_cancelling(error) else "failed"
        values = {"state": state, "account": self.account, "finished": now()}
        connection.execute(table.update().where(table.c.id == self.id).values(**values))

    def _go_on(self, connection: sa.Connection) -> None:
        """A run that was cut off is ended with its own date: all datasets shall have one and the same."""
        last = connection.execute(_LAST).first()
        if last is not None and last.state != "finished" and last.rubric_version == self._version:
            self.continued = self._on in (None, last.reference_date)
            self._on = self._on or last.reference_date

    def check(self) -> None:
        """Raises RunCancelled when the run must stop. Keeps the account from time to time."""
        super().check()
        if time.monotonic() - self._kept > _KEEP_EVERY:
            self._kept = time.monotonic()
            with model.meta.engine.begin() as connection:
                connection.execute(table.update().where(table.c.id == self.id).values(account=self.account))


def cancel() -> bool:
    """Asks the run that is at work to stop; it hears of it within some seconds. Returns whether there is one."""
    with model.meta.engine.begin() as connection:
        return connection.execute(_CANCELLED).rowcount > 0


def _is_cancelling(error: BaseException) -> bool:
    return isinstance(error, RunCancelled | KeyboardInterrupt)
