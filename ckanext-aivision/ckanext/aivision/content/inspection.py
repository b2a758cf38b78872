"""What one file is: its size, checksum and media type, and its profile; from a file on this machine or an address."""

from __future__ import annotations

import datetime
import functools
import hashlib
from pathlib import Path

import msgspec

from ckanext.aivision.content.limits import ProfileLimits
from ckanext.aivision.content.profile import Timed, profile_of
from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.parsing.decoding import Readable
from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.scoring.observations.file_profile import FileProfile

_PIECE = 1024 * 1024  # bytes
_HEAD = 64  # bytes
_PACKED = {"ZIP": "application/zip", "GZIP": "application/gzip"}


class Inspection(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """profile: its columns and contents, or why there are none. byte_size, sha256: of the whole file; None and empty if
    it was not read to its end. media_type: as its first bytes show it; empty if they show none.
    """

    profile: FileProfile
    byte_size: int | None = None
    sha256: str = ""
    media_type: str = ""


def inspect_path(path: str, url: str, now: datetime.datetime, limits: ProfileLimits | None = None) -> Inspection:
    """What a file on this machine is. url: where it can be fetched. Raises UsageError if it cannot be opened."""
    try:
        with open(Path(path), "rb") as file:
            read = _Hashed(file)
            profile = profile_of(read, url, now, limits)
            # The profile is of the first part of a large file; the checksum is of all of it.
            while read.read(_PIECE):
                pass
    except OSError as error:
        raise UsageError(f"{url}: cannot be read: {error.strerror or error}") from error
    return _inspection(read, profile)


def inspect_url(session: Session, url: str, now: datetime.datetime, limits: ProfileLimits | None = None) -> Inspection:
    """What an address gives, no more of it than may be fetched; never raises for what it answers."""
    limits = limits or ProfileLimits()
    try:
        with session.stream(url) as body:
            read = _Hashed(Timed(body, limits.seconds))
            return _inspection(read, profile_of(read, url, now, limits))
    except SourceError as error:
        return Inspection(profile=FileProfile(url=url, refusal="not-fetched", reason=str(error), profiled_at=now))


class _Hashed:
    """A file whose bytes are counted and hashed as they are read."""

    def __init__(self, file: Readable) -> None:
        self._file, self._hash = file, hashlib.sha256()
        self.head, self.size, self.ended = b"", 0, False

    def read(self, size: int = -1, /) -> bytes:
        piece = self._file.read(size)
        self._hash.update(piece)
        self.size += len(piece)
        self.ended = self.ended or not piece
        if len(self.head) < _HEAD:
            self.head += piece[: _HEAD - len(self.head)]
        return piece

    @property
    def checksum(self) -> str:
        return self._hash.hexdigest()


def _inspection(read: _Hashed, profile: FileProfile) -> Inspection:
    media_type = _media_type(profile, read.head)
    if not read.ended:
        return Inspection(profile=profile, media_type=media_type)
    return Inspection(profile=profile, media_type=media_type, byte_size=read.size, sha256=read.checksum)


def _media_type(profile: FileProfile, head: bytes) -> str:
    """By what the file turned out to be, else by its first bytes."""
    if profile.packed:
        return _PACKED.get(profile.packed, "")
    if profile.refusal == "page-instead-of-data":
        return "text/html"
    found = profile.format or next((key for start, key in _signatures() if head.startswith(start)), "")
    traits = media_types.traits(found) if found else None
    return (traits.media_type if traits is not None else "") or ""


@functools.cache
def _signatures() -> tuple[tuple[bytes, str], ...]:
    return tuple((bytes.fromhex(row["starts"]), row["format"]) for row in rows("file_signatures"))
