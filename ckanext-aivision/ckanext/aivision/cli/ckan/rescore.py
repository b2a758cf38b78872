"""`ckan aivision rescore`: what it tells of its way and of its end."""

from __future__ import annotations

import datetime
import time

import click

from ckanext.aivision.catalogue.rescore.rescore import rescore
from ckanext.aivision.process_pool import usable_processors

_TELL_EVERY = 2.0  # seconds


class _Progress:
    """A line from time to time, and one at the end of each stage."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if done >= total or time.monotonic() - self._last > _TELL_EVERY:
            self._last = time.monotonic()
            click.echo(f"{stage}: {done:,} of {total:,}", err=True)


def told(on: datetime.date | None, jobs: int | None) -> None:
    """Rescores, telling the progress on standard error and the account on standard output."""
    run, account = rescore(on, jobs or usable_processors(), _Progress())
    if run.continued:
        click.echo("went on with a run that was cut off", err=True)
    click.echo(
        f"as of {run.reference_date}: {account.evaluated:,} data sets evaluated, {account.rewritten:,} of them"
        f" rewritten, {account.regraded:,} with another grade; {account.points:,} points of the past made again"
    )
