"""A folder as a web server lists it: Apache (mod_autoindex), IIS (directory browsing) and nginx (autoindex)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

# What such a page says of itself.
_LISTING = re.compile(r"<(?:title|h1)[^>]*>\s*(?:Index of|Directory listing)|\[To Parent Directory\]", re.IGNORECASE)
_FILES = (".xml", ".iso19139", ".xml.gz")
# Behind the name: 2026-11-30 10:22 (Apache), 30-Nov-2026 10:22 (nginx). Before it: 11/30/2026 10:22 AM (IIS).
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)")
_NAMED = re.compile(r"\b(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d)")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}):(\d\d)(?:\s*([AP]M))?", re.IGNORECASE)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST_TEXT = 500


class Item(NamedTuple):
    """Something in a folder. changed: as the server says, taken for UTC; None if it does not."""

    url: str
    is_folder: bool
    changed: datetime.datetime | None


class _Links(HTMLParser):
    """The links of a page, each with the text before it and the text behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self._between = ""
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._end_last()
            self.found.append((dict(attrs).get("href") or "", self._between, ""))
            self._between, self._is_inside = "", True

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "a"

    def handle_data(self, data: str) -> None:
        if not self._is_inside and len(self._between) < _LONGEST_TEXT:
            self._between += f"{data[:_LONGEST_TEXT]} "

    def close(self) -> None:
        super().close()
        self._end_last()

    def _end_last(self) -> None:
        if self.found:
            href, before, _ = self.found[-1]
            self.found[-1] = (href, before, self._between)


def is_listing(text: str) -> bool:
    """Whether a web page is a list of files, as its beginning shows."""
    return _LISTING.search(text) is not None


def items(chunks: Iterable[str], url: str, root: str) -> list[Item]:
    """The metadata files and the folders that a page lists, each once, in the order of their addresses.

    url: of the page. root: of the folder that is read: what does not lie inside it is not of it.
    """
    parser = _Links()
    for chunk in chunks:
        parser.feed(chunk)
    parser.close()
    found: dict[str, Item] = {}
    for href, before, behind in parser.found:
        address = _inside(href, url, root)
        if address and (address.endswith("/") or urlsplit(address).path.lower().endswith(_FILES)):
            found.setdefault(address, Item(address, address.endswith("/"), _date(before, behind)))
    return [found[address] for address in sorted(found) if address != url]


def _inside(href: str, url: str, root: str) -> str:
    """The address of a link, if it leads to something inside the folder; without what sorts a list (`?C=N`)."""
    try:
        parts, base = urlsplit(urljoin(url, href.strip())), urlsplit(root)
        path = unquote(parts.path)
        same = (parts.scheme, parts.hostname, parts.port) == (base.scheme, base.hostname, base.port)
    except ValueError:
        return ""
    is_below = path.startswith(unquote(base.path)) and path != unquote(base.path)
    if not same or not is_below or parts.query or any(part in (".", "..") for part in path.split("/")):
        return ""
    return parts._replace(fragment="").geturl()


def _date(before: str, behind: str) -> datetime.datetime | None:
    """The date of a file; of two readings of `3/4/2026` the later one, so that no change is passed over."""
    try:
        if match := _ISO.search(behind):
            return _moment(*map(int, match.groups()))
        if match := _NAMED.search(behind):
            day, month, year, hour, minute = match.groups()
            return _moment(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute))
        slashed = list(_SLASHED.finditer(before))
        return _slashed(slashed[-1]) if slashed else None
    except ValueError:
        return None


def _slashed(match: re.Match[str]) -> datetime.datetime | None:
    first, second, year, hour, minute = map(int, match.groups()[:5])
    half = (match[6] or "").upper()
    hour = hour % 12 + (12 if half == "PM" else 0) if half else hour
    readings = {(first, second), (second, first)}
    moments = [_moment(year, month, day, hour, minute) for month, day in readings if month <= 12]
    return max(moments, default=None)


def _moment(year: int, month: int, day: int, hour: int, minute: int) -> datetime.datetime:
    return datetime.datetime(year, month, day, hour, minute, tzinfo=datetime.timezone.utc)
