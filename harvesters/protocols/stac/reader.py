"""The documents of a STAC source: lists of collections with links to the next page, and catalogues of catalogues."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.body import Body
from ckanext.aivision.harvesters.http.page_addresses import PageAddresses
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.links import absolute
from ckanext.aivision.harvesters.mapping.mapper import Known, harvested
from ckanext.aivision.harvesters.parsing.entries import Entry, Shape, refuse_more, refuse_page
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.protocols.stac import KIND
from ckanext.aivision.harvesters.protocols.stac.collection import mapper_of
from ckanext.aivision.harvesters.sources.source import Source, complete_source
from ckanext.aivision.record import Harvested

COLLECTIONS = Shape(("collections",), "collections")
# A catalogue and a collection have links too, of which these lead to others.
_CHILDREN = ("child", "children", "data")
_MOST_LINKS = 20_000


class StacReader(Reader):
    """Reads what an address gives, and follows the links in it to more collections on the same host."""

    def __init__(self, source: Source, session: Session, known: Known) -> None:
        super().__init__(source)
        self._session, self._known = session, known
        self._waiting: deque[str] = deque()
        self._addresses: PageAddresses | None = None
        self._expected: int | None = None
        self._several = False
        self._count = 0
        self._had: set[str] = set()

    @property
    def expected(self) -> int | None:
        return self._expected

    @property
    def several(self) -> bool:
        return self._several

    def first(self, document: Document, shape: Shape) -> Iterator[Harvested]:
        self._source = complete_source(self._source, KIND.name)
        if document.url:
            self._addresses = PageAddresses(self._source.name, self._source.url, document.url)
        yield from self._read(document, document.url)

    def following(self) -> Iterator[Harvested]:
        while self._waiting:
            url = self._waiting.popleft()
            with self._session.stream(url) as body:
                yield from self._read(self._document(body), body.url)
        if self._expected is not None and self._count < self._expected:
            raise SourceError(
                f"{self._source.name}: the catalogue says it has {self._expected:,} collections but returned "
                f"{self._count:,}; try again later"
            )

    def _document(self, body: Body) -> Document:
        return Document(body, self._source.name, self._source.url)

    def _read(self, document: Document, base: str) -> Iterator[Harvested]:
        """The collections of a document, one at a time where it lists them. Notes where its links lead."""
        text = JsonText(document.text(), self._source.name)
        refuse_page(text, self._source.name)
        mapper, beside = mapper_of(base), dict[str, Any]()
        for name in text.members():
            if name == COLLECTIONS.path[0] and text.peek() == "[":
                for index, raw in enumerate(text.elements()):
                    entry = _entry(f"$.collections[{index}]", raw, frozenset(text.mended))
                    text.mended.clear()
                    self._count += 1
                    yield harvested(entry, self._source, mapper, self._known)
                beside[name] = []
            else:
                beside[name] = text.value()
        mended = frozenset(text.mended)
        refuse_more(text, self._source.name)
        if beside.get("type") == "Collection" and "collections" not in beside:
            self._count += 1
            yield harvested(Entry("$", beside, mended), self._source, mapper, self._known)
        matched = beside.get("numberMatched")
        if type(matched) is int and matched >= 0 and self._expected is None:
            self._expected = matched
        self._note_links(beside, base)

    def _note_links(self, beside: dict[str, Any], base: str) -> None:
        links = beside.get("links")
        listed = "collections" in beside
        for link in links if isinstance(links, list) else ():
            relation = link.get("rel") if isinstance(link, dict) else None
            href = link.get("href") if isinstance(link, dict) else None
            leads_on = relation == "next" if listed else relation in _CHILDREN
            if not leads_on or not isinstance(href, str) or not href:
                continue
            if self._addresses is None:
                if relation == "next":
                    PageAddresses(self._source.name).resolve(href, base)
                continue
            self._several = True
            if len(self._waiting) >= _MOST_LINKS:
                raise SourceError(f"{self._source.name}: more than {_MOST_LINKS:,} links to follow; it does not end")
            # Two catalogues may name one and the same; a list that leads back does not end.
            if listed or absolute(href, base) not in self._had:
                self._waiting.append(self._addresses.resolve(href, base))
                self._had.add(self._waiting[-1])


def _entry(where: str, raw: Any, mended: frozenset[str]) -> Entry:
    """A collection; one of another standard, such as OGC API Features, lists things that are no datasets of STAC."""
    if isinstance(raw, dict) and "stac_version" not in raw:
        message = "this collection is not one of STAC: it has no `stac_version`"
        return Entry(where, str(raw.get("id", ""))[:200], mended, message, "not-stac")
    return Entry(where, raw, mended)
