"""CKAN's action API, `package_search` page by page (https://docs.ckan.org/en/2.12/api/)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import msgspec

from ckanext.aivision.errors import Problem, SourceError
from ckanext.aivision.harvesters.api_pages import ApiPages
from ckanext.aivision.harvesters.ckan_package import CKAN
from ckanext.aivision.harvesters.ckan_package_list import NOT_SHOWN, package_names, packages_one_by_one
from ckanext.aivision.harvesters.clock import moment_of
from ckanext.aivision.harvesters.entries import Entry
from ckanext.aivision.harvesters.mapping import harvested
from ckanext.aivision.harvesters.page_addresses import MOST_PAGES
from ckanext.aivision.harvesters.session import StatusError
from ckanext.aivision.record import Harvested

# A package enters the search index some time after the change that it is dated by.
OVERLAP = datetime.timedelta(hours=1)
# Statuses that mean that package_search is shut, not that it is busy.
_SHUT = (400, 401, 403, 404, 405, 500, 501)
# The filter, or a word in it, is not taken (CKAN answers 400 or 409 to a search that it cannot read).
_NO_FILTER = (*_SHUT, 409)
_PATHS = ("/api/3/action", "/api/action")
_OURS = ("start", "rows", "sort")
# Seconds between two packages that are read one by one.
_PAUSE = 0.1


class CkanPages(ApiPages):
    """The packages of a portal, sorted by id: all, or those that changed since its state's watermark.

    A portal is written to while it is read. What was removed moves the rest forward, so the reading steps back by as
    much as the total went down and passes over what it has had; what was added moves the rest back, and comes twice.
    A portal that has shut package_search is read package by package.
    """

    def _prepare(self) -> None:
        self._url, self._params = action_address(self._source.url, "package_search")

    def __iter__(self) -> Iterator[Harvested]:
        """Raises SourceError where the portal cannot be read any further, repeats itself or ends too early."""
        began, newest = self._clock.now(), None
        try:
            records = self._found(self._first_page(began))
        except StatusError as error:
            # A part of a portal cannot be listed.
            if error.status not in _SHUT or self._params:
                raise
            records = self._listed(error)
        for record in records:
            newest = _later(newest, record.raw)
            # A package that could not be shown may be there all the same.
            self.incremental = self.incremental or any(problem.code == NOT_SHOWN for problem in record.problems)
            yield record
        state = msgspec.structs.replace(self.state, began=began, newest=newest)
        self.state = state.ended(self._clock.now(), full=not self.incremental)

    def _first_page(self, began: datetime.datetime) -> tuple[list[Any], int]:
        """The first page of the changes or, where a full reading is due or changes cannot be asked for, of all."""
        watermark = self.state.watermark
        if watermark is None or self.state.full_is_due(self._source, began):
            return self._page(0)
        everything = self._params
        self._params, self.incremental = {**everything, "fq": _changed_since(watermark, everything.get("fq", ""))}, True
        try:
            return self._page(0)
        except StatusError as error:
            if error.status not in _NO_FILTER:
                raise
            self._params, self.incremental = everything, False
            message = "the portal does not search by metadata_modified, so all of it was read"
            self.remarks.append(Problem("changes-not-searchable", "$", message, seen=str(error)[:200]))
            return self._page(0)

    def _listed(self, error: StatusError) -> Iterator[Harvested]:
        message = f"package_search is shut (status {error.status}), so the packages were read one by one"
        self.remarks.append(Problem("package-search-shut", "$", message, seen=str(error)[:200]))

        def ask(action: str, **params: str) -> Any:
            return self._ask(action_address(self._source.url, action)[0], params)

        names = package_names(self._source, ask)
        self.expected = len(names)
        pause = 0.0 if self._budget is not None else _PAUSE
        return packages_one_by_one(self._source, names, ask, lambda: self._clock.sleep(pause))

    def _found(self, first: tuple[list[Any], int]) -> Iterator[Harvested]:
        had: set[str] = set()
        start, index, moved = 0, 0, False
        last: list[Any] | None = None
        for number in range(MOST_PAGES):
            page, count = self._page(start) if number else first
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
                yield harvested(Entry(f"$.result.results[{index}]", raw), self._source, CKAN, self._known)
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
        answer = self._ask(self._url, params)
        result = answer.get("result") if isinstance(answer, dict) else None
        found = result.get("results") if isinstance(result, dict) else None
        count = result.get("count") if isinstance(result, dict) else None
        if not isinstance(found, list) or type(count) is not int or count < 0:
            raise SourceError(
                f"{self._source.name}: this is no answer of CKAN's package_search; check the address and the kind"
            )
        return found, count


def _changed_since(watermark: datetime.datetime, fq: str) -> str:
    """The filter of a source, narrowed to what changed (https://docs.ckan.org/en/2.12/api/, package_search, fq)."""
    clause = f"metadata_modified:[{watermark - OVERLAP:%Y-%m-%dT%H:%M:%SZ} TO *]"
    if not fq:
        return clause
    return f"+({fq}) +{clause}" if " OR " in fq else f"{fq} +{clause}"


def _later(newest: datetime.datetime | None, raw: Any) -> datetime.datetime | None:
    date = moment_of(raw.get("metadata_modified")) if isinstance(raw, dict) else None
    return max((moment for moment in (newest, date) if moment is not None), default=None)


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
