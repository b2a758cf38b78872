"""Collections of records as GeoJSON, page by page by the links in each (OGC 17-069r4, 7.15.6; OGC 20-004r1)."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.page_addresses import PageAddresses
from ckanext.aivision.harvesters.http.session import StatusError
from ckanext.aivision.harvesters.mapping.mapper import Mapper, harvested
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.protocols.listed_pages import NOT_TAKEN, ListedPages, Page
from ckanext.aivision.record import Harvested

_ACCEPT = {"Accept": "application/geo+json, application/json"}
_OURS = ("limit", "startindex", "offset", "f")


class FeaturePages(ListedPages):
    """The features of one collection. A protocol names its address, and what the features are.

    product: for messages. newest: the parameter and value that sort the latest changes to the front. steady: those that
    keep the order the same for each page, if it is not without them.
    """

    sorts_changes = True
    follows_links = True
    product = "a response of OGC API Records"
    newest: tuple[str, str] = ("sortby", "-updated")
    steady: tuple[str, str] | None = None
    mapper: Mapper

    def _prepare(self) -> None:
        super()._prepare()
        self._items = self._source.url

    def _page(self, cursor: str, newest_first: bool) -> Page:
        address = cursor or self._first_address(newest_first)
        if cursor:
            # Also one that an older run has kept: the pages of a catalogue are on its own host.
            PageAddresses(self._source.name, self._items).resolve(cursor, self._items)
        try:
            answer = self._ask(address, {}, _ACCEPT)
        except StatusError as error:
            if cursor or newest_first or self.steady is None or error.status not in NOT_TAKEN:
                raise
            self.steady = None
            answer = self._ask(self._first_address(newest_first), {}, _ACCEPT)
        features = answer.get("features") if isinstance(answer, dict) else None
        total = answer.get("numberMatched") if isinstance(answer, dict) else None
        if not isinstance(features, list):
            raise self._refuse(self.product)
        following = self._next(answer.get("links"), address)
        return Page(features, total if type(total) is int and total >= 0 else None, following)

    def _first_address(self, newest_first: bool) -> str:
        parts = urlsplit(self._items)
        sort = [one for one in (self.newest if newest_first else self.steady,) if one is not None]
        query = [pair for pair in parse_qsl(parts.query) if pair[0].lower() not in _OURS]
        return urlunsplit(parts._replace(query=urlencode([*query, ("limit", str(self._rows)), *sort])))

    def _next(self, links: Any, base: str) -> str:
        for link in links if isinstance(links, list) else ():
            href = link.get("href") if isinstance(link, dict) and link.get("rel") == "next" else None
            if isinstance(href, str) and href:
                try:
                    return urljoin(base, href)
                except ValueError as error:
                    raise SourceError(
                        f"{self._source.name}: the address of the next page cannot be read: {href[:200]}"
                    ) from error
        return ""

    def _identify(self, item: Any) -> str | None:
        identifier = item.get("id") if isinstance(item, dict) else None
        return identifier if isinstance(identifier, str) else None

    def _read(self, item: Any, index: int) -> Harvested | None:
        return harvested(Entry(f"$.features[{index}]", item), self._source, self.mapper, self._known)

    def _changed(self, item: Any) -> datetime.datetime | None:
        properties = item.get("properties") if isinstance(item, dict) else None
        return self._date_of(properties) if isinstance(properties, dict) else None

    def _date_of(self, properties: dict[str, Any]) -> datetime.datetime | None:
        raise NotImplementedError
