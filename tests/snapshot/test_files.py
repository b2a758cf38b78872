"""The folder of snapshots: what is the newest, what is kept and for how long, and that a half of one is never seen."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.waiting import until

from ckanext.aivision.snapshot.dated_folders import State, moment
from ckanext.aivision.snapshot.files import KEPT_DAYS, KEPT_WHOLE, SnapshotFiles

NOON = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.timezone.utc)
TODAY = NOON.date()
CONTENT = ("manifest.json", "figures.json", "lens-mqa.json", "datasets.parquet", "sums.npy")


@pytest.fixture
def files(tmp_path: Path) -> SnapshotFiles:
    return SnapshotFiles(tmp_path / "snapshots")


def ago(days: float = 0, minutes: float = 0) -> datetime.datetime:
    return NOON - datetime.timedelta(days=days, minutes=minutes)


def make_snapshot(files: SnapshotFiles, moment: datetime.datetime, content: str = "") -> None:
    """A snapshot whose files all say the same."""
    with files.new(moment) as folder:
        for name in CONTENT:
            (folder / name).write_text(content)


def list_content(files: SnapshotFiles) -> dict[str, set[str]]:
    """What is in the folder, by the name of the snapshot."""
    return {folder.name: set(os.listdir(folder)) for folder in files.folder.iterdir()}


def test_there_is_no_snapshot_nor_a_state_before_the_first(files: SnapshotFiles) -> None:
    assert files.newest() is None
    assert files.as_of(TODAY) is None
    assert files.state() is None
    files.prune(TODAY)


def test_the_newest_is_that_of_the_latest_moment_in_whatever_order_they_came(files: SnapshotFiles) -> None:
    for minutes in (5, 0, 3):
        make_snapshot(files, ago(minutes=minutes))
    newest = files.newest()
    assert newest is not None
    assert moment(newest) == NOON
    assert newest.name == "20261130T120000Z"


@pytest.mark.parametrize(
    ("day", "expected"),
    [(0, ago()), (1, ago(2)), (2, ago(2)), (3, ago(4, minutes=1)), (4, ago(4, minutes=1)), (5, None), (-9, ago())],
)
def test_as_of_a_day_is_its_last_one_or_that_of_the_last_day_before(
    files: SnapshotFiles, day: int, expected: datetime.datetime | None
) -> None:
    for when in (ago(4, minutes=3), ago(4, minutes=1), ago(2), ago()):
        make_snapshot(files, when)
    found = files.as_of(TODAY - datetime.timedelta(days=day))
    assert (moment(found) if found else None) == expected


def test_a_second_one_of_the_same_second_is_newer_and_takes_nothing_away(files: SnapshotFiles) -> None:
    for number in range(12):
        make_snapshot(files, NOON, str(number))
        newest = files.newest()
        assert newest is not None
        assert (newest / "figures.json").read_text() == str(number)
        assert moment(newest) == NOON
    assert len(list_content(files)) == 12
    make_snapshot(files, ago(minutes=-1), "later")
    newest = files.newest()
    assert newest is not None
    assert (newest / "figures.json").read_text() == "later"


def test_a_folder_that_is_being_written_is_seen_by_nobody_and_gone_after_an_error(files: SnapshotFiles) -> None:
    make_snapshot(files, ago(minutes=9), "old")
    with contextlib.suppress(RuntimeError), files.new(NOON) as folder:
        (folder / "figures.json").write_text("half")
        assert files.newest() == files.as_of(TODAY) != folder
        raise RuntimeError
    assert list(list_content(files)) == [ago(minutes=9).strftime("%Y%m%dT%H%M%SZ")]


def test_what_a_killed_process_left_behind_is_removed_by_the_next(files: SnapshotFiles) -> None:
    left = files.new(NOON)
    folder = left.__enter__()  # As a process that is killed within.
    (folder / "datasets.parquet").write_text("half")
    assert files.newest() is None
    make_snapshot(files, ago(minutes=-1))
    assert list(list_content(files)) == ["20261130T120100Z"]


def test_the_last_ones_are_kept_whole(files: SnapshotFiles) -> None:
    for minutes in range(6):
        make_snapshot(files, ago(minutes=minutes))
        files.prune(TODAY)
    assert KEPT_WHOLE == 3
    assert list_content(files) == {
        ago(minutes=minutes).strftime("%Y%m%dT%H%M%SZ"): set(CONTENT) for minutes in range(KEPT_WHOLE)
    }


def test_a_day_keeps_the_table_of_its_last_one_for_a_month_and_the_figures_for_good(files: SnapshotFiles) -> None:
    days = (0, 1, 2, 3, KEPT_DAYS - 1, KEPT_DAYS, 400)
    for day in days:
        for minutes in (0, 7):
            make_snapshot(files, ago(day, minutes))
    files.prune(TODAY)
    figures = {"manifest.json", "figures.json", "lens-mqa.json"}
    table = figures | {"datasets.parquet"}
    expected = [set(CONTENT), set(CONTENT), set(CONTENT), table, table, table, figures, figures]
    found = list_content(files)
    assert [found[name] for name in sorted(found, reverse=True)] == expected
    for day in days:
        past = files.as_of(TODAY - datetime.timedelta(days=day))
        assert past is not None
        assert moment(past) == ago(day)
    files.prune(TODAY)
    assert list_content(files) == found


def test_how_many_are_kept_whole_and_tables_for_how_long_can_be_set_and_the_newest_stays_in_any_case(
    files: SnapshotFiles,
) -> None:
    for day in range(5):
        make_snapshot(files, ago(day))
    files.prune(TODAY, whole=2, days=3)
    assert [len(content) for _, content in sorted(list_content(files).items())] == [3, 3, 4, 5, 5]
    files.prune(TODAY, whole=0, days=0)
    assert [len(content) for _, content in sorted(list_content(files).items())] == [3, 3, 3, 3, 5]


def test_what_is_none_of_ours_in_the_folder_is_left_alone(files: SnapshotFiles) -> None:
    make_snapshot(files, NOON)
    for name in ("notes.txt", "20261130T120000Z.bak", "99991130"):
        (files.folder / name).write_text("")
    files.prune(TODAY)
    assert files.newest() == files.folder / "20261130T120000Z"
    assert len(os.listdir(files.folder)) == 4


def test_the_state_is_read_as_it_was_kept(files: SnapshotFiles) -> None:
    for state in (State(NOON), State(ago(1), "no space left on device"), State(NOON, "two versions", of_tables=True)):
        files.keep_state(state)
        assert files.state() == state
    assert os.listdir(files.folder) == ["state.json"]


def test_a_state_that_cannot_be_read_is_none_and_can_be_kept_anew(files: SnapshotFiles) -> None:
    files.keep_state(State(NOON))
    (files.folder / "state.json").write_text('{"tried": "yest')
    assert files.state() is None
    files.keep_state(State(NOON))
    assert files.state() == State(NOON)


def test_where_nothing_can_be_written_that_is_an_error_and_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("a file where the folder should be")
    files = SnapshotFiles(tmp_path / "snapshots")
    with pytest.raises(FileExistsError), files.new(NOON):
        pytest.fail("there is no folder")
    with pytest.raises(FileExistsError):
        files.keep_state(State(NOON))
    assert files.newest() is None


@pytest.mark.long
def test_readers_always_find_a_whole_one_while_new_ones_come_and_old_ones_go(files: SnapshotFiles) -> None:
    make_snapshot(files, ago(minutes=500), "0")
    ended, faults, reads = threading.Event(), list[Exception](), [0, 0, 0]

    def read(number: int) -> None:
        while not ended.is_set():
            newest = files.newest()
            try:
                assert newest is not None
                assert len({(newest / name).read_text() for name in CONTENT}) == 1
            except (AssertionError, OSError) as error:
                faults.append(error)
            reads[number] += 1

    def all_have_read() -> None:
        before = list(reads)
        until(lambda: all(now > then for now, then in zip(reads, before, strict=True)))

    with ThreadPoolExecutor(len(reads)) as pool:
        readers = [pool.submit(read, number) for number in range(len(reads))]
        try:
            for number in range(40):
                make_snapshot(files, ago(minutes=400 - number // 2), str(number))
                files.prune(TODAY)
                # Snapshots are a minute apart: whoever reads one is done before three more have come.
                all_have_read()
        finally:
            ended.set()
        for reader in readers:
            reader.result()
    assert faults == []


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_moments_pruning_keeps_the_newest_whole_and_the_last_of_each_day(
    files: SnapshotFiles, seed: int
) -> None:
    drawn = random.Random(seed)
    moments = {ago(drawn.randrange(60), drawn.randrange(1440)) for _ in range(drawn.randrange(1, 40))}
    for when in moments:
        make_snapshot(files, when)
    last = {day: max(when for when in moments if when.date() == day) for day in {when.date() for when in moments}}
    files.prune(TODAY)
    whole = sorted(moments, reverse=True)[:KEPT_WHOLE]
    found = {moment(files.folder / name): content for name, content in list_content(files).items()}
    assert set(found) == {*whole, *last.values()}
    for when, content in found.items():
        expected = {*CONTENT} if when in whole else {name for name in CONTENT if name.endswith(".json")}
        young = (TODAY - when.date()).days < KEPT_DAYS
        assert content == expected | ({"datasets.parquet"} if young or when in whole else set())


def test_a_manifest_names_what_it_is_of_in_plain_json(files: SnapshotFiles) -> None:
    files.keep_state(State(NOON, "no space left on device"))
    assert json.loads((files.folder / "state.json").read_text()) == {
        "tried": "2026-11-30T12:00:00Z",
        "problem": "no space left on device",
        "of_tables": False,
    }
