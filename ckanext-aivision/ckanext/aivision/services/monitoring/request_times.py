"""How long requests take, counted in files that all web processes of this machine share.

prometheus-client counts in a file for each process if PROMETHEUS_MULTIPROC_DIR is set when it is imported
(https://prometheus.github.io/client_python/multiprocess/). Whatever serves CKAN, it is therefore imported here only,
when the first web process has set that. The file of a process that has died is taken over by the next one, so that no
counter falls and no file is left over.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import socket
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ckan.plugins import toolkit

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Histogram

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_FILE = re.compile(r"(histogram)_(\d+)\.db")
_BUCKETS = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_UNKNOWN = "none"
# For all endpoints that there are (bytes).
_ROOM = 1 << 20
_KEPT = 7 * 86400  # seconds


def note_request(endpoint: str | None, status: int, seconds: float) -> None:
    """Counts a request. endpoint: of Flask; the address itself is not kept. status: of HTTP.

    On a full disk nothing is counted.
    """
    with contextlib.suppress(OSError):
        _histogram().labels(endpoint or _UNKNOWN, f"{status // 100}xx").observe(seconds)


def registry() -> CollectorRegistry:
    """The counts of all web processes of this machine; none if the disk is full."""
    with contextlib.suppress(OSError):
        _histogram()
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    found = CollectorRegistry()
    if Path(os.environ[_FOLDER]).is_dir():
        MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    return found


@functools.cache
def _histogram() -> Histogram:
    if _FOLDER not in os.environ:
        os.environ[_FOLDER] = str(_default_folder())
    folder = Path(os.environ[_FOLDER])
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _reserve(_take_over(folder))
    from prometheus_client import Histogram

    return Histogram(
        "aivision_request_seconds",
        "Time until the answer to a request begins",
        ("endpoint", "status"),
        buckets=_BUCKETS,
        registry=None,
    )


def _default_folder() -> Path:
    storage = toolkit.config.get("ckan.storage_path") or tempfile.gettempdir()
    hosts = Path(storage) / "aivision" / "metrics"
    for folder in hosts.glob("*/"):
        # Of containers that there were.
        with contextlib.suppress(OSError):
            if max(file.stat().st_mtime for file in (folder, *folder.glob("*.db"))) < time.time() - _KEPT:
                shutil.rmtree(folder)
    return hosts / socket.gethostname()


def _take_over(folder: Path) -> Path:
    own = folder / f"histogram_{os.getpid()}.db"
    for file in folder.glob("*.db"):
        named = _FILE.fullmatch(file.name)
        if named is None or own.exists() or _is_alive(int(named[2])):
            continue
        # Another process may be faster.
        with contextlib.suppress(FileNotFoundError):
            file.rename(own)
    return own


def _reserve(file: Path) -> None:
    """The file is written as memory: without room on the disk, the system would end the process."""
    with file.open("ab") as opened:
        os.posix_fallocate(opened.fileno(), 0, _ROOM)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
