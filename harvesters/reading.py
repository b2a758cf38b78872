"""From a source to its records, whatever it speaks and wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters import entries, files
from ckanext.aivision.harvesters.ckan_api import ROWS, CkanPages, action_address, is_action_address
from ckanext.aivision.harvesters.datagov_search import DatagovSearch
from ckanext.aivision.harvesters.decoding import text_chunks
from ckanext.aivision.harvesters.hydra import ACCEPT, DcatPages, whole
from ckanext.aivision.harvesters.mapping import refused
from ckanext.aivision.harvesters.rdf_text import Document, format_of, json_ld
from ckanext.aivision.harvesters.rdf_text import document as rdf_document
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import Source, completed
from ckanext.aivision.record import Harvested

RDF = "dcat-rdf"
_PAGED: dict[str, type[CkanPages] | type[DatagovSearch]] = {"ckan": CkanPages, "datagov-search": DatagovSearch}


class Harvest:
    """One reading of a source. Iterate once.

    source: with its kind, profile and country once the first record has come.
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
            if harvested.dataset is None:
                yield harvested
            elif (identifier := harvested.dataset.identifier) in seen:
                message = "the identifier stands twice in the source and the first one was kept: give each its own"
                place = f"{harvested.where}.identifier"
                yield refused(
                    place, harvested.raw, "identifier-repeated", message, identifier, identifier, harvested.where
                )
            else:
                seen.add(identifier)
                yield harvested
            count += 1
            if count == self._limit:
                return
        if count < self.source.min_records:
            raise SourceError(
                f"{self.source.name}: gave {count:,} records where at least {self.source.min_records:,} belong "
                "(min_records in config/sources.yaml); look at the source"
            )
        self.complete = True

    def _records(self) -> Iterator[Harvested]:
        source = self.source
        if not _is_remote(source):
            return self._document(files.open_file(source.url))
        if source.kind in _PAGED:
            return self._paged(source.kind)
        if not source.kind and is_action_address(source.url):
            return self._paged("ckan")
        return self._document(self._session.stream(source.url, {"Accept": ACCEPT} if source.kind == RDF else None))

    def _paged(self, kind: str) -> Iterator[Harvested]:
        self.source = completed(self.source, kind)
        rows = ROWS if self._limit is None else min(self._limit, ROWS)
        pages = _PAGED[kind](self.source, self._session, rows)
        for harvested in pages:
            self.expected = pages.expected
            yield harvested
        self.expected = pages.expected

    def _document(self, opened: AbstractContextManager[BinaryIO]) -> Iterator[Harvested]:
        with opened as raw:
            start, unpacked = files.begun(files.Unpacked(raw, self.source.name))
            document = self._rdf(raw, start, unpacked)
            head, chunks = files.looked_at(text_chunks(unpacked)) if document is None else ("", iter(()))
            other = self._pages_behind(head) if document is None else None
            if document is None and other is None:
                shape = _shape(self.source, head)
                self.source = completed(self.source, shape.kind)
                yield from files.records(chunks, self.source, shape)
        if document is not None:
            yield from self._graphs(document)
        if other is not None:
            yield from self._paged(other)

    def _rdf(self, raw: BinaryIO, start: bytes, file: BinaryIO) -> Document | None:
        """The document, where it is RDF. Raises SourceError where it should be and is not."""
        if self.source.kind not in ("", RDF):
            return None
        url = str(getattr(raw, "url", ""))
        form = format_of(start, str(getattr(raw, "content_type", "")), url or self.source.url)
        if form is None and self.source.kind == RDF:
            form = json_ld(start)
            if form is None:
                raise SourceError(
                    f"{self.source.name}: no RDF: it begins with {start[:40].decode(errors='replace')!r}; check the "
                    "address, or give a catalogue in RDF/XML, Turtle, N-Triples or JSON-LD"
                )
        name = self.source.name
        return None if form is None else rdf_document(whole(file, name), form, url, name)

    def _graphs(self, first: Document) -> Iterator[Harvested]:
        pages = DcatPages(self.source, self._session)
        for harvested in pages.read(first):
            self.source, self.expected = pages.source, pages.expected
            yield harvested
        self.source, self.expected = pages.source, pages.expected

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


def open_source(source: Source, session: Session, limit: int | None = None) -> Harvest:
    """A reading of a source.

    limit: read this many records at the most. Nothing is fetched before the first record is asked for.
    """
    return Harvest(source, session, limit)
