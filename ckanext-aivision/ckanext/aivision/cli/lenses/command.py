"""`aivision lenses`: list the frameworks through which results can be viewed."""

from __future__ import annotations

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ckanext.aivision.cli.output.console import set_width
from ckanext.aivision.cli.output.destination import opened
from ckanext.aivision.cli.output.format_registry import format_option, write_report
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.lenses.load import find, load_lens, names
from ckanext.aivision.scoring.lenses.schema import Lens, Subgroup
from ckanext.aivision.scoring.rubric import load


class LensReport:
    """All lenses, or the one that was asked for."""

    def __init__(self, asked: Lens | None) -> None:
        self._asked = asked

    def print_table(self, console: Console) -> None:
        """Prints a line for each, or what the one asks and where its clauses are."""
        set_width(console)
        if self._asked is None:
            console.print(_overview(_all()))
            return
        console.print(_groups(self._asked))
        for code in self._asked.clauses():
            console.print(Text(printable(str(cite(code)))), soft_wrap=True)

    def document(self) -> Lens | list[Lens]:
        """A list, or the one that was asked for."""
        return self._asked if self._asked is not None else _all()


@click.command()
@click.argument("lens", metavar="[NAME|FILE]", required=False)
@format_option(LensReport)
def lenses(lens: str | None, form: str) -> None:
    """List the frameworks that `--lens` accepts, or the questions of one of them.

    FILE is your own lens file, which is checked: docs/reference/lenses.md explains the format.
    """
    report = LensReport(find(lens) if lens is not None else None)
    with opened(None) as stream:
        write_report(report, form, stream)


def _all() -> list[Lens]:
    return [load_lens(name) for name in names()]


def _overview(chosen: list[Lens]) -> Table:
    table = Table("lens", "framework", "publisher", "groups", box=box.SIMPLE)
    for lens in chosen:
        table.add_row(lens.name, lens.title, lens.publisher, ", ".join(group.title for group in lens.groups))
    return table


def _groups(lens: Lens) -> Table:
    """The question of each group, and the criteria that answer it."""
    weights = {row.id: row.weight for row in load().everything}
    table = Table("clause", "question", "points" if lens.unit == "points" else "weight", box=box.SIMPLE)
    for group in lens.groups:
        _add(table, group, weights)
        for inner in group.groups:
            _add(table, inner, weights)
    return table


def _add(table: Table, group: Subgroup, weights: dict[str, float]) -> None:
    table.add_row(Text(printable(group.clause)), Text(printable(f"{group.title}: {group.question}"), style="bold"), "")
    for row in group.rows:
        worth = row.points or row.weight or weights.get(row.criterion, 1)
        table.add_row("", Text(printable(row.criterion or row.title)), f"{worth:g}")
    for missing in group.not_measured:
        table.add_row("", Text(printable(f"not measured: {missing.title}. {missing.reason}")), "")
