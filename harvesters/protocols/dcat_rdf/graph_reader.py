"""A DCAT catalogue in RDF: one document, or the first of several pages, each held whole."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.parsing import rdf_text
from ckanext.aivision.harvesters.parsing.entries import Shape
from ckanext.aivision.harvesters.protocols.dcat_rdf.hydra_pages import DcatPages
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested


class GraphReader(Reader):
    """Takes the first document whole, and parses it when it has been closed."""

    def __init__(self, source: Source, session: Session) -> None:
        super().__init__(source)
        self._pages = DcatPages(source, session)
        self._first: rdf_text.Document | None = None

    @property
    def source(self) -> Source:
        return self._pages.source

    @property
    def expected(self) -> int | None:
        return self._pages.expected

    @property
    def several(self) -> bool:
        return self._pages.several

    @property
    def is_open_ended(self) -> bool:
        return self._is_open_ended or self._pages.is_open_ended

    def first(self, document: Document, shape: Shape) -> Iterator[Harvested]:
        form = rdf_text.stated_format(document.head, document.name)
        self._is_open_ended = form not in rdf_text.CLOSED and not document.is_delimited
        self._first = rdf_text.document(rdf_text.whole(document.file, document.name), form, document.url, document.name)
        return iter(())

    def following(self) -> Iterator[Harvested]:
        assert self._first is not None
        return self._pages.read(self._first)
