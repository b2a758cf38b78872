"""`aivision compare`: compare harvested directories."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from ckanext.aivision.cli.compare.report import ComparisonReport
from ckanext.aivision.cli.options.filters import only_option
from ckanext.aivision.cli.output.destination import opened, output_option
from ckanext.aivision.cli.output.format_registry import format_option, write_report
from ckanext.aivision.cli.output.lens_table import lens_option
from ckanext.aivision.compare.directories import Account, read
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.compare.table_comparison import compare as compare_table
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.sources.source import is_sample
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import load


@click.command()
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@only_option
@format_option(ComparisonReport)
@lens_option
@output_option
def compare(folders: tuple[Path, ...], only: Filters, form: str, lens: Lens | None, output: Path | None) -> None:
    """Compare US and UK datasets: overall, by dimension and by criterion.

    Each DIR was written by `aivision harvest SOURCE --into DIR`.
    """
    harvested = read(folders, load(), lens, is_sample)
    show(harvested.table, form, output, harvested.accounts, lens, only)


def show(
    table: DatasetTable,
    form: str,
    output: Path | None = None,
    accounts: Sequence[Account] = (),
    lens: Lens | None = None,
    filters: Filters | None = None,
) -> None:
    """Prints the comparison, or writes it to `output`.

    table: of datasets that are evaluated under the current rubric. form: a format that a ComparisonReport can be
    written in. accounts: of the harvests behind the table. lens: also compare through this lens. filters: of which
    datasets.
    Raises UsageError if `output` cannot be written, if there is nothing to compare, or if the packages for charts are
    not installed.
    """
    rubric = load()
    if not table.select("count(*)").fetchall()[0][0]:
        raise UsageError("no evaluated datasets; harvest a US and a UK source first (`aivision harvest SOURCE`)")
    found = compare_table(table, rubric.criteria, rubric.version, filters, [lens] if lens is not None else [])[-1]
    found = msgspec.structs.replace(found, sources=[_describe(account) for account in accounts])
    with opened(output) as stream:
        write_report(ComparisonReport(found), form, stream)
    if output is not None:
        click.echo(f"written to {output}", err=True)


def _describe(account: Account) -> str:
    """The name of a harvest, and its state if it did not read the whole source."""
    name = account.source if "://" in account.source else Path(account.source).name
    return name if account.state == "finished" else f"{name} ({account.state})"
