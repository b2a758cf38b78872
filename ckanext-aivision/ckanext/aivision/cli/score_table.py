"""The table of `aivision score`: what a person wants to know of one data set, or of twelve thousand."""

from __future__ import annotations

import collections
import datetime
import heapq

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ckanext.aivision.cli.terminal import printable
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.results import Evaluation, Result
from ckanext.aivision.scoring.rubric import Rubric

# Up to this many data sets have a line each.
_FEW = 50
_WORST, _FIXES, _REFUSALS = 10, 8, 10
_NARROWEST = 72


class Summary:
    """Gathers evaluations and shows them; memory does not grow with their number."""

    def __init__(self, rubric: Rubric, on: datetime.date) -> None:
        self._rubric, self._on = rubric, on
        self._weights = {row.id: row.weight for row in rubric.everything}
        self._first: list[Evaluation] = []
        self._worst: list[tuple[float, int, Evaluation]] = []
        self._grades: collections.Counter[str] = collections.Counter()
        self._dimensions: dict[str, list[float]] = collections.defaultdict(lambda: [0.0, 0.0])
        self._lost: collections.Counter[str] = collections.Counter()
        self._failing: collections.Counter[str] = collections.Counter()
        self._refusals: list[Harvested] = []
        self._sum = self._scored = self._coverage = 0.0
        self._warnings = self._refused = 0
        self.total = 0

    def add(self, harvested: Harvested, evaluation: Evaluation | None) -> None:
        """Counts one record; evaluation is None for a refused one."""
        self.total += 1
        self._warnings += sum(problem.severity == "warning" for problem in harvested.problems)
        if evaluation is None:
            self._refused += 1
            if len(self._refusals) < _REFUSALS:
                self._refusals.append(harvested)
            return
        self._grades[evaluation.grade] += 1
        self._coverage += evaluation.coverage
        if len(self._first) <= _FEW:
            self._first.append(evaluation)
        if evaluation.score is not None:
            self._sum, self._scored = self._sum + evaluation.score, self._scored + 1
            item = (-evaluation.score, -self.total, evaluation)
            (heapq.heappush if len(self._worst) < _WORST else heapq.heappushpop)(self._worst, item)
        for id, dimension in evaluation.dimensions.items():
            if dimension.score is not None:
                self._dimensions[id][0] += dimension.score
                self._dimensions[id][1] += 1
        for result in evaluation.results:
            self._count(result)

    def _count(self, result: Result) -> None:
        if result.value is not None and result.value < 1:
            self._lost[result.criterion] += round(1000 * self._weights[result.criterion] * (1 - result.value))
            self._failing[result.criterion] += 1

    def show(self) -> None:
        """Prints the summary on standard output."""
        console = Console(highlight=False)
        if console.width < _NARROWEST or not console.is_terminal:
            console.width = max(console.width, _NARROWEST)
        evaluated = self.total - self._refused
        console.print(
            f"{self.total:,} records: {evaluated:,} evaluated, {self._refused:,} refused, "
            f"{self._warnings:,} repaired  (rubric {self._rubric.version}, as of {self._on})"
        )
        self._show_refusals(console)
        if not evaluated:
            return
        if self._scored:
            mean, coverage = self._sum / self._scored, 100 * self._coverage / evaluated
            grades = "  ".join(f"{grade} {self._grades[grade]:,}" for grade in "ABCDE")
            console.print(
                f"mean score {mean:.1f} of 100, {coverage:.0f}% of the criteria's weight known; grades: {grades}\n"
            )
        self._show_dimensions(console)
        self._show_fixes(console)
        self._show_datasets(console, evaluated)

    def _show_refusals(self, console: Console) -> None:
        for harvested in self._refusals:
            for problem in harvested.problems:
                console.print(Text(printable(f"refused: {problem.where}: {problem.message}")))
        if self._refused > len(self._refusals):
            console.print(f"... and {self._refused - len(self._refusals):,} more; --format json lists all")

    def _show_dimensions(self, console: Console) -> None:
        table = Table("dimension", "mean score", "data sets", box=box.SIMPLE)
        for id, (total, count) in self._dimensions.items():
            table.add_row(id, f"{total / count:.1f}" if count else "unknown", f"{int(count):,}")
        console.print(table)

    def _show_fixes(self, console: Console) -> None:
        questions = {row.id: row for row in self._rubric.everything}
        table = Table("worth mending first", "data sets", "what to do", box=box.SIMPLE)
        for id, _ in self._lost.most_common(_FIXES):
            table.add_row(id, f"{self._failing[id]:,}", escape(questions[id].fix))
        console.print(table)

    def _show_datasets(self, console: Console, evaluated: int) -> None:
        few = evaluated <= _FEW
        shown = (
            self._first if few else [item[2] for item in sorted(self._worst, key=lambda item: item[:2], reverse=True)]
        )
        table = Table("data set" if few else "lowest scores", "score", "grade", "known", box=box.SIMPLE)
        for evaluation in shown:
            score = "unknown" if evaluation.score is None else f"{evaluation.score:.1f}"
            title = evaluation.title if len(evaluation.title) <= 70 else evaluation.title[:69] + "…"
            table.add_row(Text(printable(title)), score, evaluation.grade, f"{100 * evaluation.coverage:.0f}%")
        console.print(table)
