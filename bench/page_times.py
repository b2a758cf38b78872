"""The times of single kinds of pages as one table for each size of the catalogue: kinds down, ways of asking across."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bench.results import Row

# As `bench.pages.rows` names them, but for those of all pages.
_NAME = re.compile(r"(?!all pages)(?P<kind>.+), (?P<size>[\d,]+) datasets: (?P<way>.+)")


def of_one_kind(row: Row) -> bool:
    """Whether a row is of one kind of pages, asked for in one way."""
    return row["unit"] == "ms" and _NAME.fullmatch(row["name"]) is not None


def times(rows: Sequence[Row]) -> str:
    """The rows of single kinds in Markdown. A cell is the 95th percentile in ms, that of the peer in brackets."""
    sizes: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        found = _NAME.fullmatch(row["name"])
        assert found is not None
        cell = f"{row['ours']:,}" + (f" ({row['peer']:,})" if row["peer"] is not None else "")
        sizes.setdefault(found["size"], {}).setdefault(found["kind"], {})[found["way"]] = cell
    parts = []
    for size, kinds in sizes.items():
        ways = list(dict.fromkeys(way for cells in kinds.values() for way in cells))
        head = [f"| {size} datasets, ms | {' | '.join(ways)} |", f"| --- |{' ---: |' * len(ways)}"]
        lines = [f"| {kind} | {' | '.join(cells.get(way, '–') for way in ways)} |" for kind, cells in kinds.items()]
        parts.append("\n".join([*head, *lines]))
    return "\n\n".join(parts) or "Not measured yet."
