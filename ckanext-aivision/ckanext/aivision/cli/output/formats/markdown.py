"""A page of Markdown."""

from __future__ import annotations

from typing import BinaryIO

from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.report import Markdown


@output_format("markdown", Markdown, description="a page of Markdown")
def write(report: Markdown, stream: BinaryIO) -> None:
    """Writes the page."""
    stream.write(report.markdown().encode("utf-8", "replace"))
