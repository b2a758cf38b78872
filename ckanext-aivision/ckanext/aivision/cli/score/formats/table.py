"""Results for a person at a terminal."""

from __future__ import annotations

import io
import sys
from typing import BinaryIO

from rich.console import Console

from ckanext.aivision.cli.input.records import Judged, Rows
from ckanext.aivision.cli.output.lens_table import LensSummary
from ckanext.aivision.cli.score.summary.score_table import Summary


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes the summary once everything has been read."""
    summary = Summary(judged)
    through = LensSummary(judged.lens, judged.rubric) if judged.lens is not None else None
    for row in rows:
        summary.add(row)
        if through is not None and row.evaluation is not None:
            through.add(row.harvested.dataset, row.evaluation, row.seen)
    if stream is sys.stdout.buffer:
        _show(summary, through, Console(highlight=False))
        return
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", write_through=True)
    try:
        _show(summary, through, Console(file=text, width=100, highlight=False))
    finally:
        text.detach()


def _show(summary: Summary, through: LensSummary | None, console: Console) -> None:
    summary.show(console)
    if through is not None:
        through.show(console)
