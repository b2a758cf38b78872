"""Why a criterion matters, how to mend what fails it, and which published guidance says so."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Any

import msgspec

from ckanext.aivision.scoring.rubric import Criterion


@functools.cache
def _guidance() -> dict[str, Any]:
    path = resources.files("ckanext.aivision.config") / "guidance.yaml"
    found: dict[str, Any] = msgspec.yaml.decode(path.read_bytes())
    return found


def sources(row: Criterion) -> list[str]:
    """The guidance that a criterion comes from, in words: the document, its clause, and what the clause says."""
    return [_cited(source) for source in row.sources]


def _cited(source: str) -> str:
    id, _, clause = source.partition(" ")
    document = _guidance()[id]
    told = document.get("clauses", {}).get(clause)
    return f"{document['title']}, {clause}{f' ({told})' if told else ''}" if clause else document["title"]


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
