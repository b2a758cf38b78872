"""`ckan aivision`: commands for an existing CKAN, whose configuration `ckan -c` has loaded."""

from __future__ import annotations

import datetime
import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from ckanext.aivision.cli.ckan.trends import TrendsReport, show_trends
from ckanext.aivision.cli.compare.report import ComparisonReport
from ckanext.aivision.cli.options.source import allow_host_option, source_options
from ckanext.aivision.cli.output.format_registry import format_option
from ckanext.aivision.cli.output.terminal import error_line
from ckanext.aivision.errors import AivisionError, UsageError


def one_line_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a command so that errors of this project become one line and exit status 2."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except AivisionError as error:
            click.echo(error_line(error), err=True)
            sys.exit(2)

    return wrapped


@click.group()
def aivision() -> None:
    """Harvest, evaluate and compare datasets."""


@aivision.command()
@click.argument("source")
@source_options
@click.option("--confirm-removal", is_flag=True, help="Remove all records missing from the source, without a limit.")
@click.option("--confirm", metavar="RUN", help="First confirm the removals that this run asked about.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change, field by field.")
@click.option(
    "--account", type=click.Path(dir_okay=False, path_type=Path), help="Write a report of the run (JSON) to this file."
)
@one_line_errors
def harvest(
    source: str,
    kind: str | None,
    profile: str | None,
    country: str | None,
    limit: int | None,
    allow_host: tuple[str, ...],
    confirm_removal: bool,
    confirm: str | None,
    dry_run: bool,
    account: Path | None,
) -> None:
    """Harvest SOURCE: a name from config/sources.yaml, an http(s) address, a file or a directory."""
    from ckanext.aivision.catalogue.sources import source_store as sources
    from ckanext.aivision.cli.harvest.command import report
    from ckanext.aivision.cli.harvest.into_ckan import into_ckan

    resolved = sources.resolved(source, kind, profile, country)
    if confirm is not None:
        _confirm(confirm)
    run = into_ckan(resolved, limit, allow_host, confirm_removal, dry_run)
    if run is None:
        return
    if account is not None:
        account.write_bytes(msgspec.json.encode(run))
    report(run)


def _confirm(run_id: str) -> None:
    from ckan.plugins import toolkit

    try:
        done = toolkit.get_action("aivision_run_confirm")({"ignore_auth": True}, {"id": run_id})
    except toolkit.ObjectNotFound as error:
        raise UsageError(f"{run_id}: there is no such run; copy the id for `--confirm` from the run's page") from error
    except toolkit.ValidationError as error:
        raise UsageError(f"{run_id}: {'; '.join(error.error_summary.values())}") from error
    click.echo(f"{done['gone']} datasets marked as gone")


@aivision.command("run-due")
@one_line_errors
def run_due() -> None:
    """Queue what is due: scheduled harvests, link checks and the comparison. Run it from cron, once a minute.

    The comparison is also computed again if datasets were changed outside CKAN, for example by SQL.
    """
    from ckanext.aivision.catalogue.comparison import renewal_queue
    from ckanext.aivision.catalogue.jobs.schedule import queue_due, queue_link_checks
    from ckanext.aivision.catalogue.tables.moments import now

    names = queue_due(now())
    click.echo(f"{len(names)} queued" + (f": {', '.join(names)}" if names else ""))
    if queue_link_checks(now()):
        click.echo("a link check queued")
    if renewal_queue.request_where_due():
        click.echo("the comparison queued")


@aivision.command("check-links")
@click.option("--source", metavar="NAME", help="Only links of datasets from this source.")
@click.option("--limit", type=click.IntRange(min=1), help="Check at most this many links.")
@click.option(
    "--max-age",
    type=click.FloatRange(min=0),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Check links again whose last check is older than this.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=3600,
    show_default=True,
    help="Stop after this time; the next run checks the rest.",
)
@allow_host_option
@one_line_errors
def check_links(
    source: str | None, limit: int | None, max_age: float, seconds: float, allow_host: tuple[str, ...]
) -> None:
    """Check the links of public datasets that are due, and evaluate those datasets again.

    A link counts as broken after two failures at least a day apart, so run this daily.
    """
    from ckanext.aivision.catalogue.jobs.check_links import check_links as check
    from ckanext.aivision.links.check import Manners

    def tick(done: int, total: int) -> None:
        click.echo(f"{done:,} of {total:,}", err=True)

    age = datetime.timedelta(days=max_age)
    counts = check(source, limit, age, Manners(seconds=seconds), allow_host, tick)
    states = ", ".join(f"{counts[state]:,} {state}" for state in ("reachable", "broken", "unknown"))
    click.echo(f"links: {states}" + (f"; {counts['left']:,} left for the next run" if counts["left"] else ""))


@aivision.command()
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Evaluate as of this day (default: today, UTC)."
)
@click.option("--jobs", type=click.IntRange(min=1), help="Number of processes (default: one per processor).")
@click.option("--cancel", is_flag=True, help="Cancel the current run and do nothing else.")
@one_line_errors
def rescore(on: datetime.datetime | None, jobs: int | None, cancel: bool) -> None:
    """Evaluate every dataset again, under the current rubric and as of today. Stored history is recalculated too.

    Evaluations that are already up to date are skipped. If interrupted, the next run continues from there.
    """
    from ckanext.aivision.catalogue.rescore import rescore_run
    from ckanext.aivision.cli.ckan.rescore import rescore_with_progress

    if cancel:
        click.echo("asked to stop" if rescore_run.cancel() else "no run to cancel")
    else:
        rescore_with_progress(on.date() if on is not None else None, jobs)


@aivision.command("renew-figures")
@one_line_errors
def renew_figures() -> None:
    """Compute the figures and charts of the comparison now.

    The job worker does this after every change. Use this command on a site without a worker, or to see errors.
    """
    from ckanext.aivision.catalogue.comparison.renewal import renew
    from ckanext.aivision.catalogue.comparison.stored_comparison import load_comparison

    made = renew()
    found = load_comparison()
    countries = found.figures.countries if found is not None else []
    numbers = ", ".join(f"{row.label}: {row.data_sets:,} datasets, {row.publishers:,} publishers" for row in countries)
    click.echo(f"figures as of {made:%Y-%m-%d %H:%M:%S} UTC; {numbers}")


@aivision.command()
@click.option("--country", metavar="CODE", help="Only this country (e.g. GB).")
@click.option("--publisher", metavar="NAME", help="Show this publisher instead of whole countries.")
@click.option("--criterion", metavar="ID", help="Add the results of this criterion.")
@click.option("--rubric-version", metavar="VERSION", help="Use this rubric version instead of the current one.")
@format_option(TrendsReport)
@one_line_errors
def trends(form: str, **asked: str | None) -> None:
    """Show the mean scores of the countries, or of a publisher, on the days on which something changed."""
    show_trends({name: value for name, value in asked.items() if value is not None}, form)


@aivision.command()
@click.option("--dataset", metavar="NAME", help="Only the files of this dataset, by its name or id.")
@click.option("--source", metavar="NAME", help="Only the files of datasets from this source.")
@click.option("--limit", type=click.IntRange(min=1), help="Profile at most this many files.")
@click.option(
    "--days",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    help="Profile a file again after this many days.",
)
@allow_host_option
@one_line_errors
def profile(dataset: str | None, source: str | None, limit: int | None, days: int, allow_host: tuple[str, ...]) -> None:
    """Profile the tabular files of datasets: columns, types, missing values, likely personal data.

    Each dataset is then evaluated again with these profiles. If interrupted, the next run continues from there.
    """
    from ckanext.aivision.catalogue.jobs import profile_files as profiling
    from ckanext.aivision.cli.output.terminal import printable

    def report_file(url: str, found: Any) -> None:
        outcome = found.reason if found.refusal else f"{found.rows} rows, {len(found.columns)} columns"
        click.echo(printable(f"{url}: {outcome}"))

    package_ids = profiling.chosen(dataset, source)
    counts = profiling.profile_files(package_ids, limit, datetime.timedelta(days=days), report_file, allow_host)
    click.echo(f"{counts.profiled} files profiled, {counts.refused} refused, {counts.kept} unchanged")


@aivision.command()
@format_option(ComparisonReport)
@click.option(
    "--lens", metavar="NAME|FILE", help="Also compare through a framework: a name from `aivision lenses`, or a file."
)
@one_line_errors
def compare(form: str, lens: str | None) -> None:
    """Compare the datasets of the countries in this catalogue."""
    from ckanext.aivision.catalogue.comparison.tallies import tallies
    from ckanext.aivision.cli.compare.command import show
    from ckanext.aivision.scoring.lenses.load import find

    show(tallies(), form, lens=find(lens) if lens is not None else None)
