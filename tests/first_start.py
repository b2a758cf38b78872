"""A data directory as its first start leaves it, made once for all processes of a run and copied from then on.

A first start creates PostgreSQL's cluster, runs the migrations of CKAN and ours and adds the user `admin`: ten seconds
of work that would be the same each time. `python -m tests.first_start FOLDER` makes it while the processes of a run
still collect their tests. `tests/services/test_up.py` and `tests/docker` make first starts of their own.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import tempfile
from pathlib import Path

from ckanext.aivision.services.stack import Stack

_KEPT = ("admin-password", "migrated", "postgres", "secrets.json")
# What a test needs to outlive is a killed process, and not a machine that loses its power.
_WITHOUT_DISK = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


def take_first_start(shared: Path, data: Path) -> None:
    """Fills a data directory with what a first start makes.

    shared: a folder that all processes of the run have; the first of them to come makes the first start.
    data: made if it is missing; what it has already stays.
    """
    made = _make_once(shared)
    data.mkdir(parents=True, exist_ok=True)
    _copy([made / name for name in _KEPT], data)


def _make_once(shared: Path) -> Path:
    made = shared / "first-start"
    with open(shared / "first-start.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _make_first_start(made)
    return made


def _make_first_start(made: Path) -> None:
    # Not among pytest's own directories: a second pytest run shuts them to PostgreSQL's system user.
    with tempfile.TemporaryDirectory(prefix="aivision-first-", ignore_cleanup_errors=True) as folder:
        running = Stack(Path(folder), port=5600)
        try:
            running.start()
        finally:
            running.stop()
        with open(Path(folder) / "postgres" / "postgresql.conf", "a") as settings:
            settings.write(_WITHOUT_DISK)
        new = made.with_suffix(".new")
        new.mkdir(mode=0o700)
        _copy([Path(folder) / name for name in _KEPT], new)
        new.rename(made)


def _copy(sources: list[Path], to: Path) -> None:
    """With the owners: under root the cluster belongs to PostgreSQL's user, and shutil would make it root's."""
    subprocess.run(["cp", "-a", *sources, to], check=True)


if __name__ == "__main__":
    _make_once(Path(sys.argv[1]))
