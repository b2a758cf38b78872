"""`aivision score`: evaluates metadata without any server."""

from __future__ import annotations

import contextlib
import datetime
import sys
from collections.abc import Iterator

import click
import msgspec

from ckanext.aivision.cli.evaluating import Evaluated, evaluated, usable_processors
from ckanext.aivision.cli.options import source_options
from ckanext.aivision.cli.score_table import Summary
from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.reading import open_source
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import resolve
from ckanext.aivision.scoring.rubric import load


@click.command()
@click.argument("source", metavar="FILE|DIR|URL")
@source_options
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The date that ages count to; today (UTC) where not given.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=256),
    metavar="N",
    help="Evaluate in N processes; as many as there are processors where not given, and one where records are few.",
)
def score(
    source: str,
    kind: str | None,
    profile: str | None,
    country: str | None,
    limit: int | None,
    allow_host: tuple[str, ...],
    form: str,
    on: datetime.datetime | None,
    jobs: int | None,
) -> None:
    """Evaluate the metadata of FILE, DIR or URL: a data.json, a CKAN portal or a saved answer of one.

    `--format json` prints one object a record, also for records that are refused, with the reasons.
    """
    date = on.date() if on is not None else datetime.datetime.now(datetime.timezone.utc).date()
    with Session(allow_hosts=allow_host) as session:
        harvest = open_source(resolve(source, kind, profile, country), session, limit)
        with contextlib.closing(evaluated(harvest, load(), date, jobs or usable_processors())) as records:
            if form == "json":
                _print_json(records)
            else:
                _print_table(records, date)


def _print_json(records: Iterator[Evaluated]) -> None:
    encoder = msgspec.json.Encoder()
    for harvested, evaluation in records:
        row: object = evaluation
        if evaluation is None:
            row = {
                "identifier": harvested.identifier,
                "where": harvested.where,
                "refused": True,
                "problems": harvested.problems,
            }
        sys.stdout.buffer.write(encoder.encode(row) + b"\n")
    sys.stdout.buffer.flush()


def _print_table(records: Iterator[Evaluated], on: datetime.date) -> None:
    summary = Summary(load(), on)
    try:
        for harvested, evaluation in records:
            summary.add(harvested, evaluation)
    except SourceError:
        if summary.total:
            summary.show()
        raise
    summary.show()
