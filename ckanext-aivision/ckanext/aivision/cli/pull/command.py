"""`aivision pull`: keep a copy of another catalogue's datasets, without any server."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.aivision.cli.harvest.command import report
from ckanext.aivision.cli.harvest.into_directory import into_directory
from ckanext.aivision.cli.options.source import allow_host_option
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.cli.pull.change_pages import LIMITS, NoFeed, TooOld, feed_address, pages
from ckanext.aivision.cli.pull.mirror import Mirror, is_copy
from ckanext.aivision.cli.pull.other_catalogue import source_at
from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.documents.directory import is_harvested
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.sources.source import shown_address


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
@click.option(
    "--confirm-removal",
    is_flag=True,
    help="Other catalogues: remove all records missing from the catalogue, without a limit.",
)
@allow_host_option
def pull(url: str, into: Path, page_size: int, confirm_removal: bool, allow_host: tuple[str, ...]) -> None:
    """Copy the datasets of the catalogue at URL into a directory, and keep the copy up to date.

    From a catalogue that runs ckanext-aivision, the first run fetches all public datasets, and the next ones only what
    changed since. `packages.ndjson` has the datasets as CKAN packages, one a line. If interrupted, the next run
    continues from there.

    Any other catalogue is read by what it offers: its CKAN API, data.json or DCAT. Each run reads all of it, and writes
    what `aivision harvest --into` writes.
    """
    address = feed_address(url)
    if address and not is_harvested(into):
        try:
            _follow(address, into, page_size, allow_host)
            return
        except NoFeed:
            if is_copy(into):
                raise
    with Session(allow_hosts=allow_host) as session:
        source = source_at(url, into, session)
    click.echo(printable(f"{source.name}: read as {source.kind} from {shown_address(source.url)}"))
    report(*into_directory(source, None, allow_host, into, confirm_removal))


def _follow(address: str, into: Path, page_size: int, allow_hosts: tuple[str, ...]) -> None:
    """Copies what changed. Raises NoFeed, with nothing written, if there are no changes to follow."""
    with Mirror(into, address) as mirror, Session(allow_hosts=allow_hosts, limits=LIMITS) as session:
        try:
            written, deleted = _read_on(session, address, mirror, page_size)
        except TooOld as error:
            if not mirror.state.cursor:
                raise SourceError(f"{error}; try again later") from error
            click.echo(printable(f"{error}; everything is fetched again"), err=True)
            mirror.begin_again()
            written, deleted = _read_on(session, address, mirror, page_size)
        deleted += mirror.complete()
    click.echo(printable(f"{written} written, {deleted} deleted; {mirror.state.datasets} datasets in {into}"))


def _read_on(session: Session, address: str, mirror: Mirror, page_size: int) -> tuple[int, int]:
    """Notes all changes since the last time. Returns how many datasets were written and deleted."""
    written = deleted = 0
    for page in pages(session, address, mirror.state.cursor, page_size):
        for change in page.changes:
            mirror.put(change.id, change.package)
            deleted += change.package is None
            written += change.package is not None
        mirror.reach(page.next)
    return written, deleted
