"""Everything `aivision up` runs, over one data directory.

    DATA/postgres, valkey, solr, storage   the services' data
    DATA/run                               logs, process records, the lock
    DATA/ckan.ini, secrets.json            configuration and secrets (mode 600)
    DATA/admin-password                    of the user `admin`, made at the first start (mode 600)
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import requests

from ckanext.aivision.errors import ServiceError, UsageError
from ckanext.aivision.services.postgres import Postgres
from ckanext.aivision.services.process import Child, free_port
from ckanext.aivision.services.settings import write_ini, write_private
from ckanext.aivision.services.solr import Progress, Solr
from ckanext.aivision.services.valkey import Valkey

ADMIN = "admin"
# The newest migration of ours and CKAN's that a data directory was brought to: skips two slow checks at later starts.
_MIGRATED = "migrated"


class Stack:
    """PostgreSQL, Valkey and Solr, CKAN's configuration, and with `start_web` the site and its job worker."""

    def __init__(self, data: Path, port: int = 5000) -> None:
        """data: made where it lacks. port: the first one tried for the site."""
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
        self._short_dir: Path | None = None
        self._postgres = Postgres(self.data / "postgres")
        self._solr = Solr(self.data / "solr", self.run_dir)
        self._valkey: Valkey | None = None
        self._web = Child("web", self.run_dir)
        self._worker = Child("worker", self.run_dir)

    @property
    def password_file(self) -> Path:
        return self.data / "admin-password"

    def start(self, progress: Progress | None = None) -> None:
        """Starts the three services, writes ckan.ini and brings the database up to date.

        Raises UsageError where another `aivision up` has the directory, ServiceError where a service does not start;
        what was started until then is stopped again.
        """
        self._take_lock()
        try:
            self._web.clean_up()
            self._worker.clean_up()
            self._short_dir = Path(tempfile.mkdtemp(prefix="aivision-"))
            self._valkey = Valkey(self.data / "valkey", self.run_dir, self._short_dir)
            self.redis_url = self._valkey.start()
            self.database_url = self._postgres.start()
            self.solr_url = self._solr.start(progress)
            self._port = free_port(self._port)
            self.site_url = f"http://127.0.0.1:{self._port}"
            self.ini = write_ini(self.data, self.database_url, self.redis_url, self.solr_url, self.site_url)
            self._prepare_database()
        except BaseException:
            self.stop()
            raise

    def start_web(self) -> None:
        """Starts the site and one job worker, and waits until the site answers."""
        self._web.start([sys.executable, "-m", "ckanext.aivision.services.web", self.ini, str(self._port)])
        self._worker.start([*ckan_command(self.ini), "jobs", "worker"])
        self._web.wait_until(self._site_answers, 60)

    def failed(self) -> str | None:
        """The name of a process that has ended by itself, or None while all run."""
        parts = {"the site": self._web, "the job worker": self._worker, "Solr": self._solr, "Valkey": self._valkey}
        return next((name for name, part in parts.items() if part is not None and not part.running()), None)

    def stop(self) -> None:
        """Stops everything that was started, in the reverse order, and frees the directory."""
        for part in (self._worker, self._web, self._solr, self._postgres, self._valkey):
            if part is not None:
                part.stop()
        if self._short_dir is not None:
            shutil.rmtree(self._short_dir, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def ckan(self, *words: str, seconds: float = 300) -> str:
        """Runs a `ckan` command on this catalogue and returns what it prints.

        Raises ServiceError, with the end of its output, where it fails or takes too long.
        """
        return self._run([*ckan_command(self.ini), *words], seconds)

    def _run(self, command: Sequence[str], seconds: float, given: str = "") -> str:
        name = " ".join(command[len(command) - 2 :])
        try:
            done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as error:
            raise ServiceError(f"`{name}` took more than {seconds:.0f} s") from error
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise ServiceError(f"`{name}` failed: {said[-1] if said else 'no message'}")
        return done.stdout

    def _take_lock(self) -> None:
        try:
            self.run_dir.mkdir(parents=True, exist_ok=True)
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
            self.ckan("db", "upgrade", "-p", "aivision")
            self.ckan("db", "upgrade", "-p", "activity")
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
