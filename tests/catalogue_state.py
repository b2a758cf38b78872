"""The shared catalogue as it was when it was set up, so that each test file begins with the same one."""

from __future__ import annotations

import contextlib
import shutil
from typing import Any

import redis
import requests
import rq
import rq.exceptions
import sqlalchemy as sa
from rq.command import send_stop_job_command
from tests import waiting

_TABLES = """SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT LIKE '%alembic_version' ORDER BY tablename"""
_LEFT_OPEN = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"""
_LONGEST_JOB = 90


class CatalogueState:
    """What a stack's database holds, kept beside its tables, and the way back to it."""

    def __init__(self, stack: Any) -> None:
        """Keeps the rows of a stack that was just set up."""
        self._stack = stack
        self._engine = sa.create_engine(stack.database_url, poolclass=sa.NullPool)
        with self._engine.begin() as connection:
            self._tables = list(connection.execute(sa.text(_TABLES)).scalars())
            connection.execute(sa.text("CREATE SCHEMA pristine"))
            self._filled = _filled(connection, self._tables)
            for table in self._filled:
                connection.execute(sa.text(f'CREATE TABLE pristine."{table}" AS TABLE public."{table}"'))

    def restore(self) -> None:
        """Ends the jobs of the file before, and empties database, index and snapshots of what it left."""
        self._end_jobs()
        self._end_transactions()
        with self._engine.begin() as connection:
            # A transaction that a test left open is named by the error; the run does not hang on it.
            connection.execute(sa.text("SET LOCAL lock_timeout = '30s'"))
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            names = ", ".join(f'public."{table}"' for table in self._tables)
            connection.execute(sa.text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
            # Most of a hundred tables are empty still, and to truncate one costs as much as if it were full.
            for table in _filled(connection, self._tables):
                connection.execute(sa.text(f'DELETE FROM public."{table}"'))
            for table in self._filled:
                connection.execute(sa.text(f'INSERT INTO public."{table}" SELECT * FROM pristine."{table}"'))
        everything = {"delete": {"query": "*:*"}}
        answer = requests.post(f"{self._stack.solr_url}/update?commit=true", json=everything, timeout=60)
        answer.raise_for_status()
        shutil.rmtree(self._stack.data / "storage" / "aivision", ignore_errors=True)

    def _end_transactions(self) -> None:
        """Of threads of this process that a test left, such as one that answered a request."""
        import ckan.model as model

        model.Session.remove()
        with self._engine.begin() as connection:
            connection.execute(sa.text(_LEFT_OPEN))
        # Connections that were ended just now are not used again.
        model.meta.engine.dispose()

    def _end_jobs(self) -> None:
        with redis.Redis.from_url(self._stack.redis_url) as connection:
            for queue in rq.Queue.all(connection):
                queue.empty()
            # A job that builds a snapshot first rests for up to a minute: every file would wait for it.
            told: set[str] = set()
            waiting.until(lambda: not _busy_workers(connection, told), _LONGEST_JOB)
            for queue in rq.Queue.all(connection):
                queue.empty()


def _busy_workers(connection: redis.Redis, told: set[str]) -> bool:
    """Whether a worker is at work; each job is told once to stop, also one that a worker began just now."""
    workers = rq.Worker.all(connection)
    for worker in workers:
        if (id := worker.get_current_job_id()) and id not in told:
            told.add(id)
            with contextlib.suppress(rq.exceptions.InvalidJobOperation):
                send_stop_job_command(connection, id)
    return any(worker.get_state() == "busy" for worker in workers)


def _filled(connection: sa.Connection, tables: list[str]) -> list[str]:
    """Those of the tables that have rows."""
    each = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM public.\"{table}\")" for table in tables)
    return list(connection.execute(sa.text(" UNION ALL ".join(each))).scalars())
