"""When a snapshot is due: not while nothing changed, and after a rest that is longer while a harvest runs."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec
import pytest

from ckanext.aivision import __version__
from ckanext.aivision.compare.table import facets
from ckanext.aivision.snapshot.dated_folders import State
from ckanext.aivision.snapshot.due import LEAST_GAP, LONG_GAP, Tables, wait
from ckanext.aivision.snapshot.files import LAYOUT, Manifest, SnapshotFiles

NOW = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.timezone.utc)
AT_ONCE = datetime.timedelta()
SAME = Tables("7:123", harvesting=False, rescoring=False)
CHANGED = SAME._replace(fingerprint="7:124")


def manifest(**changes: str | float) -> Manifest:
    whole = Manifest(
        made=NOW,
        seconds=0,
        software=__version__,
        facets=facets.version(),
        layout=LAYOUT,
        rubric_version="2.0.0",
        fingerprint=SAME.fingerprint,
        data_sets=7,
        samples=0,
        countries=[],
        criteria=[],
    )
    return msgspec.structs.replace(whole, **changes)


def keep(files: SnapshotFiles, content: bytes) -> None:
    with files.new(NOW - datetime.timedelta(hours=1)) as folder:
        (folder / "manifest.json").write_bytes(content)


@pytest.fixture
def files(tmp_path: Path) -> SnapshotFiles:
    """With a snapshot of SAME."""
    found = SnapshotFiles(tmp_path / "snapshots")
    keep(found, msgspec.json.encode(manifest()))
    return found


def tried(files: SnapshotFiles, seconds_ago: float, problem: str = "", of_tables: bool = False) -> None:
    files.keep_state(State(NOW - datetime.timedelta(seconds=seconds_ago), problem, of_tables))


def test_at_most_once_a_minute_and_every_ten_minutes_otherwise() -> None:
    assert LEAST_GAP.total_seconds() == 60
    assert LONG_GAP.total_seconds() == 600


def test_the_first_one_is_due_at_once_even_while_a_harvest_runs(tmp_path: Path) -> None:
    none = SnapshotFiles(tmp_path)
    assert wait(none, SAME, NOW) == AT_ONCE
    assert wait(none, SAME._replace(harvesting=True), NOW) == AT_ONCE


def test_the_first_one_is_tried_again_after_a_minute_while_a_harvest_runs(tmp_path: Path) -> None:
    none = SnapshotFiles(tmp_path)
    tried(none, 20)
    assert wait(none, SAME._replace(harvesting=True), NOW) == datetime.timedelta(seconds=40)


@pytest.mark.parametrize("harvesting", [False, True])
def test_none_is_due_while_nothing_has_changed(files: SnapshotFiles, harvesting: bool) -> None:
    tried(files, 7200)
    assert wait(files, SAME._replace(harvesting=harvesting), NOW) is None


@pytest.mark.parametrize(
    ("seconds_ago", "expected"), [(0, 60), (1, 59), (59.5, 0.5), (60, 0), (61, 0), (1e6, 0), (-1e6, 60)]
)
def test_after_a_change_one_is_due_a_minute_after_the_last_was_begun(
    files: SnapshotFiles, seconds_ago: float, expected: float
) -> None:
    """Also where the clock was a million seconds ahead."""
    tried(files, seconds_ago)
    assert wait(files, CHANGED, NOW) == datetime.timedelta(seconds=expected)


@pytest.mark.parametrize(("took", "expected"), [(0.4, 59.6), (20, 40), (30, 30), (200, 30)])
def test_the_longer_one_takes_the_sooner_the_next_one_begins(tmp_path: Path, took: float, expected: float) -> None:
    """So that a change right after the beginning is shown a minute later, where building takes half of that at most."""
    files = SnapshotFiles(tmp_path)
    keep(files, msgspec.json.encode(manifest(seconds=took)))
    tried(files, 0)
    assert wait(files, CHANGED, NOW) == datetime.timedelta(seconds=expected)


@pytest.mark.parametrize(("seconds_ago", "expected"), [(0, 600), (60, 540), (600, 0), (-1e6, 600)])
def test_during_a_harvest_and_after_a_failure_ten_minutes_lie_between(
    files: SnapshotFiles, seconds_ago: float, expected: float
) -> None:
    tried(files, seconds_ago)
    assert wait(files, CHANGED._replace(harvesting=True), NOW) == datetime.timedelta(seconds=expected)
    tried(files, seconds_ago, "no space left on device")
    assert wait(files, CHANGED, NOW) == datetime.timedelta(seconds=expected)


def test_what_failed_because_of_the_tables_is_tried_a_minute_later_as_a_rescore_mends_it(files: SnapshotFiles) -> None:
    tried(files, 20, "some datasets are evaluated under rubric 1.0.0", of_tables=True)
    assert wait(files, CHANGED, NOW) == datetime.timedelta(seconds=40)


def test_during_a_rescore_none_is_due(files: SnapshotFiles, tmp_path: Path) -> None:
    rescoring = CHANGED._replace(rescoring=True)
    assert wait(files, rescoring, NOW) is None
    assert wait(files, rescoring._replace(harvesting=True), NOW) is None
    assert wait(SnapshotFiles(tmp_path / "none"), rescoring, NOW) is None


@pytest.mark.parametrize("changed", ["software", "facets"])
def test_a_snapshot_of_another_version_of_the_software_or_of_the_tables_is_made_anew(
    tmp_path: Path, changed: str
) -> None:
    files = SnapshotFiles(tmp_path)
    keep(files, msgspec.json.encode(manifest(**{changed: "before"})))
    assert wait(files, SAME, NOW) == AT_ONCE


@pytest.mark.parametrize("content", [b"", b"{}", b'{"made": 7}', b"\xff\xfe", b'"{"'])
def test_a_manifest_that_cannot_be_read_is_made_anew(tmp_path: Path, content: bytes) -> None:
    files = SnapshotFiles(tmp_path)
    keep(files, content)
    assert wait(files, SAME, NOW) == AT_ONCE


def test_a_snapshot_without_a_state_beside_it_is_enough(files: SnapshotFiles) -> None:
    assert files.state() is None
    assert wait(files, SAME, NOW) is None
    assert wait(files, CHANGED, NOW) == AT_ONCE
