"""A copy of a catalogue's datasets in a directory, and how far it has come.

packages.ndjson        the datasets, one CKAN package a line
packages.again.ndjson  the same while everything is fetched again, which then takes its place
pull.json              the catalogue, the cursor of the next changes, the number of datasets, the time of the last pull
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from ckanext.aivision.errors import UsageError

PACKAGES, _AGAIN, _STATE = "packages.ndjson", "packages.again.ndjson", "pull.json"
# Changes that are kept in memory before the file is written again.
_MOST_BYTES = 128 * 2**20


class State(msgspec.Struct):
    """The content of pull.json. cursor: empty before the first page. again: everything is being fetched again."""

    url: str
    cursor: str = ""
    datasets: int = 0
    pulled: datetime.datetime | None = None
    again: bool = False


class _Line(msgspec.Struct):
    id: str


class Mirror:
    """The copy in a directory. Use as a context; when it ends, whatever was fetched until then is stored."""

    def __init__(self, folder: Path, url: str) -> None:
        """Raises UsageError if the directory cannot be written, is in use, or has something else."""
        self.folder, self._opened = folder, contextlib.ExitStack()
        self._waiting: dict[str, bytes | None] = {}
        self._bytes = 0
        with self._usable(), contextlib.ExitStack() as opened:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock(opened)
            self.state = self._read_state(url)
            self._opened = opened.pop_all()
        self._stored = self.state.cursor

    def __enter__(self) -> Mirror:
        return self

    def __exit__(self, *_: object) -> None:
        with self._opened:
            self._store()

    def put(self, id: str, package: bytes | None) -> None:
        """Notes a package as it is now, in JSON on one line; None if it is gone."""
        self._bytes += len(package or b"") - len(self._waiting.get(id) or b"")
        self._waiting[id] = package

    def reach(self, cursor: str) -> None:
        """Says that everything before a cursor was noted."""
        self.state.cursor = cursor
        if self._bytes > _MOST_BYTES:
            self._store()

    def begin_again(self) -> None:
        """Forgets how far the copy has come. What is noted from now on is a new copy, in whose place the old one stays
        until `complete`.
        """
        self._store()
        self._stored = self.state.cursor = ""
        self.state.again = True
        with self._usable():
            (self.folder / _AGAIN).unlink(missing_ok=True)
            self._store_state()

    def complete(self) -> int:
        """Says that nothing follows now. Returns how many datasets a new copy no longer has."""
        if not self.state.again:
            return 0
        self._store()
        with self._usable():
            fresh, path = self.folder / _AGAIN, self.folder / PACKAGES
            gone = len(_ids(path) - _ids(fresh))
            self.state.again = False
            self.state.datasets = len(_ids(fresh))
            fresh.replace(path)
            self._store_state()
        return gone

    def _store(self) -> None:
        """First the packages and then the cursor: if that is interrupted in between, they are fetched again."""
        if not self._waiting and self.state.cursor == self._stored:
            return
        with self._usable():
            with _replacing(self._path) as new:
                count = self._write(new)
            if not self.state.again:
                self.state.datasets = count
            self._store_state()
        self._waiting, self._bytes, self._stored = {}, 0, self.state.cursor

    def _store_state(self) -> None:
        self.state.pulled = datetime.datetime.now(datetime.timezone.utc)
        with _replacing(self.folder / _STATE) as new:
            new.write(msgspec.json.format(msgspec.json.encode(self.state)) + b"\n")

    @property
    def _path(self) -> Path:
        return self.folder / (_AGAIN if self.state.again else PACKAGES)

    def _write(self, new: BinaryIO) -> int:
        count = 0
        for line in self._lines():
            if msgspec.json.decode(line, type=_Line).id not in self._waiting:
                new.write(line)
                count += 1
        for package in self._waiting.values():
            if package is not None:
                new.write(package + b"\n")
                count += 1
        return count

    def _lines(self) -> Iterator[bytes]:
        if self._path.exists():
            with self._path.open("rb") as lines:
                yield from lines

    def _read_state(self, url: str) -> State:
        path, packages = self.folder / _STATE, self.folder / PACKAGES
        if not path.exists():
            if packages.exists():
                raise UsageError(f"{self.folder}: has {PACKAGES}, but no {_STATE}; choose another directory")
            return State(url)
        try:
            state = msgspec.json.decode(path.read_bytes(), type=State)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: is not the state of a pull ({error}); choose another directory") from error
        if state.url != url:
            raise UsageError(f"{self.folder}: is a copy of {state.url}, not of {url}; choose another directory")
        if not packages.exists():
            raise UsageError(f"{self.folder}: {PACKAGES} is missing; delete {_STATE} to fetch everything again")
        if state.again and state.cursor and not (self.folder / _AGAIN).exists():
            # It was complete, and has taken the place of the old copy; only this had not been noted yet.
            state.again = False
        return state

    def _lock(self, opened: contextlib.ExitStack) -> None:
        folder = os.open(self.folder, os.O_RDONLY)
        opened.callback(os.close, folder)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(f"{self.folder}: another pull is writing there; wait until it ends") from error

    @contextlib.contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise UsageError(f"{self.folder}: cannot be written: {error.strerror}; choose another directory") from error
        except msgspec.DecodeError as error:
            path = self.folder / PACKAGES
            raise UsageError(f"{path}: has a line that is no package ({error}); pull into another directory") from error


def is_copy(folder: Path) -> bool:
    """Whether a directory has a copy that was begun."""
    return (folder / _STATE).exists()


def _ids(path: Path) -> set[str]:
    with path.open("rb") as lines:
        return {msgspec.json.decode(line, type=_Line).id for line in lines}


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of another one once it is on the disk."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as new:
        yield new
        new.flush()
        os.fsync(new.fileno())
    beside.replace(path)
