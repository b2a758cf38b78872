"""Sitemaps and indexes of sitemaps (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.clock import moment_of

_ROOT = re.compile(r"<(?:\w+:)?(urlset|sitemapindex)\b")
_ENTRY = re.compile(r"<(?:\w+:)?(?:url|sitemap)\b[^>]*>(.*?)</(?:\w+:)?(?:url|sitemap)\s*>", re.DOTALL)
_ADDRESS = re.compile(r"<(?:\w+:)?loc\b[^>]*>\s*(?:<!\[CDATA\[)?\s*(.*?)\s*(?:\]\]>)?\s*</(?:\w+:)?loc\s*>", re.DOTALL)
_CHANGED = re.compile(r"<(?:\w+:)?lastmod\b[^>]*>\s*(.*?)\s*</(?:\w+:)?lastmod\s*>", re.DOTALL)
_LONGEST_ADDRESS = 2048


class Listed(NamedTuple):
    """An entry of a sitemap. changed: when the page was changed, if the sitemap says so."""

    url: str
    changed: datetime.datetime | None


def is_sitemap(beginning: str) -> bool:
    """Whether a document that begins so is a sitemap, or an index of sitemaps."""
    return _ROOT.search(beginning[:2000]) is not None


def is_index(text: str) -> bool:
    root = _ROOT.search(text[:2000])
    return root is not None and root[1] == "sitemapindex"


def entries(text: str, name: str) -> Iterator[Listed]:
    """The entries of a sitemap or of an index of them. name: of the source, for messages.

    Raises SourceError if the text ends before its end.
    """
    root = _ROOT.search(text[:2000])
    if root is None or re.search(rf"</(?:\w+:)?{root[1]}\s*>\s*(?:<!--.*?-->\s*)*\Z", text[-2000:], re.DOTALL) is None:
        raise SourceError(f"{name}: the sitemap ends in the middle; try again later")
    for entry in _ENTRY.finditer(text):
        address = _ADDRESS.search(entry[1])
        if address is None:
            continue
        url = html.unescape(address[1])
        changed = _CHANGED.search(entry[1])
        if len(url) <= _LONGEST_ADDRESS:
            yield Listed(url, moment_of(changed[1]) if changed is not None else None)
