"""From a source to its records, whatever it speaks and wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters import dcat_us, files
from ckanext.aivision.harvesters.mapping import refused
from ckanext.aivision.harvesters.paging import CkanPages, DatagovSearch
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import Source, completed
from ckanext.aivision.record import Harvested

_CKAN_MARKS = ("/api/3/action", "/api/action")


class Harvest:
    """One reading of a source. Iterate once.

    expected: the number of records that the source says it has, or None.
    complete: True once the whole source has been read; a limit that cut it, or an error, leaves it False.
    """

    def __init__(self, source: Source, session: Session, limit: int | None = None) -> None:
        self.source = source
        self.expected: int | None = None
        self.complete = False
        self._session, self._limit = session, limit

    def __iter__(self) -> Iterator[Harvested]:
        """Yields each record once; an identifier that comes again is refused, named and kept out.

        Raises SourceError where the source cannot be read (any further), and UsageError where a file cannot be opened.
        """
        seen: set[str] = set()
        count = 0
        for harvested in self._records():
            if count == self._limit:
                return
            count += 1
            if harvested.dataset is not None and harvested.dataset.identifier in seen:
                message = "the identifier stands twice in the source; the first one was kept: give each its own"
                yield refused(harvested.where, harvested.raw, "identifier-repeated", message, "identifier")
                continue
            if harvested.dataset is not None:
                seen.add(harvested.dataset.identifier)
            yield harvested
        self.complete = True

    def _records(self) -> Iterator[Harvested]:
        remote = self.source.url.startswith(("http://", "https://"))
        kind = self.source.kind
        if remote and (kind == "ckan" or (not kind and any(mark in self.source.url for mark in _CKAN_MARKS))):
            yield from self._paged("ckan")
        elif remote and kind == "datagov-search":
            yield from self._paged(kind)
        else:
            yield from self._document(self._session.stream(self.source.url) if remote else files.open_file(self.source.url))

    def _paged(self, kind: str) -> Iterator[Harvested]:
        self.source = completed(self.source, kind)
        reader = CkanPages if kind == "ckan" else DatagovSearch
        rows = {} if self._limit is None else {"rows": min(self._limit, 1000)}
        pages = reader(self.source, self._session, **rows)
        for harvested in pages:
            self.expected = pages.expected
            yield harvested

    def _document(self, opened: AbstractContextManager[BinaryIO]) -> Iterator[Harvested]:
        with opened as raw:
            buffered = _Peekable(raw)
            kind = self.source.kind or files.kind_of(buffered.peek())
            if kind is None:
                # Says in which way it is no catalogue.
                next(dcat_us.records(buffered, self.source), None)
                raise SourceError(f"{self.source.name}: neither a DCAT-US catalogue nor CKAN's JSON")
            self.source = completed(self.source, kind)
            yield from dcat_us.records(buffered, self.source) if kind == "dcat-us" else files.ckan_records(buffered, self.source)


class _Peekable:
    """A binary file whose beginning can be looked at before it is read."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._head = b""

    def peek(self) -> bytes:
        while len(self._head) < 2**14 and (chunk := self._raw.read(2**14)):
            self._head += chunk
        # A byte-order mark, or the second bytes of UTF-16, must not hide what it is.
        return self._head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")

    def read(self, size: int = -1) -> bytes:
        if self._head:
            taken = self._head if size < 0 else self._head[:size]
            self._head = self._head[len(taken) :]
            return taken
        return self._raw.read(size)


def open_source(source: Source, session: Session, limit: int | None = None) -> Harvest:
    """A reading of a source.

    limit: read this many records at the most. Nothing is fetched before the first record is asked for.
    """
    return Harvest(source, session, limit)
