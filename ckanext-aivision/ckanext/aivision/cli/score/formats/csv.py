"""Results as CSV (RFC 4180): one row for each result of each record, one for each problem of a refused record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from ckanext.aivision.cli.criteria.explanation import described
from ckanext.aivision.cli.input.records import Judged, Rows, Scored
from ckanext.aivision.serialise.spreadsheet import harmless

_RECORD = ("identifier", "title", "publisher", "country", "score", "grade")
_RESULT = ("criterion", "result", "value", "field", "evidence", "fix")
_EXPLAINED = ("question", "reason", "sources")
_PLACE = ("source", "where")


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes each record as soon as it has been read. No cell is one that a spreadsheet computes."""
    columns = (*_RECORD, *_RESULT, *_PLACE, *(_EXPLAINED if judged.explain else ()))
    told = {
        row.id: {**described(row), "sources": "; ".join(described(row)["sources"])} if judged.explain else {}
        for row in judged.rubric.criteria
    }
    cells = (cell for row in rows for cell in (_refusal(row) if row.evaluation is None else _results(row, told)))
    write_table(columns, cells, stream)


def write_table(columns: Sequence[str], rows: Iterable[dict[str, object]], stream: BinaryIO) -> None:
    """Writes rows of cells by their columns, each as soon as it comes. No cell is one that a spreadsheet computes."""
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        table = csv.DictWriter(text, columns, extrasaction="ignore", restval="")
        table.writeheader()
        for row in rows:
            table.writerow({key: _cell(value) for key, value in row.items()})
    finally:
        text.detach()


def _results(row: Scored, told: dict[str, dict[str, object]]) -> Iterator[dict[str, object]]:
    place = {"source": row.source.name, "where": row.harvested.where}
    record = {key: getattr(row.evaluation, key) for key in _RECORD}
    for result in row.evaluation.results if row.evaluation is not None else ():
        yield {**record, **{key: getattr(result, key) for key in _RESULT}, **place, **told[result.criterion]}


def _refusal(row: Scored) -> Iterator[dict[str, object]]:
    for problem in row.harvested.problems:
        yield {
            "identifier": row.harvested.identifier,
            "criterion": problem.code,
            "result": "refused",
            "evidence": problem.message,
            "source": row.source.name,
            "where": problem.where,
        }


def _cell(value: object) -> str:
    """A value as text. Numbers stay numbers."""
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else str(value)
