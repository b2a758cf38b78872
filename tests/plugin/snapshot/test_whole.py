"""The process killed at every step, and the storage full: the last snapshot stays whole, and the next mends all."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.plugin.snapshot import builder
from tests.waiting import until

from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.table.groups import read_groups
from ckanext.aivision.compare.table.table_files import read_files
from ckanext.aivision.scoring.lenses.load import names
from ckanext.aivision.snapshot.files import Manifest, SnapshotFiles

# A step is a statement of SQL or something done to a file.
FEWEST_STEPS = 40
# Those among which it takes its place.
LAST_STEPS = 20
RANDOM_KILLS = [2, pytest.param(15, marks=pytest.mark.nightly)]


class Builder:
    """Builds snapshots in processes of their own, over a storage."""

    def __init__(self, process: subprocess.Popen[str], storage: Path) -> None:
        self._process, self._storage = process, storage

    def begin(self, **how: int) -> int:
        """Gives the number of the process that builds one."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"storage": str(self._storage), **how}) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def end(self) -> dict[str, Any]:
        """How it ended: status, steps, error."""
        found: dict[str, Any] = json.loads(self._line())
        return found

    def build(self, **how: int) -> dict[str, Any]:
        self.begin(**how)
        return self.end()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the builder has ended"
        return line


@pytest.fixture(scope="module")
def start(stack: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Builder]]:
    """Gives a builder over a storage; the process that forks its builds is one for all tests."""
    command = [sys.executable, builder.__file__, str(stack.ini)]
    log = (tmp_path_factory.mktemp("builder") / "builder.log").open("w")
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
    yield lambda storage: Builder(process, storage)
    process.kill()
    process.wait()


@pytest.fixture
def ready(start: Any, files: SnapshotFiles, published: Any) -> Builder:
    """With a first snapshot, and a change that the next one has."""
    published()
    found: Builder = start(files.folder.parents[1])
    assert found.build()["error"] == ""
    published()
    return found


def whole(folder: Path | None) -> Manifest:
    """Reads all of a snapshot: fails unless it is whole."""
    assert folder is not None
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    for name in ["figures", *(f"lens-{name}" for name in names()[1:])]:
        figures = msgspec.json.decode((folder / f"{name}.json").read_bytes(), type=Overview)
        assert [row.data_sets for row in figures.countries] == [row.data_sets for row in manifest.countries]
    assert read_groups(folder, manifest.criteria).cells().data_sets.sum() == manifest.data_sets
    assert read_files(folder, manifest.criteria).select("count(*)").fetchall() == [(manifest.data_sets,)]
    return manifest


def is_free() -> bool:
    """Whether nobody has the lock."""
    import ckan.model as model
    import sqlalchemy as sa

    with model.meta.engine.connect() as connection:
        lock = sa.text("SELECT pg_try_advisory_xact_lock(hashtext('aivision snapshot'), 0)")
        return bool(connection.execute(lock).scalar())


def leftovers(files: SnapshotFiles) -> set[str]:
    return {path.name for path in files.folder.iterdir() if path.name.startswith(".")}


def mends(ready: Builder, files: SnapshotFiles) -> None:
    """The next one is built as if nothing had been."""
    before = whole(files.newest())
    assert ready.build()["error"] == ""
    after = whole(files.newest())
    assert after.made >= before.made
    assert leftovers(files) == set()
    state = files.state()
    assert state is not None
    assert state.problem == ""


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("stride", [56, pytest.param(1, marks=pytest.mark.nightly)])
def test_killed_at_every_step_the_last_snapshot_is_whole_no_lock_stays_and_the_next_mends_all(
    ready: Builder, files: SnapshotFiles, stride: int
) -> None:
    steps = ready.build()["steps"]
    assert steps > FEWEST_STEPS
    new, places = 0, sorted({*range(1, steps, stride), *range(steps - LAST_STEPS, steps, 5)})
    for step in places:
        before = files.newest()
        ended = ready.build(kill_at=step)
        if ended["status"] == 0:
            continue  # Pruning had less to do than in the one that was counted.
        assert ended["status"] == -signal.SIGKILL
        whole(files.newest())
        new += files.newest() != before
        until(is_free, 20)
    # Killed in its last steps, it has taken its place already.
    assert 0 < new < len(places) - FEWEST_STEPS / 2 / stride, f"{new} of {len(places)} in {steps} steps"
    mends(ready, files)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", RANDOM_KILLS)
def test_killed_at_any_moment_too(ready: Builder, files: SnapshotFiles, kills: int) -> None:
    """Also within what DuckDB and PostgreSQL do by themselves."""
    assert ready.build()["error"] == ""
    began = time.monotonic()
    assert ready.build()["error"] == ""
    takes = time.monotonic() - began
    drawn, killed = random.Random(3), 0
    for _ in range(kills):
        process = ready.begin()
        time.sleep(drawn.uniform(0, takes))
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        killed += ready.end()["status"] == -signal.SIGKILL
        whole(files.newest())
        until(is_free, 20)
    assert killed > kills / 3, f"{killed} were killed in {takes:.1f} s each"
    mends(ready, files)


@pytest.mark.parametrize(
    "largest", [1, 120_000, *(pytest.param(size, marks=pytest.mark.nightly) for size in (100, 2_000, 30_000))]
)
def test_where_no_more_can_be_written_the_last_stays_and_the_reason_is_kept_and_told(
    ready: Builder, files: SnapshotFiles, sysadmin: Any, largest: int
) -> None:
    before = files.newest()
    size = max(path.stat().st_size for path in before.iterdir()) if before is not None else 0
    ended = ready.build(largest=largest)
    if not ended["error"]:
        assert largest > size, "all that it writes is smaller"
        return
    assert files.newest() == before
    whole(before)
    assert ended["error"].startswith("ServiceError: the snapshot could not be written: "), ended
    state = files.state()
    assert state is not None
    if largest > 200:
        assert "the figures could not be brought up to date" in state.problem
        text = sysadmin.text("/best-practice")
        assert state.problem in text
        assert str(files.folder) not in text
    assert leftovers(files) <= {".state.part"}
    mends(ready, files)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system that is full soon."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_on_a_full_disk_the_last_stays_and_once_there_is_room_the_next_is_built(
    start: Any, published: Any, small: Path, ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "ckan.storage_path", str(small))
    files, filler = SnapshotFiles(small / "aivision/snapshots"), small / "filler"
    published()
    ready: Builder = start(small)
    assert ready.build()["error"] == ""
    before = files.newest()
    published()
    for left in (0, 4096, 100_000, 400_000):
        state = os.statvfs(small)
        filler.write_bytes(b"x" * max(0, state.f_bavail * state.f_frsize - left))
        ended = ready.build()
        filler.unlink()
        assert ended["error"].startswith("ServiceError: the snapshot could not be written: "), (left, ended)
        assert files.newest() == before
        whole(before)
        kept = files.state()
        assert kept is not None
        assert left == 0 or "could not be brought up to date" in kept.problem
    mends(ready, files)
