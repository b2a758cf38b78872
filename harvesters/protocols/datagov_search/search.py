"""The search of catalog.data.gov: DCAT-US records behind a cursor (https://resources.data.gov/catalog-api/).

It tells neither a total nor what was removed, and cannot be asked for changes. But it sorts by the date of the last
harvest, so changes are read from the newest on until they are older than what was seen the last time; what is gone
shows in a full reading, which has its own rhythm. The order is believed only as far as the records' own dates show it.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import msgspec

from ckanext.aivision.errors import FetchRefused, Problem, SourceError, UsageError
from ckanext.aivision.harvesters.http.clock import moment_of
from ckanext.aivision.harvesters.http.page_addresses import MOST_PAGES
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.parsing.json_items import Items
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.dcat_us.editions import mapper_of
from ckanext.aivision.harvesters.sources.source_state import SourceState
from ckanext.aivision.record import Harvested

# A record enters the search some time after the harvest that it is dated by.
OVERLAP = datetime.timedelta(days=1)
# Where the API needs a key (api.data.gov), it comes from the environment and goes into a header, never into an address.
KEY_VARIABLE = "DATAGOV_API_KEY"
KEY_FILE_VARIABLE = "DATAGOV_API_KEY_FILE"
KEY_HOSTS = ("data.gov", "gsa.gov")

_SORT = "last_harvested_date"
Results = list[Any] | Items


class DatagovSearch(ApiPages):
    """The records of the search, or of one organisation (`Source.organization`)."""

    def _prepare(self) -> None:
        """Raises UsageError if the key cannot be read."""
        parts = urlsplit(self._source.url)
        path = parts.path.rstrip("/")
        self._url = urlunsplit(
            (parts.scheme, parts.netloc, path if path.endswith("/search") else f"{path}/search", "", "")
        )
        self._params = {**dict(parse_qsl(parts.query)), "sort": _SORT}
        if self._source.organization:
            self._params["org_slug"] = self._source.organization
        self._headers = key_header(self._source.url, self._session.allows(self._source.url))
        self._count = 0

    def __iter__(self) -> Iterator[Harvested]:
        """Raises SourceError if the search cannot be read any further or comes round to where it was."""
        page, state = self._first_page()
        resumed, began = bool(state.cursor), state.began or self._clock.now()
        full = state.full_is_due(self._source, began)
        self.incremental = resumed or not full
        until = None if full or state.watermark is None else state.watermark - OVERLAP
        order = _Order(state.newest)
        whole = True
        for cursor, results in self._pages(page, state.cursor):
            order.see(results)
            newest = max((date for date in (state.newest, order.newest) if date is not None), default=None)
            state = msgspec.structs.replace(state, cursor=cursor, began=began, newest=newest)
            yield from self._records(results, state)
            if until is not None and order.is_past(until):
                whole = False
                break
        self.incremental = resumed or not whole
        if whole and order.descends and order.first is not None and self._count > len(page[0]):
            yield from self._changed_since(order.first, state)
        self._keep(state.ended(self._clock.now(), full=not self.incremental))

    def _first_page(self) -> tuple[tuple[Results, str], SourceState]:
        """The first page, and the state that it is read in: of a reading that broke off, or of a new one."""
        state, now = self.state, self._clock.now()
        rhythm = datetime.timedelta(days=self._source.full_every_days)
        if state.cursor and state.began is not None and now - state.began < rhythm:
            try:
                return self._page(state.cursor), state
            except FetchRefused:
                raise
            except SourceError as error:
                # The search answers a cursor that it does not take with a web page and status 500, like any fault.
                message = "the search did not continue from where the last run stopped, so it was read from the start"
                self.remarks.append(Problem("cursor-refused", "$.after", message, seen=str(error)[:200]))
        return self._page(""), msgspec.structs.replace(state, cursor="", began=now, newest=None)

    def _pages(self, page: tuple[Results, str], cursor: str) -> Iterator[tuple[str, Results]]:
        """Each page with the cursor that leads to it, from a first one on."""
        name, cursors = self._source.name, {cursor}
        for _ in range(MOST_PAGES):
            results, following = page
            yield cursor, results
            if not following:
                return
            if following in cursors:
                message = f"the search returns the same cursor again after {self._count:,} records; try again later"
                raise SourceError(f"{name}: {message}")
            cursors.add(following)
            cursor, page = following, self._page(following)
        raise SourceError(f"{name}: more than {MOST_PAGES:,} pages; the search does not end")

    def _changed_since(self, moment: datetime.datetime, state: SourceState) -> Iterator[Harvested]:
        """The records that were harvested while we read: they went to the top, where we had been."""
        self.again = True
        order = _Order(None)
        for _, results in self._pages(self._page(""), ""):
            order.see(results)
            newer = [result for result in results if (date := _date(result)) is not None and date > moment]
            yield from self._records(newer, state)
            if len(newer) < len(results):
                return

    def _records(self, results: Results, state: SourceState) -> Iterator[Harvested]:
        self._keep(state)
        for result in results:
            raw = result.get("dcat") if isinstance(result, dict) else result
            entry = Entry(f"$.results[{self._count}].dcat", raw)
            self._count += 1
            yield harvested(entry, self._source, mapper_of(raw, self._source), self._known)

    def _keep(self, state: SourceState) -> None:
        """Takes over a state, with the requests that were spent meanwhile."""
        self.state = msgspec.structs.replace(state, requests=self.state.requests)

    def _page(self, cursor: str) -> tuple[Results, str]:
        """The results of a page and the cursor of the next, empty on the last."""
        params = {**self._params, "per_page": str(self._rows), **({"after": cursor} if cursor else {})}
        answer = self._ask(self._url, params, self._headers, "results")
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list | Items):
            raise SourceError(
                f"{self._source.name}: this is not a response of the catalog.data.gov search; check the address"
            )
        self._fit(len(results))
        following = answer.get("after")
        return results, str(following) if following else ""


class _Order:
    """What the dates of the records show of their order.

    first, newest: the first date and the newest. descends: no date was missing, and none newer than the one before it.
    """

    def __init__(self, first: datetime.datetime | None) -> None:
        """first: of the part that was read before, where a reading goes on."""
        self.first = self.newest = self._last = first
        self.descends = True

    def see(self, results: Results) -> None:
        for date in map(_date, results):
            if date is None or (self._last is not None and date > self._last):
                self.descends = False
            if date is not None:
                self.first = self.first or date
                self.newest = max(self.newest or date, date)
                self._last = date

    def is_past(self, moment: datetime.datetime) -> bool:
        """Whether all that follows is older. A first date that is no newer than the last shows no order."""
        if not self.descends or self.first is None or self._last is None:
            return False
        return self._last < moment and self._last < self.first


def _date(result: Any) -> datetime.datetime | None:
    return moment_of(result.get(_SORT)) if isinstance(result, dict) else None


def key_header(url: str, allowed: bool) -> dict[str, str] | None:
    """The header with the operator's key, for the government's own hosts over TLS; None if there is no key.

    allowed: the operator has named this host. Anyone may enter an address, but nobody else's server gets the key.
    Raises UsageError if the key's file cannot be read.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    own = parts.scheme == "https" and any(host == name or host.endswith(f".{name}") for name in KEY_HOSTS)
    key = _key() if own or allowed else ""
    return {"X-Api-Key": key} if key else None


def _key() -> str:
    path = os.environ.get(KEY_FILE_VARIABLE)
    key = os.environ.get(KEY_VARIABLE, "")
    if not key and path:
        try:
            key = Path(path).read_text(encoding="ascii")
        except (OSError, ValueError) as error:
            raise UsageError(f"{KEY_FILE_VARIABLE}: the file with the key cannot be read; check the path") from error
    key = key.strip()
    if not (key.isascii() and key.isprintable()):
        raise UsageError(f"{KEY_VARIABLE}: the key has characters that are not allowed in a header; check it")
    return key
