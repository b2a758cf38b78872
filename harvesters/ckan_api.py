"""CKAN's action API, `package_search` page by page (https://docs.ckan.org/en/2.12/api/)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.ckan_package import CKAN
from ckanext.aivision.harvesters.entries import Entry
from ckanext.aivision.harvesters.mapping import harvested
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.record import Harvested

# CKAN's own upper limit of a page (ckan.search.rows_max); a portal may have a lower one.
ROWS = 1000
# No catalogue has more pages than this: a portal that never ends is broken.
MOST_PAGES = 20_000
_PATHS = ("/api/3/action", "/api/action")
_OURS = ("start", "rows", "sort")


class CkanPages:
    """All packages of a portal, sorted by id.

    A portal is written to while it is read. What was removed moves the rest forward, so the reading steps back by as
    much as the total went down and passes over what it has had; what was added moves the rest back, and comes twice.

    expected: the number of packages that the portal says it has; None before the first page.
    """

    def __init__(self, source: Source, session: Session, rows: int = ROWS) -> None:
        """rows: asked for a page; the portal may give fewer."""
        self._source, self._session, self._rows = source, session, rows
        self._url, self._params = action_address(source.url, "package_search")
        self.expected: int | None = None

    def __iter__(self) -> Iterator[Harvested]:
        """Raises SourceError where the portal cannot be read any further, repeats itself or ends too early."""
        had: set[str] = set()
        start, index, moved = 0, 0, False
        last: list[Any] | None = None
        for _ in range(MOST_PAGES):
            page, count = self._page(start)
            before, self.expected = self.expected, count
            moved = moved or count != (before or count)
            if before is not None and count < before and start > 0:
                start, last = max(0, start - (before - count)), None
                continue
            if page and page == last:
                raise SourceError(f"{self._source.name}: the portal gives one page again and again; try again later")
            last = page
            for raw in page:
                identifier = raw.get("id") if isinstance(raw, dict) else None
                if moved and identifier in had:
                    continue
                if isinstance(identifier, str):
                    had.add(identifier)
                yield harvested(Entry(f"$.result.results[{index}]", raw), self._source, CKAN)
                index += 1
            start += len(page)
            if not page or start >= count:
                break
        self._check_end(start)

    def _check_end(self, read: int) -> None:
        if self.expected is not None and read < self.expected:
            raise SourceError(
                f"{self._source.name}: the portal says it has {self.expected:,} data sets and gave {read:,}; "
                "try again later"
            )

    def _page(self, start: int) -> tuple[list[Any], int]:
        """The packages from `start` on, and how many the portal says there are."""
        params: dict[str, str | int] = {**self._params, "start": start, "rows": self._rows, "sort": "id asc"}
        answer = self._session.json(self._url, params)
        result = answer.get("result") if isinstance(answer, dict) else None
        found = result.get("results") if isinstance(result, dict) else None
        count = result.get("count") if isinstance(result, dict) else None
        if not isinstance(found, list) or type(count) is not int or count < 0:
            raise SourceError(
                f"{self._source.name}: this is no answer of CKAN's package_search; check the address and the kind"
            )
        return found, count


def action_address(url: str, action: str) -> tuple[str, dict[str, str]]:
    """The address of an action, from a portal's own address or one inside its API, and the query to keep.

    A query (`fq=organization:...`) stays, so that part of a portal can be a source.
    """
    parts = urlsplit(url)
    path = parts.path
    for mark in _PATHS:
        path = path.partition(mark)[0]
    query = {key: value for key, value in parse_qsl(parts.query) if key not in _OURS}
    return urlunsplit((parts.scheme, parts.netloc, f"{path.rstrip('/')}/api/3/action/{action}", "", "")), query


def is_action_address(url: str) -> bool:
    """Whether an address is one inside CKAN's action API."""
    return any(mark in urlsplit(url).path for mark in _PATHS)
