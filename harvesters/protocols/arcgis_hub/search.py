"""The search of ArcGIS Hub, page by page (https://developers.arcgis.com/hub/services/search/).

It follows OGC API Records in its pages, and has items of ArcGIS in them. It shows no more than 10,000.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.protocols.arcgis_hub.item import instant_of, mapper_of
from ckanext.aivision.harvesters.protocols.ogc_records.feature_pages import FeaturePages
from ckanext.aivision.record import Harvested

_SEARCH = "/api/search/v1"
_DATASETS = f"{_SEARCH}/collections/dataset/items"
MOST_SHOWN = 10_000


class ArcgisHubPages(FeaturePages):
    """The datasets of a site."""

    product = "a response of the search of ArcGIS Hub"
    newest = ("sortBy", "-properties.modified")
    steady = ("sortBy", "properties.created")

    def _prepare(self) -> None:
        super()._prepare()
        parts = urlsplit(self._source.url)
        base, found, rest = parts.path.partition(_SEARCH)
        base = base.rstrip("/")
        path = parts.path if found and rest.rstrip("/").endswith("/items") else f"{base}{_DATASETS}"
        self._items = urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
        self.mapper = mapper_of(urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], base, "", "")))

    def _everything(self, resumed: bool) -> Iterator[Harvested]:
        yield from super()._everything(resumed)
        if self.expected is not None and self.expected >= MOST_SHOWN:
            raise SourceError(
                f"{self._source.name}: the search shows no more than {MOST_SHOWN:,} datasets, so what else the site "
                "has is not known; read its feed (/api/feed/dcat-us/1.1.json)"
            )

    def _date_of(self, properties: dict[str, Any]) -> datetime.datetime | None:
        return instant_of(properties.get("modified"))
