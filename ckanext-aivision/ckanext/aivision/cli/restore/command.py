"""`aivision restore`: makes a catalogue from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.aivision.cli.options.data_directory import data_option
from ckanext.aivision.cli.options.extras import need


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option("A new or empty directory for the catalogue.")
def restore(file: Path, data: Path) -> None:
    """Make the catalogue of a backup in a new directory: FILE is one that `aivision backup` wrote.

    Every file and every row is compared with the backup, and the search index is rebuilt. A backup of an earlier
    version is brought up to date.
    """
    need("`aivision restore`", "catalogue")
    from ckanext.aivision.services.backup.restore_backup import restore_backup

    manifest = restore_backup(file, data.expanduser().resolve(), click.echo)
    click.echo(
        f"{data}: the catalogue of {manifest.made:%Y-%m-%d %H:%M:%S} UTC with {manifest.tables['package'].rows:,} "
        f"packages; start it with `aivision up --data {data}`"
    )
