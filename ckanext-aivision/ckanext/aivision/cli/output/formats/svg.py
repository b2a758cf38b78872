"""A chart as one SVG image, for a slide or a document."""

from __future__ import annotations

from typing import BinaryIO

from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.report import Chart


@output_format("svg", Chart, description="the main chart as one image, for slides and documents")
def write(report: Chart, stream: BinaryIO) -> None:
    """Writes the image once everything has been read."""
    stream.write(report.svg().encode("utf-8", "replace") + b"\n")
