"""`aivision compare`: compare harvested directories."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from ckanext.aivision.cli.compare.report import ComparisonReport
from ckanext.aivision.cli.output.destination import opened, output_option
from ckanext.aivision.cli.output.format_registry import format_option, write_report
from ckanext.aivision.cli.output.lens_table import lens_option
from ckanext.aivision.compare.directories import Account, read
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.tally import Tally
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.sources.source import is_sample
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import load


@click.command()
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@format_option(ComparisonReport)
@lens_option
@output_option
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

    form: a format that a ComparisonReport can be written in. accounts: of the harvests behind the tallies.
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
    with opened(output) as stream:
        write_report(ComparisonReport(found), form, stream)
    if output is not None:
        click.echo(f"written to {output}", err=True)


def _describe(account: Account) -> str:
    """The name of a harvest, and its state if it did not read the whole source."""
    name = account.source if "://" in account.source else Path(account.source).name
    return name if account.state == "finished" else f"{name} ({account.state})"
