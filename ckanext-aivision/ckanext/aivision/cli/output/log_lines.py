"""Progress for what is no terminal, such as a log or a pipe: a line a minute on standard error."""

from __future__ import annotations

import time

import click

from ckanext.aivision.cli.output.terminal import printable

EVERY = 60.0  # seconds between two lines


class LogLines:
    """Tells how far a long run has come. active: whether there is no terminal, which has a bar instead."""

    def __init__(self, title: str, active: bool) -> None:
        self._title, self._active = title, active
        self._told = time.monotonic()

    def tell(self, count: int, total: int | None) -> None:
        """Called as often as there is something new; writes a line if the last one is long enough ago."""
        if self._active and (now := time.monotonic()) - self._told >= EVERY:
            self._told = now
            of = f" of {total:,}" if total is not None else ""
            click.echo(f"{printable(self._title)}: {count:,}{of}", err=True)
