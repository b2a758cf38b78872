"""Names of places in running text, by the list in `config/vocabularies/place_names.csv`.

A name counts as the place that data cover, not as part of the name of an office, a law or a person.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.vocabulary import rows

_LONGEST = 20_000
# Where a name can begin: no part of a word, an address or a file name. The capital goes first: it is found ten times
# as fast as what must not stand before it.
_CAPITALS = re.compile(r"[A-Z](?<![\w@./&-][A-Z])(?:(?<=U)\.[SK]\.|[A-Za-z]+)")
# What goes before a name that is also a word (Reading) or a person's (Washington), and what follows it then.
_PLACED = re.compile(
    r"\b(?:[Ii]n|[Oo]f|[Ff]or|[Aa]cross|[Ww]ithin|[Tt]hroughout|[Ff]rom|[Nn]ear|[Aa]round|[Aa]t|[Cc]overs?|[Cc]overing)"
    r" (?:the )?(?:(?:[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est|[Cc]entral|[Gg]reater)(?:ern)? )?$"
)
_LARGER = re.compile(r",? ?\(?(?:UK|U\.K\.|England|Scotland|Wales|Northern Ireland|USA?|U\.S\.)\b|, [A-Z]{2}\b")
_KIND_OF_PLACE = re.compile(r" (?:County|City|State|Borough|Metropolitan|District|Parish|Region|Area)\b(?! [A-Z])")
_CAPITAL_AFTER = re.compile(r"(?:['’]s)? [A-Z]")
# An office, a law or the like that has the name of a place in its own.
_OFFICE_WORDS = (
    "Council|Department|Dept|Agency|Agencies|Authority|Police|University|College|Universities|Hospital|Hospitals|Bureau|"
    "Survey|Administration|Office|Ministry|Government|Governments|Commission|Committee|Service|Services|Institute|"
    "Institutes|Trust|Company|Corporation|Ltd|Limited|Inc|Code|Act|Acts|Law|Constitution|Congress|Senate|Parliament|"
    "Assembly|Museum|Library|Licence|License|Board|Association|Society|Foundation|Partnership|Archives|Treasury|Courts?|"
    "Army|Navy|Air Force|Coast Guard|Attorney|Secretary|President|Mayor|NHS|Press|Times|Gazette|Bank|Data ?[Ss]tore|"
    "Data [Hh]ub|[Dd]ollars?|Regulations|Order|Rules|Bill|Standards?|Portal|Programme|Program|Framework|Scheme|"
    "Initiative|Charter|Convention"
)
_OFFICE_AFTER = re.compile(
    rf"(?:['’]s|\))?(?:,? (?:of|for|and|&|the|[A-Z][\w.'’&-]*)){{0,5}}? (?:{_OFFICE_WORDS})\b"
    r"(?!(?:['’]s)? (?:area|boundar|district|region|wards?\b))"
)
_ACRONYM_AFTER = re.compile(r" (?!(?:DC|UK|GB)\b)[A-Z]{2,}\b")
_OFFICE_BEFORE = re.compile(
    rf"\b(?:{_OFFICE_WORDS}|Bishop|Duke|Prince|Princess|Duchess|Governor|Treaty|Battle|Declaration|Statistics|Church) "
    r"(?:of|for|in)(?: the)? (?:(?:North|South|East|West|New|Greater) )?$"
    r"|\b(?:Commission|Agency|Council|NHS|Office|Police|Public Health) $"
)
_POSTAL_CODE_AFTER = re.compile(r",? (?:[A-Z]{2}|D\.C\.) \d{5}\b|,? [A-Z]{1,2}\d[\dA-Z]? \d[A-Z]{2}\b|,? \d{5}\b")
# What is said here is where an office is, or which law holds.
_NOT_COVERED = re.compile(
    r"\b(?:copyright|licen[cs]\w+|public domain|laws?|legal|court|jurisdiction|headquarter\w*|head office|contact|"
    r"postal address|mailing address|telephone|funded by|published by|produced by|provided by|made available by|"
    r"issued by|owned by|maintained by|managed by)\b[^.]{0,60}$"
)
# Forms that name a local authority whatever its name is.
_AUTHORITIES = re.compile(
    r"\b(?:(?:[Ll]ondon|[Rr]oyal|[Mm]etropolitan) (?:[Bb]orough|[Dd]istrict)|[Bb]orough|[Cc]ity|[Cc]ounty|[Tt]own) of "
    r"(?!(?:Birth|Origin|Residence|Registration|Issue|Death|Employment|Occurrence|Crash|Destination|Use|Work)\b)[A-Z][a-z]{2,}"
    r"|\b(?:in|of|for|within|across|throughout) (?!(?:The|Each|This|Every|All|Any|Rural|Urban|Medicare|Total)\b)"
    r"[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})? County\b"
)
# One of these stands in all of that. Looking for them costs a tenth of what the expression does.
_AUTHORITY_WORDS = ("orough of ", "istrict of ", "ity of ", "ounty of ", "own of ", " County")
_BEFORE, _AFTER, _SHOWN = 90, 90, 50


class _Name(NamedTuple):
    text: str
    alone: bool
    unless: re.Pattern[str] | None


@cached(2048)
def find_place(text: str) -> str | None:
    """The words that name a place of the list, or a local authority, with some around them; None if there are none."""
    text = text[:_LONGEST]
    names = _names()
    candidates = () if names.keys().isdisjoint(_CAPITALS.findall(text)) else _CAPITALS.finditer(text)
    for match in candidates:
        for name in names.get(match[0], ()):
            if text.startswith(name.text, match.start()) and _is_covered(text, name, match.start()):
                return _excerpt(text, match.start(), match.start() + len(name.text))
    if not any(words in text for words in _AUTHORITY_WORDS):
        return None
    for match in _AUTHORITIES.finditer(text):
        if not _is_office(text, match.start(), match.end()):
            return _excerpt(text, match.start(), match.end())
    return None


def _is_covered(text: str, name: _Name, start: int) -> bool:
    end = start + len(name.text)
    if text[end : end + 1].isalnum() or re.match(r"[-_@]|\.\w", text[end : end + 2]):
        return False
    after = text[end : end + _AFTER]
    if name.unless is not None and name.unless.search(after[:25].lower()):
        return False
    if not name.alone and not _is_placed(text[max(0, start - _BEFORE) : start], after):
        return False
    return not _is_office(text, start, end)


def _is_placed(before: str, after: str) -> bool:
    """Whether a name that can mean something else means a place, by what goes before and after it."""
    if _LARGER.match(after) or _KIND_OF_PLACE.match(after):
        return True
    return _PLACED.search(before) is not None and not _CAPITAL_AFTER.match(after)


def _is_office(text: str, start: int, end: int) -> bool:
    """Whether a name is part of the name of an office or a law, or says where one is."""
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    if _OFFICE_AFTER.match(after) or _POSTAL_CODE_AFTER.match(after) or _OFFICE_BEFORE.search(before):
        return True
    if _NOT_COVERED.search(before.lower()):
        return True
    return text[start:end] in ("US", "U.S.", "UK", "U.K.", "USA") and _ACRONYM_AFTER.match(after) is not None


def _excerpt(text: str, start: int, end: int) -> str:
    return f"“…{text[max(0, start - _SHOWN) : end + _SHOWN].strip()}…”"


@functools.cache
def _names() -> dict[str, list[_Name]]:
    """The names by their first word, the longest first."""
    found: dict[str, list[_Name]] = {}
    for row in sorted(rows("place_names"), key=lambda row: -len(row["name"])):
        first = _CAPITALS.match(row["name"])
        unless = re.compile(row["unless"]) if row["unless"] else None
        found.setdefault(first[0] if first else row["name"], []).append(
            _Name(row["name"], row["alone"] == "yes", unless)
        )
    return found
