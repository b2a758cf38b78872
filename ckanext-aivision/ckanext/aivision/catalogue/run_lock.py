"""Allow one run of a source at a time, with a heartbeat, and let it be cancelled.

The lock is PostgreSQL's own (advisory, of the session): it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import socket
import threading
import time
import uuid
from types import TracebackType
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ckanext.aivision.errors import RunCancelled, UsageError
from ckanext.aivision.model import run as run_table

HEARTBEAT_SECONDS = 5.0
# A run without a heartbeat for so long has died. Half a minute of a stalled database must not look like it.
DEAD_AFTER = datetime.timedelta(seconds=45)

_LOCK = sa.text("SELECT pg_try_advisory_lock(hashtext('aivision harvest'), hashtext(:source))")
_UNLOCK = sa.text("SELECT pg_advisory_unlock(hashtext('aivision harvest'), hashtext(:source))")
_BEAT = sa.text(
    "UPDATE aivision_run SET heartbeat = timezone('utc', clock_timestamp()) WHERE id = :id RETURNING cancel_requested"
)
_STOPPED = "{source}: the run was cancelled; what was stored is kept, nothing was removed"
# Whoever gets the lock knows that no other run of the source lives.
_ABANDONED = sa.text(
    "UPDATE aivision_run SET state = 'interrupted', finished = coalesce(heartbeat, started)"
    " WHERE source = :source AND state = 'running'"
)


class Heartbeat:
    """Says in a row that its work lives, every few seconds, and hears there that it must stop."""

    def __init__(
        self, source: str, connection: sa.Connection, statement: sa.TextClause, row: str, stopped: str
    ) -> None:
        """connection: in autocommit, and nobody else's while the heart beats.

        statement: moves on the row `:id`, and gives whether to stop; no row says so too. stopped: the words for that.
        """
        self._connection, self._statement, self._row = connection, statement, row
        self._source, self._stopped, self._reason = source, stopped, ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="aivision-heartbeat", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Waits until the last beat is over."""
        self._stop.set()
        self._thread.join(HEARTBEAT_SECONDS * 2)

    def check(self) -> None:
        """Raises RunCancelled when the work must stop."""
        if self._reason:
            raise RunCancelled(self._reason)

    def sleep(self, seconds: float) -> None:
        """Waits, as time.sleep does; raises RunCancelled when the work must stop."""
        self.check()
        time.sleep(seconds)
        self.check()

    def _beat(self) -> None:
        while not self._stop.wait(HEARTBEAT_SECONDS):
            try:
                must_stop = self._connection.execute(self._statement, {"id": self._row}).scalar()
            except DBAPIError:
                # With the connection went the lock. What was stored stays, and the next run takes it up from there.
                self._reason = f"{self._source}: the connection to the database was lost; harvest again"
                return
            if must_stop is None or must_stop:
                self._reason = self._stopped.format(source=self._source)
                return


class Control:
    """A run's row and its lock. Use as a context: entering takes the lock, leaving gives it back."""

    def __init__(self, source: str, started: datetime.datetime) -> None:
        """started: in UTC."""
        self.run_id = str(uuid.uuid4())
        self._source, self._started = source, naive(started)
        self._connection: sa.Connection | None = None
        self._heartbeat: Heartbeat | None = None

    def __enter__(self) -> Control:
        """Raises UsageError while another run of the source is at work."""
        connection = model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            if not connection.execute(_LOCK, {"source": self._source}).scalar():
                raise UsageError(f"{self._source}: is being harvested by another run; wait until it ends, or cancel it")
            connection.execute(_ABANDONED, {"source": self._source})
            values: dict[str, Any] = {"id": self.run_id, "source": self._source, "state": "running", "account": {}}
            worker = f"{socket.gethostname()}:{os.getpid()}"
            times = {"started": self._started, "heartbeat": naive(datetime.datetime.now(datetime.timezone.utc))}
            connection.execute(run_table.insert().values(**values, **times, worker=worker, cancel_requested=False))
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        self._heartbeat = Heartbeat(self._source, connection, _BEAT, self.run_id, _STOPPED)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._heartbeat is not None:
            self._heartbeat.end()
        if self._connection is not None:
            with contextlib.suppress(DBAPIError):
                self._connection.execute(_UNLOCK, {"source": self._source})
            self._connection.close()

    def check(self) -> None:
        """Raises RunCancelled when the run must stop."""
        if self._heartbeat is not None:
            self._heartbeat.check()

    def sleep(self, seconds: float) -> None:
        """Waits, as time.sleep does; raises RunCancelled when the run must stop."""
        if self._heartbeat is not None:
            self._heartbeat.sleep(seconds)


def naive(moment: datetime.datetime) -> datetime.datetime:
    """CKAN keeps UTC without saying so."""
    return moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)
