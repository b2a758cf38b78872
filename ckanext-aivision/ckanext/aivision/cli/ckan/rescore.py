"""`ckan aivision rescore`: progress and final report."""

from __future__ import annotations

import datetime
import time

import click

from ckanext.aivision.catalogue.rescore.rescore import rescore
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
    """Rescores; prints progress to standard error and the report to standard output."""
    run, account = rescore(on, jobs or usable_processors(), _Progress())
    if run.continued:
        click.echo("continued an interrupted run", err=True)
    click.echo(
        f"as of {run.reference_date}: {account.evaluated:,} datasets evaluated, {account.rewritten:,} of them"
        f" rewritten, {account.regraded:,} with a new grade; {account.points:,} earlier points recalculated"
    )
