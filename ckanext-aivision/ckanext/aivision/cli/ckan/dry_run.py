"""The report of `ckan aivision rescore --dry-run`: how grades would change, from what to what, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckan.plugins import toolkit
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ckanext.aivision.catalogue.rescore.dry_run import DryRun
from ckanext.aivision.catalogue.rescore.grade_changes import Example, Moved
from ckanext.aivision.cli.output.console import set_width
from ckanext.aivision.cli.output.terminal import printable

# Rows of each table on a terminal; JSON has all criteria, and so many publishers.
_CRITERIA, _PUBLISHERS, _PUBLISHERS_IN_JSON = 12, 12, 1000
_WIDTH = 100


class DryRunReport:
    """What a dry run found."""

    def __init__(self, dry_run: DryRun) -> None:
        self._run, self._changes = dry_run, dry_run.changes

    def print_table(self, console: Console) -> None:
        """Prints the numbers, then a table each for grades, gates, criteria, publishers and examples."""
        set_width(console, without_terminal=_WIDTH)
        for line in self._lines():
            console.print(Text(line), soft_wrap=True)
        if not self._changes.evaluated.datasets:
            return
        tables = [self._grades(), self._gates(), self._criteria(), self._publishers()]
        for table in tables:
            if table.row_count:
                console.print()
                console.print(table)
        self._print_examples(console)

    def document(self) -> Mapping[str, Any]:
        """The same as JSON, with all criteria. Scores are 0 to 100; `mean_points` is the mean change of the score."""
        changes, evaluated = self._changes, self._changes.evaluated
        return {
            "rubric_version": self._run.rubric_version,
            "reference_date": self._run.reference_date.isoformat(),
            "evaluated": evaluated.datasets,
            "up_to_date": changes.current,
            "not_evaluated_before": changes.new,
            "stored_versions": dict(sorted(changes.versions.items())),
            "grade_lower": evaluated.lower,
            "grade_higher": evaluated.higher,
            "mean_score_before": self._mean(changes.score_before),
            "mean_score_after": self._mean(changes.score_after),
            "grades": [
                {"country": country, "before": before, "after": after, "datasets": number}
                for (country, before, after), number in sorted(changes.grades.items())
            ],
            "gates": [{"gate": id, "datasets": number} for id, number in changes.gates.most_common()],
            "criteria": [
                {"criterion": id, "lower": row.lower, "higher": row.higher, "mean_points": self._mean(row.points)}
                for id, row in self._effects()
            ],
            "other_mean_points": self._mean(self._other()),
            "publishers": [
                {
                    "country": country,
                    "publisher": name,
                    "datasets": row.datasets,
                    "grade_lower": row.lower,
                    "grade_higher": row.higher,
                    "mean_points": round(row.points / row.datasets, 2),
                }
                for (country, name), row in self._most_affected()[:_PUBLISHERS_IN_JSON]
            ],
            "examples": [_example(item) for item in self._examples()],
        }

    def _lines(self) -> Iterable[str]:
        changes, evaluated = self._changes, self._changes.evaluated
        yield f"Dry run of rubric {self._run.rubric_version} as of {self._run.reference_date}: no evaluation is changed"
        versions = ", ".join(f"{number:,} under {version}" for version, number in sorted(changes.versions.items()))
        yield f"{evaluated.datasets:,} datasets compared with their stored evaluations{versions and f' ({versions})'}"
        if changes.current:
            yield f"{changes.current:,} datasets skipped, because they are up to date"
        if changes.new:
            yield f"{changes.new:,} datasets skipped, because they were never evaluated"
        if evaluated.datasets:
            yield f"{changes.changed:,} grades change: {evaluated.lower:,} lower, {evaluated.higher:,} higher"
            yield f"mean score: {self._mean(changes.score_before):.1f} now, {self._mean(changes.score_after):.1f} then"

    def _grades(self) -> Table:
        moves = {(before, after) for _, before, after in self._changes.grades}
        countries = sorted({country for country, _, _ in self._changes.grades})
        table = _table("Grades, now and then", "Change", "All", *countries)
        for before, after in sorted(moves):
            numbers = [self._changes.grades[country, before, after] for country in countries]
            label = f"{before} to {after}" if before != after else f"{before} stays"
            table.add_row(label, *(f"{number:,}" for number in (sum(numbers), *numbers)))
        return table

    def _gates(self) -> Table:
        table = _table("Gates that limit the grade", "Gate", "Datasets")
        for id, number in self._changes.gates.most_common():
            table.add_row(id, f"{number:,}")
        return table

    def _criteria(self) -> Table:
        title = "Criteria that move the mean score most, in points"
        table = _table(title, "Criterion", "Points", "Datasets that lose", "Datasets that gain")
        for id, row in self._effects()[:_CRITERIA]:
            table.add_row(id, f"{self._mean(row.points):+.2f}", f"{row.lower:,}", f"{row.higher:,}")
        table.add_row("Weights and other rules", f"{self._mean(self._other()):+.2f}", "", "")
        return table

    def _publishers(self) -> Table:
        table = _table("Publishers with most changes", "Publisher", "", "Datasets", "Lower", "Higher", "Points")
        for (country, name), row in self._most_affected()[:_PUBLISHERS]:
            numbers = (f"{number:,}" for number in (row.datasets, row.lower, row.higher))
            table.add_row(printable(name) or "not stated", country, *numbers, f"{row.points / row.datasets:+.1f}")
        return table

    def _print_examples(self, console: Console) -> None:
        examples = self._examples()
        if examples:
            console.print()
            console.print(Text("Examples"))
        for item in examples:
            causes = ", ".join([item.gate, *item.criteria] if item.gate else item.criteria)
            told = f"{item.before} to {item.after}: {printable(item.title)}"
            console.print(Text(f"  {told}"), soft_wrap=True)
            console.print(Text(f"    {_address(item)}{causes and f'  ({causes})'}"), soft_wrap=True)

    def _mean(self, total: float) -> float:
        return round(total / self._changes.evaluated.datasets, 2) if self._changes.evaluated.datasets else 0.0

    def _effects(self) -> list[tuple[str, Moved]]:
        return sorted(self._changes.effects.items(), key=lambda pair: (-abs(pair[1].points), pair[0]))

    def _other(self) -> float:
        return self._changes.evaluated.points - sum(row.points for row in self._changes.effects.values())

    def _most_affected(self) -> list[tuple[tuple[str, str], Moved]]:
        changed = [(key, row) for key, row in self._changes.publishers.items() if row.lower or row.higher]
        return sorted(changed, key=lambda pair: (-pair[1].lower - pair[1].higher, pair[0]))

    def _examples(self) -> Sequence[Example]:
        return [item for _, items in sorted(self._changes.examples.items()) for item in items]


def _example(item: Example) -> dict[str, Any]:
    return {
        "name": item.name,
        "title": item.title,
        "address": _address(item),
        "publisher": item.publisher,
        "country": item.country,
        "before": item.before,
        "after": item.after,
        "score_before": item.score_before,
        "score_after": item.score_after,
        "gate": item.gate,
        "criteria": item.criteria,
    }


def _address(item: Example) -> str:
    return str(toolkit.url_for("dataset.read", id=item.name, qualified=True))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, collapse_padding=True)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", overflow="fold")
    return table
