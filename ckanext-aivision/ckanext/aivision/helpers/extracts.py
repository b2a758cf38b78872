"""CKAN's helper that makes a short text of a long one in Markdown: a list of datasets has one for each of them."""

from __future__ import annotations

import functools
from collections.abc import Callable

from ckan.plugins import toolkit

__all__ = ["markdown_extract"]

# Of the texts that were asked for last, a process keeps what they make: 5 MB at most.
_KEPT, _LONGEST = 1000, 5000


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
