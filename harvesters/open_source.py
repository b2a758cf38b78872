"""Open a source of any protocol and read its records."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from ckanext.aivision.errors import Problem, SourceError, UsageError
from ckanext.aivision.harvesters.documents import directory
from ckanext.aivision.harvesters.documents.source_documents import Documents
from ckanext.aivision.harvesters.http.body import Validators
from ckanext.aivision.harvesters.http.clock import CLOCK, Clock
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.collections import Collections
from ckanext.aivision.harvesters.mapping.country import Countries
from ckanext.aivision.harvesters.mapping.digests import Digests
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known, refused
from ckanext.aivision.harvesters.parsing import unpacking
from ckanext.aivision.harvesters.parsing.decoding import Opened
from ckanext.aivision.harvesters.protocols.api_pages import ROWS, ApiPages
from ckanext.aivision.harvesters.protocols.reader import PART
from ckanext.aivision.harvesters.protocols.recognition import api_of, protocol_of
from ckanext.aivision.harvesters.sources.source import Source, complete_source
from ckanext.aivision.harvesters.sources.source_state import SourceState, state_of
from ckanext.aivision.record import Harvested

Records = Generator[Harvested, None, None]


class Harvest:
    """One reading of a source. Iterate once.

    source: with its kind and profile once the first record has come, and with its country at the end.
    expected: the number of records that the source says it has, or None.
    complete: True once the whole source has been read, so that what was not seen is gone; a limit that cut it, an
    error, and a reading that asked for less leave it False.
    unchanged: the document is still the one that was read last (304): nothing was read, and nothing is gone.
    incremental: less than the whole source was asked for, as its state allowed: what is not seen is not gone.
    several: the source is, or may be, several documents, which no one request can tell to be unchanged.
    is_open_ended: nothing shows whether a document came whole (`source_documents.Documents`); known with its first
    record.
    state: what to keep for the next reading; valid after each record, to go on from there. A reading with a limit
    leaves it as it was.
    failure: why it could not be read (any further), where that is so.
    remarks: problems of the source as a whole, known at the end.
    known: the content hashes of records that need not be read again, by identifier; set before iterating.
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
        self.complete = self.unchanged = self.incremental = self.several = self.is_open_ended = False
        self.state = state_of(source, state)
        self.failure: SourceError | None = None
        self.remarks: list[Problem] = []
        self.known: Known = NOTHING_KNOWN
        self._session, self._limit, self._clock = session, limit, clock
        self._seen = Digests()
        self._collections, self._countries = Collections(), Countries()
        self._again = False

    def __iter__(self) -> Iterator[Harvested]:
        """Yields each record once; an identifier that comes again is refused, named and kept out.

        Raises SourceError if the source cannot be read (any further), and UsageError where a file cannot be opened.
        """
        before, count = self.state, 0
        try:
            with contextlib.closing(self._once_each()) as records:
                for count, record in enumerate(records, 1):
                    yield record
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
        except SourceError as error:
            self.failure = error
            raise
        finally:
            self.remarks += [*self._collections.remarks(self._seen, self.complete), *self._countries.remarks()]
            if not self.source.country and len(self._countries.found) == 1:
                self.source = msgspec.structs.replace(self.source, country=min(self._countries.found))

    def _once_each(self) -> Records:
        with contextlib.closing(self._records()) as records:
            for record in records:
                identifier = record.identifier
                if identifier is None or (record.dataset is None and not record.unchanged):
                    yield record
                elif self._seen.add(identifier):
                    if record.dataset is not None:
                        self._collections.add(record.dataset)
                        self._countries.add(record.dataset)
                    yield record
                elif not self._again:
                    yield _repeated(record, identifier)

    def _records(self) -> Records:
        source = self.source
        if not source.is_remote:
            folder = Path(source.url)
            if not folder.is_dir():
                return self._file()
            return self._harvested(folder) if directory.is_harvested(folder) else self._directory(folder)
        api = api_of(source)
        return self._paged(api) if api else self._fetched()

    def _paged(self, kind: str) -> Records:
        self.source = complete_source(self.source, kind)
        rows = ROWS if self._limit is None else min(self._limit, ROWS)
        # A reading with a limit is only a sample: it does not continue another one, nor does another continue it.
        known = self.state if self._limit is None else SourceState(requests=self.state.requests)
        pages = protocol_of(kind).pages()(self.source, self._session, rows, known, self._clock, self.known)
        try:
            for record in pages:
                self._note_pages(pages)
                yield record
        finally:
            self._note_pages(pages)
            self.remarks += pages.remarks

    def _note_pages(self, pages: ApiPages) -> None:
        self.expected, self.incremental, self._again = pages.expected, pages.incremental, pages.again
        if self._limit is None:
            self.state = pages.state
        else:
            self.state = msgspec.structs.replace(self.state, requests=pages.state.requests)

    def _file(self) -> Records:
        yield from self._document(unpacking.open_file(self.source.url))

    def _fetched(self) -> Records:
        known = Validators() if self._limit is not None else Validators(self.state.etag, self.state.last_modified)
        yield from self._document(self._session.stream(self.source.url, known, self.source.accept))

    def _document(self, opening: AbstractContextManager[Opened]) -> Records:
        """A document and those that follow it, and the state after them: a document has no changes to be asked for."""
        documents, read = Documents(self.source, self._session, self._seen, self.known), False
        try:
            for record in documents.read(opening):
                self._note_documents(documents)
                yield record
            # What a saved page of an API does not hold is not gone.
            read, self.unchanged, self.incremental = True, documents.unchanged, documents.is_part
        finally:
            self._note_documents(documents)
            self.remarks += documents.remarks(read)
        if documents.behind:
            yield from self._paged(documents.behind)
        elif self.source.is_remote and self._limit is None and not self.unchanged:
            # A document that may have been cut must be sent again the next time.
            known = Validators() if self.is_open_ended else documents.validators
            (etag, last_modified), ended = known, self._clock.now()
            self.state = msgspec.structs.replace(self.state, etag=etag, last_modified=last_modified, full_ended=ended)

    def _note_documents(self, documents: Documents) -> None:
        self.source, self.expected, self.several = documents.source, documents.expected, documents.several
        self.is_open_ended = documents.is_open_ended

    def _harvested(self, folder: Path) -> Records:
        stated, self.source = self.source, directory.of_account(self.source)
        with unpacking.open_file(str(folder / directory.HARVESTED)) as file:
            yield from directory.harvested_records(file, stated)

    def _directory(self, folder: Path) -> Records:
        """The records of each file. One that cannot be read (any further) is reported at once, and again at the end."""
        stated, failed = self.source, []
        for path in directory.saved_files(folder):
            source = msgspec.structs.replace(stated, name=str(path), url=str(path))
            documents, read = Documents(source, self._session, self._seen), False
            try:
                for record in documents.read(unpacking.open_file(source.url)):
                    self._be_of(documents.source)
                    self.is_open_ended = self.is_open_ended or documents.is_open_ended
                    yield directory.placed(record, path.name, stated.name)
                read = True
            except (SourceError, UsageError) as error:
                failed.append(path.name)
                yield refused(path.name, None, "file-unreadable", str(error))
            finally:
                # A directory may hold all pages of an API, each of which is a part.
                told = (problem for problem in documents.remarks(read) if problem.code != PART)
                self.remarks += [directory.problem_in(path.name, problem) for problem in told]
        if failed:
            some = ", ".join(failed[:5])
            raise SourceError(f"{stated.name}: {len(failed):,} files could not be read to the end: {some}")

    def _be_of(self, source: Source) -> None:
        """Takes over the kind and the country of a directory's first file, where nobody has named them."""
        if not self.source.kind:
            self.source = msgspec.structs.replace(self.source, kind=source.kind, country=source.country)


def _repeated(record: Harvested, identifier: str) -> Harvested:
    message = "the source has this identifier twice; the first record was kept: give each record its own identifier"
    place = f"{record.where}.identifier"
    return refused(place, record.raw, "identifier-repeated", message, identifier, identifier, record.where)


def open_source(
    source: Source,
    session: Session,
    limit: int | None = None,
    state: SourceState | None = None,
    clock: Clock = CLOCK,
) -> Harvest:
    """A reading of a source.

    limit: read this many records at most. state: what the last reading left. clock: dates the reading, and waits
    where the source asks for it. Nothing is fetched before the first record is asked for.
    """
    return Harvest(source, session, limit, state, clock)
