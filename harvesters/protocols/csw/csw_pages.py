"""A catalogue read page by page with GetRecords: all of it, or what was modified since the last time."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator

import msgspec

from ckanext.aivision.errors import Problem, SourceError
from ckanext.aivision.harvesters.http.clock import moment_of
from ckanext.aivision.harvesters.http.page_addresses import MOST_PAGES
from ckanext.aivision.harvesters.http.session import StatusError
from ckanext.aivision.harvesters.mapping.xml_table import leaves, listed
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.csw.csw_answers import Page, Refused, capabilities_of
from ckanext.aivision.harvesters.protocols.csw.csw_records import read_record
from ckanext.aivision.harvesters.protocols.csw.csw_requests import Ask, Dialect, Endpoint
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.record import Harvested

# A record's date has no time in most catalogues, and may be of any zone.
_OVERLAP = datetime.timedelta(days=2)
_EVERYTHING, _CHANGES = "all", "changes"


class CswPages(ApiPages):
    """The records of a catalogue: all, or those modified since its state's watermark.

    The counts of a catalogue are not believed where its records contradict them: it is read on while it gives new
    records, and a reading that gave fewer than the catalogue says it has removes nothing. One that broke off goes on a
    page before the last one it had.
    """

    def _prepare(self) -> None:
        self._endpoint = Endpoint(self._source.url)
        self._dialects: list[Dialect] = []
        self._since: datetime.datetime | None = None
        self._had: set[str] = set()
        # Records that have come, those that the catalogue says it returned, and those of the last page that were new.
        self._received = self._told = self._fresh = 0

    def __iter__(self) -> Iterator[Harvested]:
        """Raises SourceError if the catalogue cannot be read any further, repeats itself or ends too early."""
        now = self._clock.now()
        with self._open(self._endpoint.capabilities()) as document:
            capabilities = capabilities_of(document)
        if not capabilities.schema:
            raise SourceError(
                f"{self._source.name}: this CSW gives its records in neither ISO 19139, ISO 19115-3 nor FGDC; give the "
                "catalogue's DCAT"
            )
        self._dialects = self._endpoint.dialects(*capabilities)
        start = self._begin(now)
        yield from self._pages(start)
        self.state = self.state.ended(self._clock.now(), full=not self.incremental)

    def _begin(self, now: datetime.datetime) -> int:
        """The number of the first record to ask for: where the last reading broke off, or 1."""
        state, rhythm = self.state, datetime.timedelta(days=self._source.full_every_days)
        listing, _, number = state.cursor.partition(" ")
        is_recent = state.began is not None and now - state.began < rhythm
        goes_on = is_recent and number.isdecimal() and len(number) < 10
        if not goes_on:
            self.state = state = msgspec.structs.replace(state, cursor="", began=now, newest=None)
        if state.watermark is not None and not state.full_is_due(self._source, state.began or now):
            self._since, self.incremental = state.watermark - _OVERLAP, True
        if not goes_on or listing != self._listing:
            return 1
        self.incremental = self.again = True
        return max(1, int(number) - self._rows)

    @property
    def _listing(self) -> str:
        return _EVERYTHING if self._since is None else _CHANGES

    def _pages(self, start: int) -> Iterator[Harvested]:
        self._received = self._told = start - 1
        for _ in range(MOST_PAGES):
            with contextlib.ExitStack() as stack:
                page = self._page(start, stack)
                yield from self._records(page, start)
            before, matched = self.expected, page.matched
            self.expected = matched if matched is not None else before
            if before is not None and matched is not None and matched != before:
                # What comes and goes while a catalogue is read moves the rest.
                self.again = True
                if matched < before and start > 1:
                    self._received = self._told = start = max(1, start - (before - matched)) - 1
                    start += 1
                    continue
            following = start + page.count
            if not page.count or self._is_end(page, start):
                break
            start = max(following, page.following or 0)
            self.state = msgspec.structs.replace(self.state, cursor=f"{self._listing} {start}")
        else:
            raise SourceError(f"{self._source.name}: more than {MOST_PAGES:,} pages; the catalogue does not end")
        self._check_end()

    def _is_end(self, page: Page, start: int) -> bool:
        """Whether a page with records is the last one. Raises SourceError if it has none but those of earlier pages."""
        matched = self.expected or 0
        if not self._fresh and not self.again:
            if start > matched:
                return True
            raise SourceError(
                f"{self._source.name}: the catalogue returns the same records again and again; try again later"
            )
        is_more_told = page.following is not None and page.following > start
        return start + page.count > matched and not is_more_told

    def _records(self, page: Page, start: int) -> Iterator[Harvested]:
        self._fresh = 0
        for number, entry in enumerate(page, start):
            newest = _stamp(entry)
            if newest is not None and (self.state.newest is None or newest > self.state.newest):
                self.state = msgspec.structs.replace(self.state, newest=newest)
            record = read_record(entry._replace(where=f"record {number}"), self._source, self._known)
            if self.expected is None:
                self.expected = page.matched
            if record.identifier is None or record.identifier not in self._had:
                self._fresh += 1
                self._had.update([record.identifier] if record.identifier is not None else [])
            yield record
        self._received += page.count
        self._told += max(page.returned or 0, page.count)

    def _page(self, start: int, stack: contextlib.ExitStack) -> Page:
        """A page, asked for in the first way that the catalogue answers; open until the stack ends."""
        refusal: SourceError | None = None
        for dialect in self._dialects:
            ask = self._endpoint.records(dialect, start, self._rows, self._since)
            try:
                page = Page(stack.enter_context(self._open(ask)))
            except (Refused, StatusError) as error:
                refusal = refusal or error
                continue
            self._dialects = [dialect]
            return page
        assert refusal is not None
        if self._since is None or len(self._dialects) == 1:
            raise refusal
        message = "the catalogue does not search by the date of modification, so all of it was read"
        self.remarks.append(Problem("changes-not-searchable", "$", message, seen=str(refusal)[:200]))
        self._since, self.incremental = None, False
        return self._page(start, stack)

    @contextlib.contextmanager
    def _open(self, ask: Ask) -> Iterator[Document]:
        accept = "application/xml, text/xml"
        try:
            with self._session.stream(ask.url, accept=accept, budget=self._budget, post=ask.content) as body:
                yield Document(body, self._source.name, ask.url)
        finally:
            if self._budget is not None:
                self.state = msgspec.structs.replace(self.state, requests=self._budget.spent)

    def _check_end(self) -> None:
        expected = self.expected or 0
        if self._received >= expected:
            return
        if self._told < expected:
            raise SourceError(
                f"{self._source.name}: the catalogue says it has {expected:,} records but returned "
                f"{self._received:,}; try again later"
            )
        message = (
            f"the catalogue counts {expected:,} records but gave {self._received:,}: the others cannot be had in this "
            "schema, so no dataset was removed"
        )
        self.remarks.append(Problem("records-withheld", "$", message))
        self.incremental = True


def _stamp(entry: Entry) -> datetime.datetime | None:
    """When the metadata were last modified: the newest date of the record about itself."""
    raw = entry.raw if isinstance(entry.raw, dict) else {}
    written = listed({name: raw[name] for name in ("dateStamp", "dateInfo") if name in raw})
    return max((moment for text in leaves(written) if (moment := moment_of(text)) is not None), default=None)
