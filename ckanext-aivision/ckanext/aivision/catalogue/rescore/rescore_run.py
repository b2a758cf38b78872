"""Allow one run of `ckan aivision rescore` at a time, with a heartbeat, and let it be cancelled."""

from __future__ import annotations

import contextlib
import datetime
import os
import socket
import time
import uuid
from types import TracebackType
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ckanext.aivision.catalogue.run_lock import Heartbeat, naive
from ckanext.aivision.errors import RunCancelled, UsageError
from ckanext.aivision.model import rescore as table

_NAME = "rescore"
_LOCK = sa.text("SELECT pg_try_advisory_lock(hashtext('aivision rescore'), 0)")
_UNLOCK = sa.text("SELECT pg_advisory_unlock(hashtext('aivision rescore'), 0)")
_BEAT = sa.text(
    "UPDATE aivision_rescore SET heartbeat = timezone('utc', clock_timestamp()) WHERE id = :id"
    " RETURNING cancel_requested"
)
_STOPPED = "{source}: the run was cancelled; what was stored is kept, and the next run continues from there"
# Whoever gets the lock knows that no other run lives.
_ABANDONED = sa.text("UPDATE aivision_rescore SET state = 'interrupted', finished = heartbeat WHERE state = 'running'")
_LAST = sa.text(
    "SELECT state, rubric_version, reference_date FROM aivision_rescore ORDER BY started DESC, id DESC LIMIT 1"
)
_CANCELLED = sa.text("UPDATE aivision_rescore SET cancel_requested = TRUE WHERE state = 'running'")
_KEPT = sa.text("DELETE FROM aivision_rescore WHERE started < :started - interval '90 days'")
# How often the account is kept while the run is at work, in seconds.
_KEEP_EVERY = 2.0


class RescoreRun:
    """A run's row and its lock. Use as a context: entering takes the lock, leaving gives it back."""

    def __init__(self, rubric_version: str, on: datetime.date | None, today: datetime.date) -> None:
        """on: the reference date, where one is asked for. today: in UTC."""
        self.id = str(uuid.uuid4())
        self.account: dict[str, Any] = {}
        self.continued = False
        self._version, self._on, self._today = rubric_version, on, today
        self._connection: sa.Connection | None = None
        self._heartbeat: Heartbeat | None = None
        self._kept = time.monotonic()

    @property
    def reference_date(self) -> datetime.date:
        return self._on or self._today

    def __enter__(self) -> RescoreRun:
        """Raises UsageError while another run is at work."""
        connection = model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            if not connection.execute(_LOCK).scalar():
                raise UsageError(f"{_NAME}: another run is in progress; wait until it ends, or cancel it (--cancel)")
            connection.execute(_ABANDONED)
            self._go_on(connection)
            self._begin(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        self._heartbeat = Heartbeat(_NAME, connection, _BEAT, self.id, _STOPPED)
        return self

    def _go_on(self, connection: sa.Connection) -> None:
        """A run that was cut off is ended with its own date: all datasets shall have one and the same."""
        last = connection.execute(_LAST).first()
        if last is not None and last.state != "finished" and last.rubric_version == self._version:
            self.continued = self._on in (None, last.reference_date)
            self._on = self._on or last.reference_date

    def _begin(self, connection: sa.Connection) -> None:
        now = naive(datetime.datetime.now(datetime.timezone.utc))
        values = {"rubric_version": self._version, "reference_date": self.reference_date, "started": now}
        worker = f"{socket.gethostname()}:{os.getpid()}"
        row = {**values, "heartbeat": now, "worker": worker, "cancel_requested": False, "account": {}}
        connection.execute(table.insert().values(id=self.id, state="running", **row))
        connection.execute(_KEPT, {"started": now})

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._heartbeat is not None:
            self._heartbeat.end()
        if self._connection is None:
            return
        state = "finished" if error is None else "cancelled" if _is_cancelling(error) else "failed"
        values = {"state": state, "account": self.account}
        finished = naive(datetime.datetime.now(datetime.timezone.utc))
        with contextlib.suppress(DBAPIError):
            self._connection.execute(table.update().where(table.c.id == self.id).values(**values, finished=finished))
            self._connection.execute(_UNLOCK)
        self._connection.close()

    def check(self) -> None:
        """Raises RunCancelled when the run must stop. Keeps the account from time to time."""
        if self._heartbeat is not None:
            self._heartbeat.check()
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
