"""A backup as one file: an uncompressed tar archive that only its owner can read.

database.dump      of pg_dump, in its own (compressed) format
settings/NAME      ckan-extra.ini, secrets.json, admin-password
storage/...        uploads, snapshots, dumps
manifest.json      what it is of, and the SHA-256 of every other member: last, so that a file that was cut off has none
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import io
import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from ckanext.aivision.errors import UsageError

DUMP, MANIFEST = "database.dump", "manifest.json"
SETTINGS, STORAGE = "settings", "storage"
SETTING_FILES = ("ckan-extra.ini", "secrets.json", "admin-password")
_LAYOUT = 1
_PIECE = 1 << 20


class TableSum(msgspec.Struct, frozen=True):
    """rows: how many a table has. sum: of the hashes of its rows, whatever their order."""

    rows: int
    sum: str


class Manifest(msgspec.Struct, frozen=True):
    """made: when the database was read (UTC). migration: the newest of ours that the tables have."""

    made: datetime.datetime
    software: str
    ckan: str
    migration: str
    tables: dict[str, TableSum]
    members: dict[str, str]
    layout: int = _LAYOUT


class Archive:
    """A backup that is being written. Each member is read once, and its hash noted."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.members: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        """Adds a file. One that is gone meanwhile, and what is no file, is left out."""
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = found.st_size, int(found.st_mtime), 0o600
            reader = _HashingReader(file)
            self._tar.addfile(info, reader)
            self.members[name] = reader.hash.hexdigest()

    def close(self, manifest: Manifest) -> None:
        """Adds the manifest and ends the archive."""
        body = msgspec.json.format(msgspec.json.encode(manifest))
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(body), 0o600
        self._tar.addfile(info, io.BytesIO(body))
        self._tar.close()


class _HashingReader:
    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.hash.update(piece)
        return piece


@contextlib.contextmanager
def new_private_file(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner can read; it has its name once it is whole, and is removed after an error.

    Raises UsageError if there is a file of that name.
    """
    if path.exists():
        raise UsageError(f"{path} exists already: give another name")
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}; choose another place") from error
    try:
        with open(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def read_archive(path: Path, into: Path | None = None) -> Manifest:
    """Reads a backup to its end and compares every hash. Gives its manifest.

    into: an existing folder that the members are written into; only read if it is None. Raises UsageError if it is
    no backup, not whole, or not what was written.
    """
    manifest: Manifest | None = None
    found: dict[str, str] = {}
    try:
        with tarfile.open(path, "r:") as tar:
            for info in tar:
                # A link would be read as what it names.
                member = tar.extractfile(info) if info.isreg() else None
                if member is None or not _is_ours(info.name):
                    raise UsageError(f"{path}: {info.name!r} is not part of a backup; use a file of `aivision backup`")
                if info.name == MANIFEST:
                    manifest = msgspec.json.decode(member.read(), type=Manifest)
                else:
                    found[info.name] = _copy(member, into / info.name if into is not None else None)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    except (tarfile.TarError, msgspec.DecodeError) as error:
        raise UsageError(f"{path} is no backup, or damaged ({error}); use a file of `aivision backup`") from error
    if manifest is None:
        raise UsageError(f"{path} is not whole: its end is missing; use another backup")
    if manifest.layout != _LAYOUT:
        raise UsageError(f"{path} was made by version {manifest.software}; restore it with that version or a later one")
    changed = sorted(name for name in found.keys() | manifest.members if found.get(name) != manifest.members.get(name))
    if changed:
        raise UsageError(f"{path} is damaged: {changed[0]} is not what was written; use another backup")
    return manifest


def _is_ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/"):
        return False
    if parts[0] == SETTINGS:
        return len(parts) == 2 and parts[1] in SETTING_FILES
    return name in (DUMP, MANIFEST) or (parts[0] == STORAGE and len(parts) > 1)


def _copy(member: IO[bytes], to: Path | None) -> str:
    sum = hashlib.sha256()
    with contextlib.ExitStack() as stack:
        file = None
        if to is not None:
            to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = stack.enter_context(open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"))
        while piece := member.read(_PIECE):
            sum.update(piece)
            if file is not None:
                file.write(piece)
    return sum.hexdigest()
