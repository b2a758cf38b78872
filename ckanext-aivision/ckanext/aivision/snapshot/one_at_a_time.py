"""One process at a time, over all hosts of a catalogue, by a lock of the database."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import ckan.model as model
import sqlalchemy as sa

# Nobody waits longer for another process.
_LONGEST_WAIT = sa.text("SET lock_timeout = '1h'")
_LOCK = sa.text("SELECT pg_advisory_lock(hashtext(:name), 0)")


@contextlib.contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Waits until no other process is within. The lock is the connection's, so it ends with the process, however that
    ends. name: of what is done by one at a time, wherever each host keeps its files."""
    with model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(_LONGEST_WAIT)
        connection.execute(_LOCK, {"name": name})
        try:
            yield
        finally:
            connection.invalidate()
