"""`aivision criteria`: list and explain the criteria."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

import click
import msgspec
from rich import box
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Column, Table
from rich.text import Text

from ckanext.aivision.cli.criteria.page import criterion_page, gate_page, gates_page, sources_line
from ckanext.aivision.cli.output.destination import opened
from ckanext.aivision.cli.output.format_registry import format_option, write_report
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.gate_rows import Gate
from ckanext.aivision.scoring.guidance import cite, cite_all
from ckanext.aivision.scoring.rubric import Criterion, Rubric, load


class CriteriaReport:
    """Criteria of the rubric: all of them as a list, or the criterion or gate that was asked for."""

    def __init__(self, rubric: Rubric, asked: Criterion | Gate | None) -> None:
        self._rubric, self._asked = rubric, asked

    def print_text(self, console: Console) -> None:
        """Prints the list, or the page of the one that was asked for."""
        if self._asked is None:
            _print_list(self._rubric, console)
        else:
            _print_page(self._asked, self._rubric, console)

    def markdown(self) -> str:
        """The pages as docs/criteria has them."""
        return "\n".join(
            criterion_page(row, self._rubric) if isinstance(row, Criterion) else gate_page(row, self._rubric)
            for row in self._rows()
        )

    def objects(self) -> Iterator[bytes]:
        """The rubric's own rows, and title and address of each source."""
        encode = msgspec.json.Encoder().encode
        for row in self._rows():
            yield encode({**msgspec.to_builtins(row), "citations": cite_all(row.sources)})

    def _rows(self) -> Sequence[Criterion | Gate]:
        return self._rubric.everything if self._asked is None else [self._asked]


class GatesReport:
    """The gates of the rubric: what limits a grade however good the rest is."""

    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric

    def print_text(self, console: Console) -> None:
        """Prints the list."""
        table = Table(Column("gate", no_wrap=True), "grade at best", "label", "depth", box=box.SIMPLE)
        for row in self._rubric.gates:
            table.add_row(row.id, row.limit, row.label, row.depth)
        console.print(table)
        console.print(
            f"Rubric {self._rubric.version}: {len(self._rubric.gates)} gates. `aivision criteria ID` explains one.",
            highlight=True,
        )

    def markdown(self) -> str:
        """All of them on one page."""
        return gates_page(self._rubric)

    def objects(self) -> Iterator[bytes]:
        """The rubric's own rows."""
        return map(msgspec.json.Encoder().encode, self._rubric.gates)


@click.command()
@click.argument("id", required=False)
@click.option("--check", is_flag=True, help="Print what is missing or wrong in the rubric, one line each.")
@click.option("--gates", is_flag=True, help="List what limits the grade, whatever the score is.")
@format_option(CriteriaReport, default="text")
@click.pass_context
def criteria(context: click.Context, id: str | None, check: bool, gates: bool, form: str) -> None:
    """List the criteria, or show the one called ID: question, reason, fix, sources and examples.

    `--gates` lists what limits the grade instead; ID can be a gate too.
    `--format markdown` is the page as docs/criteria has it; `json` is the rubric's own row, one object a line.
    `--check` is for people who change the rubric: it compares rows, functions, examples, citations and lenses, and
    the exit status is 1 if something is missing or wrong.
    """
    if check:
        if _print_problems(id):
            context.exit(1)
        return
    rubric = load()
    with opened(None) as stream:
        if gates and id is None:
            write_report(GatesReport(rubric), form, stream)
        else:
            write_report(CriteriaReport(rubric, _find_rule(id, rubric) if id is not None else None), form, stream)


def _print_problems(id: str | None) -> bool:
    """Prints the problems of the rubric, or of one criterion, one line each. Returns whether there are any."""
    # Listing criteria must not wait for the lenses and the examples.
    from ckanext.aivision.scoring.rubric_check import find_problems

    problems = [problem for problem in find_problems() if id in (None, problem.id)]
    for problem in problems:
        click.echo(printable(str(problem)))
    if not problems:
        click.echo("No problems: rows, functions, examples, citations and lenses fit together.")
    return bool(problems)


def _find_rule(id: str, rubric: Rubric) -> Criterion | Gate:
    rules: list[Criterion | Gate] = [*rubric.everything, *rubric.gates]
    rows = {row.id: row for row in rules}
    if id in rows:
        return rows[id]
    near = difflib.get_close_matches(id, list(rows), 3)
    hint = f"did you mean {' or '.join(near)}?" if near else "`aivision criteria` lists them"
    raise UsageError(f"no criterion is called {id!r}; {hint}")


def _print_page(row: Criterion | Gate, rubric: Rubric, console: Console) -> None:
    """Prints the page. Of the sources it prints the addresses too, each in one piece."""
    page = criterion_page(row, rubric) if isinstance(row, Criterion) else gate_page(row, rubric)
    if not row.sources:
        console.print(Markdown(page))
        return
    before, _, after = page.partition(sources_line(row))
    console.print(Markdown(before))
    console.print("\nSources:")
    for source in row.sources:
        console.print(Text(str(cite(source))), soft_wrap=True)
    console.print()
    console.print(Markdown(after))


def _print_list(rubric: Rubric, console: Console) -> None:
    whole = Column("criterion", no_wrap=True)
    table = Table(whole, "question", "weight", "depth", box=box.SIMPLE, header_style="bold")
    dimension = ""
    for row in rubric.everything:
        if row.dimension != dimension:
            dimension = row.dimension
            table.add_section()
            table.add_row(f"[bold]{dimension}[/bold]")
        table.add_row(row.id, row.question, f"{row.weight:g}", row.depth)
    console.print(table)
    console.print(
        f"Rubric {rubric.version}: {len(rubric.everything)} criteria. `aivision criteria ID` explains one; "
        "`--gates` lists what limits the grade.",
        highlight=True,
    )
