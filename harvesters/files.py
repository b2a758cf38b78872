"""Saved metadata: data.json, CKAN's answers and dumps, pages of the catalog.data.gov search, gzipped or not."""

from __future__ import annotations

import gzip
import itertools
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters import entries
from ckanext.aivision.harvesters.ckan_package import CKAN
from ckanext.aivision.harvesters.dcat_us import DCAT_US
from ckanext.aivision.harvesters.json_text import JsonText
from ckanext.aivision.harvesters.mapping import Mapper, harvested
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.record import Harvested

_GZIP = b"\x1f\x8b"
_HEAD = 64 * 1024  # characters that show what a document is


def open_file(path: str) -> BinaryIO:
    """A file, open for reading. Raises UsageError where it cannot be opened."""
    try:
        return open(Path(path), "rb")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error


class Unpacked:
    """A readable file whose content is decompressed where it is gzipped, and whose faults are the source's.

    Wraps a body from the net as well: some portals serve data.json.gz as a file.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        head = self._filled(file)
        self._file: Any = _Rejoined(head, file)
        if head.startswith(_GZIP):
            self._file = gzip.GzipFile(fileobj=cast(BinaryIO, self._file))

    def read(self, size: int = -1) -> bytes:
        try:
            content: bytes = self._file.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(f"{self._name}: the file breaks off or is damaged ({error}); get it again") from error
        return content

    @staticmethod
    def _filled(file: BinaryIO) -> bytes:
        head = b""
        while len(head) < len(_GZIP) and (chunk := file.read(len(_GZIP) - len(head))):
            head += chunk
        return head


class _Rejoined:
    """A file together with the bytes that were already taken from its beginning."""

    def __init__(self, head: bytes, file: BinaryIO) -> None:
        self._head, self._file = head, file

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._file.read(size)
        head, self._head = self._head, b""
        if 0 <= size < len(head):
            head, self._head = head[:size], head[size:]
        return head


def begun(file: Unpacked) -> tuple[bytes, BinaryIO]:
    """The first bytes of a file, and the whole of it."""
    head = b""
    while len(head) < _HEAD and (chunk := file.read(_HEAD - len(head))):
        head += chunk
    return head, cast(BinaryIO, _Rejoined(head, cast(BinaryIO, file)))


def looked_at(chunks: Iterator[str]) -> tuple[str, Iterator[str]]:
    """The first characters of a text, and the whole of it."""
    taken: list[str] = []
    while sum(map(len, taken)) < _HEAD and (chunk := next(chunks, None)) is not None:
        taken.append(chunk)
    return "".join(taken), itertools.chain(taken, chunks)


def records(chunks: Iterator[str], source: Source, shape: entries.Shape) -> Iterator[Harvested]:
    """The records of a document of that shape.

    chunks: its text in pieces. Raises SourceError where it is not of that shape, or breaks off.
    """
    mapper: Mapper = CKAN if shape.kind == "ckan" else DCAT_US
    if shape.layout == "lines":
        found = entries.lines(chunks, source.name)
    else:
        found = entries.entries(JsonText(chunks, source.name), shape, source.name)
    for entry in found:
        yield harvested(_inner(entry) if shape == entries.SEARCH else entry, source, mapper)


def _inner(entry: entries.Entry) -> entries.Entry:
    """The DCAT-US record inside a result of the search."""
    raw = entry.raw.get("dcat") if isinstance(entry.raw, dict) else None
    return entry._replace(raw=raw, where=f"{entry.where}.dcat")
