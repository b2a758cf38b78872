"""The table of `aivision score`: a readable summary of any number of datasets."""

from __future__ import annotations

import collections

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ckanext.aivision.cli.criteria.explanation import sources
from ckanext.aivision.cli.input.records import Judged, Scored
from ckanext.aivision.cli.output.console import set_width
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.cli.score.summary.lowest import Lowest
from ckanext.aivision.cli.score.summary.totals import Totals
from ckanext.aivision.compare.tallies.known_share import TOO_LITTLE
from ckanext.aivision.scoring.results import Evaluation, GateHit, Result
from ckanext.aivision.scoring.scores.next_grade import next_grade
from ckanext.aivision.scoring.scores.score import binding_gate

# Up to this many datasets have a line each.
_FEW = 50
_WORST, _FIXES, _REFUSALS = 10, 8, 10
# Number of example datasets for each criterion that is explained.
_EXAMPLES = 3


class Summary:
    """Gathers evaluations and shows them; memory hardly grows with their number."""

    def __init__(self, judged: Judged) -> None:
        self._judged = judged
        self._weights = {row.id: row.weight for row in judged.rubric.criteria}
        self._totals = Totals(judged.rubric)
        self._first: list[Evaluation] = []
        self._worst = Lowest(_WORST)
        self._lost: collections.Counter[str] = collections.Counter()
        self._failing: collections.Counter[str] = collections.Counter()
        self._examples: dict[str, list[tuple[str, Result]]] = collections.defaultdict(list)
        self._limited: collections.Counter[str] = collections.Counter()
        self._examples_of_gates: dict[str, list[tuple[str, GateHit]]] = collections.defaultdict(list)
        self._labels = {row.id: row.label for row in judged.rubric.gates}
        self._refusals: list[Scored] = []
        self._sources: set[str] = set()

    def add(self, row: Scored) -> None:
        """Counts one record."""
        self._totals.add(row)
        self._sources.add(row.source.name)
        evaluation = row.evaluation
        if evaluation is None:
            if len(self._refusals) < _REFUSALS:
                self._refusals.append(row)
            return
        for hit in row.gates():
            self._limited[hit.gate] += 1
            if len(self._examples_of_gates[hit.gate]) < _EXAMPLES:
                self._examples_of_gates[hit.gate].append((evaluation.title, hit))
        if len(self._first) <= _FEW:
            self._first.append(evaluation)
        self._worst.add(row)
        for result in row.problems():
            self._count(evaluation, result)

    def _count(self, evaluation: Evaluation, result: Result) -> None:
        self._lost[result.criterion] += round(1000 * self._weights[result.criterion] * (1 - (result.value or 0)))
        self._failing[result.criterion] += 1
        if len(self._examples[result.criterion]) < _EXAMPLES:
            self._examples[result.criterion].append((evaluation.title, result))

    def show(self, console: Console) -> None:
        """Prints the summary."""
        set_width(console)
        totals, rubric = self._totals, self._judged.rubric
        console.print(
            f"{totals.records:,} records: {totals.evaluated:,} evaluated, {totals.refused:,} refused, "
            f"{totals.repaired:,} repaired  (rubric {rubric.version}, as of {self._judged.on})"
        )
        self._show_refusals(console)
        if not totals.evaluated:
            return
        if totals.mean is not None:
            grades = "  ".join(f"{grade} {totals.grades[grade]:,}" for grade in "ABCDE")
            console.print(
                f"mean score {totals.mean:.1f} of 100, {100 * (totals.coverage or 0):.0f}% of the criteria's weight "
                f"known; grades: {grades}\n"
            )
        for line in totals.repetition.sentences():
            console.print(line)
        self._show_dimensions(console)
        (self._explain_gates if self._judged.explain else self._show_gates)(console)
        (self._explain if self._judged.explain else self._show_fixes)(console)
        self._show_datasets(console)

    def _show_refusals(self, console: Console) -> None:
        for row in self._refusals:
            source = f"{row.source.name}: " if len(self._sources) > 1 else ""
            for problem in row.harvested.problems:
                console.print(Text(printable(f"refused: {source}{problem.where}: {problem.message}")))
        if self._totals.refused > len(self._refusals):
            more = self._totals.refused - len(self._refusals)
            console.print(f"... and {more:,} more; --format ndjson lists all")

    def _show_dimensions(self, console: Console) -> None:
        table = Table("dimension", "mean score", "datasets", box=box.SIMPLE)
        for id, (mean, count) in self._totals.dimensions().items():
            table.add_row(id, f"{mean:.1f}" if mean is not None else TOO_LITTLE, f"{count:,}")
        console.print(table)

    def _show_gates(self, console: Console) -> None:
        """Prints what limits grades, whatever the scores are: it is what to fix first."""
        table = Table("limits the grade", "to", "datasets", "what to do", box=box.SIMPLE)
        for row in self._judged.rubric.gates:
            if count := self._limited[row.id]:
                table.add_row(row.label, row.limit, f"{count:,}", escape(row.fix))
        if table.row_count:
            console.print(table)

    def _explain_gates(self, console: Console) -> None:
        for row in self._judged.rubric.gates:
            if not (count := self._limited[row.id]):
                continue
            lines = [f"{row.id} (grade {row.limit} at best): {count:,} dataset{'s' if count > 1 else ''}"]
            for title, hit in self._examples_of_gates[row.id]:
                lines.append(f"  {row.label} in {_shortened(title)!r}: {row.field}: {hit.evidence}")
            if count > _EXAMPLES:
                lines.append(f"  ... and {count - _EXAMPLES:,} more; --format csv lists all")
            lines += [f"  why: {row.reason}", f"  fix: {row.fix}"]
            lines += [f"  source: {source}" for source in sources(row)]
            lines += [f"  our judgement: {row.judgement}"] if row.judgement else []
            for line in lines:
                console.print(Text(printable(line)))
            console.print()

    def _show_fixes(self, console: Console) -> None:
        fixes = {row.id: row.fix for row in self._judged.rubric.criteria}
        table = Table("fix first", "datasets", "what to do", box=box.SIMPLE)
        for id, _ in self._lost.most_common(_FIXES):
            table.add_row(id, f"{self._failing[id]:,}", escape(fixes[id]))
        console.print(table)

    def _explain(self, console: Console) -> None:
        """Prints each criterion that is not met, the most costly first, with examples."""
        rows = {row.id: row for row in self._judged.rubric.criteria}
        for id, _ in self._lost.most_common():
            row, count = rows[id], self._failing[id]
            lines = [f"{id} ({row.dimension}, weight {row.weight:g}): {count:,} dataset{'s' if count > 1 else ''}"]
            for title, result in self._examples[id]:
                lines.append(f"  {result.result} in {_shortened(title)!r}: {result.field}: {result.evidence}")
            if count > _EXAMPLES:
                lines.append(f"  ... and {count - _EXAMPLES:,} more; --format csv lists all")
            lines += [f"  why: {row.reason}", f"  fix: {row.fix}"]
            for line in lines:
                console.print(Text(printable(line)))
            for source in sources(row):
                console.print(Text(printable(f"  source: {source}")), soft_wrap=True)
            console.print()

    def _show_datasets(self, console: Console) -> None:
        few = self._totals.evaluated <= _FEW
        shown = self._first if few else [row.evaluation for row in self._worst.rows() if row.evaluation is not None]
        table = Table("dataset" if few else "lowest grades", "score", "grade", "known", box=box.SIMPLE)
        for evaluation in shown:
            score = "unknown" if evaluation.score is None else f"{evaluation.score:.1f}"
            title = Text(printable(_shortened(evaluation.title)))
            table.add_row(title, score, self._grade(evaluation), f"{100 * evaluation.coverage:.0f}%")
        console.print(table)
        if self._judged.explain:
            for evaluation in shown:
                console.print(Text(printable(f"{_shortened(evaluation.title)!r}: {self._ahead(evaluation)}")))

    def _ahead(self, evaluation: Evaluation) -> str:
        """What would raise the grade by one."""
        ahead = next_grade(evaluation, self._judged.rubric)
        if ahead is None:
            return "has the best grade"
        labels = [f"lift the limit {self._labels[gate]!r}" for gate in ahead.gates]
        steps = [f"{step.criterion} (+{step.gain:g})" for step in ahead.steps]
        return f"to get a {ahead.grade}: {', '.join((*labels, *steps))}"

    def _grade(self, evaluation: Evaluation) -> str:
        """The grade, and the gate that limits it."""
        if not (hit := binding_gate(evaluation)):
            return evaluation.grade
        return f"{evaluation.grade}: {self._labels[hit.gate]}"


def _shortened(title: str) -> str:
    return title if len(title) <= 70 else title[:69] + "…"
