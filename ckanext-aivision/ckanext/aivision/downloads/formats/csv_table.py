"""CSV (RFC 4180) in UTF-8 without a byte order mark: one header row with units, then the rows, and nothing else."""

from __future__ import annotations

import csv
import io

from ckanext.aivision.downloads.table import Cell
from ckanext.aivision.downloads.work_out import Taken
from ckanext.aivision.serialise.spreadsheet import harmless


def write(taken: Taken) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([harmless(column.header) for column in taken.content.columns])
    writer.writerows([_text(cell) for cell in row] for row in taken.content.rows)
    return stream.getvalue().encode("utf-8", "replace")


def _text(cell: Cell) -> str | int | float:
    """Numbers stay numbers, and no text begins like a formula."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return harmless(cell) if isinstance(cell, str) else cell
