"""Values that can be corrected without further knowledge, using the vocabularies.

Each function takes a text and returns its correction, or None if it is right or a person has to decide: a sentence, an
ambiguous word, a licence without its version.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ckanext.aivision.normalise import dates, frequencies, licences, media_types
from ckanext.aivision.normalise.vocabulary import folded

# Words with one reading. `biweekly`, `bimonthly` and `biannual` have two; `weekdays` says more than an interval can.
_RHYTHMS = frozenset(
    (
        *("hourly", "daily", "weekly", "fortnightly", "monthly", "quarterly", "annual", "annually", "yearly"),
        *("semiweekly", "semimonthly", "semiannual", "semiannually", "threetimesaweek", "threetimesamonth"),
        *("threetimesayear", "biennial", "biennially", "triennial", "triennially", "quadrennial", "decennial"),
        *("everytwoweeks", "twoweeks", "everytwomonths", "everytwoyears", "everythreeyears", "everyfiveyears"),
    )
)
_WITH_INTERVAL = re.compile(r"(.{3,40}?)\s*\((R/P[\w.]{2,12})\)")
_IN_BRACKETS = re.compile(r"(.*?)\s*\(([^()]{1,40})\)")
_VERSION_WORD = re.compile(r"\b(?:version|ver\.?|v\.?) ?(?=\d)")
_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?)", re.ASCII)


def licence(text: str) -> str | None:
    """The address of a licence that is given by its identifier or its whole name, with its version."""
    id = licences.clean(text).id
    found = licences.info(id) if id else None
    if found is None or not found.uri or text.strip().lower().startswith(("http://", "https://")):
        return None
    names = {_name(found.id), _name(_without_brackets(found.title))}
    whole = _IN_BRACKETS.fullmatch(text.strip())
    # `Creative Commons Attribution 4.0 (CC BY 4.0)`: what stands in brackets must say the same again.
    parts = [whole[1], whole[2]] if whole is not None else [text]
    return found.uri if all(_name(part) in names for part in parts) else None


def _name(text: str) -> str:
    words = _VERSION_WORD.sub("", text.lower().replace("license", "licence"))
    return folded(re.sub(r"(?<=\d) international\b", "", words)).removesuffix("licence")


def _without_brackets(title: str) -> str:
    whole = _IN_BRACKETS.fullmatch(title)
    return whole[1] if whole is not None else title


def media_type(text: str) -> str | None:
    """IANA's name of a media type under another spelling, or of a format's extension. Parameters are left alone."""
    short = text.strip()
    if not short or ";" in short or "," in short:
        return None
    id = media_types.clean(short).id
    if id is None and "/" not in short:
        key = media_types.from_format(short).id
        traits = media_types.traits(key) if key else None
        if traits is not None and folded(short) in {folded(traits.key), *traits.extensions}:
            id = media_types.clean(traits.media_type).id
    return id if id != text else None


def rhythm(text: str) -> str | None:
    """The repeating interval (ISO 8601) of a word with one reading, or of `P1Y`; `irregular` in lower case."""
    short = text.strip()
    if folded(short) == "irregular":
        return "irregular" if text != "irregular" else None
    whole = _WITH_INTERVAL.fullmatch(short)
    parts = [whole[1], whole[2]] if whole is not None else [short]
    ids = {frequencies.clean(part).id for part in parts}
    id = ids.pop() if len(ids) == 1 else None
    if id is None or not id.startswith("R/") or short.startswith("R/"):
        return None
    return id if folded(parts[0]) in _RHYTHMS or f"R/{short}" == id else None


def date(text: str) -> str | None:
    """A date as ISO 8601 with the precision that it was written with. A time of day is kept as it is."""
    short = text.strip()
    moment = dates.moment(short)
    if moment is None or moment.value is None:
        return None
    if clock := _CLOCK.fullmatch(short):
        return f"{clock[1]}T{clock[2]}"
    if ":" in short or moment.precision == "time":
        return None
    places = {"year": 4, "month": 7, "day": 10}
    iso = moment.value.isoformat()[: places[moment.precision]]
    return iso if iso != text else None


class Mend(NamedTuple):
    """How a member's text is mended, and in records of which profiles (the beginning of their names)."""

    mended: Callable[[str], str | None]
    profiles: str


# DCAT-US 3.0 allows words for a rhythm, so that only 1.1 needs intervals.
MENDS = {
    "license": Mend(licence, "dcat-us"),
    "mediaType": Mend(media_type, "dcat-us"),
    "describedByType": Mend(media_type, "dcat-us"),
    "accrualPeriodicity": Mend(rhythm, "dcat-us-1.1"),
    "modified": Mend(date, "dcat-us"),
    "issued": Mend(date, "dcat-us"),
}
