"""Periods of years in running text: `from 2014 to 2025`, `2014-2025`, `2019/20`, `fiscal year 2019`, `since 1998`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.aivision.normalise.cache import cached

_LONGEST = 20_000
_LONGEST_TITLE = 500
_SHOWN = 50
_YEAR = r"(?:1[6-9]|20)\d\d"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_HAS_YEAR = re.compile(_YEAR)
# What of a date may stand before its year.
_DATE = rf"(?:(?:{_DAY} )?{_MONTH},? (?:{_DAY},? )?|\d{{1,2}}[/.]\d{{1,2}}[/.]|\d{{1,2}}/)?"
# What may follow it: month and day, or the second year of a year of office.
_REST = r"(?:-\d\d(?:-\d\d)?|/\d\d)?"
# No year within a number, an address, a DOI, or the name of a standard.
_START = r"(?<![\w/.,:#$£€-])"
_END = r"(?![\w$£€%]|[./,-]\d| ?(?:m|mm|km|ft|feet|met(?:re|er)s?|kg|people|rows|records|sites|stations|hz|nm)\b)"
_RANGE = re.compile(
    rf"{_START}{_DATE}(?P<first>{_YEAR}){_REST} ?(?:-|–|—|\bto\b|\buntil\b|\btill\b|\bthrough\b|\bthru\b|/)"
    rf" ?(?:the )?{_DATE}(?P<last>{_YEAR}|present\b|today\b|now\b|date\b){_REST}{_END}"
    rf"|\bbetween (?:the )?(?:years )?{_DATE}(?P<between>{_YEAR}){_REST} and {_DATE}(?P<and>{_YEAR}){_END}",
    re.IGNORECASE,
)
# A year of office: 2019/20, 2019-20.
_SPLIT = re.compile(rf"{_START}(?P<first>{_YEAR})[-/–](?P<last>\d\d){_END}")
_NAMED = re.compile(
    r"\b(?:(?:fiscal|financial|calendar|school|academic|tax|water|crop|model|program|plan|reporting|survey) years?"
    r"|years?(?: (?:ended|ending|to))?|quarter (?:of|ending)|q[1-4]|during)(?: (?:of|in))? "
    rf"{_DATE}(?P<year>{_YEAR}){_END}"
    rf"|\bfy ?(?P<fy>{_YEAR}){_END}"
    rf"|{_START}(?P<census>{_YEAR}) (?:census|calendar year|financial year|fiscal year|school year|season)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    rf"\bsince (?:the )?(?:early |late |mid-)?{_DATE}(?P<since>{_YEAR}){_END}"
    rf"|\bfrom (?:the )?{_DATE}(?P<from>{_YEAR})(?:-\d\d(?:-\d\d)?)? (?:on|onwards?|forward)\b",
    re.IGNORECASE,
)
# In a title a year by itself is the year of the data.
_ALONE = re.compile(
    rf"{_START}(?P<year>{_YEAR})(?!/|-\d){_END}(?! (?:act|regulations|order|edition|version|standard)\b)", re.IGNORECASE
)
# Before a year that is a law's, a standard's, a licence's, an office's or a plan's.
_OF_OTHERS = re.compile(
    r"(?:\b(?:acts?|regulations?|order|directive|laws?|bill|iso|version|edition|copyright|licen[cs]\w+|founded|established|"
    r"exist(?:s|ed|ing)?|in force|website|portal|open data|strategy|plan|contract|telephone|phone|tel|fax|room|pages?|"
    r"number|schema)\b[^.;]{0,25}|[©#])$",
    re.IGNORECASE,
)
# After years in brackets that tell which map, edition or code was used: `the Tayside (2011/October 2015) map`.
_OF_ANOTHER = re.compile(
    r"\) (?:maps?|classifications?|codes?|standards?|editions?|versions?|methodology|guidelines?|framework|"
    r"definitions?)\b",
    re.IGNORECASE,
)
# Before a year in which something was done to the dataset or the record.
_OF_UPDATES = re.compile(
    r"\b(?:updated?|updates|revised|modified|publish\w*|released|uploaded|created|reviewed|issued|launched|available)\b"
    r"[^.;]{0,25}$",
    re.IGNORECASE,
)
# `since 1998` is the start of the data if the sentence speaks of data.
_OF_DATA = re.compile(
    r"\b(?:data|records?|recorded|readings?|measur\w+|observ\w+|monitor\w+|collect\w+|statistics|counts?|surveys?|"
    r"samples?|reported|reports|cases|permits|inspections|crashes|collisions|incidents|prices?|sales|figures|levels)\b"
    r"[^.;]{0,60}$",
    re.IGNORECASE,
)
_BEFORE = 80
_OPEN = 9999
# A period begins at most so far before a year of it, and ends, with what must not follow it, at most so far behind.
_BEFORE_YEAR, _AFTER_YEAR = 64, 100


@cached(2048)
def _spans(text: str) -> tuple[tuple[int, int, str], ...]:
    """Periods that the text tells: first year, last year (9999 if it is open), and the words with some around them."""
    text = text[:_LONGEST]
    around = _around_years(text)
    return tuple(_find_all(text, around)) if around else ()


def _around_years(text: str) -> list[tuple[int, int]]:
    """Where a period can stand; what overlaps is one. The patterns are too slow for the whole of a description."""
    windows: list[tuple[int, int]] = []
    for year in _HAS_YEAR.finditer(text):
        start, end = max(0, year.start() - _BEFORE_YEAR), year.start() + _AFTER_YEAR
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


def _matches(pattern: re.Pattern[str], text: str, around: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    for start, end in around:
        yield from pattern.finditer(text, start, end)


def _find_all(text: str, around: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    for match in _matches(_RANGE, text, around):
        first, last = match["first"] or match["between"], match["last"] or match["and"]
        yield from _span(text, match, int(first), int(last) if last.isdigit() else _OPEN)
    for match in _matches(_SPLIT, text, around):
        year = int(match["first"])
        if (year + 1) % 100 == int(match["last"]):
            yield from _span(text, match, year, year + 1)
    for match in _matches(_NAMED, text, around):
        year = int(match["year"] or match["fy"] or match["census"])
        if not _OF_UPDATES.search(_before(text, match)):
            yield from _span(text, match, year, year)
    for match in _matches(_SINCE, text, around):
        before = _before(text, match)
        if match["from"] or (_OF_DATA.search(before) and not _OF_UPDATES.search(before)):
            yield from _span(text, match, int(match["since"] or match["from"]), _OPEN)


def _span(text: str, match: re.Match[str], first: int, last: int) -> Iterator[tuple[int, int, str]]:
    if first <= last and not _OF_OTHERS.search(_before(text, match)) and not _OF_ANOTHER.match(text, match.end()):
        yield first, last, f"“…{text[max(0, match.start() - _SHOWN) : match.end() + _SHOWN].strip()}…”"


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _BEFORE) : match.start()]


def find_period(text: str, latest: int) -> str | None:
    """The words that tell a period of years, with some around them; None if there are none.

    latest: the last year in which data can end; one that ends later is a plan's.
    """
    for first, last, words in _spans(text):
        if first <= latest and (last == _OPEN or last <= latest):
            return words
    return None


def find_year(title: str, latest: int) -> str | None:
    """The title of a dataset or a file, if a year in it is that of the data; None if not."""
    if _HAS_YEAR.search(title) is None:
        return None
    for match in _ALONE.finditer(title[:_LONGEST_TITLE]):
        before = _before(title, match)
        if int(match["year"]) <= latest and not _OF_OTHERS.search(before) and not _OF_UPDATES.search(before):
            return title
    return None
