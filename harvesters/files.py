"""Saved catalogues: data.json, CKAN answers and dumps, gzipped or not."""

from __future__ import annotations

import contextlib
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import ijson

from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters import ckan_fields
from ckanext.aivision.harvesters.mapping import refused
from ckanext.aivision.harvesters.repair import RepairedStream
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.record import Harvested

_GZIP = b"\x1f\x8b"
# A line longer than this is no record.
_LONGEST_LINE = 64 * 2**20


@contextlib.contextmanager
def open_file(path: str) -> Iterator[BinaryIO]:
    """A file's content, decompressed where it is gzipped. Raises UsageError where it cannot be opened."""
    try:
        with open(Path(path), "rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            content = gzip.GzipFile(fileobj=file) if packed else file
            yield cast(BinaryIO, _Readable(content, path))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error


class _Readable:
    """A file whose faults while reading are the source's."""

    def __init__(self, file: Any, name: str) -> None:
        self._file, self._name = file, name

    def read(self, size: int = -1) -> bytes:
        try:
            content: bytes = self._file.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(f"{self._name}: the file breaks off or is damaged ({error}); get it again") from error
        return content


def kind_of(head: bytes) -> str | None:
    """What a document's beginning shows it to be: a kind of `source.KINDS`, or None."""
    start = head.lstrip()
    if not start.startswith((b"{", b"[")):
        return None
    if any(mark in start for mark in (b'"owner_org"', b'"metadata_created"', b'"license_id"', b'"resources"')):
        return "ckan"
    if b'"success"' in start and b'"result"' in start:
        return "ckan"
    return "dcat-us"


def ckan_records(raw: BinaryIO, source: Source) -> Iterator[Harvested]:
    """The packages of a dump (one a line), of a saved package_search or package_show answer, or of a list."""
    stream = RepairedStream(raw)
    head = stream.peek()
    if head.startswith(b"["):
        yield from _streamed(stream, "item", source)
    elif b'"results"' in head[:500] and b'"result"' in head[:300]:
        yield from _streamed(stream, "result.results.item", source)
    elif b'"result"' in head[:300] and b'"success"' in head[:300]:
        yield from _streamed(stream, "result", source)
    else:
        yield from _lines(stream, source)


def _streamed(stream: RepairedStream, path: str, source: Source) -> Iterator[Harvested]:
    count = 0
    try:
        for package in ijson.items(stream, path, use_float=True):
            yield ckan_fields.to_harvested(package, source, f"$.{path.removesuffix('item').rstrip('.')}[{count}]")
            count += 1
    except (ijson.JSONError, UnicodeError, ValueError, OverflowError) as error:
        raise SourceError(f"{source.name}: the JSON breaks off or is broken after {count:,} data sets") from error
    if count == 0:
        raise SourceError(f"{source.name}: no data sets found at `{path}`")


def _lines(stream: RepairedStream, source: Source) -> Iterator[Harvested]:
    for number, line in enumerate(_split(stream, source.name), 1):
        where = f"line {number}"
        try:
            package = json.loads(line)
        except (ValueError, RecursionError):
            message = "not JSON; a dump has one package object a line"
            yield refused(where, line[:1000].decode("utf-8", "replace"), "line-not-json", message)
        else:
            yield ckan_fields.to_harvested(package, source, where)


def _split(stream: RepairedStream, name: str) -> Iterator[bytes]:
    rest = b""
    while chunk := stream.read(2**20):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line for line in lines if line.strip())
        if len(rest) > _LONGEST_LINE:
            raise SourceError(f"{name}: a line of more than {_LONGEST_LINE:,} bytes; a dump has one package a line")
    if rest.strip():
        yield rest
