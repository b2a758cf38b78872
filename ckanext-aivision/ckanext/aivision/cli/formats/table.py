"""Results for a person at a terminal."""

from __future__ import annotations

import io
import sys
from typing import BinaryIO

from rich.console import Console

from ckanext.aivision.cli.linting import Judged, Rows
from ckanext.aivision.cli.score_table import Summary


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes the summary once everything has been read."""
    summary = Summary(judged)
    for row in rows:
        summary.add(row)
    if stream is sys.stdout.buffer:
        summary.show(Console(highlight=False))
        return
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", write_through=True)
    try:
        summary.show(Console(file=text, width=100, highlight=False))
    finally:
        text.detach()
