"""`ckan aivision registers`: the entries of guidance, cooperation and training that come with the software."""

from __future__ import annotations

import click

from ckanext.aivision.cli.ckan.one_line import one_line_errors


@click.group()
def registers() -> None:
    """Load the registers of guidance, cooperation and training."""


@registers.command()
@click.option(
    "--organization",
    metavar="NAME",
    default="policy-registers",
    show_default=True,
    help="The organization that new entries belong to. The default one is created if missing.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change.")
@one_line_errors
def load(organization: str, dry_run: bool) -> None:
    """Add the entries that come with the software, and update those already loaded.

    An entry that somebody has changed or deleted in the catalogue is left as it is.
    """
    from ckanext.aivision.catalogue.registers.load import count_outcomes
    from ckanext.aivision.catalogue.registers.load import load as load_entries

    loaded = load_entries(organization, dry_run)
    for one in loaded:
        if one.outcome != "unchanged":
            click.echo(f"/{one.register}/{one.name}: {one.outcome}")
    counts = ", ".join(f"{number} {outcome}" for outcome, number in count_outcomes(loaded))
    click.echo(f"would be: {counts}" if dry_run else counts)
