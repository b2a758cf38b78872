"""One self-contained HTML page: styles inside, no scripts, nothing loaded from anywhere."""

from __future__ import annotations

from typing import BinaryIO

from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.report import Page


@output_format("html", Page, description="one self-contained page, to send or to publish")
def write(report: Page, stream: BinaryIO) -> None:
    """Writes the page once everything has been read."""
    for piece in report.html():
        stream.write(piece.encode("utf-8", "replace"))
