"""`aivision score`: evaluates metadata without any server."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator

import click
import msgspec

from ckanext.aivision.cli.lens_table import LensSummary, lens_option, with_lens
from ckanext.aivision.cli.options import source_options
from ckanext.aivision.cli.score_table import Summary
from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.reading import Harvest, open_source
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import resolve
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.lens_form import Lens
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load


@click.command()
@click.argument("source", metavar="FILE|DIR|URL")
@source_options
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@lens_option
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
    lens: Lens | None,
    on: datetime.datetime | None,
) -> None:
    """Evaluate the metadata of FILE, DIR or URL: a data.json, a CKAN portal or a saved answer of one.

    `--format json` prints one object a record, also for records that are refused, with the reasons.
    """
    date = on.date() if on is not None else datetime.datetime.now(datetime.timezone.utc).date()
    with Session(allow_hosts=allow_host) as session:
        records = open_source(resolve(source, kind, profile, country), session, limit)
        if form == "json":
            _print_json(records, date, lens)
        else:
            _print_table(records, date, lens)


def _evaluated(records: Harvest, on: datetime.date) -> Iterator[tuple[Harvested, Evaluation | None]]:
    rubric = load()
    for harvested in records:
        dataset = harvested.dataset
        yield harvested, evaluate(dataset, rubric, on) if dataset is not None else None


def _print_json(records: Harvest, on: datetime.date, lens: Lens | None) -> None:
    encoder = msgspec.json.Encoder()
    for harvested, evaluation in _evaluated(records, on):
        row: object = evaluation
        if evaluation is None:
            row = {
                "identifier": harvested.identifier,
                "where": harvested.where,
                "refused": True,
                "problems": harvested.problems,
            }
        elif lens is not None:
            row = with_lens(lens, load(), evaluation, harvested.dataset)
        sys.stdout.buffer.write(encoder.encode(row) + b"\n")
    sys.stdout.buffer.flush()


def _print_table(records: Harvest, on: datetime.date, lens: Lens | None) -> None:
    summary = Summary(load(), on)
    through = LensSummary(lens, load()) if lens is not None else None
    try:
        for harvested, evaluation in _evaluated(records, on):
            summary.add(harvested, evaluation)
            if through is not None and evaluation is not None:
                through.add(harvested.dataset, evaluation)
    except SourceError:
        if summary.total:
            summary.show()
        raise
    summary.show()
    if through is not None:
        through.show()
