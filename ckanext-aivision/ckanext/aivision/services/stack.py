"""Everything `aivision up` runs, over one data directory.

DATA/postgres, valkey, solr, storage   the services' data
DATA/run                               logs, process records, the lock
DATA/ckan.ini, secrets.json            configuration and secrets (mode 600)
DATA/admin-password                    of the user `admin`, made at the first start (mode 600)
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import functools
import importlib.metadata
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import redis
import requests
import sqlalchemy

from ckanext.aivision.errors import ServiceError, UsageError
from ckanext.aivision.queues import SHORT, SNAPSHOT
from ckanext.aivision.services.interrupted_jobs import take_up_jobs
from ckanext.aivision.services.postgres import Postgres
from ckanext.aivision.services.process import LONGEST_START, Child, Part, with_us
from ckanext.aivision.services.settings import write_ini, write_private
from ckanext.aivision.services.sockets import listening_socket
from ckanext.aivision.services.solr import Solr
from ckanext.aivision.services.solr_jars import Progress
from ckanext.aivision.services.valkey import Valkey
from ckanext.aivision.snapshot.due import LEAST_GAP, read_tables, wait
from ckanext.aivision.snapshot.files import SnapshotFiles

ADMIN = "admin"
# The newest migration of ours and CKAN's that a data directory was brought to: skips two slow checks at later starts.
_MIGRATED = "migrated"
_REGISTERS = "registers-loaded"
_PRIVATE_FOLDERS = ("valkey", "solr", "storage")
_LONGEST_JOB_AT_STOP = 3
# The queues of each job worker, the first ones first.
_QUEUES, _SHORT_QUEUES = ("default",), (SHORT, SNAPSHOT)


class Stack:
    """PostgreSQL, Valkey and Solr, CKAN's configuration, and with `start_web` the site and its job workers."""

    def __init__(self, data: Path, port: int = 5000, web_processes: int = 1) -> None:
        """data: created if it is missing. port: the first one tried for the site. web_processes: that answer it."""
        self.data = data.expanduser().resolve()
        self.run_dir = self.data / "run"
        self.site_url = ""
        self.database_url = ""
        self.redis_url = ""
        self.solr_url = ""
        self.ini = self.data / "ckan.ini"
        self.new_password: str | None = None
        self._port = port
        self._lock: IO[str] | None = None
        self._socket: socket.socket | None = None
        self.postgres = Postgres(self.data / "postgres", self.run_dir)
        self._solr = Solr(self.data / "solr", self.run_dir)
        self._valkey = Valkey(self.data / "valkey", self.run_dir)
        self._web = [Child(f"web-{number}" if number else "web", self.run_dir) for number in range(web_processes)]
        self._worker = Child("worker", self.run_dir)
        self._short_worker = Child("short-worker", self.run_dir)

    @property
    def password_file(self) -> Path:
        return self.data / "admin-password"

    def start(self, progress: Progress | None = None, fill: Callable[[str], None] | None = None) -> None:
        """Starts the three services, writes ckan.ini and brings the database up to date.

        fill: called with the address of the database before that, to fill a new one.
        Raises UsageError if another `aivision up` has the directory, ServiceError where a service does not start;
        what was started until then is stopped again.
        """
        self._take_lock()
        try:
            self._start(progress, fill)
        except OSError as error:
            self.stop()
            raise ServiceError(f"{self.data}: {error}") from error
        except BaseException:
            self.stop()
            raise

    def _start(self, progress: Progress | None, fill: Callable[[str], None] | None) -> None:
        for web in self._web:
            web.clean_up()
        self._worker.clean_up()
        self._short_worker.clean_up()
        self.redis_url = self._valkey.start()
        self.database_url = self.postgres.start()
        self.solr_url = self._solr.start(progress)
        self._socket = listening_socket(self._port)
        self.site_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.ini = write_ini(self.data, self.database_url, self.redis_url, self.solr_url, self.site_url)
        if fill is not None:
            fill(self.database_url)
        self._prepare_database()

    def start_web(self) -> None:
        """Starts the site and a job worker for each queue, and waits until the site answers."""
        take_up_jobs(self.redis_url)
        first, *others = self._web
        self._start_web(first)
        self._start_worker(self._worker, _QUEUES)
        first.wait_until(self._site_answers, LONGEST_START)
        # After the site, whose start they would slow down: each loads CKAN. And style sheets are put together once.
        for web in others:
            self._start_web(web)
        self._start_worker(self._short_worker, _SHORT_QUEUES)

    def _start_web(self, web: Child) -> None:
        if self._socket is None:
            raise ServiceError("the site starts after the services")
        descriptor = self._socket.fileno()
        web.start([sys.executable, "-m", "ckanext.aivision.services.web", self.ini, f"fd:{descriptor}"], [descriptor])

    def _start_worker(self, worker: Child, queues: Sequence[str]) -> None:
        worker.start([sys.executable, "-m", "ckanext.aivision.services.worker", self.ini, *queues])

    def _restart_worker(self, worker: Child, queues: Sequence[str]) -> None:
        try:
            take_up_jobs(self.redis_url, queues)
        except redis.RedisError as error:
            raise ServiceError(f"the queue does not answer: {error}") from error
        self._start_worker(worker, queues)

    def ended(self) -> Sequence[Part]:
        """The processes that have ended by themselves, those first that others need."""
        web = [
            Part(f"process {number} of the site", child, functools.partial(self._start_web, child))
            for number, child in enumerate(self._web, 1)
        ]
        long, short = (self._worker, _QUEUES), (self._short_worker, _SHORT_QUEUES)
        parts = (
            Part("Valkey", self._valkey.child, self._valkey.start),
            Part("PostgreSQL", self.postgres.child, self.postgres.start),
            Part("Solr", self._solr.child, self._solr.start),
            *web,
            Part("the job worker", self._worker, functools.partial(self._restart_worker, *long)),
            Part("the job worker for short jobs", self._short_worker, functools.partial(self._restart_worker, *short)),
        )
        return [part for part in parts if not part.child.running()]

    def stop(self) -> None:
        """Stops everything that was started, in the reverse order, and frees the directory."""
        # A job is cut off after this and taken up at the next start.
        for worker in (self._worker, self._short_worker):
            worker.stop(_LONGEST_JOB_AT_STOP)
        for web in self._web:
            web.stop()
        for part in (self._solr, self.postgres, self._valkey):
            part.stop()
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def has_schedules(self) -> bool:
        """Whether any source is harvested by itself: only then is the schedule checked, which takes CKAN seconds."""
        statement = "SELECT EXISTS (SELECT FROM aivision_source WHERE schedule <> 'manual')"
        with contextlib.suppress(sqlalchemy.exc.DBAPIError), self._connection() as connection:
            return bool(connection.execute(sqlalchemy.text(statement)).scalar())
        return False

    def snapshot_due(self) -> bool:
        """Whether the newest snapshot is of something else than the tables hold, and a new one may be built."""
        files = SnapshotFiles(self.data / "storage" / "aivision" / "snapshots")
        with contextlib.suppress(sqlalchemy.exc.DBAPIError), self._connection() as connection:
            rest = wait(files, read_tables(connection), datetime.datetime.now(datetime.timezone.utc))
            return rest is not None and rest <= LEAST_GAP
        return False

    def load_registers(self) -> None:
        """Loads the entries of the registers that are shipped, once for each version of this software.

        Raises ServiceError if that fails.
        """
        marker, version = self.data / _REGISTERS, importlib.metadata.version("ckanext-aivision")
        if not marker.exists() or marker.read_text() != version:
            self.ckan("aivision", "registers", "load")
            marker.write_text(version)

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlalchemy.Connection]:
        engine = sqlalchemy.create_engine(self.database_url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def ckan(self, *words: str, seconds: float = 300) -> str:
        """Runs a `ckan` command on this catalogue and returns what it prints.

        Raises ServiceError, with the end of its output, where it fails or takes too long.
        """
        return self._run([*ckan_command(self.ini), *words], seconds)

    def _run(self, command: Sequence[str], seconds: float, given: str = "") -> str:
        name = " ".join(command[len(command) - 2 :])
        try:
            done = subprocess.run(
                command,
                input=given,
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
                preexec_fn=with_us(),
            )
        except subprocess.TimeoutExpired as error:
            raise ServiceError(f"`{name}` took more than {seconds:.0f} s") from error
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise ServiceError(f"`{name}` failed: {said[-1] if said else 'no message'}")
        return done.stdout

    def _take_lock(self) -> None:
        if "%" in str(self.data):
            raise UsageError(f"{self.data}: CKAN cannot work in a path with a percent sign; choose another --data")
        try:
            for folder in (self.run_dir, *(self.data / name for name in _PRIVATE_FOLDERS)):
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o700)
            lock = open(self.run_dir / "lock", "a+", encoding="utf-8")  # noqa: SIM115
        except OSError as error:
            raise UsageError(f"{self.data}: cannot be written: {error.strerror}; choose another --data") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise UsageError(
                f"{self.data}: another `aivision up` is running there; stop it, or choose another --data"
            ) from error
        self._lock = lock

    def _prepare_database(self) -> None:
        """Migrations, and the admin user at the first start."""
        marker, wanted = self.data / _MIGRATED, _migrations()
        if not marker.exists() or marker.read_text() != wanted:
            self.ckan("db", "init")
            self.ckan("db", "pending-migrations", "--apply")
            marker.write_text(wanted)
        if not self.password_file.exists():
            password = secrets.token_urlsafe(15)
            self._run([sys.executable, "-m", "ckanext.aivision.services.admin", str(self.ini), ADMIN], 120, password)
            write_private(self.password_file, password + "\n")
            self.new_password = password

    def _site_answers(self) -> bool:
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.site_url}/api/3/action/status_show", timeout=5, proxies={"http": ""}).ok
        return False


def ckan_command(ini: Path) -> Sequence[str]:
    """The words that run CKAN's command line with this interpreter."""
    return (sys.executable, "-c", "from ckan.cli.cli import ckan; ckan(prog_name='ckan')", "-c", os.fspath(ini))


def _migrations() -> str:
    """What the installed CKAN and this project would migrate a database to."""
    from importlib.metadata import version

    versions = Path(__file__).parent.parent / "migration/aivision/versions"
    return f"{version('ckan')} {sorted(path.name for path in versions.glob('*.py'))}"
