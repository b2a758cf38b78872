"""Explain a criterion: why it matters, how to fix a failure, and the published guidance behind it."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.scoring.gate_rows import Gate
from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.rubric import Criterion


def sources(row: Criterion | Gate) -> list[str]:
    """The guidance behind a criterion or a gate: the code of each clause, its title and its address."""
    return [str(cite(source)) for source in row.sources]


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


def gate_described(row: Gate) -> dict[str, Any]:
    """A gate as a JSON object: limit, label, reason, fix, sources, and what is our judgement in it."""
    return {
        "id": row.id,
        "limit": row.limit,
        "label": row.label,
        "reason": row.reason,
        "fix": row.fix,
        "sources": sources(row),
        "judgement": row.judgement,
    }
