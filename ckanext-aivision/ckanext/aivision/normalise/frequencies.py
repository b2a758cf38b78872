"""Update rhythms to ISO 8601 repeating intervals, or the words `continuous`, `irregular`, `as-needed`, `ended`."""

from __future__ import annotations

import functools
import re
from typing import Literal

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.vocabulary import LONGEST_TERM, aliases, folded, local_name, rows
from ckanext.aivision.record import Term

_AMOUNT = r"(\d{1,4}(?:\.\d{1,4})?)"
_INTERVAL = re.compile(rf"(?<![\w/])(?:R\d{{0,6}}/)?P(T?){_AMOUNT}([YMWDHS])(?!\w)", re.IGNORECASE)
_DAYS_OF_DATE = {"Y": 365.25, "M": 365.25 / 12, "W": 7.0, "D": 1.0}
_DAYS_OF_TIME = {"H": 1 / 24, "M": 1 / 1440, "S": 1 / 86400}
# DCAT-US writes R/PT1S for what is always up to date; nobody can check a promise of less than an hour.
_SHORTEST_PERIOD = 1 / 24
_CODE_LIST = "MD_MaintenanceFrequencyCode_"

_ENDED = re.compile(
    r"\b(?:no longer (?:be(?:ing)? )?(?:updated|maintained|collected|published)|no (?:further|future|more) updates|"
    r"(?:has|have) ended|(?:has|have) been discontinued|archived|discontinued|one[- ](?:time|off)(?! per)|"
    r"never (?:be )?updated)\b|\bnot (?:be )?updated(?: again)?[.!]?$",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\bevery (\w{1,5}|other) (year|month|week|day|hour)s?\b", re.IGNORECASE)
_NUMBERS = {
    "one": 1,
    "two": 2,
    "other": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "ten": 10,
}
_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D", "hour": "H"}
# Words that are certain in a sentence, each an alias of the vocabulary.
_WORDS = re.compile(
    r"\b(?:hourly|daily|weekly|fortnightly|(?:bi|semi)-?weekly|(?:bi|semi)-?monthly|monthly|quarterly|half-yearly|"
    r"(?:bi|semi)-?annual(?:ly)?|annual(?:ly)?|yearly|biennial(?:ly)?|triennial(?:ly)?|decennial(?:ly)?|continuous(?:ly)?)\b",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 200


@functools.cache
def _aliases() -> dict[str, str]:
    names = aliases("frequencies", "id")
    for row in rows("frequencies"):
        names.setdefault(folded(row["eu"]), row["id"])
    return names


@functools.cache
def _days() -> dict[str, float]:
    return {row["id"]: float(row["days"]) for row in rows("frequencies") if row["days"]}


@functools.cache
def _eu_codes() -> dict[str, str]:
    return {row["id"]: row["eu"] for row in rows("frequencies")}


@functools.cache
def _intervals() -> dict[str, str]:
    """Interval as written -> the vocabulary's own: `R/P12M` and `R/P1Y` are one."""
    table = rows("frequencies")
    return {interval: row["id"] for row in table for interval in (row["id"], *row["intervals"].split())}


def period_days(id: str) -> float | None:
    """The period in days of an id that `clean` gave; None if it has none."""
    days = _days().get(id)
    return _length(match) if days is None and (match := _INTERVAL.fullmatch(id)) else days


def all_frequencies() -> list[str]:
    """All rhythms of the vocabulary, in its order: from continuous to ended."""
    return [row["id"] for row in rows("frequencies") if row["id"] != "unknown"]


def eu_code(id: str) -> str | None:
    """The code in the EU Publications Office's frequency vocabulary of an id that `clean` gave."""
    return _eu_codes().get(id)


@cached(4096)
def clean(text: str) -> Term:
    """A rhythm as written to its id. `unknown` and what is not recognised stay without one.

    An interval that the vocabulary does not have stands for itself (`R/P18M`). A sentence is read where it speaks of
    one rhythm only, or of the end of updates.
    """
    short = text[:LONGEST_TERM].strip()
    if match := _INTERVAL.fullmatch(short):
        return _term(text, _repeating(match), "id")
    if (name := local_name(short)) is not None:
        return _term(text, _aliases().get(folded(name.removeprefix(_CODE_LIST))), "uri")
    if (key := _aliases().get(folded(short))) is not None:
        return _term(text, key, "label")
    if len(intervals := {_repeating(match) for match in _INTERVAL.finditer(short)}) == 1:
        return _term(text, intervals.pop(), "label")
    return _term(text, _of_sentence(short), "pattern")


def _term(text: str, key: str | None, rule: Literal["id", "uri", "label", "pattern"]) -> Term:
    return Term(text, key, rule) if key is not None and key != "unknown" else Term(text)


def _length(interval: re.Match[str]) -> float:
    days = _DAYS_OF_TIME if interval[1] else _DAYS_OF_DATE
    return float(interval[2]) * days.get(interval[3].upper(), 0.0)


def _repeating(interval: re.Match[str]) -> str | None:
    """The id of an interval, without the number of its repetitions; None for one of no length."""
    written = f"R/P{interval[1]}{interval[2]}{interval[3]}".upper()
    days = _length(interval)
    if days == 0:
        return None
    return "continuous" if days < _SHORTEST_PERIOD else _intervals().get(written, written)


def _of_sentence(sentence: str) -> str | None:
    if _ENDED.search(sentence):
        return "ended"
    if len(sentence) > _LONGEST_SENTENCE:
        return None
    found = {_aliases().get(folded(word)) for word in _WORDS.findall(sentence)}
    for count, unit in _EVERY.findall(sentence):
        number = _NUMBERS.get(count.lower()) or (int(count) if count.isascii() and count.isdecimal() else 0)
        letter = _UNITS[unit.lower()]
        match = _INTERVAL.fullmatch(f"R/P{'T' if letter == 'H' else ''}{number}{letter}")
        found.add(_repeating(match) if match else None)
    return found.pop() if len(found) == 1 else None
