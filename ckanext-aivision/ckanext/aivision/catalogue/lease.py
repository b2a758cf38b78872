"""Work that one process does at a time, which shows in its row that it is alive and can be asked to stop.

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
from typing import Any, ClassVar, TypeVar

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from ckanext.aivision.catalogue.tables.moments import now
from ckanext.aivision.catalogue.tables.server_faults import database_outage
from ckanext.aivision.errors import AivisionError, RunCancelled, UsageError

L = TypeVar("L", bound="Lease")

HEARTBEAT_SECONDS = 5.0
# A run without a heartbeat for this long has died. Half a minute of a stalled database must not look like it.
DEAD_AFTER = datetime.timedelta(seconds=45)

# Two keys: the kind of work, and what it works on.
_LOCK = sa.text("SELECT pg_try_advisory_lock(hashtext(:kind), hashtext(:key))")
_UNLOCK = sa.text("SELECT pg_advisory_unlock(hashtext(:kind), hashtext(:key))")


class Heartbeat:
    """Writes into a row every few seconds that its work is alive, and reads there whether it must stop."""

    def __init__(self, name: str, connection: sa.Connection, statement: sa.TextClause, row: str, stopped: str) -> None:
        """name: of the work, for messages. connection: in autocommit, and used by nobody else meanwhile.

        statement: updates the row `:id`, and returns whether to stop; so does no row. stopped: the message then.
        """
        self._connection, self._statement, self._row = connection, statement, row
        self._name, self._stopped = name, stopped
        self._end: AivisionError | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="aivision-heartbeat", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Waits until the last beat is over."""
        self._stop.set()
        self._thread.join(HEARTBEAT_SECONDS * 2)

    def check(self) -> None:
        """Raises RunCancelled when the work must stop, Outage when its connection was lost, and with it the lock."""
        if self._end is not None:
            raise self._end

    def sleep(self, seconds: float) -> None:
        """Waits, as time.sleep does; raises RunCancelled when the work must stop."""
        self.check()
        time.sleep(seconds)
        self.check()

    def _beat(self) -> None:
        while not self._stop.wait(HEARTBEAT_SECONDS):
            try:
                must_stop = self._connection.execute(self._statement, {"id": self._row}).scalar()
            except DBAPIError as error:
                # With the connection went the lock. What was stored stays, and the next run takes it up from there.
                self._end = database_outage(error)
                return
            if must_stop is None or must_stop:
                self._end = RunCancelled(self._stopped.format(name=self._name))
                return


class Lease:
    """A lock and a row of a table of runs. Use as a context: entering takes the lock, leaving gives it back.

    A kind of work derives from it, and says what is written into the row at the beginning and at the end.
    """

    KIND: ClassVar[str]
    TABLE: ClassVar[sa.Table]
    # Formatted with the name.
    BUSY: ClassVar[str]
    CANCELLED: ClassVar[str]

    def __init__(self, name: str, key: str) -> None:
        """name: of the work, for messages. key: what no two processes may work on at once."""
        self.id = str(uuid.uuid4())
        self._name, self._lock = name, {"kind": self.KIND, "key": key}
        self._connection: sa.Connection | None = None
        self._heartbeat: Heartbeat | None = None

    def begin(self, connection: sa.Connection) -> dict[str, Any]:
        """Called with the lock: no other process does this work. Returns the columns of the new row."""
        raise NotImplementedError

    def end(self, connection: sa.Connection, error: BaseException | None) -> None:
        """Called before the lock is given back. error: what the work ended with."""

    def __enter__(self: L) -> L:
        """Raises UsageError while another process has the lock."""
        connection = model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            if not connection.execute(_LOCK, self._lock).scalar():
                raise UsageError(self.BUSY.format(name=self._name))
            row = self.begin(connection)
            worker = f"{socket.gethostname()}:{os.getpid()}"
            alive = {"state": "running", "heartbeat": now(), "worker": worker, "cancel_requested": False}
            connection.execute(self.TABLE.insert().values(id=self.id, account={}, **alive, **row))
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        self._heartbeat = Heartbeat(self._name, connection, _beat(self.TABLE), self.id, self.CANCELLED)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._heartbeat is not None:
            self._heartbeat.end()
        if self._connection is not None:
            with contextlib.suppress(DBAPIError, PendingRollbackError):
                self.end(self._connection, error)
                self._connection.execute(_UNLOCK, self._lock)
            self._connection.close()

    def check(self) -> None:
        """Raises RunCancelled when the work must stop, Outage when its connection was lost."""
        if self._heartbeat is not None:
            self._heartbeat.check()

    def sleep(self, seconds: float) -> None:
        """Waits, as time.sleep does; raises RunCancelled when the work must stop."""
        if self._heartbeat is not None:
            self._heartbeat.sleep(seconds)


def _beat(table: sa.Table) -> sa.TextClause:
    return sa.text(
        f"UPDATE {table.name} SET heartbeat = timezone('utc', clock_timestamp()) WHERE id = :id"  # noqa: S608
        " RETURNING cancel_requested"
    )
