"""Text for a person at a terminal."""

from __future__ import annotations

from typing import BinaryIO

from ckanext.aivision.cli.output.console import console_on
from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.report import Text


@output_format("text", Text, description="text for the terminal")
def write(report: Text, stream: BinaryIO) -> None:
    """Prints it."""
    with console_on(stream) as console:
        report.print_text(console)
