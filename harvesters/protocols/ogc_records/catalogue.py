"""The collections of records of an OGC API Records catalogue, one after the other."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from ckanext.aivision.harvesters.http.clock import moment_of
from ckanext.aivision.harvesters.protocols.ogc_records.feature_pages import FeaturePages
from ckanext.aivision.harvesters.protocols.ogc_records.record import MAPPER
from ckanext.aivision.record import Harvested

_ITEMS = re.compile(r"(?P<base>.*)/collections/(?P<name>[^/]+)(?:/items)?/?")
_RECORDS = "record"
_MOST_COLLECTIONS = 1000


class OgcRecordsPages(FeaturePages):
    """The records of the collection that an address names, or of every collection of records of a catalogue."""

    mapper = MAPPER

    def _prepare(self) -> None:
        super()._prepare()
        parts = urlsplit(self._source.url)
        named = _ITEMS.fullmatch(parts.path)
        self._named = named is not None
        if named is not None:
            path = f"{named['base']}/collections/{named['name']}/items"
            self._items = urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
        else:
            base = parts.path.rstrip("/").removesuffix("/collections")
            self._catalogue = urlunsplit((parts.scheme, parts.netloc, f"{base}/collections", "", ""))

    def __iter__(self) -> Iterator[Harvested]:
        if self._named:
            yield from super().__iter__()
            return
        addresses = self._collections()
        if len(addresses) == 1:
            self._items = addresses[0]
            yield from super().__iter__()
            return
        # The state is of one list; several are read in full, each from its beginning.
        began, expected = self._clock.now(), 0
        for address in addresses:
            self._items, self.expected, self._count = address, None, 0
            yield from self._everything(resumed=False)
            expected += self.expected if self.expected is not None else self._count
        self.expected = expected
        self.incremental = self._is_unsure
        self.state = self.state.ended(began, full=not self.incremental)

    def _collections(self) -> list[str]:
        """The addresses of the collections of records. Raises SourceError if there is none."""
        answer = self._ask(self._catalogue, {"f": "json"}, {"Accept": "application/json"})
        listed = answer.get("collections") if isinstance(answer, dict) else None
        names = [
            item["id"]
            for item in (listed if isinstance(listed, list) else [])
            if isinstance(item, dict) and isinstance(item.get("id"), str) and item.get("itemType") == _RECORDS
        ]
        if not names:
            raise self._refuse("a catalogue with collections of records")
        return [f"{self._catalogue}/{quote(name, safe=':')}/items" for name in names[:_MOST_COLLECTIONS]]

    def _date_of(self, properties: dict[str, Any]) -> datetime.datetime | None:
        return moment_of(properties.get("updated"))
