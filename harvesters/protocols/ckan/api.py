"""CKAN's action API, `package_search` page by page (https://docs.ckan.org/en/2.12/api/)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem, SourceError
from ckanext.aivision.harvesters.http.clock import moment_of
from ckanext.aivision.harvesters.http.page_addresses import MOST_PAGES
from ckanext.aivision.harvesters.http.session import StatusError
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.ckan.addresses import action_address
from ckanext.aivision.harvesters.protocols.ckan.cursor import CHANGES, EVERYTHING, NAMES, Place, place_of
from ckanext.aivision.harvesters.protocols.ckan.package import CKAN
from ckanext.aivision.harvesters.protocols.ckan.package_list import NOT_SHOWN, package_names, packages_one_by_one
from ckanext.aivision.record import Harvested

# A package enters the search index some time after the change that it is dated by.
OVERLAP = datetime.timedelta(hours=1)
# Statuses that mean that package_search is shut, not that it is busy.
_SHUT = (400, 401, 403, 404, 405, 500, 501)
# The filter, or a word in it, is not taken (CKAN answers 400 or 409 to a search that it cannot read).
_NO_FILTER = (*_SHUT, 409)
# Seconds between two packages that are read one by one.
_PAUSE = 0.1


class CkanPages(ApiPages):
    """The packages of a portal, sorted by id: all, or those that changed since its state's watermark.

    A portal is written to while it is read. What was removed moves the rest forward, so the reading steps back by as
    much as the total went down and passes over what it has had; what was added moves the rest back, and comes twice.
    A portal that has shut package_search is read package by package. A reading that broke off goes on right behind the
    last package that it had before its last page.
    """

    def _prepare(self) -> None:
        self._url, self._params = action_address(self._source.url, "package_search")
        self._place: Place | None = None
        self._listing = EVERYTHING

    def __iter__(self) -> Iterator[Harvested]:
        """Raises SourceError if the portal cannot be read any further, repeats itself or ends too early."""
        self._begin(self._clock.now())
        try:
            records = self._follow_pages(*self._first_page())
        except StatusError as error:
            # A part of a portal cannot be listed.
            if error.status not in _SHUT or self._params:
                raise
            records = self._listed(error)
        for record in records:
            # A package that could not be shown may be there anyway.
            self.incremental = self.incremental or any(problem.code == NOT_SHOWN for problem in record.problems)
            yield record
        self.state = self.state.ended(self._clock.now(), full=not self.incremental)

    def _begin(self, now: datetime.datetime) -> None:
        """Goes on with the reading that broke off, or begins a new one, where there is none or it is too old."""
        state, rhythm = self.state, datetime.timedelta(days=self._source.full_every_days)
        self._place = place_of(state.cursor) if state.began and now - state.began < rhythm else None
        if self._place is None:
            self.state = msgspec.structs.replace(state, cursor="", began=now, newest=None)

    def _first_page(self) -> tuple[list[Any], int, int]:
        """Of the changes or, where a full reading is due or changes cannot be asked for, of all: as `_resumed`."""
        watermark, began = self.state.watermark, self.state.began
        if watermark is None or began is None or self.state.full_is_due(self._source, began):
            return self._resume(EVERYTHING)
        everything = self._params
        self._params, self.incremental = {**everything, "fq": _changed_since(watermark, everything.get("fq", ""))}, True
        try:
            return self._resume(CHANGES)
        except StatusError as error:
            if error.status not in _NO_FILTER:
                raise
            self._params, self.incremental = everything, False
            message = "the portal does not search by metadata_modified, so all of it was read"
            self.remarks.append(Problem("changes-not-searchable", "$", message, seen=str(error)[:200]))
            return self._resume(EVERYTHING)

    def _resume(self, listing: str) -> tuple[list[Any], int, int]:
        """Packages from where the last reading broke off, or from the first; how many there are, and come before."""
        self._listing, place = listing, self._place
        if place is None or place.listing != listing:
            return *self._page(0), 0
        try:
            page, count = self._page(place.page)
        except StatusError:
            page, count = [], 0
        ids = [_id(raw) for raw in page]
        if place.last not in ids:
            self._start_anew()
            return *self._page(0), 0
        self.incremental, known = True, ids.index(place.last) + 1
        start = place.page + known
        if known == len(page) and start < count:
            return *self._page(start), start
        return page[known:], count, start

    def _start_anew(self) -> None:
        message = "the last position is no longer valid, so the portal was read from the start"
        self.remarks.append(Problem("cursor-refused", "$", message, seen=self.state.cursor[:200]))
        self.state = msgspec.structs.replace(self.state, cursor="", began=self._clock.now(), newest=None)
        self._place = None

    def _listed(self, error: StatusError) -> Iterator[Harvested]:
        message = f"package_search is not available (status {error.status}), so the packages were read one by one"
        self.remarks.append(Problem("package-search-shut", "$", message, seen=str(error)[:200]))

        def ask(action: str, **params: str) -> Any:
            return self._ask(action_address(self._source.url, action)[0], params)

        names = package_names(self._source, ask)
        self.expected, begin = len(names), 0
        if self._place is not None and self._place.listing == NAMES and self._place.last in names:
            self.incremental, begin = True, names.index(self._place.last) + 1
        pause = 0.0 if self._budget is not None else _PAUSE
        records = packages_one_by_one(self._source, names, ask, lambda: self._clock.sleep(pause), begin)
        for index, record in enumerate(records, begin):
            if index > begin:
                self._keep(Place(NAMES, index, 1, names[index - 1]))
            self._see([record.raw])
            yield record

    def _follow_pages(self, page: list[Any], count: int, start: int) -> Iterator[Harvested]:
        """The packages of a page that begins with number `start` of `count`, and of all pages after it."""
        had: set[str] = set()
        index, moved = start, False
        last: list[Any] | None = None
        for number in range(MOST_PAGES):
            if number:
                page, count = self._page(start)
            before, self.expected = self.expected, count
            moved = moved or count != (before or count)
            if before is not None and count < before and start > 0:
                start, last = max(0, start - (before - count)), None
                continue
            if page and page == last:
                raise SourceError(
                    f"{self._source.name}: the portal returns the same page again and again; try again later"
                )
            if last and (behind := _id(last[-1])):
                self._keep(Place(self._listing, start, len(last), behind))
            last = page
            self._see(page)
            for raw in page:
                identifier = _id(raw)
                if moved and identifier in had:
                    continue
                if identifier is not None:
                    had.add(identifier)
                yield harvested(Entry(f"$.result.results[{index}]", raw), self._source, CKAN, self._known)
                index += 1
            start += len(page)
            if not page or start >= count:
                break
        self._check_end(start)

    def _keep(self, place: Place) -> None:
        """All before a place has been given: from there the next reading can go on, if this one breaks off."""
        self.state = msgspec.structs.replace(self.state, cursor=str(place))

    def _see(self, packages: list[Any]) -> None:
        """Takes note of the newest change among packages."""
        for raw in packages:
            self.state = msgspec.structs.replace(self.state, newest=_later(self.state.newest, raw))

    def _check_end(self, read: int) -> None:
        if self.expected is not None and read < self.expected:
            raise SourceError(
                f"{self._source.name}: the portal says it has {self.expected:,} datasets but returned {read:,}; "
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
                f"{self._source.name}: this is not a response of CKAN's package_search; check the address and the kind"
            )
        self._fit(len(found))
        return found, count


def _changed_since(watermark: datetime.datetime, fq: str) -> str:
    """The filter of a source, narrowed to what changed (https://docs.ckan.org/en/2.12/api/, package_search, fq)."""
    clause = f"metadata_modified:[{watermark - OVERLAP:%Y-%m-%dT%H:%M:%SZ} TO *]"
    if not fq:
        return clause
    return f"+({fq}) +{clause}" if " OR " in fq else f"{fq} +{clause}"


def _id(raw: Any) -> str | None:
    identifier = raw.get("id") if isinstance(raw, dict) else None
    return identifier if isinstance(identifier, str) else None


def _later(newest: datetime.datetime | None, raw: Any) -> datetime.datetime | None:
    date = moment_of(raw.get("metadata_modified")) if isinstance(raw, dict) else None
    return max((moment for moment in (newest, date) if moment is not None), default=None)
