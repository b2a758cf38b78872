"""Statements on access to a data set, whichever protocol they come by, to public, restricted or non-public."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.record import Term

# What a source says of access (GEMINI's limitations on public access, data.gov.uk's `unpublished`, the EU's
# access-right vocabulary). Other statements stand as they are, without an id.
_ACCESS = tuple(
    (re.compile(pattern, re.IGNORECASE), level)
    for pattern, level in (
        (r"\bno\b.{0,30}\b(?:constraint|restriction|limitation)s?\b|\bnoLimitations\b", "public"),
        (r"^(?:https?://publications\.europa\.eu/.{0,60}/access-right/)?public$", "public"),
        (r"^(?:https?://publications\.europa\.eu/.{0,60}/access-right/)?(?:restricted|sensitive)$", "restricted"),
        (r"^restricted public$", "restricted"),
        (r"^(?:https?://publications\.europa\.eu/.{0,60}/access-right/)?(?:non[-_]public|confidential)$", "non-public"),
        (r"^unpublished$", "non-public"),
    )
)


def access_rights(statements: Sequence[str]) -> Term | None:
    """The first statement on access that the table knows, else the first one there is; None where there is none."""
    terms = [_term(statement) for statement in statements]
    return next((term for term in terms if term.id), terms[0] if terms else None)


@cached(4096)
def _term(statement: str) -> Term:
    level = next((level for pattern, level in _ACCESS if pattern.search(statement[:500])), None)
    return Term(statement, level, "pattern") if level is not None else Term(statement)
