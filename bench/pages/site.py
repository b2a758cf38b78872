"""`aivision up` of a checkout over a data directory, as a site that readers ask: ours, or that of an earlier commit."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import psutil
from bench.commands import run

from ckanext.aivision.services.process import with_us
from ckanext.aivision.services.stack import ckan_command

OURS = Path(__file__).resolve().parents[2]
# What one reader may ask for in a minute, and all readers together.
_LIMITS = [f"{of}{who}" for of in ("catalogues", "files", "filters", "pages") for who in ("", "_of_all")]
_READY = re.compile(rb"Open (http://[\w.:]+)")
_START = 300  # seconds
_HARVEST = 3600  # seconds
_TICK = 1e9  # of /proc/PID/task/ID/schedstat, a second


class Site(NamedTuple):
    """A running catalogue. checkout: whose code it runs; data: its data directory; address: without a last slash."""

    checkout: Path
    data: Path
    address: str

    @property
    def ini(self) -> Path:
        return self.data / "ckan.ini"

    @property
    def database_url(self) -> str:
        found = re.search(r"^sqlalchemy.url\s*=\s*(\S+)", self.ini.read_text(encoding="utf-8"), re.MULTILINE)
        if found is None:
            raise ValueError(f"{self.ini} names no database")
        return found[1]

    def ckan(self, *words: str, limit: float = 600) -> None:
        """Runs a `ckan` command of this site's code. Raises RuntimeError where it fails."""
        run([*ckan_command(self.ini), *words], limit, environment_of(self.checkout))

    def harvest(self, path: Path, *words: str) -> None:
        """Harvests a file, in a process of its own. Raises RuntimeError where it fails."""
        self.ckan("aivision", "harvest", str(path), *words, limit=_HARVEST)

    def token(self) -> str:
        """A new API token of the administrator."""
        command = [*ckan_command(self.ini), "user", "token", "add", "admin", f"bench-{time.time_ns()}"]
        environment = {**os.environ, **environment_of(self.checkout)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.strip().splitlines()[-1].strip()

    def processor_seconds(self) -> float:
        """What the site's own processes have used of processors so far, all threads together."""
        records = (self.data / "run").glob("web*.pid")
        return sum(processor_seconds(int(path.read_text(encoding="utf-8").split()[0])) for path in records)


def processor_seconds(pid: int) -> float:
    """What a process has used of processors so far, with the threads that are still there."""
    total = 0.0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            total += int(path.read_text().split()[0]) / _TICK
    return total


def environment_of(checkout: Path) -> Mapping[str, str]:
    """What has this interpreter run a checkout's code and not the installed one."""
    return {"PYTHONPATH": os.pathsep.join([str(checkout / "ckanext-aivision"), str(checkout)])}


def lift_limits(data: Path) -> None:
    """Has a site refuse no reader for asking much: what is measured is how fast they are answered."""
    settings = "".join(f"ckanext.aivision.limit_{name} = 0\n" for name in _LIMITS)
    (data / "ckan-extra.ini").write_text(f"[app:main]\n{settings}", encoding="utf-8")


@contextlib.contextmanager
def running(checkout: Path, data: Path, port: int, *words: str) -> Iterator[Site]:
    """Starts a checkout's `aivision up` over a data directory, and stops it at the end.

    words: more options of that command. Raises RuntimeError where it does not start.
    """
    command = [
        sys.executable,
        "-m",
        "ckanext.aivision.cli.main",
        "up",
        "--data",
        str(data),
        "--port",
        str(port),
        *words,
    ]
    environment = {**os.environ, **environment_of(checkout), "NO_COLOR": "1", "COLUMNS": "500"}
    with tempfile.NamedTemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment, preexec_fn=with_us()
        )
        try:
            yield Site(checkout, data, _address(process, Path(said.name)))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        found = _READY.search(said.read_bytes())
        if found is not None:
            return found[1].decode()
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError(f"`aivision up` did not start: {said.read_bytes().decode(errors='replace')[-1000:]}")


def postgres_seconds(data: Path) -> float:
    """What PostgreSQL has used of processors so far: its processes, and those that have ended."""
    pid = int((data / "run" / "postgres.pid").read_text(encoding="utf-8").split()[0])
    parent = psutil.Process(pid)
    total = 0.0
    for process in [parent, *parent.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
            if process.pid == parent.pid:
                total += times.children_user + times.children_system
    return total
