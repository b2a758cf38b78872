"""`ckan aivision uninstall`: makes a catalogue ready to go on without the extension."""

from __future__ import annotations

import zipfile
from pathlib import Path

import ckan.model as model
import click
import sqlalchemy as sa
from ckan.cli.db import downgrade
from ckan.lib import search
from ckan.plugins import plugin_loaded

from ckanext.aivision.cli.ckan.one_line import one_line_errors
from ckanext.aivision.errors import UsageError
from ckanext.aivision.plugin_names import CORE, WHOLE

_TABLES = sa.text(r"""
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_name LIKE 'aivision\_%' ORDER BY table_name
""")
_QUESTION = "Empty the search index? Until it is rebuilt, the site's searches find nothing"
_NEXT = (
    "Now take our plugins, settings and schema out of ckan.ini, and run `ckan search-index rebuild`. Until then, let "
    "nobody edit datasets."
)


@click.command()
@click.option(
    "--drop-tables",
    "backup",
    metavar="BACKUP",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Drop our tables too, after their rows are in this new ZIP file, a CSV file for each table.",
)
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.pass_context
@one_line_errors
def uninstall(context: click.Context, backup: Path | None, yes: bool) -> None:
    """Make a catalogue ready to go on without this extension. Stop the web processes and workers first.

    CKAN's search index holds each dataset in the fields of our form. Without the form, CKAN would take those for fields
    that were left out, and delete them at the next edit. So the index is emptied, and rebuilt without us.
    """
    if backup is not None and backup.exists():
        raise UsageError(f"{backup} exists already: give another name")
    if not yes and not click.confirm(_QUESTION, err=True):
        raise UsageError("nothing was changed")
    if backup is not None:
        _save_tables(backup)
        context.invoke(downgrade, version="base", plugin=WHOLE if plugin_loaded(WHOLE) else CORE)
    search.clear_all()
    click.echo(_NEXT, err=True)


def _save_tables(path: Path) -> None:
    """Writes all rows of our tables, in one state of the database. The file can be read by its owner alone."""
    path.touch(mode=0o600)
    with model.meta.engine.connect() as connection, connection.begin():
        connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        names = list(connection.scalars(_TABLES))
        cursor = connection.connection.cursor()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                with archive.open(f"{name}.csv", "w", force_zip64=True) as stream:
                    cursor.copy_expert(f'COPY "{name}" TO STDOUT WITH (FORMAT csv, HEADER)', stream)
