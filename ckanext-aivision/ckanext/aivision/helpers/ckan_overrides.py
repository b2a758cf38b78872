"""CKAN's own helpers that a page calls again and again about the same: worked out once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ckan.plugins import toolkit
from flask import has_request_context

__all__ = ["check_access", "markdown_extract"]

_ACCESS = "aivision_access"
# Of the texts that were asked for last, a process keeps what is made of them: 5 MB at most.
_KEPT, _LONGEST = 1000, 5000


@toolkit.chained_helper
def check_access(following: Callable[..., bool], action: str, data_dict: dict[str, Any] | None = None) -> bool:
    """As of CKAN. Reading changes nothing that it depends on, so within such a request the answer stays the same."""
    values = tuple(sorted((data_dict or {}).items()))
    if (
        not has_request_context()
        or toolkit.request.method not in ("GET", "HEAD")
        or not all(isinstance(value, str) for _, value in values)
    ):
        return following(action, data_dict)
    kept: dict[tuple[object, ...], bool] = toolkit.g.setdefault(_ACCESS, {})
    key = action, toolkit.current_user.name, values
    if key not in kept:
        kept[key] = following(action, data_dict)
    return kept[key]


@toolkit.chained_helper
def markdown_extract(following: Callable[[str, int], str], text: str, extract_length: int = 190) -> str:
    """As of CKAN. It reads a whole text as Markdown to show its first sentence; of the same text that is the same."""
    # Markup that is equal to a plain text may be read otherwise.
    if type(text) is not str or len(text) > _LONGEST:
        return following(text, extract_length)
    return _extract(following, text, extract_length)


@functools.lru_cache(_KEPT)
def _extract(following: Callable[[str, int], str], text: str, length: int) -> str:
    return following(text, length)
