"""Template helpers: the language of the page."""

from __future__ import annotations

import functools

import markupsafe
from ckan.plugins import toolkit

from ckanext.aivision.normalise.vocabulary import rows

__all__ = ["aivision_english", "aivision_translation_unreviewed"]


def aivision_translation_unreviewed() -> bool:
    """Whether the page is in a language whose texts no native speaker has read yet (config/translation)."""
    return str(toolkit.h.lang()) in _unreviewed()


def aivision_english(text: str | None) -> str:
    """A text that is made of a record's own values and stays English, marked as English on a page in another language.

    A screen reader then reads it with an English voice (WCAG 2.2, 3.1.2, Language of Parts).
    """
    if not text or str(toolkit.h.lang()).startswith("en"):
        return text or ""
    return markupsafe.Markup('<span lang="en">{}</span>').format(text)


@functools.cache
def _unreviewed() -> frozenset[str]:
    return frozenset(row["locale"] for row in rows("languages", "translation") if row["reviewed"] != "yes")
