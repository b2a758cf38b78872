"""The folder of dumps: which one a day or `latest` is, which are kept, and that a half of one is never seen."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec
import pytest

from ckanext.aivision.snapshot.dump.dump_files import Dump, DumpFiles, kinds

NOON = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.timezone.utc)


@pytest.fixture
def files(tmp_path: Path) -> DumpFiles:
    return DumpFiles(tmp_path / "dumps")


def make(files: DumpFiles, made: datetime.datetime, datasets: int = 1) -> None:
    dump = Dump(
        made=made,
        seconds=1,
        software="1",
        rubric_version="1",
        title="Everything",
        licence="CC-BY-4.0",
        datasets=datasets,
        coverage=0.5,
        countries=["GB"],
        files=[],
    )
    with files.new(made) as folder:
        (folder / "manifest.json").write_bytes(msgspec.json.encode(dump))


def days(files: DumpFiles) -> list[str]:
    return [dump.day for dump in files.list_all()]


def test_the_newest_is_latest_and_each_day_has_its_last_one(files: DumpFiles) -> None:
    for hours, datasets in ((0, 1), (1, 2), (24, 3)):
        make(files, NOON + datetime.timedelta(hours=hours), datasets)
    found = {day: files.of_day(day) for day in ("latest", "2026-12-01", "2026-11-30")}
    assert [one.dump.datasets for one in found.values() if one is not None] == [3, 3, 2]
    assert days(files) == ["2026-12-01", "2026-11-30"]


@pytest.mark.parametrize("day", ["2026-11-29", "2026-12-01", "20261130", "2026-11-30 ", "..", "", "x\0", "2026-W49-1"])
def test_a_day_without_a_dump_has_none(files: DumpFiles, day: str) -> None:
    make(files, NOON)
    assert files.of_day(day) is None


def test_without_dumps_there_is_no_latest(files: DumpFiles) -> None:
    assert files.of_day("latest") is None
    assert days(files) == []


def test_one_that_failed_leaves_nothing(files: DumpFiles) -> None:
    make(files, NOON)
    with pytest.raises(ZeroDivisionError), files.new(NOON + datetime.timedelta(days=1)):
        1 / 0  # noqa: B018
    assert days(files) == ["2026-11-30"]
    assert len(list(files.folder.iterdir())) == 1


def test_days_long_past_and_earlier_ones_of_a_day_are_removed_but_never_the_newest(files: DumpFiles) -> None:
    for ago in (0, 0.1, 1, 2, 7, 8):
        make(files, NOON - datetime.timedelta(days=ago))
    files.prune(NOON.date(), days=3)
    assert days(files) == ["2026-11-30", "2026-11-29", "2026-11-28"]
    assert len(files.all()) == 3
    files.prune(NOON.date() + datetime.timedelta(days=100), days=3)
    assert days(files) == ["2026-11-30"]


def test_the_dumps_of_a_day_can_be_removed(files: DumpFiles) -> None:
    make(files, NOON)
    make(files, NOON + datetime.timedelta(days=1))
    assert files.remove_day(NOON.date()) == 1
    assert files.remove_day(NOON.date()) == 0
    assert days(files) == ["2026-12-01"]


def test_every_file_says_what_is_in_it() -> None:
    assert all(kind.title and kind.text and kind.media_type for kind in kinds())
    assert len({kind.name for kind in kinds()}) == len(kinds()) == 5
