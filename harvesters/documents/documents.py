"""A source that is a document, or a first page with others behind it: what it is shows in its first kilobytes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, BinaryIO

from ckanext.aivision.errors import Problem, SourceError
from ckanext.aivision.harvesters.documents import records as files
from ckanext.aivision.harvesters.http.body import Body, Validators
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known
from ckanext.aivision.harvesters.parsing import entries, rdf_text, unpacking
from ckanext.aivision.harvesters.parsing.decoding import Readable, text_chunks
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.protocols.ckan.api import action_address
from ckanext.aivision.harvesters.protocols.dcat_us.data_json import DcatUsCatalogues
from ckanext.aivision.harvesters.protocols.dcat_us.pages import CataloguePages
from ckanext.aivision.harvesters.sources.source import Source, completed
from ckanext.aivision.record import Harvested

if TYPE_CHECKING:
    from ckanext.aivision.harvesters.protocols.dcat_rdf.hydra_pages import DcatPages

RDF = "dcat-rdf"

Opened = BinaryIO | Body


class Documents:
    """The documents of one source.

    source: with its kind, profile and country once the first record has come.
    expected: the number of records that they say there are, or None.
    unchanged: the document is the one that was asked about (304): nothing is read.
    is_open_ended: nothing shows whether a document came whole: its syntax has no end of its own (Turtle, N-Triples,
    JSON lines, YAML), and neither compression nor its transport tells of one.
    behind: the kind of the API that an address of no stated kind turned out to belong to; nothing is read then.
    """

    def __init__(self, source: Source, session: Session, seen: Collection[str], known: Known = NOTHING_KNOWN) -> None:
        """seen: the identifiers of the records that the reading has had; it is looked at again for each record.

        known: of records that need not be read again.
        """
        self.source, self._session, self._seen = source, session, seen
        self.expected: int | None = None
        self.unchanged = self.is_open_ended = False
        self.behind: str | None = None
        self._first: Opened | None = None
        self._is_delimited = False
        self._remarks: list[Problem] = []
        self._catalogues = DcatUsCatalogues(source, seen, known)
        self._pages: CataloguePages | DcatPages | None = None

    @property
    def validators(self) -> Validators:
        """Those of the document, where one that came over HTTP is the whole source; a first page tells of no other."""
        if self.several or not isinstance(self._first, Body):
            return Validators()
        return self._first.validators

    @property
    def several(self) -> bool:
        """Whether there are, or may be, other documents than the first one, as far as it has been read."""
        return self._pages is not None and self._pages.several

    def read(self, opening: AbstractContextManager[Opened]) -> Iterator[Harvested]:
        """All records. opening: gives the first document, open.

        Raises SourceError if a document is not what it should be, breaks off, or cannot be had.
        """
        with opening as opened:
            self._first = opened
            self.unchanged = isinstance(opened, Body) and opened.unchanged
            if self.unchanged:
                return
            unpacked = unpacking.Unpacked(opened, self.source.name)
            head, file = unpacking.begun(unpacked)
            self._is_delimited = unpacked.is_delimited
            graph = self._graph(opened, head, file)
            if graph is None:
                yield from self._records(opened, file)
        # What follows is asked for when the first one is closed.
        if graph is not None:
            yield from self._graphs(graph)
        elif isinstance(self._pages, CataloguePages):
            yield from self._pages.following(lambda: self._catalogues.next_page)

    def remarks(self, complete: bool) -> list[Problem]:
        """What is to be told of the documents as a whole. complete: whether they were read to their end."""
        return [] if self.behind is not None else [*self._remarks, *self._catalogues.remarks(complete)]

    def _graph(self, opened: Opened, head: bytes, file: Readable) -> rdf_text.Document | None:
        """The document, where it is RDF. Raises SourceError if it should be and is not."""
        if self.source.kind not in ("", RDF):
            return None
        name = self.source.name
        media_type, url = (opened.content_type, opened.url) if isinstance(opened, Body) else ("", "")
        form = rdf_text.format_of(head, media_type, url or self.source.url)
        if form is None and self.source.kind == RDF:
            form = rdf_text.json_ld(head)
            if form is None:
                raise SourceError(
                    f"{name}: not RDF: it begins with {head[:40].decode(errors='replace')!r}; check the "
                    "address, or give a catalogue in RDF/XML, Turtle, N-Triples or JSON-LD"
                )
        return None if form is None else rdf_text.document(rdf_text.whole(file, name), form, url, name)

    def _graphs(self, first: rdf_text.Document) -> Iterator[Harvested]:
        # Few commands read RDF; the others must not wait for its readers.
        from ckanext.aivision.harvesters.protocols.dcat_rdf.hydra_pages import DcatPages

        self._pages = pages = DcatPages(self.source, self._session)
        is_open_ended = first.format not in rdf_text.CLOSED and not self._is_delimited
        for record in pages.read(first):
            self.source, self.expected = pages.source, pages.expected
            self.is_open_ended = is_open_ended or pages.is_open_ended
            yield record
        self.is_open_ended = is_open_ended or pages.is_open_ended
        self.source, self.expected = pages.source, pages.expected

    def _records(self, opened: Opened, file: Readable) -> Iterator[Harvested]:
        """The records of a first document that is text of another kind."""
        head, chunks = unpacking.looked_at(self._text(opened, file))
        self.behind = self._api_behind(head)
        if self.behind is not None:
            return
        shape = _shape(self.source, head)
        self.is_open_ended = shape.layout in entries.OPEN_ENDED and not self._is_delimited
        self.source = self._catalogues.source = completed(self.source, shape.kind)
        found = files.records(chunks, self.source, shape, self._catalogues)
        if shape == entries.CATALOGUE and isinstance(opened, Body):
            name, url, stream = self.source.name, self.source.url, self._session.stream
            self._pages = CataloguePages(name, url, opened.url, stream, self._page, self._seen)
            found = self._pages.first(found)
        yield from found

    def _page(self, body: Body, number: int) -> Iterator[Harvested]:
        file = unpacking.Unpacked(body, self.source.name)
        return self._catalogues.read(JsonText(self._text(body, file), self.source.name), number)

    def _text(self, opened: Opened, file: Readable) -> Iterator[str]:
        return text_chunks(file, opened.charset if isinstance(opened, Body) else "", self._remarks)

    def _api_behind(self, head: str) -> str | None:
        """The kind of the API that an address of no stated kind belongs to; None for a document."""
        if self.source.kind or not self.source.is_remote:
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
                f"{self.source.name}: the server returned a web page instead of JSON, and there is no CKAN API "
                f"behind it ({error}); give the address of a data.json"
            ) from error
        return "ckan" if isinstance(answer, dict) and answer.get("success") is True else None


def _shape(source: Source, head: str) -> entries.Shape:
    """What the document is. Where it cannot be told, it is read as a catalogue, which says what is missing."""
    shape = entries.shape_of(head)
    if source.kind and shape.kind and shape.kind != source.kind:
        raise SourceError(f"{source.name}: this is {shape.kind}, not {source.kind}; say --kind {shape.kind}")
    if shape is entries.UNKNOWN:
        return entries.stated(source.kind, head)
    return shape
