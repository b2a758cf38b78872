"""Web addresses taken apart, without the whole of RFC 3986 for those that are plain."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

_SCHEMES = ("http://", "https://")
# Where one of these stands, `urlsplit` refuses an address, or takes something out of it.
_ODD = re.compile(r"[\[\]\t\n\r]")


class Parts(NamedTuple):
    path: str
    query: str


def parts(url: str) -> Parts | None:
    """Path and query of an address as `urllib.parse.urlsplit` gives them; None if it is none."""
    if url.startswith(_SCHEMES) and url.isascii() and _ODD.search(url) is None:
        # `urlsplit` would do the same, and much that nobody asks for.
        before, _, query = url.partition("#")[0].partition("?")
        start = before.find("/", before.index("//") + 2)
        return Parts(before[start:] if start != -1 else "", query)
    try:
        split = urlsplit(url)
    except ValueError:
        return None
    return Parts(split.path, split.query)
