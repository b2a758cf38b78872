"""A catalogue of DCAT-US: one document, or the first of several pages."""

from __future__ import annotations

from collections.abc import Container, Iterator

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.http.body import Body
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import Known
from ckanext.aivision.harvesters.mapping.table import describe_value
from ckanext.aivision.harvesters.parsing.entries import OPEN_ENDED, Shape
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.protocols.dcat_us import KIND
from ckanext.aivision.harvesters.protocols.dcat_us.catalogue_country import country_of_catalogue
from ckanext.aivision.harvesters.protocols.dcat_us.data_json import CATALOGUE, DcatUsCatalogues
from ckanext.aivision.harvesters.protocols.dcat_us.pages import CataloguePages
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.reader import PART, Reader
from ckanext.aivision.harvesters.sources.source import Source, complete_source
from ckanext.aivision.record import Harvested


class CatalogueReader(Reader):
    """Reads the catalogue as it streams by, then its other pages."""

    def __init__(self, source: Source, session: Session, seen: Container[str], known: Known) -> None:
        """seen, known: as `Protocol.reader`."""
        super().__init__(source)
        self._session, self._seen = session, seen
        self._catalogues = DcatUsCatalogues(source, seen, known)
        self._pages: CataloguePages | None = None
        self._charset_remarks: list[Problem] = []

    @property
    def several(self) -> bool:
        return self._pages is not None and self._pages.several

    @property
    def is_part(self) -> bool:
        """Whether a file is the first page of several: from a file no other is fetched."""
        return self._pages is None and bool(self._catalogues.next_page)

    def first(self, document: Document, shape: Shape) -> Iterator[Harvested]:
        source = complete_source(self._source, KIND.name)
        if not source.country and shape.layout == CATALOGUE.layout:
            source = msgspec.structs.replace(source, country=country_of_catalogue(document.head))
        self._source = self._catalogues.source = source
        self._charset_remarks = document.remarks
        if shape.layout != CATALOGUE.layout:
            self._is_open_ended = shape.layout in OPEN_ENDED and not document.is_delimited
            yield from self._catalogues.bare(document.entries(shape))
            return
        records = self._catalogues.read(JsonText(document.text(), source.name))
        if document.url:
            open_page = self._session.stream
            self._pages = CataloguePages(source.name, source.url, document.url, open_page, self._page, self._seen)
            records = self._pages.first(records)
        yield from records

    def following(self) -> Iterator[Harvested]:
        return iter(()) if self._pages is None else self._pages.following(lambda: self._catalogues.next_page)

    def remarks(self, complete: bool) -> list[Problem]:
        found = self._catalogues.remarks(complete)
        if self.is_part:
            message = (
                "the catalogue goes on at another address, which is not fetched for a file: give its address instead"
            )
            found.append(Problem(PART, "$", message, seen=describe_value(self._catalogues.next_page)))
        return found

    def _page(self, body: Body, number: int) -> Iterator[Harvested]:
        page = Document(body, self._source.name, self._source.url, self._charset_remarks)
        return self._catalogues.read(JsonText(page.text(), self._source.name), number)
