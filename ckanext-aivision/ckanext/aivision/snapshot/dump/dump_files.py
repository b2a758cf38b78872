"""The dumps on disk: which there are, what is in each, and for how long they are kept.

STORAGE/aivision/dumps/20261130T000500Z/manifest.json       what it is of, and its files with sizes and checksums
                                       /records.parquet     and the other files of config/dump/files.csv
                                       /dcat.ttl            what it says of itself in DCAT
                                       /croissant.jsonld    and in Croissant and schema.org (schema-org.jsonld)
                                       /SHA256SUMS          as `sha256sum --check` reads them
STORAGE/aivision/dumps/state.json                           when the last one was tried, and why it failed
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import logging
from pathlib import Path
from typing import NamedTuple

import msgspec

from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.snapshot.dated_folders import DatedFolders, moment, stored_folder

_log = logging.getLogger(__name__)
KEPT_DAYS = 7
EVALUATIONS = "evaluations.parquet"
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
# What a dump says of itself -> the media type.
DESCRIPTIONS = {
    "dcat.ttl": "text/turtle",
    "croissant.jsonld": 'application/ld+json; profile="http://mlcommons.org/croissant/1.1"',
    "schema-org.jsonld": "application/ld+json",
}
_OTHERS = {**DESCRIPTIONS, MANIFEST: "application/json", SUMS: "text/plain; charset=utf-8"}
_LATEST = "latest"


class Kind(NamedTuple):
    """A data file that every dump has: a row of config/dump/files.csv."""

    name: str
    title: str
    format: str
    media_type: str
    text: str


class DumpFile(msgspec.Struct, frozen=True):
    """A data file of a dump. size: in bytes. rows: datasets or distributions. sha256: in hexadecimal digits."""

    name: str
    size: int
    rows: int
    sha256: str


class Dump(msgspec.Struct, frozen=True, kw_only=True):
    """What a dump is of.

    made: the moment (UTC) that all of it is of. seconds: how long it took. software: what made it. coverage: the mean
    share of the questions, by weight, that have an answer, 0 to 1. countries: the publishers'.
    title, licence: of the dump itself; the licence as the setting had it.
    """

    made: datetime.datetime
    seconds: float
    software: str
    rubric_version: str
    title: str
    licence: str
    datasets: int
    coverage: float
    countries: list[str]
    files: list[DumpFile]

    @property
    def day(self) -> str:
        """The day (UTC) in its address: `2026-11-30`."""
        return self.made.date().isoformat()


class StoredDump(NamedTuple):
    """A dump with its folder. The folder may be removed while it is read: then OSError is raised."""

    folder: Path
    dump: Dump


class StoredFile(NamedTuple):
    """A file of a dump as it is given out. sha256: in hexadecimal digits."""

    path: Path
    media_type: str
    sha256: str


class DumpFiles(DatedFolders):
    """The folder of dumps."""

    def of_day(self, day: str) -> StoredDump | None:
        """The dump of a day (`2026-11-30`), or the newest (`latest`); None if there is none."""
        if day == _LATEST:
            return _open(self.newest())
        try:
            wanted = datetime.date.fromisoformat(day)
        except ValueError:
            return None
        found = self.as_of(wanted) if day == wanted.isoformat() else None
        return _open(found) if found is not None and moment(found).date() == wanted else None

    def list_all(self) -> list[Dump]:
        """The dump of each day that has one, the newest first."""
        return [found.dump for path in reversed(self.last_of_days()) if (found := _open(path)) is not None]

    def prune(self, today: datetime.date, days: int = KEPT_DAYS) -> None:
        """Removes the dumps of days long past, and those of a day that has a newer one. The newest always stays.

        days: how many days are kept, with today.
        """
        kept = self.last_of_days()
        for path in self.all():
            is_past = (today - moment(path).date()).days >= max(1, days)
            if path not in kept or (is_past and path != kept[-1]):
                self.remove(path)

    def remove_day(self, day: datetime.date) -> int:
        """Removes the dumps of a day. Returns how many there were."""
        found = [path for path in self.all() if moment(path).date() == day]
        for path in found:
            self.remove(path)
        return len(found)


def files() -> DumpFiles:
    """The dumps of this catalogue, in `ckan.storage_path`.

    Raises CkanConfigurationException where that is not set.
    """
    return DumpFiles(stored_folder("dumps"))


@functools.cache
def kinds() -> tuple[Kind, ...]:
    """The data files of a dump, in their order."""
    return tuple(Kind(**row) for row in rows("files", "dump"))


def find_file(found: StoredDump, name: str) -> StoredFile | None:
    """A file of a dump by its name; None if it has no such file."""
    path = found.folder / name
    if name in _OTHERS:
        try:
            return StoredFile(path, _OTHERS[name], hashlib.sha256(path.read_bytes()).hexdigest())
        except FileNotFoundError:
            return None
    types = {kind.name: kind.media_type for kind in kinds()}
    file = next((file for file in found.dump.files if file.name == name), None)
    return StoredFile(path, types.get(name, "application/octet-stream"), file.sha256) if file is not None else None


def _open(folder: Path | None) -> StoredDump | None:
    if folder is None:
        return None
    try:
        return StoredDump(folder, msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Dump))
    except (OSError, msgspec.DecodeError) as error:
        _log.warning("the dump %s cannot be read: %s", folder, error)
        return None
