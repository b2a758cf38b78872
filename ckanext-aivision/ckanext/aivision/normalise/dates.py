"""Dates and periods: ISO 8601 first, then what portals really write. All readings are in UTC."""

from __future__ import annotations

import datetime
import functools
import re
from typing import Literal

from dateutil import parser

from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import Moment, PeriodOfTime

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
_UK_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_WORDED = re.compile(r"[\w ,./:+-]{4,40}")
_TWO_YEARS = re.compile(r"(\d{4})\s*(?:-|–|to)\s*(\d{4})", re.IGNORECASE)
_RANGE = re.compile(r"(.{4,40}?)\s+(?:-|–|to)\s+(.{4,40})", re.IGNORECASE)
_OPEN_END = {"", "..", "present", "ongoing", "current", "now"}

Precision = Literal["", "year", "month", "day", "time"]


def moment(value: object) -> Moment | None:
    """A date as written and as read; None where there is nothing. `value` is None where it cannot be read."""
    text = one(value)
    return _moment(text) if text is not None else None


@functools.lru_cache(maxsize=16384)
def _moment(text: str) -> Moment:
    reading = _read(text.strip())
    return Moment(text, *reading) if reading is not None else Moment(text)


def _read(text: str) -> tuple[datetime.date, Precision] | None:
    try:
        if _DAY.fullmatch(text):
            return datetime.date.fromisoformat(text), "day"
        if _TIME.match(text):
            stamp = parser.isoparse(text[:40].replace(" ", "T", 1).rstrip())
            return (stamp.astimezone(datetime.timezone.utc) if stamp.tzinfo else stamp).date(), "time"
        if _YEAR.fullmatch(text):
            return datetime.date(int(text), 1, 1), "year"
        if month := _MONTH.fullmatch(text):
            return datetime.date(int(month[1]), int(month[2]), 1), "month"
        if day := _UK_DAY.fullmatch(text):
            return _slashed(int(day[1]), int(day[2]), int(day[3]))
        if _WORDED.fullmatch(text) and any(letter.isalpha() for letter in text) and re.search(r"\d{4}", text):
            return _worded(text)
    except (ValueError, OverflowError):
        pass
    return None


def _slashed(first: int, second: int, year: int) -> tuple[datetime.date, Precision] | None:
    """dd/mm/yyyy and mm/dd/yyyy look alike: only where one reading is possible is it taken."""
    if first > 12:
        return datetime.date(year, second, first), "day"
    if second > 12 or first == second:
        return datetime.date(year, first, second), "day"
    return None


def _worded(text: str) -> tuple[datetime.date, Precision] | None:
    """`Jan 1, 2010`, `March 2015`: read against two defaults, so that a day that was not written is not made up."""
    if text.startswith(("R/", "P")):
        return None
    low = parser.parse(text, default=datetime.datetime(2000, 1, 1))
    high = parser.parse(text, default=datetime.datetime(2004, 12, 28))
    if low.year != high.year:
        return None
    if low.month != high.month:
        return low.date(), "year"
    return low.date(), "month" if low.day != high.day else "day"


def period(value: object) -> PeriodOfTime | None:
    """A period: `start/end`, `start/duration`, `2010-2015`, `Jan 1, 2010 - Dec 31, 2012`; None where there is nothing."""
    text = one(value)
    return _period(text) if text is not None else None


@functools.lru_cache(maxsize=16384)
def _period(text: str) -> PeriodOfTime:
    halves = text.split("/")
    if len(halves) == 2:
        start_text, end_text = halves[0].strip(), halves[1].strip()
        start = _read(start_text)
        if start is not None and end_text.lower() in _OPEN_END:
            return PeriodOfTime(text, start[0], None, True)
        end = _read(end_text)
        if start is not None and end is None and (after := _after(start[0], end_text)) is not None:
            return PeriodOfTime(text, start[0], after)
        return PeriodOfTime(text, start[0] if start else None, _last_day(end) if end else None)
    if years := _TWO_YEARS.fullmatch(text.strip()):
        return between(years[1], years[2], text) or PeriodOfTime(text)
    if words := _RANGE.fullmatch(text.strip()[:90]):
        return between(words[1], words[2], text) or PeriodOfTime(text)
    single = _read(text.strip())
    return PeriodOfTime(text, single[0], _last_day(single)) if single else PeriodOfTime(text)


def between(start: object, end: object, original: str | None = None) -> PeriodOfTime | None:
    """A period of two dates; None where neither is given. A start without an end is open."""
    first, last = one(start), one(end)
    if first is None and last is None:
        return None
    written = original if original is not None else f"{first or '..'}/{last or '..'}"
    begun = _read(first) if first else None
    if last is None or last.lower() in _OPEN_END:
        return PeriodOfTime(written, begun[0] if begun else None, None, begun is not None)
    ended = _read(last)
    return PeriodOfTime(written, begun[0] if begun else None, _last_day(ended) if ended else None)


def _last_day(reading: tuple[datetime.date, Precision]) -> datetime.date:
    """The last day of what was written: `2015` as an end is 31 December."""
    date, precision = reading
    if precision == "year":
        return date.replace(month=12, day=31)
    if precision == "month":
        following = (date.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
        return following - datetime.timedelta(days=1)
    return date


def _after(start: datetime.date, duration: str) -> datetime.date | None:
    match = _DURATION.fullmatch(duration)
    if match is None or not any(match.groups()):
        return None
    years, months, weeks, days = (int(group or 0) for group in match.groups())
    try:
        total = start.month - 1 + months + 12 * years
        moved = start.replace(year=start.year + total // 12, month=total % 12 + 1, day=min(start.day, 28))
        return moved + datetime.timedelta(days=7 * weeks + days + start.day - moved.day)
    except (ValueError, OverflowError):
        return None
