"""`aivision up`: run a whole catalogue from Python packages, as a demonstration, for development or a small portal."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ckanext.aivision.cli.options.data_directory import data_option
from ckanext.aivision.cli.options.extras import need

_MOST_PROCESSES = 4


@click.command()
@data_option("Directory for all data; created if missing.")
@click.option("--port", type=click.IntRange(1, 65000), default=5000, show_default=True, help="The first port to try.")
@click.option(
    "--web-processes",
    type=click.IntRange(1, 64),
    default=lambda: min(os.cpu_count() or 1, _MOST_PROCESSES),
    show_default=f"one a core, {_MOST_PROCESSES} at most",
    help="How many processes answer readers; each takes about 300 MB of memory.",
)
@click.option("--demo", is_flag=True, help="Harvest a US and a UK source (samples if there is no network).")
@click.option("--once", is_flag=True, help="Stop as soon as everything is up (and the demo is harvested).")
def up(data: Path, port: int, web_processes: int, demo: bool, once: bool) -> None:
    """Start PostgreSQL, Valkey, Solr and CKAN on this machine; Ctrl-C stops them."""
    need("`aivision up`", "catalogue")
    from ckanext.aivision.cli.up.serve import serve

    serve(data, port, web_processes, demo, once)
