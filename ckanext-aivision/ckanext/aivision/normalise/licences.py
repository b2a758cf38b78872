"""Licences: URIs, identifiers and names to SPDX identifiers where they have one."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import plain
from ckanext.aivision.normalise.vocabulary import LONGEST_TERM, rows
from ckanext.aivision.record import Term

Rule = Literal["id", "uri", "label"]
Match = tuple[str, Rule]

_URI_HEAD = re.compile(r"^(?:https?://)?(?:www\.)?")
_URI = re.compile(r"https?://[^\s\"'<>()\[\]\\]{4,300}")
_ONE_WORD = re.compile(r"\S+")
_SPACE = re.compile(r"\s+")
_DENIAL = re.compile(r"\b(?:not|cannot|neither|unless|except(?:ing)?|excluding|other than)\b[^.;]{0,60}$")
_DENIAL_REACHES = 80  # characters before a licence's name
# A statement of terms may be long; what names a licence stands at its beginning.
_LONGEST_STATEMENT = 4 * LONGEST_TERM
_LONGEST_LIST = 50_000
_MOST_STATEMENTS = 20
_MOST_ADDRESSES = 5
# What says something of use, but names no licence.
_UNNAMED = ("open-unnamed", "restricted", "none")


class Licence(msgspec.Struct, frozen=True):
    """A row of config/vocabularies/licences.csv. openness: open, open-unnamed, conditions or none."""

    id: str
    title: str
    uri: str
    openness: str


class _Pattern(msgspec.Struct, frozen=True):
    """A row of config/vocabularies/licence_patterns.csv: what to search, and the id, which may hold its groups."""

    expression: re.Pattern[str]
    id: str


@functools.cache
def _licences() -> dict[str, Licence]:
    return {row["id"]: Licence(**row) for row in rows("licences")}


@functools.cache
def _ids() -> dict[str, str]:
    """Identifiers in lower case -> id: the vocabulary's own, and those of CKAN and other portals."""
    others = {row["pattern"]: row["id"] for row in rows("licence_patterns") if row["rule"] == "id"}
    return {id.lower(): id for id in _licences()} | others


@functools.cache
def _patterns(rule: str) -> list[_Pattern]:
    table = (row for row in rows("licence_patterns") if row["rule"] == rule)
    return [_Pattern(re.compile(row["pattern"]), row["id"]) for row in table]


def known() -> list[Licence]:
    """All licences of the vocabulary, in its order."""
    return list(_licences().values())


def info(id: str) -> Licence | None:
    """The licence of an id that `clean` gave."""
    return _licences().get(id)


@cached(8192)
def clean(text: str) -> Term:
    """A licence as written to its Term. A URL that is no known licence stays unmatched.

    data.gov.uk writes terms as a JSON list in a string: the first entry that names a licence counts, else the first
    that says something of use. A list of nothing is `none`.
    """
    statements = _statements(text)
    if not statements:
        return Term(text, "none", "id")
    matches = [match for statement in statements if (match := _match(statement)) is not None]
    if not matches:
        return Term(text)
    id, rule = next((match for match in matches if match[0] not in _UNNAMED), matches[0])
    return Term(text, id, rule)


def _statements(text: str) -> list[str]:
    """The entries of a JSON list in a string, or the text itself."""
    stripped = text[:_LONGEST_LIST].strip()
    if stripped.startswith("["):
        try:
            listed = json.loads(stripped)
        except (ValueError, RecursionError):
            return [stripped]
        return [entry for entry in listed[:_MOST_STATEMENTS] if isinstance(entry, str) and entry.strip()]
    return [stripped]


def _match(statement: str) -> Match | None:
    short = statement[:_LONGEST_STATEMENT]
    words = _folded(short)
    if (known := _ids().get(words)) is not None:
        return known, "id"
    # An address that stands alone is read from its beginning: a licence's address within another's query is none.
    addresses = [words] if _ONE_WORD.fullmatch(words) else _URI.findall(words)
    for address in addresses[:_MOST_ADDRESSES]:
        if (id := _first("uri", _URI_HEAD.sub("", address.rstrip(".,;")))) is not None:
            return id, "uri"
    if _URI.fullmatch(words):
        return None
    label = _first("label", _folded(plain(short)) if "<" in short else words)
    return (label, "label") if label is not None else None


def _folded(statement: str) -> str:
    return _SPACE.sub(" ", statement).strip().lower()


def _first(rule: Rule, words: str) -> str | None:
    """The licence that the first pattern finds."""
    return next(_found(rule, words), None)


def _found(rule: Rule, words: str) -> Iterator[str]:
    for pattern in _patterns(rule):
        match = pattern.expression.search(words)
        if match is None or (rule == "label" and _denied(words, match)):
            continue
        if (id := _ids().get(match.expand(pattern.id).replace(" ", "-").lower())) is not None:
            yield id


def _denied(words: str, match: re.Match[str]) -> bool:
    return _DENIAL.search(words[max(0, match.start() - _DENIAL_REACHES) : match.start()]) is not None
