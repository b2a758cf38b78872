"""`aivision compare`: compare harvested directories."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console

from ckanext.aivision.cli.compare.tables import print_overview
from ckanext.aivision.cli.options.extras import need
from ckanext.aivision.cli.output.lens_table import lens_option
from ckanext.aivision.compare.directories import Account, read
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.tally import Tally
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.sources.source import is_sample
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import load

FORMS = ("table", "json", "html")


@click.command()
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMS), default="table", show_default=True)
@lens_option
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def compare(folders: tuple[Path, ...], form: str, lens: Lens | None, output: Path | None) -> None:
    """Compare US and UK datasets: overall, by dimension and by criterion.

    Each DIR was written by `aivision harvest SOURCE --into DIR`.
    """
    harvested = read(folders, lens, is_sample)
    show(harvested.tallies, form, output, harvested.accounts, lens)


def show(
    tallies: Sequence[Tally],
    form: str,
    output: Path | None = None,
    accounts: Sequence[Account] = (),
    lens: Lens | None = None,
) -> None:
    """Prints the comparison, or writes it to `output`.

    form: `table`, `json` (one object) or `html` (one page). accounts: of the harvests behind the tallies.
    lens: also compare through this lens.
    Raises UsageError if `output` cannot be written, if there is nothing to compare, if the tallies have another rubric
    version than this installation, or if the packages for charts are not installed.
    """
    rubric = load()
    if not tallies:
        raise UsageError("no evaluated datasets; harvest a US and a UK source first (`aivision harvest SOURCE`)")
    found = overview(tallies, rubric.criteria, lens=lens)
    if found.rubric_version != rubric.version:
        raise UsageError(
            f"evaluated under rubric {found.rubric_version}, but this installation has version {rubric.version}: "
            "harvest again, or run `ckan aivision rescore` in a catalogue"
        )
    found = msgspec.structs.replace(found, sources=[_describe(account) for account in accounts])
    if form == "table" and output is None:
        print_overview(found, Console(width=None if os.isatty(1) else 80))
        return
    text = _text(found, form)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from error
    click.echo(f"written to {output}", err=True)


def _text(found: Overview, form: str) -> str:
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"
    if form == "html":
        need("a page with charts", "charts", "choose --format table or json")
        from ckanext.aivision.serialise.report import page

        return page(found)
    buffer = io.StringIO()
    print_overview(found, Console(file=buffer, width=80))
    return buffer.getvalue()


def _describe(account: Account) -> str:
    """The name of a harvest, and its state if it did not read the whole source."""
    name = account.source if "://" in account.source else Path(account.source).name
    return name if account.state == "finished" else f"{name} ({account.state})"
