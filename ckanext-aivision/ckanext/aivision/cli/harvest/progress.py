"""Progress of a harvest: on a terminal a bar if the source says how many records it has, otherwise a count.

What is no terminal, such as a log, gets a line a minute.
"""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ckanext.aivision.catalogue.harvest.run_account import Counts, Run
from ckanext.aivision.cli.output.log_lines import LogLines
from ckanext.aivision.cli.output.terminal import printable


class HarvestProgress:
    """Context manager that shows the progress of a run on standard error."""

    def __init__(self, title: str, limit: int | None = None) -> None:
        title_column = TextColumn("{task.description}", markup=False)
        columns = (title_column, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        self._lines = LogLines(f"{title}: records read", not console.is_terminal)
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._limit = limit
        self._task = self._progress.add_task(printable(title), total=limit)

    def __enter__(self) -> HarvestProgress:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def progress(self, counts: Counts, expected: int | None) -> None:
        """Called after each batch."""
        known = [number for number in (expected, self._limit) if number is not None]
        total = min(known) if known else None
        self._progress.update(self._task, completed=counts.fetched, total=total)
        self._lines.tell(counts.fetched, total)


def summary(run: Run) -> list[str]:
    """The report of a run as lines of text: the counts, then what needs attention."""
    counts = run.counts
    lines = [
        f"{printable(run.source)}: {counts.fetched} fetched: {counts.new} new, {counts.changed} changed, "
        f"{counts.unchanged} unchanged, {counts.refused} refused, {counts.gone} gone"
        + (f"; {run.warnings} repairs reported" if run.warnings else "")
    ]
    if run.message:
        lines.append(f"{run.state}: {run.message}")
    elif run.state == "limited":
        lines.append("limited: the source has more records; nothing is removed unless the whole source is read")
    return lines
