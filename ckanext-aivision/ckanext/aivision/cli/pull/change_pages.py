"""Fetch the pages of another catalogue's `/changes`, which may answer anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.http.session import Limits, Session, StatusError

# Of one page.
LIMITS = Limits(body=512 * 2**20, total=600)
_NDJSON = "application/x-ndjson"
_LONGEST_CURSOR = 200
_NO_FEED = "does not have the change feed of ckanext-aivision"
_NONE_THERE = range(400, 500)
_TRANSIENT = (408, 410, 429)


class NoFeed(SourceError):
    """There is no change feed at an address."""


class TooOld(SourceError):
    """The changes after a cursor are not stored any more."""


class _Line(msgspec.Struct):
    """A change, or the last line of a page, which has `next`."""

    change: Literal["created", "updated", "deleted", ""] = ""
    id: str = ""
    package: msgspec.Raw = msgspec.Raw()
    next: str = ""
    complete: bool = False


class _Identified(msgspec.Struct):
    id: str


class Change(NamedTuple):
    """package: as JSON on one line; None if the dataset is not public any more."""

    id: str
    package: bytes | None


class Page(NamedTuple):
    """changes: each dataset once. next: the cursor of the page after it. complete: whether nothing follows now."""

    changes: list[Change]
    next: str
    complete: bool


def feed_address(url: str) -> str:
    """Where the changes of a catalogue would be, by its address or their own; empty for an address of something else.

    Raises UsageError for what is no address.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UsageError(f"{url}: is not an address ({error}); give that of a catalogue") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{url}: give the http(s) address of a catalogue")
    if parts.fragment:
        raise UsageError(f"{url}: give the address of the catalogue without #{parts.fragment}")
    if parts.query or "." in parts.path.rpartition("/")[2]:
        return ""
    path = parts.path.rstrip("/").removesuffix("/changes") + "/changes"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def pages(session: Session, address: str, cursor: str, limit: int) -> Iterator[Page]:
    """The pages after a cursor, until there are no further changes. cursor: empty for everything.

    Raises NoFeed if there are none, TooOld if the next ones are not stored any more, and SourceError if one cannot be
    had or is wrong.
    """
    while True:
        page = _fetch(session, address, cursor, limit)
        if not page.complete and page.next == cursor:
            raise SourceError(f"{address}: the cursor does not move on; tell the operator of the catalogue")
        yield page
        if page.complete:
            return
        cursor = page.next


def _fetch(session: Session, address: str, cursor: str, limit: int) -> Page:
    query = {"include": "package", "limit": str(limit)} | ({"since": cursor} if cursor else {})
    try:
        with session.stream(f"{address}?{urlencode(query)}", accept=_NDJSON) as body:
            if body.content_type.partition(";")[0].strip().lower() != _NDJSON:
                raise NoFeed(f"{address}: {_NO_FEED}")
            content = body.read()
    except StatusError as error:
        if error.status == 410:
            raise TooOld(f"{address}: the changes since the last pull are not stored there any more") from error
        if error.status in _NONE_THERE and error.status not in _TRANSIENT:
            raise NoFeed(f"{address}: {_NO_FEED} ({error.status})") from error
        raise
    return _parse(content, address)


def _parse(content: bytes, address: str) -> Page:
    changes: list[Change] = []
    for number, text in enumerate(content.splitlines(), 1):
        try:
            line = msgspec.json.decode(text, type=_Line)
            if line.next:
                return Page(changes, line.next[:_LONGEST_CURSOR], line.complete)
            package = bytes(line.package) or None
            if not line.id or not line.change or (package is None) != (line.change == "deleted"):
                raise msgspec.DecodeError("neither a change with its package nor `next`")
            if package is not None and msgspec.json.decode(package, type=_Identified).id != line.id:
                raise msgspec.DecodeError("the package of another dataset")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SourceError(f"{address}: line {number} is no change ({error}); try again later") from error
        changes.append(Change(line.id, package))
    raise SourceError(f"{address}: the page has no last line with `next`; try again later")
