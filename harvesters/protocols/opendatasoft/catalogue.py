"""Opendatasoft's catalogue: page by page, and by its export where it has more than pages give.

The API gives no more than 10,000 datasets by number, and all of them in `exports/json`
(https://help.opendatasoft.com/apis/ods-explore-v2/).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ckanext.aivision.harvesters.http.clock import moment_of
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import LIST, Entry
from ckanext.aivision.harvesters.protocols.listed_pages import ListedPages, Page
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.opendatasoft.dataset import mapper_of
from ckanext.aivision.record import Harvested

_PATH = "/api/explore/v2.1/catalog"
_OURS = ("limit", "offset", "order_by", "rows", "start")
MOST_BY_NUMBER = 10_000


def catalogue_address(url: str) -> tuple[str, str, dict[str, str]]:
    """The addresses of a portal and of its catalogue, from the portal's own or one in its API; the query to keep."""
    parts = urlsplit(url)
    path = parts.path.partition("/api/explore/")[0].rstrip("/")
    query = {key: value for key, value in parse_qsl(parts.query) if key not in _OURS}
    portal = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return portal, f"{portal}{_PATH}", query


class OpendatasoftPages(ListedPages):
    """The datasets of a portal, sorted by identifier."""

    sorts_changes = True
    by_number = True

    def _prepare(self) -> None:
        super()._prepare()
        portal, self._url, self._params = catalogue_address(self._source.url)
        host = urlsplit(portal)
        # A portal's address may hold a password, which no record is to repeat.
        clean = urlunsplit((host.scheme, host.netloc.rpartition("@")[2], host.path, "", ""))
        self._mapper = mapper_of(clean)

    def _everything(self, resumed: bool) -> Iterator[Harvested]:
        if resumed:
            yield from super()._everything(resumed)
            return
        page = self._ask_for("", newest_first=False)
        if page.total is None or page.total < MOST_BY_NUMBER:
            yield from self._walk(page, "", checked=True)
        else:
            yield from self._export(page.total)

    def _export(self, total: int) -> Iterator[Harvested]:
        """All datasets in one document, which ends where it is complete."""
        self.expected = total
        query = f"?{urlencode(self._params)}" if self._params else ""
        with self._session.stream(f"{self._url}/exports/json{query}") as body:
            entries = Document(body, self._source.name, self._source.url, self.remarks).entries(LIST)
            for index, entry in enumerate(entries):
                self._count = index + 1
                yield from self._records([(index, entry)])
        self._check_end()

    def _page(self, cursor: str, newest_first: bool) -> Page:
        start = int(cursor or 0)
        rows = min(self._rows, MOST_BY_NUMBER - start)
        order = "default.metadata_processed desc" if newest_first else "dataset_id"
        params: dict[str, str | int] = {**self._params, "limit": rows, "offset": start, "order_by": order}
        answer = self._ask(f"{self._url}/datasets", params)
        results = answer.get("results") if isinstance(answer, dict) else None
        total = answer.get("total_count") if isinstance(answer, dict) else None
        if not isinstance(results, list) or type(total) is not int or total < 0:
            raise self._refuse("a response of Opendatasoft's Explore API")
        after = start + len(results)
        return Page(results, total, str(after) if after < MOST_BY_NUMBER else "")

    def _identify(self, item: Any) -> str | None:
        identifier = item.get("dataset_id") if isinstance(item, dict) else None
        return identifier if isinstance(identifier, str) else None

    def _read(self, item: Any, index: int) -> Harvested | None:
        entry = item if isinstance(item, Entry) else Entry(f"$.results[{index}]", item)
        return harvested(entry, self._source, self._mapper, self._known)

    def _changed(self, item: Any) -> datetime.datetime | None:
        raw = item.raw if isinstance(item, Entry) else item
        metas = raw.get("metas") if isinstance(raw, dict) else None
        basic = metas.get("default") if isinstance(metas, dict) else None
        return moment_of(basic.get("metadata_processed")) if isinstance(basic, dict) else None
