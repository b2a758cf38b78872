"""From a source to its records, whatever it speaks and wherever it lies."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import BinaryIO, cast

import msgspec

from ckanext.aivision.errors import Problem, SourceError
from ckanext.aivision.harvesters import entries, files
from ckanext.aivision.harvesters.body import Validators
from ckanext.aivision.harvesters.ckan_api import ROWS, CkanPages, action_address, is_action_address
from ckanext.aivision.harvesters.clock import CLOCK, Clock
from ckanext.aivision.harvesters.datagov_search import DatagovSearch
from ckanext.aivision.harvesters.decoding import text_chunks
from ckanext.aivision.harvesters.mapping import refused
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import Source, completed
from ckanext.aivision.harvesters.state import SourceState, state_of
from ckanext.aivision.record import Harvested

PAGED: dict[str, type[CkanPages] | type[DatagovSearch]] = {"ckan": CkanPages, "datagov-search": DatagovSearch}


class Harvest:
    """One reading of a source. Iterate once.

    source: with its kind, profile and country once the first record has come.
    expected: the number of records that the source says it has, or None.
    complete: True once the whole source has been read, so that what was not seen is gone; a limit that cut it, an
    error, and a reading that asked for less leave it False.
    unchanged: the document is still the one that was read last (304): nothing was read, and nothing is gone.
    incremental: less than the whole source was asked for, as its state allowed: what is not seen is not gone.
    state: what to keep for the next reading; valid after each record, to go on from there. A reading with a limit
    leaves it as it was.
    remarks: problems of the source as a whole, known at the end.
    """

    def __init__(
        self,
        source: Source,
        session: Session,
        limit: int | None = None,
        state: SourceState | None = None,
        clock: Clock = CLOCK,
    ) -> None:
        self.source = source
        self.expected: int | None = None
        self.complete = self.unchanged = self.incremental = False
        self.state = state_of(source, state)
        self.remarks: list[Problem] = []
        self._session, self._limit, self._clock = session, limit, clock
        self._again = False

    def __iter__(self) -> Iterator[Harvested]:
        """Yields each record once; an identifier that comes again is refused, named and kept out.

        Raises SourceError where the source cannot be read (any further), and UsageError where a file cannot be opened.
        """
        seen: set[str] = set()
        count, before = 0, self.state
        for harvested in self._records():
            identifier = harvested.dataset.identifier if harvested.dataset is not None else None
            if identifier in seen:
                if self._again:
                    continue
                yield _repeated(harvested, identifier)
            else:
                if identifier is not None:
                    seen.add(identifier)
                yield harvested
            count += 1
            if count == self._limit:
                return
        if self.unchanged or self.incremental:
            return
        if count < self.source.min_records:
            self.state = msgspec.structs.replace(before, requests=self.state.requests)
            raise SourceError(
                f"{self.source.name}: gave {count:,} records where at least {self.source.min_records:,} belong "
                "(min_records in config/sources.yaml); look at the source"
            )
        self.complete = True

    def _records(self) -> Iterator[Harvested]:
        source = self.source
        if not _is_remote(source):
            return self._file()
        if source.kind in PAGED:
            return self._paged(source.kind)
        if not source.kind and is_action_address(source.url):
            return self._paged("ckan")
        return self._fetched()

    def _paged(self, kind: str) -> Iterator[Harvested]:
        self.source = completed(self.source, kind)
        rows = ROWS if self._limit is None else min(self._limit, ROWS)
        # A reading with a limit is a look: it neither goes on from another nor does another go on from it.
        known = self.state if self._limit is None else SourceState(requests=self.state.requests)
        pages = PAGED[kind](self.source, self._session, rows, known, self._clock)
        self.remarks = pages.remarks
        try:
            for harvested in pages:
                self._note(pages)
                yield harvested
        finally:
            self._note(pages)

    def _note(self, pages: CkanPages | DatagovSearch) -> None:
        self.expected, self.incremental, self._again = pages.expected, pages.incremental, pages.again
        if self._limit is None:
            self.state = pages.state
        else:
            self.state = msgspec.structs.replace(self.state, requests=pages.state.requests)

    def _file(self) -> Iterator[Harvested]:
        with files.open_file(self.source.url) as file:
            yield from self._document(file)

    def _fetched(self) -> Iterator[Harvested]:
        known = Validators() if self._limit is not None else Validators(self.state.etag, self.state.last_modified)
        with self._session.stream(self.source.url, known) as body:
            self.unchanged = body.unchanged
            if self.unchanged:
                return
            kind = yield from self._document(cast(BinaryIO, body))
        if kind is not None:
            yield from self._paged(kind)
        elif self._limit is None:
            etag, last_modified = body.validators
            ended = self._clock.now()
            self.state = msgspec.structs.replace(self.state, etag=etag, last_modified=last_modified, full_ended=ended)

    def _document(self, raw: BinaryIO) -> Generator[Harvested, None, str | None]:
        """The records of a document; returns the kind where pages are behind it, which it has not read then."""
        unpacked = cast(BinaryIO, files.Unpacked(raw, self.source.name))
        head, chunks = files.looked_at(text_chunks(unpacked))
        kind = self._pages_behind(head)
        if kind is None:
            shape = _shape(self.source, head)
            self.source = completed(self.source, shape.kind)
            yield from files.records(chunks, self.source, shape)
        return kind

    def _pages_behind(self, head: str) -> str | None:
        """The kind of paged source that an address of no stated kind turns out to be; None for a document."""
        if self.source.kind or not _is_remote(self.source):
            return None
        if entries.shape_of(head) == entries.SEARCH:
            return "datagov-search"
        if not head.lstrip().startswith("<"):
            return None
        # A web page: a portal's front door, when CKAN's API is behind it.
        url, params = action_address(self.source.url, "package_search")
        try:
            answer = self._session.json(url, {**params, "rows": 0})
        except SourceError as error:
            raise SourceError(
                f"{self.source.name}: a web page came instead of JSON, and no CKAN API is behind it ({error}); "
                "give the address of a data.json"
            ) from error
        return "ckan" if isinstance(answer, dict) and answer.get("success") is True else None


def _repeated(harvested: Harvested, identifier: str | None) -> Harvested:
    message = "the identifier stands twice in the source and the first one was kept: give each its own"
    place = f"{harvested.where}.identifier"
    return refused(place, harvested.raw, "identifier-repeated", message, identifier, identifier, harvested.where)


def _is_remote(source: Source) -> bool:
    return source.url.startswith(("http://", "https://"))


def _shape(source: Source, head: str) -> entries.Shape:
    """What the document is. Where it cannot be told, it is read as a catalogue, which says what is missing."""
    shape = entries.shape_of(head)
    if source.kind and shape.kind and shape.kind != source.kind:
        raise SourceError(f"{source.name}: this is {shape.kind}, not {source.kind}; say --kind {shape.kind}")
    if shape is entries.UNKNOWN:
        return entries.PACKAGES if source.kind == "ckan" else entries.CATALOGUE
    return shape


def open_source(
    source: Source,
    session: Session,
    limit: int | None = None,
    state: SourceState | None = None,
    clock: Clock = CLOCK,
) -> Harvest:
    """A reading of a source.

    limit: read this many records at the most. state: what the last reading left. clock: dates the reading, and waits
    where the source asks for it. Nothing is fetched before the first record is asked for.
    """
    return Harvest(source, session, limit, state, clock)
