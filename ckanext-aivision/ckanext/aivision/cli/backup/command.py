"""`aivision backup`: writes a backup of a catalogue that `aivision up` runs."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.aivision.cli.options.data_directory import data_option
from ckanext.aivision.cli.options.extras import need


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option()
def backup(file: Path, data: Path) -> None:
    """Write a backup to FILE while the catalogue runs: its database, files, settings and secrets.

    Only you can read FILE, as it holds passwords and keys. It is compared with what was written. Queued jobs and the
    search index are not in it: `aivision restore` rebuilds the index.
    """
    need("`aivision backup`", "catalogue")
    from ckanext.aivision.services.backup.write_backup import write_backup

    manifest = write_backup(file, data.expanduser().resolve())
    rows = sum(table.rows for table in manifest.tables.values())
    click.echo(
        f"{file}: {manifest.tables['package'].rows:,} packages, {rows:,} rows, {len(manifest.members):,} files, "
        f"{file.stat().st_size / 1e6:,.1f} MB, as of {manifest.made:%Y-%m-%d %H:%M:%S} UTC; read again and compared"
    )
