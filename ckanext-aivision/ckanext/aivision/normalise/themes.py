"""Themes: which published vocabulary a theme is from."""

from __future__ import annotations

import functools

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.vocabulary import aliases, folded, local_name, rows
from ckanext.aivision.record import Term


@functools.cache
def _aliases() -> dict[str, str]:
    return aliases("themes", "id")


@functools.cache
def _phrases() -> frozenset[str]:
    return frozenset(row["phrase"] for row in rows("no_themes"))


def is_no_theme(text: str) -> bool:
    """Whether a text names no theme, as `Uncategorized`: a phrase of config/vocabularies/no_themes.csv."""
    return text.strip().lower() in _phrases()


@cached(8192)
def clean(text: str) -> Term:
    """A theme as written to its id in one of the vocabularies of config/vocabularies/themes.csv."""
    name = local_name(text)
    key = _aliases().get(folded((text if name is None else name).replace("&", " and ")))
    return Term(text, key, "label" if name is None else "uri") if key else Term(text)
