"""A source that is a document, or a first page with others behind it: what it is shows in its first kilobytes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import BinaryIO, cast

from ckanext.aivision.errors import Problem, SourceError
from ckanext.aivision.harvesters import entries, files
from ckanext.aivision.harvesters.body import Body
from ckanext.aivision.harvesters.catalogue_pages import CataloguePages
from ckanext.aivision.harvesters.ckan_api import action_address
from ckanext.aivision.harvesters.dcat_us_catalogue import DcatUsCatalogues
from ckanext.aivision.harvesters.decoding import text_chunks
from ckanext.aivision.harvesters.json_text import JsonText
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import Source, completed
from ckanext.aivision.record import Harvested

Opened = BinaryIO | Body


class Documents:
    """The documents of one source: `first`, then `following`.

    source: with its kind, profile and country once the first record has come.
    behind: the kind of the API that an address of no stated kind turned out to belong to; nothing is read then.
    several: whether there are, or may be, other documents than the first one.
    """

    def __init__(self, source: Source, session: Session, seen: Collection[str]) -> None:
        """seen: the identifiers of the records that the reading has had; it is looked at again for each record."""
        self.source, self._session, self._seen = source, session, seen
        self.behind: str | None = None
        self._remarks: list[Problem] = []
        self._catalogues = DcatUsCatalogues(source, seen)
        self._pages: CataloguePages | None = None

    @property
    def several(self) -> bool:
        return self._pages is not None and self._pages.several

    def first(self, opened: Opened) -> Iterator[Harvested]:
        """The records of the first document. Raises SourceError where it is not what it should be, or breaks off."""
        head, chunks = files.looked_at(self._text(opened))
        self.behind = self._api_behind(head)
        if self.behind is not None:
            return
        shape = _shape(self.source, head)
        self.source = completed(self.source, shape.kind)
        self._catalogues.source = self.source
        found = files.records(chunks, self.source, shape, self._catalogues)
        if shape == entries.CATALOGUE and self.source.is_remote:
            self._pages = CataloguePages(
                self.source.name, self.source.url, self._session.stream, self._page, self._seen
            )
            found = self._pages.first(found)
        yield from found

    def following(self) -> Iterator[Harvested]:
        """The records of the documents after the first one. Raises SourceError where one of them cannot be read."""
        if self._pages is not None:
            yield from self._pages.following(lambda: self._catalogues.next_page)

    def remarks(self, complete: bool) -> list[Problem]:
        """What is to be told of the documents as a whole. complete: whether they were read to their end."""
        return [] if self.behind is not None else [*self._remarks, *self._catalogues.remarks(complete)]

    def _page(self, opened: Opened, number: int) -> Iterator[Harvested]:
        return self._catalogues.read(JsonText(self._text(opened), self.source.name), number)

    def _text(self, opened: Opened) -> Iterator[str]:
        unpacked = cast(BinaryIO, files.Unpacked(cast(BinaryIO, opened), self.source.name))
        return text_chunks(unpacked, opened.charset if isinstance(opened, Body) else "", self._remarks)

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
                f"{self.source.name}: a web page came instead of JSON, and no CKAN API is behind it ({error}); "
                "give the address of a data.json"
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
