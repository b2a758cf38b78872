"""The snapshots on disk: where they are, which are kept, and how a new one takes its place whole.

STORAGE/aivision/snapshots/20261130T140500Z/manifest.json     what it is of
                                           /figures.json      the comparison (`compare.estimates.figures.Overview`)
                                           /lens-NAME.json    the comparison through a lens
                                           /frameworks.json   all lenses side by side
                                           /datasets.parquet  one row a dataset; /results.npy: its results
                                           /groups.parquet    those that no filter tells apart; /sums.npy: their sums
                                           /exemplars.parquet what datasets show of the criteria that they pass
                                           /coverage.json     who and what is counted (`compare.coverage`)
                                           /trends.parquet, trend-sources.parquet: series over time (`compare.series`)
STORAGE/aivision/snapshots/state.json                         when the last one was tried, and why it failed
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec

_STAMP = "%Y%m%dT%H%M%SZ"
# A second one of the same second has a number behind it.
_FOLDER = re.compile(r"(\d{8}T\d{6}Z)(?:-\d{3})?", re.ASCII)
_BUILDING = ".building-"
_STATE = "state.json"
_PART = ".state.part"
_DATASETS = "datasets.parquet"
# Kept in full, and for how many days the last one of each day keeps its table, if no setting says otherwise.
KEPT_WHOLE = 3
KEPT_DAYS = 30
_MOST_OF_A_SECOND = 999


class Size(msgspec.Struct, frozen=True):
    """How much a country has: its public datasets, and the publishers that they name."""

    code: str
    data_sets: int
    publishers: int


class Manifest(msgspec.Struct, frozen=True):
    """made: the moment (UTC) whose tables it is of. seconds: how long it took. fingerprint: of the evaluations
    (model.fingerprints). criteria: what the results are of, in their order: the rubric's criteria, and after them what
    lenses ask of the records (`LENS/ROW`). software: what made it.
    facets: the version of what the facets were worked out with (compare.table.facets)."""

    made: datetime.datetime
    seconds: float
    software: str
    facets: str
    rubric_version: str
    fingerprint: str
    data_sets: int
    samples: int
    countries: list[Size]
    criteria: list[str]


class State(msgspec.Struct, frozen=True):
    """tried: when the last snapshot was begun (UTC). problem: why there is no newer one, for readers too; empty if
    there is none. of_tables: whether the cause is what the tables hold, and not the storage or a fault of ours."""

    tried: datetime.datetime
    problem: str = ""
    of_tables: bool = False


class SnapshotFiles:
    """The folder of snapshots."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def newest(self) -> Path | None:
        """The newest whole snapshot; None if there is none."""
        return max(self._all(), default=None)

    def as_of(self, day: datetime.date) -> Path | None:
        """The last snapshot of a day (UTC), or of the last day before it that has one; None if there is none."""
        return max((path for path in self._all() if moment(path).date() <= day), default=None)

    def last_of_days(self) -> list[Path]:
        """The last snapshot of each day (UTC) that has one, the oldest day first."""
        return list({moment(path).date(): path for path in sorted(self._all())}.values())

    def state(self) -> State | None:
        """None before the first attempt."""
        try:
            return msgspec.json.decode((self.folder / _STATE).read_bytes(), type=State)
        except (OSError, msgspec.DecodeError):
            return None

    def keep_state(self, state: State) -> None:
        """Takes the place of the last one. One process at a time does this.

        Raises OSError where it cannot be written; the last one stays then.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / _PART
        part.write_bytes(msgspec.json.encode(state))
        part.replace(self.folder / _STATE)

    @contextlib.contextmanager
    def new(self, made: datetime.datetime) -> Iterator[Path]:
        """A folder to write a snapshot into; it takes its place at the end, unless an error ends it.

        made: UTC. One process at a time does this. Raises OSError where it cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(f"{_BUILDING}*"):
            shutil.rmtree(left, ignore_errors=True)
        building = self.folder / f"{_BUILDING}{uuid.uuid4()}"
        building.mkdir()
        try:
            yield building
            for path in building.iterdir():
                _sync(path)
            _sync(building)
            building.rename(self._free(made))
            _sync(self.folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def prune(self, today: datetime.date, whole: int = KEPT_WHOLE, days: int = KEPT_DAYS) -> None:
        """Removes what is not kept. The figures of a day's last snapshot stay for good.

        whole: how many of the newest stay as they are, at least one. days: for how many days the last one of each day
        keeps its table.
        """
        found = sorted(self._all(), reverse=True)
        last_of_day: set[datetime.date] = set()
        for place, path in enumerate(found):
            day = moment(path).date()
            is_last = day not in last_of_day
            last_of_day.add(day)
            if place < max(1, whole):
                continue
            if not is_last:
                # Renamed first: nobody opens a half of it.
                gone = path.rename(self.folder / f"{_BUILDING}{uuid.uuid4()}")
                shutil.rmtree(gone, ignore_errors=True)
                continue
            for file in path.iterdir():
                # Figures stay, and for some days the datasets; what filters are answered from goes.
                if file.suffix != ".json" and file.name != _DATASETS:
                    file.unlink()
            if (today - day).days >= days:
                (path / _DATASETS).unlink(missing_ok=True)

    def _free(self, made: datetime.datetime) -> Path:
        """A name that sorts behind all of its second: none is replaced, as a crash between two steps would lose both.

        Raises OSError after a thousand.
        """
        stamp = made.strftime(_STAMP)
        taken = [path.name for path in self._all() if path.name.startswith(stamp)]
        if not taken:
            return self.folder / stamp
        number = int(max(taken)[len(stamp) + 1 :] or 0) + 1
        if number > _MOST_OF_A_SECOND:
            raise OSError(errno.EEXIST, "there are too many snapshots of one second", str(self.folder / stamp))
        return self.folder / f"{stamp}-{number:03}"

    def _all(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if _FOLDER.fullmatch(path.name)]
        except OSError:
            return []


def moment(folder: Path) -> datetime.datetime:
    """The moment (UTC) that a snapshot's folder is named after."""
    stamp = folder.name.partition("-")[0]
    return datetime.datetime.strptime(stamp, _STAMP).replace(tzinfo=datetime.timezone.utc)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
