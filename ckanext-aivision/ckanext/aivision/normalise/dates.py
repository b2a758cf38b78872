"""Dates and periods: ISO 8601 first, then what portals really write. All readings are in UTC."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable
from typing import Literal

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import Moment, PeriodOfTime

Precision = Literal["", "year", "month", "day", "time"]
Reading = tuple[datetime.date, Precision]

_LONGEST_DATE = 64
_LONGEST_PERIOD = 200

# A time behind a worded date; it is not read.
_CLOCK = r"(?:[ T,]{1,3}\d{1,2}:\d{2}[\w :.+-]{0,20})?"
# Not calendar.month_name, which speaks the language of the process.
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

# A day of XML Schema may have a time zone (xsd:date), which moves it by less than a day.
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?", re.ASCII)
_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,12})?)?\s?"
    r"(?:Z|UTC|GMT|([+-])(0\d|1[0-4]):?([0-5]\d)?)?",
    re.ASCII | re.IGNORECASE,
)

_BASIC = re.compile(
    r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(?:(\d\d)(?:[.,]\d{1,12})?)?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?",
    re.ASCII | re.I,
)
_TWO_PLACES = re.compile(r"(\d{4})\s?[-/–—]\s?(\d{2})", re.ASCII)
_REPEATED = re.compile(r"R(\d{0,9})/([^/]{4,40})/P[\dTYMWDHS.]{2,20}", re.ASCII)
_DURATION = re.compile(
    r"P(?:(\d{1,5})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:\d{1,6}(?:\.\d{1,9})?[HMS]){1,3})?",
    re.ASCII,
)
_FROM = re.compile(r"(?:data )?(?:from|between) ", re.IGNORECASE)
_SINCE = re.compile(r"since (.{4,40})", re.IGNORECASE)
_TO = re.compile(r"\s*(?:[-–—]|\b(?:to|through|until|and)\b)\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:[,;&]|\band\b)\s*", re.IGNORECASE)
_OPEN_END = frozenset(
    ("", "..", "present", "ongoing", "current", "now", "date", "to date", "no end date", "no specified end date")
)
# What databases write for an end that has not come.
_NEVER = 9999

# dct:PeriodOfTime as DCAT-US 3 and JSON-LD write it.
_STARTS = ("startDate", "dcat:startDate", "start", "schema:startDate")
_ENDS = ("endDate", "dcat:endDate", "end", "schema:endDate")


def moment(value: object) -> Moment | None:
    """A date as written and as read; None if there is nothing. `value` is None if it cannot be read.

    What two readings are possible of (`3/4/2015`) is not read, and a day that was not written is not made up: the
    precision says what was.
    """
    text = one(value)
    return _moment(text) if text is not None else None


@cached(16384)
def _moment(text: str) -> Moment:
    reading = _read(text)
    return Moment(text, *reading) if reading is not None else Moment(text)


def _read(text: str) -> Reading | None:
    stripped = text.strip()
    if len(stripped) > _LONGEST_DATE:
        return None
    try:
        if match := _DAY.fullmatch(stripped):
            return datetime.date.fromisoformat(match[1]), "day"
        if match := _BASIC.fullmatch(stripped):
            # ISO 8601-1, 5.4.2.2: the basic format, read as the extended one.
            stripped = "{}-{}-{}T{}:{}:{}{}".format(*match.groups("00")[:6], match[7] or "")
        if match := _TIME.fullmatch(stripped):
            return _utc(match), "time"
        for expression, reader in _FORMS:
            if match := expression.fullmatch(stripped):
                return reader(match)
    except (ValueError, OverflowError):
        pass
    return None


def _utc(match: re.Match[str]) -> datetime.date:
    day, hour, minute, second, sign, offset_hours, offset_minutes = match.groups()
    written = datetime.date.fromisoformat(day)
    if hour == "24":  # midnight at the end of a day (ISO 8601:2004)
        return written
    stamp = datetime.datetime.combine(written, datetime.time(int(hour), int(minute), min(int(second or 0), 59)))
    if sign is not None:
        offset = datetime.timedelta(hours=int(offset_hours), minutes=int(offset_minutes or 0))
        stamp -= offset if sign == "+" else -offset
    return stamp.date()


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


def _day_of(year: str, month: str, day: str) -> Reading:
    return datetime.date(int(year), int(month), int(day)), "day"


def _slashed(match: re.Match[str]) -> Reading | None:
    """dd/mm/yyyy and mm/dd/yyyy look alike: only where one reading is possible is it taken."""
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if first > 12:
        return datetime.date(year, second, first), "day"
    if second > 12 or first == second:
        return datetime.date(year, first, second), "day"
    return None


def _month_number(word: str) -> str:
    """The number of a month's name or of its beginning. Raises ValueError if the word is neither."""
    lowered = word.lower()
    if lowered == "sept":
        return "9"
    found = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(lowered)]
    if len(lowered) < 3 or len(found) != 1:
        raise ValueError(word)
    return str(found[0])


def _month_of(match: re.Match[str]) -> Reading:
    return datetime.date(int(match[2]), int(_month_number(match[1])), 1), "month"


def _year(match: re.Match[str]) -> Reading:
    return datetime.date(int(match[1]), 1, 1), "year"


def _year_month(match: re.Match[str]) -> Reading:
    return datetime.date(int(match[1]), int(match[2]), 1), "month"


def _year_month_day(match: re.Match[str]) -> Reading:
    return _day_of(match["year"], match["month"], match["day"])


def _week_day(match: re.Match[str]) -> Reading:
    return datetime.date.fromisocalendar(*map(int, match.groups())), "day"


def _named(match: re.Match[str]) -> Reading:
    return _day_of(match["year"], _month_number(match["month"]), match["day"])


_WEEKDAY = r"(?:[a-z]{3,9},? )?"
_ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Reading | None]], ...] = (
    (_form(r"(\d{4})"), _year),
    (_form(r"(\d{4})-(\d{2})"), _year_month),
    (_form(r"(\d{4})-?W(\d\d)-?([1-7])"), _week_day),
    (_form(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"), _year_month_day),
    (_form(r"(?P<year>\d{4})(?P<dash>[-/])(?P<month>\d{1,2})(?P=dash)(?P<day>\d{1,2})"), _year_month_day),
    (_form(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_CLOCK}"), _slashed),
    (_form(rf"{_WEEKDAY}{_ORDINAL}[ -](?P<month>[a-z]{{3,9}})\.?,?[ -](?P<year>\d{{4}}){_CLOCK}"), _named),
    (_form(rf"{_WEEKDAY}(?P<month>[a-z]{{3,9}})\.? {_ORDINAL},? (?P<year>\d{{4}}){_CLOCK}"), _named),
    (_form(r"([a-z]{3,9})\.?,?[ -](\d{4})"), _month_of),
)


def period(value: object) -> PeriodOfTime | None:
    """A period; None if there is nothing. An end includes its whole year or month.

    value: text (`start/end`, `start/duration`, `R/start/duration`, `2010-2015`, `Jan 1, 2010 - Dec 31, 2012`, or
    several of them), or a dct:PeriodOfTime of DCAT-US 3.
    """
    if isinstance(value, dict):
        start = next((text for key in _STARTS if (text := one(value.get(key)))), None)
        end = next((text for key in _ENDS if (text := one(value.get(key)))), None)
        return between(start, end, f"{start or '..'}/{end or '..'}")
    text = one(value)
    if text is None or not any(character.isalnum() for character in text[:_LONGEST_PERIOD]):
        return None
    return _period(text)


@cached(16384)
def _period(text: str) -> PeriodOfTime:
    if len(text) > _LONGEST_PERIOD:
        return PeriodOfTime(text)
    for read in (_repeated, _season, _halves, _single, _range, _listed):
        if (found := read(text)) is not None and (found.start or found.end):
            return PeriodOfTime(text, found.start, found.end, found.open_end)
    return PeriodOfTime(text)


def _repeated(text: str) -> PeriodOfTime | None:
    """`R/2010-01-01/P1Y`: an interval that is repeated from a date on, without end where no number says how often."""
    match = _REPEATED.fullmatch(text)
    start = _read(match[2]) if match is not None else None
    return PeriodOfTime(text, start[0], None, not match[1]) if match is not None and start is not None else None


def _season(text: str) -> PeriodOfTime | None:
    """A financial or school year of two calendar years: `2022-23`, `2010/11`; not `2010-11`, a month of ISO 8601."""
    match = _TWO_PLACES.fullmatch(text)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]) or _read(text) is not None:
        return None
    return between(match[1], str(int(match[1]) + 1), text)


def _halves(text: str) -> PeriodOfTime | None:
    """`start/end` and `start/duration` (ISO 8601-1, 5.5)."""
    halves = text.split("/")
    if len(halves) != 2:
        return None
    start, end = _read(halves[0]), halves[1].strip()
    if start is not None and (after := _after(start[0], end)) is not None:
        return PeriodOfTime(text, start[0], after)
    return between(halves[0], end, text)


def _single(text: str) -> PeriodOfTime | None:
    if match := _SINCE.fullmatch(text):
        return between(match[1], None, text)
    reading = _read(text)
    return PeriodOfTime(text, reading[0], _last_day(reading)) if reading is not None else None


def _range(text: str) -> PeriodOfTime | None:
    """Two dates with a dash or a word between them: the first place where both sides can be read."""
    written = _FROM.sub("", text, count=1)
    for match in _TO.finditer(written):
        start, end = written[: match.start()], written[match.end() :].rstrip(". ")
        if _read(start) is not None and (_read(end) is not None or (end and end.lower() in _OPEN_END)):
            return between(start, end, text)
    return None


def _listed(text: str) -> PeriodOfTime | None:
    """Several years or periods: from the first to the last, if every one of them can be read."""
    parts = [part for part in _AND.split(text) if part]
    if len(parts) < 2:
        return None
    read = [_season(part) or _single(part) or _range(part) for part in parts]
    found = [part for part in read if part is not None and part.start is not None]
    if len(found) < len(parts):
        return None
    open_end = any(part.open_end for part in found)
    end = None if open_end else max((part.end for part in found if part.end is not None), default=None)
    return PeriodOfTime(text, min(part.start for part in found if part.start is not None), end, open_end)


def between(start: object, end: object, original: str | None = None) -> PeriodOfTime | None:
    """A period of two dates; None if neither is given. A start without an end is open."""
    first, last = one(start), one(end)
    if first is None and last is None:
        return None
    written = original if original is not None else f"{first or '..'}/{last or '..'}"
    begun = _read(first) if first else None
    ended = _read(last) if last else None
    open_end = last is None or last.lower() in _OPEN_END or (ended is not None and ended[0].year == _NEVER)
    if open_end:
        return PeriodOfTime(written, begun[0] if begun else None, None, begun is not None)
    return PeriodOfTime(written, begun[0] if begun else None, _last_day(ended) if ended else None)


def _last_day(reading: Reading) -> datetime.date:
    """The last day of what was written: `2015` as an end is 31 December."""
    date, precision = reading
    if precision == "year":
        return date.replace(month=12, day=31)
    if precision == "month":
        return date.replace(day=calendar.monthrange(date.year, date.month)[1])
    return date


def _after(start: datetime.date, duration: str) -> datetime.date | None:
    """The end of a duration (ISO 8601-1, 5.5.2.2), its time apart; a month without that day goes on into the next."""
    match = _DURATION.fullmatch(duration)
    if match is None or len(duration) < 3:
        return None
    years, months, weeks, days = (int(group or 0) for group in match.groups())
    total = start.month - 1 + months + 12 * years
    try:
        first = datetime.date(start.year + total // 12, total % 12 + 1, 1)
        return first + datetime.timedelta(days=start.day - 1 + 7 * weeks + days)
    except (ValueError, OverflowError):
        return None
