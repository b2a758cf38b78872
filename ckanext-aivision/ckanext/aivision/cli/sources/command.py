"""`aivision sources`: list, check and discover sources."""

from __future__ import annotations

import datetime
from pathlib import Path

import click
import msgspec

from ckanext.aivision.cli.options.source import allow_host_option, source_options
from ckanext.aivision.cli.output.destination import opened
from ckanext.aivision.cli.output.format_registry import format_option, write_report
from ckanext.aivision.cli.sources.report import CheckReport, SourceListReport
from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters import discovery
from ckanext.aivision.harvesters.http.robots import share_robots
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.offers import offer_at
from ckanext.aivision.harvesters.sources.source import load_sources, resolve
from ckanext.aivision.record import COUNTRIES


@click.group()
def sources() -> None:
    """List, check and discover sources of metadata."""


@sources.command("list")
@click.option("--country", type=click.Choice(list(COUNTRIES)), help="Only sources of this country.")
@format_option(SourceListReport)
def list_sources(country: str | None, form: str) -> None:
    """List the sources of config/sources.yaml.

    `--format json` prints one object per source.
    """
    chosen = [source for source in load_sources().values() if country in (None, source.country)]
    with opened(None) as stream:
        write_report(SourceListReport(chosen), form, stream)


@sources.command("check")
@click.argument("source", metavar="SOURCE|URL")
@source_options
@click.option("--all", "everything", is_flag=True, help="Check every record, not only the first 200.")
@format_option(CheckReport)
@click.pass_context
def check_source(
    context: click.Context,
    source: str,
    kind: str | None,
    profile: str | None,
    country: str | None,
    limit: int | None,
    allow_host: tuple[str, ...],
    everything: bool,
    form: str,
) -> None:
    """Check SOURCE: what it is and what a harvest would bring. Nothing is stored.

    SOURCE is a name from config/sources.yaml, an http(s) address, a file or a directory. Give the address of a
    site to find out in which ways it gives out its catalogue; the one that tells the most is checked. The exit status
    is 0 if all is well, 1 if something would go wrong, and 2 if the source cannot be read.
    """
    # Only this command needs the rubric; listing sources must not wait for it.
    from ckanext.aivision.cli.sources import portal
    from ckanext.aivision.cli.sources.check import SAMPLE, check

    if everything and limit is not None:
        raise UsageError("--all and --limit cannot be used together; choose one")
    most = None if everything else limit or SAMPLE
    on = datetime.datetime.now(datetime.timezone.utc).date()
    with Session(allow_hosts=allow_host) as session:
        given = resolve(source, kind, profile, country)
        found, offers = given, list[portal.Offer]()
        if portal.is_site(given):
            with Session(allow_hosts=allow_host, limits=portal.LIMITS) as asking:
                share_robots(session, asking)
                offers = portal.find_offers(given, asking)
        if offers:
            best = offer_at(given.url, offers[0].address, offers[0].kind)
            found = msgspec.structs.replace(best or given, profile=given.profile, country=given.country)
        try:
            report = check(found, session, on, most)
        except SourceError as error:
            if not portal.is_site(given) or offers:
                raise
            raise portal.nothing_found(given, error) from error
        if offers:
            report.offers, report.command = offers, portal.harvest_command(offers[0])
    with opened(None) as stream:
        write_report(CheckReport(report), form, stream)
    if report.problems:
        context.exit(1)


@sources.command("discover")
@click.argument("country", type=click.Choice(sorted(discovery.WHERE)))
@click.option("--at", metavar="URL", default="", help="Address of the catalogue, if not the usual one.")
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="Write to this new file.")
@allow_host_option
def discover_sources(country: str, at: str, into: Path | None, allow_host: tuple[str, ...]) -> None:
    """List sources that the national catalogue harvests but config/sources.yaml does not have.

    The output has the format of config/sources.yaml. Check each source (`aivision sources check URL`) before you add
    it.
    """
    if into is not None and into.exists():
        raise UsageError(f"{into}: this file already exists; choose a new name")
    with Session(allow_hosts=allow_host) as session:
        found = list(discovery.discover(country, session, at))
    rows = [discovery.row(name, item) + "\n" for name, item in discovery.new(found, load_sources().values())]
    unreadable = sum(not item.readable for item in found)
    if into is None:
        click.echo("".join(rows), nl=False)
    else:
        try:
            with into.open("x", encoding="utf-8") as file:
                file.writelines(rows)
        except OSError as error:
            raise UsageError(f"{into}: cannot be written: {error.strerror}") from error
    click.echo(
        f"{len(found):,} sources: {len(rows):,} new, {unreadable:,} in formats that are not supported, "
        f"{len(found) - len(rows) - unreadable:,} known, repeated or without an address",
        err=True,
    )
