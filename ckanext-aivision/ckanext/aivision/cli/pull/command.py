"""`aivision pull`: keep a copy of another catalogue's datasets, without any server."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.aivision.cli.options.source import allow_host_option
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.cli.pull.change_pages import LIMITS, feed_address, pages
from ckanext.aivision.cli.pull.mirror import Mirror
from ckanext.aivision.harvesters.http.session import Session


@click.command()
@click.argument("url")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The directory of the copy; created if missing.",
)
@click.option(
    "--page-size",
    type=click.IntRange(1, 500),
    default=100,
    show_default=True,
    help="Fetch so many changes with each request.",
)
@allow_host_option
def pull(url: str, into: Path, page_size: int, allow_host: tuple[str, ...]) -> None:
    """Copy the datasets of the catalogue at URL into a directory, and keep the copy up to date.

    The first run fetches all public datasets, the next ones only what changed since. URL is the address of a catalogue
    that runs ckanext-aivision. `packages.ndjson` has the datasets as CKAN packages, one a line. If interrupted, the
    next run continues from there.
    """
    address = feed_address(url)
    written = deleted = 0
    with Mirror(into, address) as mirror, Session(allow_hosts=allow_host, limits=LIMITS) as session:
        for page in pages(session, address, mirror.state.cursor, page_size):
            for change in page.changes:
                mirror.put(change.id, change.package)
                deleted += change.package is None
                written += change.package is not None
            mirror.reach(page.next)
    click.echo(printable(f"{written} written, {deleted} deleted; {mirror.state.datasets} datasets in {into}"))
