"""Template helpers: the language of the page."""

from __future__ import annotations

import functools

from ckan.plugins import toolkit

from ckanext.aivision.normalise.vocabulary import rows

__all__ = ["aivision_translation_unreviewed"]


def aivision_translation_unreviewed() -> bool:
    """Whether the page is in a language whose texts no native speaker has read yet (config/translation)."""
    return str(toolkit.h.lang()) in _unreviewed()


@functools.cache
def _unreviewed() -> frozenset[str]:
    return frozenset(row["locale"] for row in rows("languages", "translation") if row["reviewed"] != "yes")
