"""Themes: which published vocabulary a theme is from."""

from __future__ import annotations

import functools

from ckanext.aivision.normalise.vocabulary import LONGEST_TERM, aliases, folded
from ckanext.aivision.record import Term


@functools.cache
def _aliases() -> dict[str, str]:
    return aliases("themes", "id")


@functools.lru_cache(maxsize=8192)
def clean(text: str) -> Term:
    """A theme as written to its id in one of the vocabularies of config/vocabularies/themes.csv."""
    short = text[:LONGEST_TERM].strip()
    is_uri = short.lower().startswith(("http://", "https://"))
    name = short.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1] if is_uri else short
    key = _aliases().get(folded(name))
    return Term(text, key, "uri" if is_uri else "label") if key else Term(text)
