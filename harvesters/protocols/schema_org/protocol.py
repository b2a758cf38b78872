"""How sitemaps, web pages and files with schema.org's datasets are recognised and read."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known
from ckanext.aivision.harvesters.parsing.entries import Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.protocols.schema_org import KIND
from ckanext.aivision.harvesters.protocols.schema_org.dataset import DATASET, FILE
from ckanext.aivision.harvesters.protocols.schema_org.documents import JSON_LD, WEB_PAGE, SchemaOrgReader
from ckanext.aivision.harvesters.protocols.schema_org.sitemap import is_sitemap
from ckanext.aivision.harvesters.sources.source import Source

# Of all terms: DCAT's documents may have a prefix for schema.org.
_CONTEXT = re.compile(
    r"\"(?:@context|@vocab)\"\s*:\s*(?:\[[^\]]{0,2000}?)?\"https?://(?:www\.)?schema\.org|"
    r"\"@type\"\s*:\s*(?:\[[^\]]{0,200}?)?\"(?:schema:|sc:|https?://schema\.org/)Data(?:set|Catalog)\""
)
_IN_PAGE = re.compile(r"<script[^>]{1,200}application/ld\+json[^>]{0,200}>", re.IGNORECASE)
_DATASET = re.compile(
    r"\"@type\"\s*:\s*(?:\[[^\]]{0,200}?)?\"(?:schema:|sc:|https?://schema\.org/)?Data(?:set|Catalog)\""
)


class SchemaOrg(Protocol):
    """A document is JSON-LD with the context of schema.org, or a page that has such in it."""

    no_standard = "this is schema.org, which has no schema to validate by; use `aivision score`"

    def serves(self, source: Source, head: Head, session: Session) -> bool:
        return is_sitemap(head.text) or self.recognise(head) is not None

    def recognise(self, head: Head) -> Shape | None:
        if head.first == "<":
            # A front page describes its catalogue; the catalogue itself is behind it.
            is_described = (
                not _is_front_page(head.address)
                and _IN_PAGE.search(head.text) is not None
                and _DATASET.search(head.text) is not None
            )
            return WEB_PAGE if is_described else None
        if head.first not in ("{", "["):
            return None
        text = head.text
        return JSON_LD if _CONTEXT.search(text[:20_000]) and _DATASET.search(text) else None

    def stated_shape(self, head: Head) -> Shape:
        return WEB_PAGE if head.first == "<" else JSON_LD

    def reader(
        self, source: Source, session: Session, seen: Container[str] = (), known: Known = NOTHING_KNOWN
    ) -> Reader:
        return SchemaOrgReader(source, KIND.name, known)

    def pages(self) -> type[ApiPages]:
        from ckanext.aivision.harvesters.protocols.schema_org.crawl import SitemapPages

        return SitemapPages

    def members(self) -> Iterable[tuple[str, str]]:
        yield from (("identifier", "identifier"), ("title", "name"), ("distribution", "distribution"))
        yield from ((row.field, row.key) for row in DATASET)
        yield from ((f"distribution[].{row.field}", row.key) for row in FILE)


def _is_front_page(address: str) -> bool:
    parts = address.split("/", 3)
    return "://" in address and (len(parts) < 4 or not parts[3])


PROTOCOL = SchemaOrg(KIND)
