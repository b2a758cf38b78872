"""Addresses of CKAN's action API."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit, urlunsplit

_PATHS = ("/api/3/action", "/api/action")
_OURS = ("start", "rows", "sort")


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
