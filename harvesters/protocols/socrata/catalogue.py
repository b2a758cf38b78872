"""Socrata's catalogue, page by page (https://dev.socrata.com/docs/other/discovery).

All assets are read with `scroll_id`, the identifier of the last one that came, since a page by number ends at 10,000.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.http.clock import moment_of
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.protocols.listed_pages import ListedPages, Page
from ckanext.aivision.harvesters.protocols.socrata.asset import MAPPER, is_dataset
from ckanext.aivision.record import Harvested

_PATH = "/api/catalog/v1"
# Of all portals: which one is meant has to be said.
_OF_ALL = ("api.us.socrata.com", "api.eu.socrata.com")
_OURS = ("limit", "offset", "scroll_id", "order")
_MOST_BY_NUMBER = 10_000


def catalogue_address(url: str) -> tuple[str, dict[str, str]]:
    """The address of a portal's catalogue, from the portal's own or one in its catalogue, and the query to keep."""
    parts = urlsplit(url)
    path = parts.path.partition(_PATH)[0].rstrip("/")
    query = {key: value for key, value in parse_qsl(parts.query) if key not in _OURS}
    host = parts.hostname or ""
    if "domains" not in query and host not in _OF_ALL:
        query |= {"domains": host, "search_context": host}
    return urlunsplit((parts.scheme, parts.netloc, f"{path}{_PATH}", "", "")), query


class SocrataPages(ListedPages):
    """The datasets of a portal; its charts, stories and filtered views are counted and left out."""

    sorts_changes = True

    def _prepare(self) -> None:
        super()._prepare()
        self._url, self._params = catalogue_address(self._source.url)
        self._left_out: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Harvested]:
        yield from super().__iter__()
        if self._left_out:
            some = ", ".join(f"{count:,} {kind}" for kind, count in sorted(self._left_out.items()))
            message = f"{self._left_out.total():,} assets are no datasets of their own and were left out"
            self.remarks.append(Problem("not-datasets", "$.results", message, seen=some[:200]))

    def _page(self, cursor: str, newest_first: bool) -> Page:
        rows = self._rows
        params: dict[str, str | int] = {**self._params, "limit": rows}
        if newest_first:
            start = int(cursor or 0)
            params |= {"offset": start, "limit": min(rows, _MOST_BY_NUMBER - start), "order": "updatedAt DESC"}
        else:
            params["scroll_id"] = cursor
        answer = self._ask(self._url, params)
        results = answer.get("results") if isinstance(answer, dict) else None
        total = answer.get("resultSetSize") if isinstance(answer, dict) else None
        if not isinstance(results, list) or type(total) is not int or total < 0:
            raise self._refuse("a response of Socrata's catalogue")
        if newest_first:
            after = int(cursor or 0) + len(results)
            following = str(after) if after < _MOST_BY_NUMBER else ""
        else:
            following = (self._identify(results[-1]) or "") if results else ""
        return Page(results, total, following)

    def _identify(self, item: Any) -> str | None:
        resource = item.get("resource") if isinstance(item, dict) else None
        identifier = resource.get("id") if isinstance(resource, dict) else None
        return identifier if isinstance(identifier, str) else None

    def _read(self, item: Any, index: int) -> Harvested | None:
        if not is_dataset(item):
            self._left_out[str(item["resource"]["type"])] += 1
            return None
        return harvested(Entry(f"$.results[{index}]", item), self._source, MAPPER, self._known)

    def _changed(self, item: Any) -> datetime.datetime | None:
        resource = item.get("resource") if isinstance(item, dict) else None
        return moment_of(resource.get("updatedAt")) if isinstance(resource, dict) else None
