"""`ckan aivision rescore`: progress and final report, the dry run and the announcement."""

from __future__ import annotations

import datetime
import functools
import time
from collections.abc import Callable

import click

from ckanext.aivision.catalogue.evaluations.evaluation_store import today
from ckanext.aivision.catalogue.rescore import announcement
from ckanext.aivision.catalogue.rescore.dry_run import DryRun, run_dry
from ckanext.aivision.catalogue.rescore.run_rescore import rescore
from ckanext.aivision.cli.ckan.dry_run import DryRunReport
from ckanext.aivision.cli.output.destination import opened
from ckanext.aivision.cli.output.format_registry import write_report
from ckanext.aivision.process_pool import usable_processors

_REPORT_EVERY = 2.0  # seconds


class _Progress:
    """Prints a line every few seconds, and one at the end of each stage."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if done >= total or time.monotonic() - self._last > _REPORT_EVERY:
            self._last = time.monotonic()
            click.echo(f"{stage}: {done:,} of {total:,}", err=True)


def rescore_with_progress(on: datetime.date | None, jobs: int | None) -> None:
    """Rescores; prints progress to standard error and the report to standard output.

    Does nothing before the day that is announced for the current rubric: the command may be in cron.
    """
    if (announced := announcement.is_early(today())) is not None:
        click.echo(
            f"nothing evaluated: rubric {announced.rubric_version} is announced for {announced.starts_on}; run again"
            " then, or remove the announcement first (--withdraw)",
            err=True,
        )
        return
    run, account = rescore(on, jobs or usable_processors(), _Progress())
    if run.continued:
        click.echo("continued an interrupted run", err=True)
    click.echo(
        f"as of {run.reference_date}: {account.evaluated:,} datasets evaluated, {account.rewritten:,} of them"
        f" rewritten, {account.regraded:,} with a new grade; {account.points:,} earlier points recalculated"
    )


def show_dry_run(on: datetime.date | None, jobs: int | None, form: str) -> None:
    """Evaluates without writing anything, and writes the report in a format of DryRunReport."""
    _write(run_dry(on, jobs or usable_processors(), _progress_of_dry_run()), form)


def announce(starts_on: datetime.date, jobs: int | None, form: str) -> None:
    """Announces the current rubric to publishers for a day, and writes the report of the dry run."""
    _write(announcement.announce(starts_on, jobs or usable_processors(), _progress_of_dry_run()), form)
    click.echo(f"announced to publishers for {starts_on}", err=True)


def _progress_of_dry_run() -> Callable[[int, int], None]:
    return functools.partial(_Progress(), "evaluated")


def _write(dry_run: DryRun, form: str) -> None:
    with opened(None) as stream:
        write_report(DryRunReport(dry_run), form, stream)
