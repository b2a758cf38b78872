"""The search of catalog.data.gov: DCAT-US records behind a cursor (https://resources.data.gov/catalog-api/)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.dcat_us_editions import mapper_of
from ckanext.aivision.harvesters.entries import Entry
from ckanext.aivision.harvesters.mapping import harvested
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.record import Harvested

# The API's own upper limit of a page.
ROWS = 1000
MOST_PAGES = 20_000
# Where the API needs a key (api.data.gov), it comes from the environment and goes into a header, never into an address.
KEY_VARIABLE = "DATAGOV_API_KEY"


class DatagovSearch:
    """All records of the search, or of one organisation (`Source.organization`).

    expected: always None, for the API tells no total.
    """

    def __init__(self, source: Source, session: Session, rows: int = ROWS) -> None:
        """rows: records a page, 1 to 1,000."""
        self._source, self._session = source, session
        parts = urlsplit(source.url)
        path = parts.path.rstrip("/")
        self._url = urlunsplit(
            (parts.scheme, parts.netloc, path if path.endswith("/search") else f"{path}/search", "", "")
        )
        # By the date of the last harvest, pages do not move while they are read, as they may by relevance.
        self._params = {**dict(parse_qsl(parts.query)), "per_page": str(rows), "sort": "last_harvested_date"}
        if source.organization:
            self._params["org_slug"] = source.organization
        key = os.environ.get(KEY_VARIABLE)
        self._headers = {"X-Api-Key": key} if key else None
        self.expected: int | None = None

    def __iter__(self) -> Iterator[Harvested]:
        """Raises SourceError where the search cannot be read any further or comes round to where it was."""
        name, count = self._source.name, 0
        cursors: set[str] = set()
        for _ in range(MOST_PAGES):
            results, cursor = self._page()
            for result in results:
                raw = result.get("dcat") if isinstance(result, dict) else result
                yield harvested(Entry(f"$.results[{count}].dcat", raw), self._source, mapper_of(raw, self._source))
                count += 1
            if not cursor:
                return
            if cursor in cursors:
                raise SourceError(f"{name}: the search gives the same cursor again after {count:,} records; try later")
            cursors.add(cursor)
            self._params["after"] = cursor
        raise SourceError(f"{name}: more than {MOST_PAGES:,} pages; the search does not end")

    def _page(self) -> tuple[list[Any], str]:
        """The results of a page and the cursor of the next, empty on the last."""
        answer = self._session.json(self._url, self._params, self._headers)
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list):
            raise SourceError(
                f"{self._source.name}: this is no answer of the catalog.data.gov search; check the address"
            )
        cursor = answer.get("after")
        return results, str(cursor) if cursor else ""
