"""The database of a backup: written by pg_dump and read by pg_restore, and compared row by row."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.backup.archive import TableSum
from ckanext.aivision.services.postgres import PROGRAMS
from ckanext.aivision.services.process import with_us

_TABLES = sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
_MIGRATION = sa.text("SELECT version_num FROM aivision_alembic_version")
_READ_ONLY = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
# Times with a zone are written alike wherever it runs.
_UTC = sa.text("SET LOCAL TIME ZONE 'UTC'")


@contextlib.contextmanager
def one_state(url: str) -> Iterator[sa.Connection]:
    """A transaction that reads the database in one state, whatever is written meanwhile. url: of SQLAlchemy."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection, connection.begin():
        connection.execute(_READ_ONLY)
        connection.execute(_UTC)
        yield connection


def sum_tables(connection: sa.Connection) -> dict[str, TableSum]:
    """The number of rows of each table, and the sum of their hashes."""
    sums = {}
    for name in connection.scalars(_TABLES).all():
        table = sa.table(name, sa.column(name))
        row = sa.cast(sa.literal_column(f'"{name}"'), sa.Text)
        hashes = sa.func.sum(sa.cast(sa.func.hashtextextended(row, 0), sa.Numeric))
        count, sum = connection.execute(sa.select(sa.func.count(), hashes).select_from(table)).one()
        sums[name] = TableSum(count, str(sum or 0))
    return sums


def newest_migration(connection: sa.Connection) -> str:
    """The newest migration of ours that the tables have."""
    return str(connection.execute(_MIGRATION).scalar())


def write_dump(connection: sa.Connection, path: Path) -> None:
    """Writes the database in the state of a transaction. Raises ServiceError if pg_dump fails."""
    snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar()
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}"]
    _run(connection.engine.url, "pg_dump", *words)


def read_dump(url: str, path: Path) -> None:
    """Fills an empty database. url: of SQLAlchemy. Raises ServiceError if pg_restore fails."""
    _run(sa.make_url(url), "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(path))


def check_dump(path: Path) -> None:
    """Reads the contents of a dump. Raises ServiceError if pg_restore cannot."""
    _run(None, "pg_restore", "--list", str(path))


def _run(url: sa.URL | None, program: str, *words: str) -> None:
    command, environment = [str(PROGRAMS / program), *words], dict(os.environ)
    if url is not None:
        # Every user of the machine can read the words of a command: the password is not among them.
        if url.password is not None:
            environment["PGPASSWORD"] = str(url.password)
        address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        command.insert(1, f"--dbname={address}")
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, preexec_fn=with_us())
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise ServiceError(f"{program} failed: {said[0] if said else f'exit status {done.returncode}'}")
