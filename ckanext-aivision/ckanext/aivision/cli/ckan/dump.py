"""`ckan aivision dump`: make a dump of the catalogue, or remove those of a day."""

from __future__ import annotations

import datetime

import click

from ckanext.aivision.cli.ckan.one_line import one_line_errors


@click.command()
@click.option(
    "--remove", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Remove the dumps of this day and make none."
)
@one_line_errors
def dump(remove: datetime.datetime | None) -> None:
    """Make a dump now: the public datasets with their evaluations, as files that `/dumps` gives out.

    The job worker makes one each day. A dump has what was public at its moment: remove it if something in it must not
    be public any more, and make another.
    """
    from ckanext.aivision.snapshot.dump.dump_files import files
    from ckanext.aivision.snapshot.dump.write_dump import write_dump

    if remove is not None:
        number = files().remove_day(remove.date())
        click.echo(f"{number} removed" if number else f"there is no dump of {remove:%Y-%m-%d}")
        return
    made = write_dump()
    click.echo(f"dump as of {made.made:%Y-%m-%d %H:%M:%S} UTC, {made.datasets:,} datasets, made in {made.seconds} s")
    for file in made.files:
        click.echo(f"{file.name}: {file.rows:,} rows, {file.size / 1e6:,.1f} MB")
