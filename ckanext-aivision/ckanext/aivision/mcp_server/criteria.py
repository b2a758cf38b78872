"""Criteria explained from the rubric."""

from __future__ import annotations

import difflib
from typing import Any

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.guidance import cite_all
from ckanext.aivision.scoring.rubric import Criterion, load


def find(id: str) -> Criterion:
    """The criterion of an id. Raises UsageError, with those that are most alike, if there is none."""
    rows = {row.id: row for row in load().everything}
    if id in rows:
        return rows[id]
    close = difflib.get_close_matches(id[:100], rows, n=3, cutoff=0.3)
    advice = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(rows)}"
    raise UsageError(f"{id[:100]}: no such criterion; {advice}")


def explained(row: Criterion) -> dict[str, Any]:
    """What a criterion asks and why, how to fix a failure, and the guidance behind it."""
    names = ("id", "dimension", "depth", "weight", "question", "reason", "rule", "fix")
    return {
        **{name: getattr(row, name) for name in names},
        "citations": msgspec.to_builtins(cite_all(row.sources)),
    }
