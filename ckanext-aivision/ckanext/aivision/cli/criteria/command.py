"""`aivision criteria`: list and explain the criteria."""

from __future__ import annotations

import difflib
import sys

import click
import msgspec
from rich import box
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Column, Table

from ckanext.aivision.cli.criteria.page import criterion_page
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.rubric import Criterion, Rubric, load


@click.command()
@click.argument("id", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="text is for a terminal; markdown is the page in docs/criteria; json is the row of the rubric.",
)
def criteria(id: str | None, form: str) -> None:
    """List the criteria, or show the one called ID: question, reason, fix, sources and examples."""
    rubric = load()
    rows = rubric.everything if id is None else [_found(id, rubric)]
    if form == "json":
        for row in rows:
            sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
        sys.stdout.buffer.flush()
    elif id is None and form == "text":
        _print_list(rubric)
    else:
        pages = "\n".join(criterion_page(row, rubric) for row in rows)
        if form == "markdown":
            click.echo(pages, nl=False)
        else:
            Console().print(Markdown(pages))


def _found(id: str, rubric: Rubric) -> Criterion:
    for row in rubric.everything:
        if row.id == id:
            return row
    near = difflib.get_close_matches(id, [row.id for row in rubric.everything], 3)
    hint = f"did you mean {' or '.join(near)}?" if near else "`aivision criteria` lists them"
    raise UsageError(f"no criterion is called {id!r}; {hint}")


def _print_list(rubric: Rubric) -> None:
    whole = Column("criterion", no_wrap=True)
    table = Table(whole, "question", "weight", "depth", box=box.SIMPLE, header_style="bold")
    dimension = ""
    for row in rubric.everything:
        if row.dimension != dimension:
            dimension = row.dimension
            table.add_section()
            table.add_row(f"[bold]{dimension}[/bold]")
        table.add_row(row.id, row.question, str(row.weight), row.depth)
    console = Console()
    console.print(table)
    console.print(f"Rubric {rubric.version}: {len(rubric.everything)} criteria. `aivision criteria ID` explains one.")
