"""Explain a criterion: why it matters, how to fix a failure, and the published guidance behind it."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.scoring.guidance import load_guidance
from ckanext.aivision.scoring.rubric import Criterion


def sources(row: Criterion) -> list[str]:
    """The guidance behind a criterion: the document, the clause, and what the clause says."""
    return [_cited(source) for source in row.sources]


def _cited(source: str) -> str:
    id, _, clause = source.partition(" ")
    document = load_guidance()[id]
    meaning = document.clauses.get(clause)
    return f"{document.title}, {clause}{f' ({meaning})' if meaning else ''}" if clause else document.title


def described(row: Criterion) -> dict[str, Any]:
    """A criterion as a JSON object: question, reason, fix and sources."""
    return {
        "id": row.id,
        "dimension": row.dimension,
        "weight": row.weight,
        "question": row.question,
        "reason": row.reason,
        "fix": row.fix,
        "sources": sources(row),
    }
