"""How the search of an ArcGIS Hub site, and saved answers of it, are recognised and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import Entry, Shape
from ckanext.aivision.harvesters.parsing.first_item import first_item
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.arcgis_hub import KIND
from ckanext.aivision.harvesters.protocols.arcgis_hub.item import ITEM, mapper_of
from ckanext.aivision.harvesters.protocols.ogc_records.protocol import FEATURES
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

# Properties of ArcGIS items that records of OGC API Records have not.
_OF_ITEMS = frozenset(("snippet", "licenseInfo", "accessInformation", "typeKeywords", "orgId", "culture"))


class ArcgisHub(Protocol):
    """An answer is a collection of GeoJSON features whose properties are those of ArcGIS items."""

    no_standard = (
        "this is ArcGIS's own form, for which there is no official schema; validate the site's DCAT feed "
        "(/api/feed/dcat-us/1.1.json), or use `aivision score`"
    )

    def has_address(self, url: str) -> bool:
        return "/api/search/v1" in url

    def serves(self, source: Source, head: Head, session: Session) -> bool:
        return self.recognise(head) is not None

    def recognise(self, head: Head) -> Shape | None:
        if head.first != "{" or "features" not in head.members:
            return None
        feature = first_item(head, "features")
        properties = feature.get("properties") if isinstance(feature, dict) else None
        return FEATURES if isinstance(properties, dict) and len(_OF_ITEMS & properties.keys()) > 1 else None

    def stated_shape(self, head: Head) -> Shape:
        return FEATURES

    def records(self, entries: Iterator[Entry], source: Source) -> Iterator[Harvested]:
        mapper = mapper_of("")
        for entry in entries:
            yield harvested(entry, source, mapper)

    def pages(self) -> type[ApiPages]:
        from ckanext.aivision.harvesters.protocols.arcgis_hub.search import ArcgisHubPages

        return ArcgisHubPages

    def members(self) -> Iterable[tuple[str, str]]:
        yield from (("identifier", "id"), ("title", "title"), ("distribution", "url"))
        yield from ((row.field, row.key.rpartition(".")[2]) for row in ITEM)


PROTOCOL = ArcgisHub(KIND)
