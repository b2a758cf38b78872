"""`aivision validate`: check metadata against the official standards, without any server."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import click

from ckanext.aivision.cli.input import standard_input
from ckanext.aivision.cli.options.source import allow_host_option
from ckanext.aivision.cli.output import destination as outputs
from ckanext.aivision.cli.output.format_registry import format_option, write_report
from ckanext.aivision.cli.validate.checked_records import Row, Rows
from ckanext.aivision.cli.validate.counts import Counts
from ckanext.aivision.cli.validate.report import ValidationReport
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.validation.standards import find_standard, table
from ckanext.aivision.validation.validate import Validation


@click.command()
@click.argument("targets", metavar="FILE|DIR|URL|-...", nargs=-1, required=True)
@click.option(
    "--standard",
    type=click.Choice(list(table().standards)),
    help="Standard to check against (default: detected from the content).",
)
@click.option("--limit", type=click.IntRange(min=1), help="Read at most this many records.")
@allow_host_option
@format_option(ValidationReport)
@outputs.output_option
def validate(
    targets: tuple[str, ...],
    standard: str | None,
    limit: int | None,
    allow_host: tuple[str, ...],
    form: str,
    output: Path | None,
) -> int:
    """Check metadata against the official standards: the JSON Schemas of DCAT-US 1.1 and 3.0 and of the UK
    Cross-Government Metadata Exchange Model, and the SHACL shapes of DCAT-AP 3 for RDF. `-` is standard input.

    Exit status: 0 if everything is valid, 1 if something is not, 2 if the command could not run.
    """
    counts = Counts()
    with contextlib.ExitStack() as stack:
        session = stack.enter_context(Session(allow_hosts=allow_host))
        sources = [standard_input.source(stack, target) for target in targets]
        outputs.refuse_overwriting(output, *[Path(source.url) for source in sources if not source.is_remote])
        readings = [Validation(source, session, find_standard(standard) if standard else None) for source in sources]
        checked = stack.enter_context(contextlib.closing(_rows(readings, limit)))
        rows = Rows(_counted(checked, counts), readings)
        with outputs.opened(output) as stream:
            write_report(ValidationReport(rows), form, stream)
            if rows.fault is not None:
                raise rows.fault
    if found := counts.describe_errors():
        click.echo(f"Found: {'; '.join(found)}", err=True)
    return 1 if found else 0


def _rows(readings: Iterable[Validation], limit: int | None) -> Generator[Row, None, None]:
    for reading in readings:
        with contextlib.closing(iter(reading)) as records:
            for checked in itertools.islice(records, limit):
                yield Row(reading.source, checked)


def _counted(rows: Iterator[Row], counts: Counts) -> Iterator[Row]:
    for row in rows:
        counts.add(row)
        yield row
