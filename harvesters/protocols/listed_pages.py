"""Lists that an API gives page by page: what Socrata, OpenDataSoft, ArcGIS Hub and OGC API Records have in common.

A list is read to its end, and believed only as far as it can be checked: a page that repeats, a cursor that comes
round, and fewer records than the list says it has are errors, so that nothing is taken for gone. Where an API can sort
by the date of the last change, changes are read from the newest on until they are older than what was seen the last
time; the order is believed only as far as the dates show it.
"""

from __future__ import annotations

import abc
import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from ckanext.aivision.errors import FetchRefused, Problem, SourceError
from ckanext.aivision.harvesters.http.page_addresses import MOST_PAGES
from ckanext.aivision.harvesters.http.session import StatusError
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.record import Harvested

# A record enters the index of a portal some time after the change that it is dated by.
OVERLAP = datetime.timedelta(days=1)
# Statuses that mean that a request cannot be answered, not that the portal is busy.
NOT_TAKEN = (400, 404, 405, 422, 500, 501)
# How often a list may grow shorter while it is read.
_MOST_STEPS_BACK = 100


class Page(NamedTuple):
    """One page of a list.

    items: its records. total: how many the list says it has; None if it does not say. following: the cursor of the next
    page; empty on the last one.
    """

    items: list[Any]
    total: int | None
    following: str


class ListedPages(ApiPages):
    """The records of a list. A protocol says how a page is asked for, and what its records are.

    sorts_changes: whether the list can be had with the latest changes first.
    follows_links: whether a page names the next one, and the last one none; others end where all have come.
    by_number: whether cursors are the numbers of records, so that what is removed meanwhile moves the rest forward.
    """

    sorts_changes = False
    follows_links = False
    by_number = False

    @abc.abstractmethod
    def _page(self, cursor: str, newest_first: bool) -> Page:
        """A page of at most `self._rows` records.

        cursor: of the page, as the page before it gave it; empty for the first. Where the list states its number of
        records, a page may name a following one that is empty. Raises SourceError if the answer is no such list.
        """

    @abc.abstractmethod
    def _identify(self, item: Any) -> str | None:
        """What shows that a record is the same as another; None if it has nothing of the kind."""

    @abc.abstractmethod
    def _read(self, item: Any, index: int) -> Harvested | None:
        """A record; None for what is no dataset. index: its number in the list."""

    def _changed(self, item: Any) -> datetime.datetime | None:
        """The date of the last change of a record, by which the list is sorted."""
        return None

    def _prepare(self) -> None:
        self._steps_back = self._count = self._repeated = 0
        self._asked = self._rows
        # Whether a record may have been passed over.
        self._is_unsure = False

    def __iter__(self) -> Iterator[Harvested]:
        """Raises SourceError if the list cannot be read any further, repeats itself or ends too early."""
        state, now = self.state, self._clock.now()
        rhythm = datetime.timedelta(days=self._source.full_every_days)
        resumed = bool(state.cursor) and state.began is not None and now - state.began < rhythm
        if not resumed:
            state = msgspec.structs.replace(state, cursor="", began=now, newest=None)
        self.state = state
        full = resumed or not self.sorts_changes or state.full_is_due(self._source, now)
        if full:
            yield from self._everything(resumed)
        else:
            yield from self._changes()
        self.incremental = self.incremental or self._is_unsure
        self.state = self.state.ended(self._clock.now(), full=not self.incremental)

    def _everything(self, resumed: bool) -> Iterator[Harvested]:
        """All records, from the first page on or from where the last reading broke off."""
        page = None
        if resumed:
            self.incremental = True
            try:
                page = self._ask_for(self.state.cursor, newest_first=False)
            except FetchRefused:
                raise
            except StatusError as error:
                self._start_anew(error)
        cursor = self.state.cursor
        page = page or self._ask_for("", newest_first=False)
        # A reading that goes on does not know how much it has had.
        yield from self._walk(page, cursor, checked=not self.incremental)

    def _start_anew(self, error: StatusError) -> None:
        message = "the list did not continue from where the last run stopped, so it was read from the start"
        self.remarks.append(Problem("cursor-refused", "$", message, seen=str(error)[:200]))
        self.state = msgspec.structs.replace(self.state, cursor="", began=self._clock.now(), newest=None)
        self.incremental = False

    def _changes(self) -> Iterator[Harvested]:
        """What changed since the watermark; all, where the list is not sorted as it was asked to be."""
        assert self.state.watermark is not None
        until = self.state.watermark - OVERLAP
        try:
            page = self._ask_for("", newest_first=True)
        except StatusError as error:
            if error.status not in NOT_TAKEN:
                raise
            message = "the list cannot be sorted by the date of the last change, so all of it was read"
            self.remarks.append(Problem("changes-not-searchable", "$", message, seen=str(error)[:200]))
            yield from self._everything(resumed=False)
            return
        self.incremental = True
        order = _Order(self._changed)
        ended = False
        for items in self._pages(page, "", newest_first=True, keep=False):
            order.see(items)
            yield from self._records(items)
            if order.is_past(until):
                ended = True
                break
        if ended:
            return
        # It was read to its end, so what did not come is gone; or to the last record that the list gives by number.
        self.incremental = False
        self._tell_repeated()
        if self.expected is not None and self._count < self.expected:
            self.again = True
            yield from self._everything(resumed=False)

    def _walk(self, page: Page, cursor: str, checked: bool) -> Iterator[Harvested]:
        for items in self._pages(page, cursor, newest_first=False, keep=True):
            yield from self._records(items)
        if checked:
            self._check_end()

    def _records(self, items: list[tuple[int, Any]]) -> Iterator[Harvested]:
        for index, item in items:
            changed = self._changed(item)
            if changed is not None and (self.state.newest is None or changed > self.state.newest):
                self.state = msgspec.structs.replace(self.state, newest=changed)
            record = self._read(item, index)
            if record is not None:
                yield record

    def _pages(self, page: Page, cursor: str, newest_first: bool, keep: bool) -> Iterator[list[tuple[int, Any]]]:
        """The records of each page with their numbers; those that came before, because the list moved, left out.

        keep: whether the cursor of each page is kept, to go on with from there.
        """
        cursors, had, moved = {cursor}, set[str](), False
        index, longest = self._first_number(cursor), 0
        for _ in range(MOST_PAGES):
            moved = moved or (page.total is not None and self.expected not in (None, page.total))
            removed = self._removed(page.total)
            self.expected = page.total
            if removed and index and self.by_number and not newest_first:
                index = max(0, index - removed)
                # The pages begin elsewhere from here on.
                cursor = str(index)
                cursors = {cursor}
                page = self._ask_for(cursor, newest_first)
                continue
            # Elsewhere nothing shows which record was passed over, so nothing is taken for gone.
            self._is_unsure = self._is_unsure or removed > 0
            if keep:
                self.state = msgspec.structs.replace(self.state, cursor=cursor)
            fresh = self._fresh(page.items, had)
            # A short page may have come before by chance, where the order is not steady.
            longest = max(longest, len(page.items))
            if page.items and not fresh and not moved and len(page.items) == longest:
                raise SourceError(
                    f"{self._source.name}: the portal returns the same page again and again; try again later"
                )
            if not moved:
                self._repeated += len(page.items) - len(fresh)
            numbered = list(enumerate(page.items, index))
            yield [(number, item) for number, item in numbered if not moved or number - index in fresh]
            index += len(page.items)
            self._count = index
            if not page.following or not page.items:
                return
            is_all = page.total is not None and index >= page.total
            if is_all and len(page.items) < self._asked and not self.follows_links:
                return
            cursor = page.following
            if cursor in cursors:
                raise SourceError(
                    f"{self._source.name}: the list returns the same cursor again after {index:,} records; try again "
                    "later"
                )
            cursors.add(cursor)
            page = self._ask_for(cursor, newest_first)
        raise SourceError(f"{self._source.name}: more than {MOST_PAGES:,} pages; the list does not end")

    def _ask_for(self, cursor: str, newest_first: bool) -> Page:
        self._asked = self._rows
        page = self._page(cursor, newest_first)
        self._fit(len(page.items))
        return page

    def _first_number(self, cursor: str) -> int:
        return int(cursor) if self.by_number and cursor.isdecimal() else 0

    def _removed(self, total: int | None) -> int:
        """How many records were removed since the last page: the rest has moved forward by as many."""
        if total is None or self.expected is None or total >= self.expected:
            return 0
        self._steps_back += 1
        if self._steps_back > _MOST_STEPS_BACK:
            raise SourceError(
                f"{self._source.name}: the number of records that the portal states changes again and again; try again "
                "later"
            )
        return self.expected - total

    def _fresh(self, items: list[Any], had: set[str]) -> set[int]:
        """The places of the records of a page that did not come before, and takes note of all of them."""
        identified = [self._identify(item) for item in items]
        fresh = {place for place, one in enumerate(identified) if one is None or one not in had}
        had.update(one for one in identified if one is not None)
        return fresh

    def _tell_repeated(self) -> None:
        """A list whose order is not the same for each page gives some records twice, and others never."""
        if self._repeated:
            message = f"the list gave {self._repeated:,} records twice, so others may be missing; nothing is removed"
            self.remarks.append(Problem("records-repeated", "$", message))
            self._is_unsure, self._repeated = True, 0

    def _check_end(self) -> None:
        self._tell_repeated()
        if self.expected is not None and self._count < self.expected:
            raise SourceError(
                f"{self._source.name}: the portal says it has {self.expected:,} records but returned {self._count:,}; "
                "try again later"
            )
        if self.expected is not None and self._count > self.expected:
            message = f"the portal says it has {self.expected:,} records and returned {self._count:,}"
            self.remarks.append(Problem("count-wrong", "$", message, seen=str(self.expected)))
            self.expected = self._count

    def _refuse(self, what: str) -> SourceError:
        """The error for an answer that is something else. what: the product's name for it."""
        return SourceError(f"{self._source.name}: this is not {what}; check the address and the kind")


class _Order:
    """What the dates of the records show of their order: the newest first, as far as none is missing or newer."""

    def __init__(self, changed: Any) -> None:
        self._changed = changed
        self._first: datetime.datetime | None = None
        self._last: datetime.datetime | None = None
        self._descends = True

    def see(self, items: list[tuple[int, Any]]) -> None:
        for _, item in items:
            date = self._changed(item)
            if date is None or (self._last is not None and date > self._last):
                self._descends = False
            if date is not None:
                self._first = self._first or date
                self._last = date

    def is_past(self, moment: datetime.datetime) -> bool:
        """Whether all that follows is older. A first date that is no newer than the last shows no order."""
        if not self._descends or self._first is None or self._last is None:
            return False
        return self._last < moment and self._last < self._first
