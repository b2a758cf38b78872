"""`--lens`: datasets through a published framework, as a table group by group, or beside each evaluation in JSON."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ckanext.aivision.cli.output.console import set_width
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.compare.tallies.known_share import TOO_LITTLE, too_little_known
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.lenses.load import find
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.lenses.view import GroupView, LensView, view
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric

_LONGEST_EVIDENCE = 60


def lens_option(command: Any) -> Any:
    """`--lens NAME|FILE` as the argument `lens`: a Lens, or None if not given."""
    return click.option(
        "--lens",
        metavar="NAME|FILE",
        callback=lambda _, __, wanted: find(wanted) if wanted is not None else None,
        help="View the results through a framework: a name from `aivision lenses`, or your own lens file.",
    )(command)


def view_evaluation(
    lens: Lens, rubric: Rubric, evaluation: Evaluation, dataset: Dataset | None, observed: Observed = NOTHING
) -> LensView:
    """One evaluation through the lens. rubric: with the criteria that were asked."""
    return view(lens, evaluation.results, rubric.criteria, dataset, observed)


class LensSummary:
    """Gathers what a lens shows of many datasets; memory does not grow with their number."""

    def __init__(self, lens: Lens, rubric: Rubric) -> None:
        self._lens, self._rubric = lens, rubric
        self._groups: dict[tuple[str, ...], _Means] = {}
        self._whole = _Means()
        self._bands: collections.Counter[str] = collections.Counter()
        self._first: LensView | None = None
        self._total = 0

    def add(self, dataset: Dataset | None, evaluation: Evaluation, observed: Observed = NOTHING) -> None:
        """Counts one dataset."""
        found = view_evaluation(self._lens, self._rubric, evaluation, dataset, observed)
        self._total += 1
        self._first = self._first or found
        self._whole.add(found)
        if found.band is not None:
            self._bands[found.band] += 1
        for path, group in _walk(found.groups):
            self._groups.setdefault(path, _Means()).add(group)

    def show(self, console: Console) -> None:
        """Prints the table; nothing if no dataset was counted."""
        if not self._total or self._first is None:
            return
        set_width(console)
        console.print(Text(printable(f"{self._lens.title} ({self._lens.publisher}, {self._lens.date})"), style="bold"))
        console.print(Text(printable(self._headline())))
        console.print(self._table(self._first))
        if self._total == 1:
            console.print(_rows_table(self._first))
        for missing in (missing for _, group in _walk(self._first.groups) for missing in group.not_measured):
            console.print(Text(printable(f"not measured: {missing.title}. {missing.reason}")))
            console.print(Text(printable(f"  source: {cite(missing.clause)}")), soft_wrap=True)
        if self._lens.note:
            console.print(Text(printable(f"note: {self._lens.note}")))

    def _headline(self) -> str:
        whole, many = self._whole, f"{self._total:,} dataset{'s' if self._total > 1 else ''}"
        if self._lens.unit == "points":
            told = f"{many}: {whole.earned:.0f} of {self._lens.total:g} points on average"
            told += f"; {whole.unknown:.0f} unknown" if whole.unknown else ""
        else:
            told = f"{many}: mean score {whole.score}, {whole.coverage} known"
        bands = "  ".join(f"{band.title} {self._bands[band.title]:,}" for band in self._lens.bands)
        return f"{told}; {bands}" if bands else told

    def _table(self, first: LensView) -> Table:
        points = self._lens.unit == "points"
        table = Table("group", "points" if points else "mean score", "of" if points else "known", box=box.SIMPLE)
        for path, group in _walk(first.groups):
            means = self._groups[path]
            name = Text(printable(("  " * (len(path) - 1)) + group.title))
            if points:
                table.add_row(name, f"{means.earned:.1f}", f"{means.known:.0f}")
            else:
                table.add_row(name, means.score, means.coverage)
        return table


class _Means:
    """Means over datasets of what a lens or one of its groups shows."""

    def __init__(self) -> None:
        self._scores = self._coverage = self._earned = self._known = self._total = 0.0
        self._scored = self._count = 0

    def add(self, found: GroupView | LensView) -> None:
        self._count += 1
        self._coverage += found.coverage
        self._earned += found.count.earned
        self._known += found.count.known
        self._total += found.count.total
        if found.score is not None:
            self._scores, self._scored = self._scores + found.score, self._scored + 1

    @property
    def score(self) -> str:
        if self._count and too_little_known(self._coverage / self._count):
            return TOO_LITTLE
        return f"{self._scores / self._scored:.1f}" if self._scored else "unknown"

    @property
    def coverage(self) -> str:
        return f"{100 * self._coverage / self._count:.0f}%"

    @property
    def earned(self) -> float:
        return self._earned / self._count

    @property
    def known(self) -> float:
        return self._known / self._count

    @property
    def unknown(self) -> float:
        return (self._total - self._known) / self._count


def _walk(groups: list[GroupView], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], GroupView]]:
    for group in groups:
        yield (*above, group.id), group
        yield from _walk(group.groups, (*above, group.id))


def _rows_table(found: LensView) -> Table:
    table = Table("result", "question", "evidence", box=box.SIMPLE)
    for _, group in _walk(found.groups):
        for row in group.rows:
            evidence = (
                row.evidence if len(row.evidence) <= _LONGEST_EVIDENCE else row.evidence[:_LONGEST_EVIDENCE] + "…"
            )
            table.add_row(row.result, Text(printable(row.title)), Text(printable(evidence)))
    return table
