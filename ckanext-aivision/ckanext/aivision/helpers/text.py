"""Template helpers: format values for readers."""

from __future__ import annotations

import datetime
import functools
from urllib.parse import urlsplit

import babel
import babel.dates
from ckan.plugins import toolkit
from markupsafe import Markup, escape

__all__ = [
    "aivision_coded",
    "aivision_country",
    "aivision_date",
    "aivision_day",
    "aivision_duration",
    "aivision_moment",
    "aivision_time",
    "aivision_web_address",
]

# Of the rubric, in each language.
_TEXTS_KEPT = 500
_COUNTRIES = {"US": "United States", "GB": "United Kingdom"}


@functools.lru_cache(_TEXTS_KEPT, typed=True)
def aivision_coded(text: str) -> Markup:
    """A text of the rubric with its `field names` as code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def aivision_country(code: str) -> str:
    """A country's name for its code."""
    return toolkit._(_COUNTRIES[code]) if code in _COUNTRIES else toolkit._("Another country")


def aivision_moment(moment: datetime.datetime) -> str:
    """A moment in UTC in words, in the page's language: 29 November 2026, 14:05 UTC."""
    utc = moment.astimezone(datetime.timezone.utc)
    return str(babel.dates.format_datetime(utc, "d MMMM y, HH:mm 'UTC'", locale=_locale()))


def aivision_day(day: datetime.date) -> str:
    """A day in words, in the page's language: 29 November 2026."""
    return str(babel.dates.format_date(day, "d MMMM y", locale=_locale()))


def _locale() -> babel.Locale:
    try:
        return babel.Locale.parse(toolkit.h.lang() or "en")
    except (babel.UnknownLocaleError, ValueError):
        return babel.Locale("en")


def aivision_date(text: str) -> str:
    """A day, a month or a year in words, in the page's language: `2026-01-19` is 19 January 2026.

    Text that is no such date stays as it is.
    """
    forms = {4: "y", 7: "MMMM y", 10: "d MMMM y"}
    try:
        day = datetime.date.fromisoformat(f"{text}-01-01"[:10])
        return str(babel.dates.format_date(day, forms[len(text)], locale=_locale()))
    except (ValueError, KeyError):
        return text


def aivision_time(text: str) -> str:
    """The same for a moment as actions give it: `2026-11-29T14:05:00Z`."""
    return aivision_moment(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")))


def aivision_duration(seconds: float) -> str:
    """A duration in its two largest units: `8.4 s`, `3 min 05 s`, `2 h 10 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    return f"{hours} h {minutes_of_hour:02} min" if hours else f"{minutes} min {rest:02} s"


def aivision_web_address(text: str | None) -> str | None:
    """The text if it can safely be a link (an http or https address, not a script), else None."""
    try:
        parts = urlsplit((text or "").strip())
        return text if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
