"""What is to be told of a source as a whole, as lines on standard error."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.errors import Problem

_MOST = 10


def tell_remarks(name: str, remarks: Sequence[Problem]) -> None:
    """Writes a line for each of the first ten remarks. name: of the source."""
    for remark in remarks[:_MOST]:
        seen = f" ({remark.seen})" if remark.seen else ""
        click.echo(printable(f"Warning: {name}: {remark.message}{seen}"), err=True)
    if len(remarks) > _MOST:
        click.echo(printable(f"Warning: {name}: {len(remarks) - _MOST:,} more like these"), err=True)
