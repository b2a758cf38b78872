"""The files of a dump: in a directory, or fetched from its address and checked against its checksums."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.http.session import Session

RECORDS, EVALUATIONS = "records.parquet", "evaluations.parquet"
_PAGE = re.compile(r"/dumps/(?:latest|\d{4}-\d\d-\d\d)/?$", re.ASCII)
_PIECE = 1024 * 1024


class _File(msgspec.Struct):
    name: str
    sha256: str


class _Manifest(msgspec.Struct):
    files: list[_File]


class LocalFiles:
    """A directory that a dump, or some of its files, was copied into."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Raises UsageError if it is not there."""
        found = self._folder / name
        if not found.is_file():
            raise UsageError(f"{self._folder}: there is no {name}; download it into this directory too")
        return found


class RemoteFiles:
    """A dump at its address. Each file is fetched once, into a temporary directory, which ends with this object."""

    def __init__(self, address: str, allow_hosts: Collection[str]) -> None:
        self._address, self._allow_hosts = address.rstrip("/"), allow_hosts
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._sums: dict[str, str] = {}

    def path(self, name: str) -> Path:
        """Raises SourceError if it cannot be fetched, or is not what the dump's list of files says."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="aivision-dump-")
        found = Path(self._folder.name) / name
        if not found.exists():
            with Session(allow_hosts=self._allow_hosts) as session:
                self._fetch(session, name, found)
        return found

    def _fetch(self, session: Session, name: str, target: Path) -> None:
        self._sums = self._sums or self._read_sums(session)
        if name not in self._sums:
            raise SourceError(f"{self._address}: this dump has no {name}; open a newer one")
        part, digest = target.with_suffix(".part"), hashlib.sha256()
        with session.stream(f"{self._address}/{name}") as body, part.open("wb") as file:
            while piece := body.read(_PIECE):
                digest.update(piece)
                file.write(piece)
        if digest.hexdigest() != self._sums[name]:
            raise SourceError(f"{self._address}/{name}: the checksum is another; there may be a newer dump, try again")
        part.rename(target)

    def _read_sums(self, session: Session) -> dict[str, str]:
        found = session.json(f"{self._address}/manifest.json")
        try:
            manifest = msgspec.convert(found, _Manifest)
        except msgspec.ValidationError as error:
            raise SourceError(f"{self._address}/manifest.json: this is no dump ({error}); check the address") from error
        return {file.name: file.sha256 for file in manifest.files}


Files = LocalFiles | RemoteFiles


def find_files(place: str, allow_hosts: Collection[str] = ()) -> Files | None:
    """The files of a dump at an address or in a directory; None if it does not look like one."""
    if "://" in place:
        return RemoteFiles(place, allow_hosts) if _PAGE.search(urlsplit(place).path) else None
    try:
        folder = Path(place)
        if place and any((folder / name).is_file() for name in (RECORDS, EVALUATIONS)):
            return LocalFiles(folder)
    except (OSError, ValueError):
        pass  # too long, or with characters that no file name has
    return None
