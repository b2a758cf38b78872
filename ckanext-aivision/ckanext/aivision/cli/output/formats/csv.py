"""CSV (RFC 4180): a header, and one line for each row."""

from __future__ import annotations

import csv
import functools
import io
from typing import BinaryIO

from ckanext.aivision.cli.output.cell_text import cell_text
from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.report import Rows

_REMEMBERED = 1024


@output_format("csv", Rows, description="a row for each result, finding or column, for a spreadsheet")
def write(report: Rows, stream: BinaryIO) -> None:
    """Writes each row as soon as it comes. No cell is one that a spreadsheet computes."""
    columns, end = report.columns(), report.line_end()
    # A record has dozens of rows, which have most of their texts in common: each is looked at once.
    quoted = functools.lru_cache(_REMEMBERED)(functools.partial(_quoted, end=end))
    text_of = functools.lru_cache(_REMEMBERED)(lambda cell: quoted(cell_text(cell)))
    _write_line(list(map(quoted, columns)), end, stream)
    for row in report.rows():
        cells = map(row.get, columns)
        line = [text_of(cell) if type(cell) is str else quoted(cell_text(cell)) for cell in cells]
        _write_line(line, end, stream)


def _write_line(cells: list[str], end: str, stream: BinaryIO) -> None:
    # A line with a single empty cell would be an empty line.
    line = ",".join(cells) if len(cells) > 1 else (cells[0] or '""')
    stream.write((line + end).encode("utf-8", "replace"))


def _quoted(text: str, end: str) -> str:
    """A cell as the csv module writes it among others."""
    line = io.StringIO()
    csv.writer(line, lineterminator=end).writerow((text, ""))
    return line.getvalue()[: -len(end) - 1]
