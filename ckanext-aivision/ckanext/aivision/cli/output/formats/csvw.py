"""A data dictionary as the metadata of CSV on the Web (W3C)."""

from __future__ import annotations

from typing import BinaryIO

from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.formats.json import write_document
from ckanext.aivision.cli.output.report import Csvw


@output_format("csvw", Csvw, description="a data dictionary for programs: the metadata of CSV on the Web (W3C)")
def write(report: Csvw, stream: BinaryIO) -> None:
    """Writes the dictionary."""
    write_document(report.csvw(), stream)
