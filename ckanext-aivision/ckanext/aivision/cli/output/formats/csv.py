"""CSV (RFC 4180): a header, and one line for each row."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from ckanext.aivision.cli.output.cell_text import cell_text
from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.report import Rows


@output_format("csv", Rows, description="a row for each result, finding or column, for a spreadsheet")
def write(report: Rows, stream: BinaryIO) -> None:
    """Writes each row as soon as it comes. No cell is one that a spreadsheet computes."""
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        table = csv.DictWriter(
            text, report.columns(), extrasaction="ignore", restval="", lineterminator=report.line_end()
        )
        table.writeheader()
        for row in report.rows():
            table.writerow({key: cell_text(value) for key, value in row.items()})
    finally:
        text.detach()
