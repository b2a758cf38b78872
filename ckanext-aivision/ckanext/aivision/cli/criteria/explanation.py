"""Why a criterion matters, how to mend what fails it, and which published guidance says so."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.scoring.guidance import load_guidance
from ckanext.aivision.scoring.rubric import Criterion


def sources(row: Criterion) -> list[str]:
    """The guidance that a criterion comes from, in words: the document, its clause, and what the clause says."""
    return [_cited(source) for source in row.sources]


def _cited(source: str) -> str:
    id, _, clause = source.partition(" ")
    document = load_guidance()[id]
    told = document.clauses.get(clause)
    return f"{document.title}, {clause}{f' ({told})' if told else ''}" if clause else document.title


def described(row: Criterion) -> dict[str, Any]:
    """A criterion as a JSON object: what it asks, why, how to mend it, and from where."""
    return {
        "id": row.id,
        "dimension": row.dimension,
        "weight": row.weight,
        "question": row.question,
        "reason": row.reason,
        "fix": row.fix,
        "sources": sources(row),
    }
