"""A DCAT catalogue in RDF, page by page: both dialects of Hydra (https://www.hydra-cg.com/spec/latest/core/).

`hydra:PartialCollectionView` with `hydra:next`, and `hydra:PagedCollection` with `hydra:nextPage`, which is older and
what CKAN gives out. A page is one RDF document; the next one is asked for when all of its records have been taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.page_addresses import PageAddresses
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import refused
from ckanext.aivision.harvesters.parsing import rdf_text
from ckanext.aivision.harvesters.parsing.rdf_graph import Graph, Node, parse, text_in, values_of
from ckanext.aivision.harvesters.protocols.dcat_rdf import KIND
from ckanext.aivision.harvesters.protocols.dcat_rdf import rdf_dataset as dcat_rdf
from ckanext.aivision.harvesters.protocols.dcat_rdf.catalogue import Catalogue, survey
from ckanext.aivision.harvesters.protocols.dcat_rdf.record_tree import MOST_VALUES, Describer, TooMuch
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.sources.source import Source, complete_source
from ckanext.aivision.record import Harvested

_NEXT = ("hydra:next", "hydra:nextPage")
_DCAT_US_3 = re.compile(r"dcat[-_ /]?us\b.{0,40}?\b[v-]?3(?:\.0)?\b", re.IGNORECASE)


class DcatPages:
    """All datasets of a catalogue.

    source: with its profile and country once the first page has been read.
    expected: the number of records that the catalogue says it has; None if it says none.
    several: whether there are other pages than the first one.
    is_open_ended: nothing shows whether one of the other pages came whole, as far as they have been read.
    """

    def __init__(self, source: Source, session: Session) -> None:
        self.source, self._session = source, session
        self.expected: int | None = None
        self._had: set[str] = set()
        self._listed: dict[str, None] = {}
        self._others: set[str] = set()
        self._members = self._count = 0
        self._moved = self.several = self.is_open_ended = False

    def read(self, first: rdf_text.Document) -> Iterator[Harvested]:
        """Raises SourceError if a page cannot be read, leads elsewhere, comes again or where some are missing."""
        document, name = first, self.source.name
        addresses = PageAddresses(name, *(url for url in (self.source.url, first.url) if self.source.is_remote))
        pages: set[frozenset[str]] = set()
        while True:
            graph = parse(document)
            page = survey(graph)
            if document is first:
                self._check_begin(page, graph)
                self.source = _completed(self.source, page)
            self._take(page)
            following = _following(page, document.url)
            self.several = self.several or bool(following)
            keys = frozenset(key for key in page.datasets if not key.startswith("_:"))
            if keys and keys in pages:
                raise SourceError(f"{name}: the catalogue returns the same page again and again; try again later")
            pages.add(keys)
            yield from self._records(graph, page.datasets)
            if not following:
                break
            del graph, page
            document = self._fetched(addresses.resolve(following, document.url))
        yield from self._undescribed()
        self._check_end()

    def _records(self, graph: Graph, found: dict[str, Node]) -> Iterator[Harvested]:
        describer = Describer(graph)
        # An identifier that several datasets of a page have tells none of them apart.
        shared = Counter(text for node in found.values() for text in _identifiers(node)[:1])
        for key, node in found.items():
            self._count += 1
            if key.startswith("_:"):
                where = f"dataset {self._count:,} (a blank node)"
            else:
                where = f"<{key}>"
                if self._moved and key in self._had:
                    continue  # What was added to the catalogue meanwhile has pushed it onto this page.
                self._had.add(key)
            try:
                tree = describer.describe(key)
            except TooMuch:
                message = f"more than {MOST_VALUES:,} values in its description: use fewer, or split the dataset"
                yield refused(where, {"@id": key}, "too-many-values", message, None if key.startswith("_:") else key)
                continue
            by_iri = any(shared[text] > 1 for text in _identifiers(node)[:1])
            yield dcat_rdf.harvested(tree, where, graph.clean, self.source, by_iri)

    def _take(self, page: Catalogue) -> None:
        """Takes note of what a page says of the catalogue."""
        for node in page.views.values():
            self._take_total(node)
        self._members += page.members
        self._listed.update(page.listed)
        self._others |= page.others

    def _take_total(self, node: Node) -> None:
        for item in values_of(node, "hydra:totalItems"):
            if (written := text_in(item)).isascii() and written.isdecimal() and len(written) < 10:
                total = int(written)
                self._moved = self._moved or (self.expected is not None and total != self.expected)
                # Where datasets go while it is read, others move to a page that was read and are missed: the
                # largest total that was said is the one to hold the reading against.
                self.expected = max(total, self.expected or 0)

    def _fetched(self, url: str) -> rdf_text.Document:
        with self._session.stream(url, accept=self.source.accept) as opened:
            page = Document(opened, self.source.name, url)
            body = rdf_text.whole(page.file, page.name)
        form = rdf_text.format_of(page.head)
        if form is None:
            raise SourceError(f"{self.source.name}: a page of the catalogue is not RDF; try again later")
        self.is_open_ended = self.is_open_ended or (form not in rdf_text.CLOSED and not page.is_delimited)
        return rdf_text.document(body, form, page.url, page.name)

    def _undescribed(self) -> Iterator[Harvested]:
        """Datasets that the catalogue only lists."""
        for key in self._listed:
            if key not in self._had and key not in self._others and not key.startswith("_:"):
                message = (
                    "the catalogue lists this dataset but does not describe it: add its description to the document"
                )
                yield refused(f"<{key}>", {"@id": key}, "record-not-described", message, key)

    def _check_begin(self, page: Catalogue, graph: Graph) -> None:
        if page.is_one:
            return
        name = f"{self.source.name}: this RDF ({graph.triples:,} triples)"
        if any("schema:Dataset" in node.get("@type", ()) for node in graph.nodes.values()):
            raise SourceError(f"{name} describes datasets in schema.org, which is not read; give the portal's DCAT")
        raise SourceError(f"{name} has no dcat:Catalog and no dcat:Dataset; check the address")

    def _check_end(self) -> None:
        if self.expected is not None and self._members < self.expected:
            raise SourceError(
                f"{self.source.name}: the catalogue says it has {self.expected:,} datasets but returned "
                f"{self._members:,}; try again later"
            )


def _identifiers(node: Node) -> list[str]:
    return sorted(text_in(item).strip() for item in values_of(node, "dct:identifier"))


def _following(page: Catalogue, url: str) -> str:
    """The address of the next page as it is written; empty on the last one. url: of this page."""
    own = page.views.get(url, {})
    for node in (own, *page.views.values()):
        for name in _NEXT:
            for item in values_of(node, name):
                return text_in(item)
    return ""


def _completed(source: Source, page: Catalogue) -> Source:
    """The source with its profile, which a catalogue of DCAT-US 3 says in dct:conformsTo, and with its country."""
    if not source.profile and any(_DCAT_US_3.search(standard) for standard in page.standards):
        source = msgspec.structs.replace(source, profile="dcat-us-3.0")
    source = complete_source(source, KIND.name)
    return source if source.country else msgspec.structs.replace(source, country=page.country)
