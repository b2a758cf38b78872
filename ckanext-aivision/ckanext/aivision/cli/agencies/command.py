"""`aivision agencies`: which agency each dataset belongs to, and what could not be placed."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from ckanext.aivision.agencies.placement import SourceFacts, place
from ckanext.aivision.agencies.placement_counts import PlacementTally
from ckanext.aivision.cli.agencies.report import AgenciesReport
from ckanext.aivision.cli.input import standard_input
from ckanext.aivision.cli.options.source import source_options
from ckanext.aivision.cli.output import destination as outputs
from ckanext.aivision.cli.output.format_registry import format_option, write_report
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import Source, load_sources
from ckanext.aivision.record import Dataset


@click.command()
@click.argument("targets", metavar="SOURCE|FILE|DIR|URL|-...", nargs=-1, required=True)
@source_options
@click.option(
    "--from-source",
    metavar="NAME",
    help="Source of config/sources.yaml that the files come from, if they were saved without its name.",
)
@format_option(AgenciesReport)
@outputs.output_option
def agencies(
    targets: tuple[str, ...],
    kind: str | None,
    profile: str | None,
    country: str | None,
    limit: int | None,
    allow_host: tuple[str, ...],
    from_source: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Place datasets at their agencies, and list what could not be placed.

    Prints how many datasets each rule has placed, at which agencies, and the publishers that no table of
    config/agencies knows. `--format csv` has only those. `-` is standard input.
    """
    stated = _facts(_named(from_source)) if from_source is not None else None
    tally = PlacementTally()
    with contextlib.ExitStack() as stack:
        session = stack.enter_context(Session(allow_hosts=allow_host))
        sources = [standard_input.source(stack, target, kind, profile, country) for target in targets]
        outputs.refuse_overwriting(output, *[Path(source.url) for source in sources if not source.is_remote])
        for source, dataset in _datasets(sources, session, limit):
            facts = stated or _facts(source)
            publisher = (dataset.publisher.name if dataset.publisher is not None else None) or ""
            tally.add(place(dataset, facts), dataset.country, publisher, facts.name)
        with outputs.opened(output) as stream:
            write_report(AgenciesReport(tally.counts()), form, stream)


def _datasets(sources: Iterable[Source], session: Session, limit: int | None) -> Iterator[tuple[Source, Dataset]]:
    """The datasets that are not refused, each with its source. limit: records of each source."""
    for source in sources:
        for harvested in itertools.islice(open_source(source, session), limit):
            if harvested.dataset is not None:
                yield source, harvested.dataset


def _facts(source: Source) -> SourceFacts:
    return SourceFacts(source.name, source.url if source.is_remote else "", source.publisher)


def _named(name: str) -> Source:
    known = load_sources()
    if name not in known:
        raise UsageError(f"--from-source: no source is called {name!r}; `aivision sources list` lists them")
    return known[name]
