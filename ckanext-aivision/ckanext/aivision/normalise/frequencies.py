"""Update rhythms to ISO 8601 repeating intervals, or the words `continuous`, `irregular`, `as-needed`, `ended`."""

from __future__ import annotations

import functools
import re

from ckanext.aivision.normalise.vocabulary import LONGEST_TERM, aliases, folded, rows
from ckanext.aivision.record import Term

_INTERVAL = re.compile(r"R\d*/P(?:\d+(?:\.\d+)?[YMWD])?(?:T\d+(?:\.\d+)?[HMS])?")
_ENDED = re.compile(
    r"\b(?:no longer (?:being )?(?:updated|maintained|collected)|not (?:be )?(?:updated|planned)|archived?|discontinued|"
    r"will not be updated|one[- ]time|never)\b",
    re.IGNORECASE,
)
_URI = re.compile(r"^https?://", re.IGNORECASE)


@functools.cache
def _aliases() -> dict[str, str]:
    names = aliases("frequencies", "id")
    for row in rows("frequencies"):
        names.setdefault(row["eu"].lower(), row["id"])
    return names


@functools.cache
def _days() -> dict[str, float]:
    return {row["id"]: float(row["days"]) for row in rows("frequencies") if row["days"]}


@functools.cache
def _eu_codes() -> dict[str, str]:
    return {row["id"]: row["eu"] for row in rows("frequencies")}


def period_days(id: str) -> float | None:
    """The period in days of an id that `clean` gave; None where it has none."""
    return _days().get(id)


def known() -> list[str]:
    """All rhythms of the vocabulary, in its order: from continuous to ended."""
    return [row["id"] for row in rows("frequencies") if row["id"] != "unknown"]


def eu_code(id: str) -> str | None:
    """The code in the EU Publications Office's frequency vocabulary of an id that `clean` gave."""
    return _eu_codes().get(id)


@functools.lru_cache(maxsize=4096)
def clean(text: str) -> Term:
    """A rhythm as written to its id. `unknown` and what is not recognised stay without one."""
    short = text[:LONGEST_TERM].strip()
    name = short.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1] if _URI.match(short) else short
    key = _aliases().get(folded(name))
    if key is None and (interval := _INTERVAL.search(short)):
        key = _aliases().get(folded(interval[0]))
    if key is None and _ENDED.search(short):
        return Term(text, "ended", "pattern")
    if key is None or key == "unknown":
        return Term(text)
    return Term(text, key, "uri" if _URI.match(short) else "id" if _INTERVAL.fullmatch(short) else "label")
