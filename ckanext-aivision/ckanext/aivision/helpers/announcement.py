"""Template helpers: the announcement of a new version of the rubric."""

from __future__ import annotations

import datetime
from typing import Any

import babel
import babel.dates
from ckan.plugins import toolkit

from ckanext.aivision.scoring.rubric import load

__all__ = ["aivision_announcement", "aivision_gate_label"]


def aivision_announcement(**asked: str) -> dict[str, Any] | None:
    """What the action `aivision_announcement_show` gives for a dataset (`id`) or an `organization`.

    None if nothing is announced, or if the reader cannot edit it. starts_on is the day in words.
    """
    try:
        found: dict[str, Any] = toolkit.get_action("aivision_announcement_show")({}, asked)
    except (toolkit.NotAuthorized, toolkit.ObjectNotFound):
        return None
    return {**found, "starts_on": _in_words(datetime.date.fromisoformat(found["starts_on"]))}


def aivision_gate_label(id: str) -> str:
    """What a gate finds, in a few words (`no licence`); empty if the rubric has no such gate."""
    return next((row.label for row in load().gates if row.id == id), "")


def _in_words(day: datetime.date) -> str:
    try:
        locale = babel.Locale.parse(toolkit.h.lang() or "en")
    except (babel.UnknownLocaleError, ValueError):
        locale = babel.Locale("en")
    return str(babel.dates.format_date(day, "d MMMM y", locale=locale))
