"""Catalogues that are served page by page: `data.json?page=N`, or with the address of the next page in each."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Container, Generator, Iterator
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.body import Body
from ckanext.aivision.harvesters.http.page_addresses import PageAddresses
from ckanext.aivision.harvesters.http.session import StatusError
from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import Harvested

# Members that name the next page, and those that hold such members (Hydra in its two dialects, HAL).
_NEXT = ("next", "nextPage", "hydra:next", "hydra:nextPage")
_VIEWS = ("view", "hydra:view", "links", "_links")
# Statuses that say that there is no such page.
_NOT_THERE = (404, 410)
# Repeated records of a page that are held back, whole, until the page shows something new.
_HELD_WHOLE = 1000

Opener = Callable[[str], AbstractContextManager[Body]]
Reader = Callable[[Body, int], Iterator[Harvested]]


def next_numbered_address(url: str) -> str | None:
    """The address with the next number in its `page=`; None if it has no number there."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    number = next((value for key, value in query if key.lower() == "page"), "")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    counted = [(key, str(int(value) + 1) if key.lower() == "page" else value) for key, value in query]
    return urlunsplit(parts._replace(query=urlencode(counted)))


def next_named_address(member: str, value: Any) -> str:
    """The address of the next page that a member of a catalogue gives; empty if it gives none."""
    if member in _VIEWS and isinstance(value, dict):
        return next((text for key in _NEXT if (text := _address(value.get(key)))), "")
    return _address(value) if member in _NEXT else ""


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("href")
    return one(value) or "" if isinstance(value, str) else ""


class CataloguePages:
    """Reads the pages that follow the first one, until one is empty, repeats another, or is not there.

    A page that the page before it names must be there; that counts as the end only where pages are counted.

    several: whether there are, or may be, other pages than the first one.
    """

    def __init__(self, name: str, url: str, came_from: str, opened: Opener, read: Reader, seen: Container[str]) -> None:
        """name: of the source. url: of its first page. came_from: where that came from, after redirects.

        opened: opens an address. read: the records of page number N.
        seen: the identifiers of the records that the reading has had; it is looked at again for each record.
        """
        self._name, self._url, self._came_from = name, url, came_from
        self._opened, self._read, self._seen = opened, read, seen
        self._digests: set[bytes] = set()
        self._nothing_new = 0
        # Where pages are counted another one may come without a change of the first.
        self.several = next_numbered_address(url) is not None

    def first(self, records: Iterator[Harvested]) -> Iterator[Harvested]:
        """The records of the first page, which the later ones are compared with where they are counted."""
        if next_numbered_address(self._url) is None:
            yield from records
            return
        digest = hashlib.blake2b()
        for record in records:
            _add(digest, record)
            yield record
        self._digests.add(digest.digest())

    def following(self, stated: Callable[[], str]) -> Iterator[Harvested]:
        """The records of the other pages.

        stated: the address of the next page that the last one has named, or empty.
        Raises SourceError if a page cannot be had, or the pages do not end.
        """
        by_name, url, base = bool(stated()), self._url, self._came_from
        addresses = PageAddresses(self._name, url, base)
        for number in itertools.count(2):
            named = stated() if by_name else next_numbered_address(url)
            if not named:
                return
            url = addresses.resolve(named, base) if by_name else addresses.count(named)
            self.several = True
            try:
                with self._opened(url) as body:
                    base = body.url
                    more = yield from self._page(self._read(body, number))
            except StatusError as error:
                if by_name or error.status not in _NOT_THERE:
                    raise
                return
            if not more:
                return

    def _page(self, records: Iterator[Harvested]) -> Generator[Harvested, None, bool]:
        """The records of a page, unless it repeats one; returns whether there may be more pages.

        What came on an earlier page is held back until the page shows a dataset that is new.
        """
        digest, held, is_new = hashlib.blake2b(), list[Harvested](), False
        for record in records:
            _add(digest, record)
            if not is_new and (record.dataset is None or record.identifier in self._seen):
                held.append(record if len(held) < _HELD_WHOLE else _without_raw(record))
                continue
            yield from held
            held, is_new = [], True
            yield record
        repeated = digest.digest() in self._digests
        self._digests.add(digest.digest())
        if repeated or not (is_new or held):
            return False
        yield from held
        self._nothing_new = 0 if is_new else self._nothing_new + 1
        if self._nothing_new > 1:
            raise SourceError(f"{self._name}: page after page has nothing new; check the source, or try again later")
        return True


def _add(digest: Any, record: Harvested) -> None:
    digest.update(repr(record.raw).encode("utf-8", "backslashreplace"))


def _without_raw(record: Harvested) -> Harvested:
    """A record that is refused in any case, without what makes it large."""
    dataset = record.dataset
    if dataset is not None:
        dataset = msgspec.structs.replace(dataset, raw={}, description=None, distribution=[])
    return msgspec.structs.replace(record, raw={"identifier": record.identifier}, dataset=dataset)
