"""Folders named after the moment that they are of: the newest one, and how a new one takes its place whole."""

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
from ckan.exceptions import CkanConfigurationException
from ckan.plugins import toolkit

_STAMP = "%Y%m%dT%H%M%SZ"
# A second one of the same second has a number behind it.
_FOLDER = re.compile(r"(\d{8}T\d{6}Z)(?:-\d{3})?", re.ASCII)
_BUILDING = ".building-"
_STATE = "state.json"
_PART = ".state.part"
_MOST_OF_A_SECOND = 999


class State(msgspec.Struct, frozen=True):
    """tried: when the last one was begun (UTC). problem: why there is no newer one, for readers too; empty if
    there is none. of_tables: whether the cause is what the tables hold, and not the storage or a fault of ours."""

    tried: datetime.datetime
    problem: str = ""
    of_tables: bool = False


class DatedFolders:
    """A folder of such folders. Whatever is in one that is there is complete."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def newest(self) -> Path | None:
        """The newest one; None if there is none."""
        return max(self.all(), default=None)

    def as_of(self, day: datetime.date) -> Path | None:
        """The last one of a day (UTC), or of the last day before it that has one; None if there is none."""
        return max((path for path in self.all() if moment(path).date() <= day), default=None)

    def last_of_days(self) -> list[Path]:
        """The last one of each day (UTC) that has one, the oldest day first."""
        return list({moment(path).date(): path for path in sorted(self.all())}.values())

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
        """A folder to write one into; it takes its place at the end, unless an error ends it.

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

    def all(self) -> list[Path]:
        """All whole ones, in no order."""
        try:
            return [path for path in self.folder.iterdir() if _FOLDER.fullmatch(path.name)]
        except OSError:
            return []

    def remove(self, path: Path) -> None:
        """Removes one. Renamed first: nobody opens a half of it."""
        gone = path.rename(self.folder / f"{_BUILDING}{uuid.uuid4()}")
        shutil.rmtree(gone, ignore_errors=True)

    def _free(self, made: datetime.datetime) -> Path:
        """A name that sorts behind all of its second: none is replaced, as a crash between two steps would lose both.

        Raises OSError after a thousand.
        """
        stamp = made.strftime(_STAMP)
        taken = [path.name for path in self.all() if path.name.startswith(stamp)]
        if not taken:
            return self.folder / stamp
        number = int(max(taken)[len(stamp) + 1 :] or 0) + 1
        if number > _MOST_OF_A_SECOND:
            raise OSError(errno.EEXIST, "there are too many folders of one second", str(self.folder / stamp))
        return self.folder / f"{stamp}-{number:03}"


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


def stored_folder(name: str) -> Path:
    """A folder of ours in `ckan.storage_path`, which need not be there yet.

    Raises CkanConfigurationException where that is not set.
    """
    storage = toolkit.config.get("ckan.storage_path")
    if not storage:
        raise CkanConfigurationException(
            "ckan.storage_path is not set: set it to a folder that the site and its job workers can write into"
        )
    return Path(storage) / "aivision" / name
