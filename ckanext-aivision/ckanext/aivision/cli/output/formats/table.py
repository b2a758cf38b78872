"""A table for a person at a terminal."""

from __future__ import annotations

from typing import BinaryIO

from ckanext.aivision.cli.output.console import console_on
from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.report import Table


@output_format("table", Table, description="a summary for the terminal")
def write(report: Table, stream: BinaryIO) -> None:
    """Prints it once everything has been read."""
    with console_on(stream) as console:
        report.print_table(console)
