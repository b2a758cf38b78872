"""`--dry-run`: print what a harvest would change."""

from __future__ import annotations

from collections.abc import Collection

import click

from ckanext.aivision.catalogue.ckan.dry_run_store import MOST, Previewed
from ckanext.aivision.catalogue.ckan.harvest_job import preview
from ckanext.aivision.cli.harvest.progress import summary
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.harvesters.sources.source import Source


def show_preview(source: Source, limit: int | None, allow_hosts: Collection[str]) -> None:
    """Prints the counts, then the first records of each kind, the changed ones field by field."""
    run, records = preview(source, limit, allow_hosts)
    for record in records:
        for line in _lines(record):
            click.echo(printable(line))
    for line in summary(run):
        click.echo(printable(line))
    click.echo(f"nothing was written; at most {MOST} records of each kind are shown")


def _lines(record: Previewed) -> list[str]:
    head = f"{record.kind}: {record.identifier or '(no identifier)'}"
    detail = record.reason or record.title
    lines = [f"{head}: {detail}" if detail else head]
    for found in record.differences:
        lines.append(f"    {found.field}: {found.before} -> {found.after}")
    if record.more:
        lines.append(f"    and {record.more:,} more fields")
    return lines
