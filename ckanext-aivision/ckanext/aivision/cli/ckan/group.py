"""`ckan aivision`: commands for an existing CKAN, whose configuration `ckan -c` has loaded."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from ckanext.aivision.cli.ckan.adopt import adopt
from ckanext.aivision.cli.ckan.audited_group import AuditedGroup
from ckanext.aivision.cli.ckan.doctor import doctor
from ckanext.aivision.cli.ckan.dry_run import DryRunReport
from ckanext.aivision.cli.ckan.dump import dump
from ckanext.aivision.cli.ckan.one_line import one_line_errors
from ckanext.aivision.cli.ckan.registers import registers
from ckanext.aivision.cli.ckan.trends import TrendsReport, show_trends
from ckanext.aivision.cli.ckan.uninstall import uninstall
from ckanext.aivision.cli.ckan.unplaced import UnplacedReport, show_unplaced
from ckanext.aivision.cli.compare.report import ComparisonReport
from ckanext.aivision.cli.options.filters import only_option
from ckanext.aivision.cli.options.source import allow_host_option, source_options
from ckanext.aivision.cli.output.format_registry import format_option
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.errors import UsageError


@click.group(cls=AuditedGroup)
def aivision() -> None:
    """Harvest, evaluate and compare datasets."""


for _command in (adopt, doctor, dump, registers, uninstall):
    aivision.add_command(_command)


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

    resolved = sources.resolve_source(source, kind, profile, country)
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
    """Queue what is due: harvests, link checks, a snapshot, the day's dump, e-mails. Run it from cron, once a minute.

    It also deletes changes that are older than `ckanext.aivision.keep_changes_days`, and entries of the audit log that
    are older than `ckanext.aivision.keep_audit_days`.
    A snapshot is also due if datasets were changed outside CKAN, for example by SQL.
    """
    from ckanext.aivision.catalogue.digests.send_digests import queue_digests
    from ckanext.aivision.catalogue.jobs.schedule import (
        prune_audit_log,
        prune_changes,
        queue_due,
        queue_link_checks,
    )
    from ckanext.aivision.catalogue.tables.moments import now
    from ckanext.aivision.services.monitoring.alerts import send_alerts
    from ckanext.aivision.snapshot.dump import dump_job
    from ckanext.aivision.snapshot.jobs import request_where_due

    names = queue_due(now())
    click.echo(f"{len(names)} queued" + (f": {', '.join(names)}" if names else ""))
    if queue_link_checks(now()):
        click.echo("a link check queued")
    if request_where_due():
        click.echo("a snapshot queued")
    if dump_job.request_where_due():
        click.echo("a dump queued")
    if queue_digests():
        click.echo("weekly e-mails queued")
    if pruned := prune_changes(now()):
        click.echo(f"{pruned} old changes deleted")
    if pruned := prune_audit_log(now()):
        click.echo(f"{pruned} old entries of the audit log deleted")
    if alerts := send_alerts():
        click.echo(f"{alerts} alerts sent")


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
@click.option("--dry-run", is_flag=True, help="Write nothing; show how many grades would change, and why.")
@click.option(
    "--announce",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Tell publishers how their grades change on this day. Until then, `rescore` does nothing.",
)
@click.option("--withdraw", is_flag=True, help="Remove the announcement and do nothing else.")
@format_option(DryRunReport)
@one_line_errors
def rescore(
    on: datetime.datetime | None,
    jobs: int | None,
    cancel: bool,
    dry_run: bool,
    announce: datetime.datetime | None,
    withdraw: bool,
    form: str,
) -> None:
    """Evaluate every dataset again, under the current rubric and as of today. Stored history is recalculated too.

    Evaluations that are already up to date are skipped. If interrupted, the next run continues from there. --format is
    for the report of --dry-run and --announce.
    """
    from ckanext.aivision.catalogue.rescore import announcement, rescore_lease
    from ckanext.aivision.cli.ckan import rescore as commands

    if sum((cancel, dry_run, announce is not None, withdraw)) > 1:
        raise UsageError("use only one of --cancel, --dry-run, --announce and --withdraw")
    if announce is not None and on is not None:
        raise UsageError("--announce DATE evaluates as of that day: leave --on out")
    if cancel:
        click.echo("asked to stop" if rescore_lease.cancel() else "no run to cancel")
    elif withdraw:
        click.echo("announcement removed" if announcement.withdraw() else "no announcement to remove")
    elif dry_run:
        commands.show_dry_run(on.date() if on is not None else None, jobs, form)
    elif announce is not None:
        commands.announce(announce.date(), jobs, form)
    else:
        commands.rescore_with_progress(on.date() if on is not None else None, jobs)


@aivision.command()
@one_line_errors
def snapshot() -> None:
    """Build a snapshot now: the figures and the table of datasets that pages and the API show.

    The job worker builds one after a change. Use this command on a site without a worker, or to see errors.
    """
    from ckanext.aivision.snapshot.build import build

    manifest = build()
    numbers = ", ".join(
        f"{row.code}: {row.data_sets:,} datasets, {row.publishers:,} publishers" for row in manifest.countries
    )
    click.echo(f"snapshot as of {manifest.made:%Y-%m-%d %H:%M:%S} UTC, built in {manifest.seconds} s; {numbers}")


@aivision.command()
@format_option(UnplacedReport)
@one_line_errors
def unplaced(form: str) -> None:
    """List the publishers whose datasets could not be placed with an agency, as of the newest snapshot.

    Add a spelling to a table of `config/agencies` to place them; `docs/agencies.md` says how.
    """
    show_unplaced(form)


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

    package_ids = profiling.choose_datasets(dataset, source)
    counts = profiling.profile_files(package_ids, limit, datetime.timedelta(days=days), report_file, allow_host)
    click.echo(f"{counts.profiled} files profiled, {counts.refused} refused, {counts.kept} unchanged")


@aivision.command()
@format_option(ComparisonReport)
@click.option(
    "--lens", metavar="NAME|FILE", help="Also compare through a framework: a name from `aivision lenses`, or a file."
)
@only_option
@one_line_errors
def compare(form: str, lens: str | None, only: Filters) -> None:
    """Compare the datasets of the countries in this catalogue."""
    from ckanext.aivision.cli.compare.command import show
    from ckanext.aivision.scoring.lenses.load import find
    from ckanext.aivision.scoring.rubric import load
    from ckanext.aivision.snapshot.public_datasets import current_table

    show(current_table(load()), form, lens=find(lens) if lens is not None else None, filters=only)
