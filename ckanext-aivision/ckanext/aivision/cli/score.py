"""`aivision score`: evaluates metadata without any server."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator

import click
import msgspec

from ckanext.aivision.cli.link_depth import Links, link_options, observing
from ckanext.aivision.cli.options import source_options
from ckanext.aivision.cli.score_table import Summary
from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.reading import open_source
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import resolve
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.observed import Observed
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load

Rows = Iterator[tuple[Harvested, Evaluation | None]]


@click.command()
@click.argument("source", metavar="FILE|DIR|URL")
@source_options
@link_options
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The date that ages count to; today (UTC) where not given.",
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
    links: Links | None,
) -> None:
    """Evaluate the metadata of FILE, DIR or URL: a data.json, a CKAN portal or a saved answer of one.

    `--format json` prints one object a record, also for records that are refused, with the reasons.
    """
    date = on.date() if on is not None else datetime.datetime.now(datetime.timezone.utc).date()
    with Session(allow_hosts=allow_host) as session:
        records = open_source(resolve(source, kind, profile, country), session, limit)
        rows = _evaluated(observing(records, links, allow_host), date)
        if form == "json":
            _print_json(rows)
        else:
            _print_table(rows, date)


def _evaluated(records: Iterator[tuple[Harvested, Observed]], on: datetime.date) -> Rows:
    rubric = load()
    for harvested, seen in records:
        dataset = harvested.dataset
        yield harvested, evaluate(dataset, rubric, on, seen) if dataset is not None else None


def _print_json(rows: Rows) -> None:
    encoder = msgspec.json.Encoder()
    for harvested, evaluation in rows:
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


def _print_table(rows: Rows, on: datetime.date) -> None:
    summary = Summary(load(), on)
    try:
        for harvested, evaluation in rows:
            summary.add(harvested, evaluation)
    except SourceError:
        if summary.total:
            summary.show()
        raise
    summary.show()
