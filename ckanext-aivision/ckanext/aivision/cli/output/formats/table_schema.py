"""A data dictionary as a Frictionless Table Schema."""

from __future__ import annotations

from typing import BinaryIO

from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.formats.json import write_document
from ckanext.aivision.cli.output.report import TableSchema


@output_format("table-schema", TableSchema, description="a data dictionary for programs: a Frictionless Table Schema")
def write(report: TableSchema, stream: BinaryIO) -> None:
    """Writes the dictionary."""
    write_document(report.table_schema(), stream)
