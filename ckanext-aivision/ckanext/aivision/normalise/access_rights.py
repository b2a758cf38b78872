"""Access rights to `public`, `restricted` or `non-public`, over config/vocabularies/access_rights.csv."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.vocabulary import LONGEST_TERM, aliases, folded, local_name
from ckanext.aivision.record import Term

# GEMINI's `no limitations on public access` and the like, in words of the publisher's own.
_UNLIMITED = re.compile(
    r"\b(?:no|without)\b.{0,30}\b(?:constraint|restriction|limitation)s?\b|\bnoLimitations\b", re.IGNORECASE
)


@functools.cache
def _levels() -> dict[str, str]:
    return aliases("access_rights", "id")


@cached(4096)
def clean(text: str) -> Term:
    """A statement on access as written to its level; what the vocabulary does not know stays without an id."""
    short = text[:LONGEST_TERM].strip()
    name = local_name(short)
    if (level := _levels().get(folded(short if name is None else name))) is not None:
        return Term(text, level, "label" if name is None else "uri")
    return Term(text, "public", "pattern") if _UNLIMITED.search(short) else Term(text)


def first_known(found: Iterable[Term]) -> Term | None:
    """The first statement whose level is known, else the first one there is; None if there is none."""
    terms = list(found)
    return next((term for term in terms if term.id), terms[0] if terms else None)
