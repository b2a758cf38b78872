"""CKAN's action API and catalog.data.gov's search: pages of records over HTTP."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters import ckan_fields, dcat_us_fields
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.record import Harvested

ROWS = 1000
# No catalogue has more pages than this: a server that never ends is broken.
MOST_PAGES = 20_000
_API = "/api/3/action/"
KEY_VARIABLE = "DATAGOV_API_KEY"


class CkanPages:
    """`package_search`, sorted by id so that no page shifts while it is read."""

    def __init__(self, source: Source, session: Session, rows: int = ROWS) -> None:
        """rows: asked for a page; the server may give fewer."""
        self._source, self._session, self._rows = source, session, rows
        self._address = api_address(source.url) + "package_search"
        self.expected: int | None = None

    def __iter__(self) -> Iterator[Harvested]:
        start, first_of_last_page = 0, None
        for _ in range(MOST_PAGES):
            result = self._page(start)
            page, self.expected = result["results"], result["count"]
            if not page:
                break
            first = page[0].get("id") if isinstance(page[0], dict) else None
            if first is not None and first == first_of_last_page:
                raise SourceError(f"{self._source.name}: the server gives the same page again at start={start}")
            first_of_last_page = first
            for index, raw in enumerate(page, start):
                yield ckan_fields.to_harvested(raw, self._source, f"$.result.results[{index}]")
            start += len(page)
            if start >= self.expected:
                break
        if self.expected is not None and start < self.expected:
            raise SourceError(
                f"{self._source.name}: the server says it has {self.expected:,} data sets and gave {start:,}; "
                "try again later"
            )

    def _page(self, start: int) -> dict[str, Any]:
        answer = self._session.json(self._address, {"start": start, "rows": self._rows, "sort": "id asc"})
        result = answer.get("result") if isinstance(answer, dict) else None
        if (
            not isinstance(result, dict)
            or not isinstance(result.get("results"), list)
            or not isinstance(result.get("count"), int)
        ):
            raise SourceError(f"{self._source.name}: not an answer of CKAN's package_search; check the address")
        return result


def api_address(url: str) -> str:
    """The action API of a portal, from its own address or one within the API."""
    base = url.split("?")[0]
    return base[: base.index(_API) + len(_API)] if _API in base else base.rstrip("/") + _API


class DatagovSearch:
    """catalog.data.gov `/search`: a cursor over DCAT-US records.

    The key, where one is needed, comes from the environment variable DATAGOV_API_KEY and goes into a header.
    """

    def __init__(self, source: Source, session: Session, rows: int = ROWS) -> None:
        self._source, self._session, self._rows = source, session, rows
        self.expected: int | None = None

    def __iter__(self) -> Iterator[Harvested]:
        parts = urlsplit(self._source.url)
        address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        address = address if address.endswith("/search") else address + "/search"
        params: dict[str, str | int] = {"per_page": self._rows}
        if self._source.organization:
            params["org_slug"] = self._source.organization
        key = os.environ.get(KEY_VARIABLE)
        headers = {"X-Api-Key": key} if key else None
        count = 0
        for _ in range(MOST_PAGES):
            answer = self._session.json(address, params, headers)
            results = answer.get("results") if isinstance(answer, dict) else None
            if not isinstance(results, list):
                raise SourceError(f"{self._source.name}: not an answer of the catalog.data.gov search; check the address")
            for result in results:
                raw = result.get("dcat") if isinstance(result, dict) else result
                yield dcat_us_fields.to_harvested(raw, self._source, f"$.results[{count}].dcat")
                count += 1
            cursor = answer.get("after")
            if not cursor:
                return
            if cursor == params.get("after"):
                raise SourceError(f"{self._source.name}: the server gives the same cursor again after {count:,} records")
            params["after"] = str(cursor)
        raise SourceError(f"{self._source.name}: more than {MOST_PAGES:,} pages; the search does not end")
