"""`aivision criteria`: list and explain the criteria."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import click
import msgspec
from rich import box
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Column, Table

from ckanext.aivision.cli.criteria.page import criterion_page
from ckanext.aivision.cli.output.destination import opened
from ckanext.aivision.cli.output.format_registry import format_option, write_report
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.rubric import Criterion, Rubric, load


class CriteriaReport:
    """Criteria of the rubric: all of them as a list, or the one that was asked for."""

    def __init__(self, rubric: Rubric, asked: Criterion | None) -> None:
        self._rubric, self._asked = rubric, asked

    def print_text(self, console: Console) -> None:
        """Prints the list, or the page of the one that was asked for."""
        if self._asked is None:
            _print_list(self._rubric, console)
        else:
            console.print(Markdown(self.markdown()))

    def markdown(self) -> str:
        """The pages as docs/criteria has them."""
        return "\n".join(criterion_page(row, self._rubric) for row in self._rows())

    def objects(self) -> Iterator[bytes]:
        """The rubric's own rows."""
        return map(msgspec.json.Encoder().encode, self._rows())

    def _rows(self) -> list[Criterion]:
        return self._rubric.everything if self._asked is None else [self._asked]


@click.command()
@click.argument("id", required=False)
@format_option(CriteriaReport, default="text")
def criteria(id: str | None, form: str) -> None:
    """List the criteria, or show the one called ID: question, reason, fix, sources and examples.

    `--format markdown` is the page as docs/criteria has it; `json` is the rubric's own row, one object a line.
    """
    rubric = load()
    with opened(None) as stream:
        write_report(CriteriaReport(rubric, _found(id, rubric) if id is not None else None), form, stream)


def _found(id: str, rubric: Rubric) -> Criterion:
    for row in rubric.everything:
        if row.id == id:
            return row
    near = difflib.get_close_matches(id, [row.id for row in rubric.everything], 3)
    hint = f"did you mean {' or '.join(near)}?" if near else "`aivision criteria` lists them"
    raise UsageError(f"no criterion is called {id!r}; {hint}")


def _print_list(rubric: Rubric, console: Console) -> None:
    whole = Column("criterion", no_wrap=True)
    table = Table(whole, "question", "weight", "depth", box=box.SIMPLE, header_style="bold")
    dimension = ""
    for row in rubric.everything:
        if row.dimension != dimension:
            dimension = row.dimension
            table.add_section()
            table.add_row(f"[bold]{dimension}[/bold]")
        table.add_row(row.id, row.question, str(row.weight), row.depth)
    console.print(table)
    console.print(
        f"Rubric {rubric.version}: {len(rubric.everything)} criteria. `aivision criteria ID` explains one.",
        highlight=True,
    )
