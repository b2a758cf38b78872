"""Licences: URIs, identifiers and names to SPDX identifiers where they have one."""

from __future__ import annotations

import functools
import json
import re

import msgspec

from ckanext.aivision.normalise.vocabulary import LONGEST_TERM, rows
from ckanext.aivision.record import Term

_URI_HEAD = re.compile(r"^https?://(?:www\.)?")
_SPACE = re.compile(r"\s+")
# A statement of terms may be long; what names a licence stands at its beginning.
_LONGEST_STATEMENT = 4 * LONGEST_TERM


class Licence(msgspec.Struct, frozen=True):
    """A row of config/vocabularies/licences.csv. openness: open, open-unnamed, conditions or none."""

    id: str
    title: str
    uri: str
    openness: str


@functools.cache
def _licences() -> dict[str, Licence]:
    return {row["id"]: Licence(**row) for row in rows("licences")}


@functools.cache
def _rules() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]], list[tuple[re.Pattern[str], str]]]:
    table = rows("licence_patterns")
    ids = {id.lower(): id for id in _licences()}
    ids |= {row["pattern"]: row["id"] for row in table if row["rule"] == "id"}
    uris, labels = (
        [(re.compile(row["pattern"]), row["id"]) for row in table if row["rule"] == rule] for rule in ("uri", "label")
    )
    return ids, uris, labels


def known() -> list[Licence]:
    """All licences of the vocabulary, in its order."""
    return list(_licences().values())


def info(id: str) -> Licence | None:
    """The licence of an id that `clean` gave."""
    return _licences().get(id)


@functools.lru_cache(maxsize=8192)
def clean(text: str) -> Term:
    """A licence as written to its Term. A URL that is no known licence stays unmatched.

    data.gov.uk writes terms as a JSON list in a string: the first entry that names a licence counts.
    """
    for statement in _statements(text):
        if (match := _match(statement)) is not None:
            return Term(text, *match)
    return Term(text)


def _statements(text: str) -> list[str]:
    stripped = text[:_LONGEST_STATEMENT].strip()
    if stripped.startswith("["):
        try:
            listed = json.loads(stripped)
        except ValueError:
            return [stripped]
        if isinstance(listed, list) and listed:
            return [entry for entry in listed if isinstance(entry, str)]
    return [stripped]


def _match(statement: str) -> tuple[str, str] | None:
    ids, uris, labels = _rules()
    words = _SPACE.sub(" ", statement).strip().lower()
    if (known := ids.get(words)) is not None:
        return known, "id"
    if _URI_HEAD.match(words):
        address = _URI_HEAD.sub("", words.replace(" ", ""))
        return next(((id, "uri") for pattern, id in uris if pattern.search(address)), None)
    return next(((id, "label") for pattern, id in labels if pattern.search(words)), None)
