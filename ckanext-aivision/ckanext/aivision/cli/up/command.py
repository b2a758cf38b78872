"""`aivision up`: a whole catalogue from packages alone, for a look, for work, or for a small portal."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.aivision.cli.options.extras import need


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("aivision-data"),
    show_default=True,
    help="Where everything is kept; made where it lacks.",
)
@click.option("--port", type=click.IntRange(1, 65000), default=5000, show_default=True, help="The first port tried.")
@click.option("--demo", is_flag=True, help="Harvest a US and a UK source: live with the network, else samples.")
@click.option("--once", is_flag=True, help="Stop again when everything is up (and the demonstration harvested).")
def up(data: Path, port: int, demo: bool, once: bool) -> None:
    """Start PostgreSQL, Valkey, Solr and CKAN on this machine, and stop them at Ctrl-C."""
    need("`aivision up`", "catalogue")
    from ckanext.aivision.cli.up.serve import serve

    serve(data, port, demo, once)
