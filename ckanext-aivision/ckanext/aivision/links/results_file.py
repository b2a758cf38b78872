"""Results of checks between runs: an SQLite file, which an interrupted run does not damage."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from pathlib import Path
from types import TracebackType

import msgspec
import platformdirs

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.observations.observations import Link

# SQLite takes no more parameters in one statement on every system.
_MOST = 500
# "aivl": what tells this file from another program's (PRAGMA application_id).
_APPLICATION = 0x6169766C


def default_path() -> Path:
    """The default place for results: among the user's caches, by the convention of the system."""
    return platformdirs.user_cache_path("aivision", appauthor=False) / "links.sqlite"


class LinkResults:
    """The stored result for each address. Use as a context."""

    def __init__(self, path: Path) -> None:
        """Makes the file where there is none. Raises UsageError if it cannot be written or is something else."""
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=30)
            try:
                self._prepare()
            except BaseException:
                self._file.close()
                raise
        except (OSError, sqlite3.Error) as error:
            raise UsageError(f"{path}: cannot be used for link results ({error}); choose another file") from error

    def __enter__(self) -> LinkResults:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def find(self, urls: Collection[str]) -> dict[str, Link]:
        """The stored results for these addresses; those that were never checked are left out."""
        left, found = list(urls), {}
        while left:
            some, left = left[:_MOST], left[_MOST:]
            marks = ",".join("?" * len(some))
            rows = self._file.execute(f"SELECT link FROM link WHERE url IN ({marks})", some)  # noqa: S608 - only marks
            for (text,) in rows:
                link = self._read(text)
                found[link.url] = link
        return found

    def keep(self, links: Iterable[Link]) -> None:
        """Writes results; they are safe on the disk when this returns. Raises UsageError if it cannot be."""
        rows = [(link.url, msgspec.json.encode(link).decode()) for link in links]
        try:
            with self._file:
                self._file.executemany("INSERT OR REPLACE INTO link (url, link) VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            raise UsageError(f"{self._path}: link results cannot be written: {error}") from error

    def _prepare(self) -> None:
        (tables,) = self._file.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (application,) = self._file.execute("PRAGMA application_id").fetchone()
        if tables and application != _APPLICATION:
            raise UsageError(f"{self._path}: is a database for something else; choose another file for link results")
        with self._file:
            self._file.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._file.execute("CREATE TABLE IF NOT EXISTS link (url TEXT PRIMARY KEY, link TEXT NOT NULL)")

    def _read(self, text: str) -> Link:
        try:
            return msgspec.json.decode(text, type=Link)
        except msgspec.DecodeError as error:
            raise UsageError(f"{self._path}: contains something that is not a link result; delete the file") from error
