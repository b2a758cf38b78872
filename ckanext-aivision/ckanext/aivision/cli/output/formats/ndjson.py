"""One JSON object on each line (https://github.com/ndjson/ndjson-spec)."""

from __future__ import annotations

from typing import BinaryIO

from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.report import Objects


@output_format("ndjson", Objects, description="one JSON object for each record, a line each, written while reading")
def write(report: Objects, stream: BinaryIO) -> None:
    """Writes each object as soon as it comes."""
    for line in report.objects():
        stream.write(line + b"\n")
