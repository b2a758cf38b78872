"""The coverage of a snapshot: written when it is built, read by pages."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import duckdb
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.sources import runs
from ckanext.aivision.compare.coverage import Coverage, SourceCoverage, coverage_of
from ckanext.aivision.compare.estimates import losses
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.estimates.sample import Sample
from ckanext.aivision.compare.table.dataset_table import DATASETS
from ckanext.aivision.compare.table.table_files import quoted
from ckanext.aivision.harvesters.sources.source import Source, load_sources
from ckanext.aivision.model import run as run_table
from ckanext.aivision.model import source as source_table
from ckanext.aivision.snapshot.read import Snapshot

_FILE = "coverage.json"
_UNKNOWN_LICENCES = ("", "notspecified")


def described_sources(connection: sa.Connection) -> dict[str, SourceCoverage]:
    """What is known of the sources that were ever harvested, by name; without the numbers of datasets.

    connection: or a session.
    """
    columns = run_table.c
    finished = sa.func.max(columns.finished).filter(columns.state == "finished")
    query = sa.select(columns.source, sa.func.min(columns.started), finished).group_by(columns.source)
    times = {name: (started, ended) for name, started, ended in connection.execute(query)}
    stored = {
        name: (msgspec.convert(source, type=Source), created)
        for name, source, created in connection.execute(
            sa.select(source_table.c.name, source_table.c.source, source_table.c.created)
        )
    }
    found = {}
    for name in {*times, *stored}:
        source, created = stored.get(name, (load_sources().get(name), None))
        started, ended = times.get(name, (None, None))
        begun = [moment for moment in (created, started) if moment is not None]
        found[name] = _described(name, source, min(begun, default=None), ended)
    return found


def write_coverage(
    folder: Path, figures: Overview, samples: Mapping[str, Sample], described: Mapping[str, SourceCoverage]
) -> None:
    """Writes the coverage into the folder of a new snapshot, whose table of datasets is there. Raises OSError.

    samples: of the countries, that the figures were made of. described: as of `described_sources`.
    """
    found = coverage_of(figures, samples, described, _looked_at(folder, figures.samples))
    (folder / _FILE).write_bytes(msgspec.json.encode(found))


def read_coverage(found: Snapshot) -> Coverage | None:
    """The coverage of a snapshot; None where it has none, as one of an earlier version of this software."""
    return found.read_json(_FILE, Coverage)


def _looked_at(folder: Path, samples: bool) -> dict[str, dict[str, int]]:
    """Datasets by country and by what was looked at beside the metadata."""
    query = (
        "SELECT country, count(*) FILTER (contains(looked_at, 'links')), "  # noqa: S608 - a path of ours
        "count(*) FILTER (contains(looked_at, 'content')) "
        f"FROM {quoted(str(folder / DATASETS))} WHERE sample = ? GROUP BY country"
    )
    with duckdb.connect() as connection:
        rows = connection.execute(query, [samples]).fetchall()
    return {country: {"links": links, "content": content} for country, links, content in rows}


def _described(
    name: str, source: Source | None, since: datetime.datetime | None, last: datetime.datetime | None
) -> SourceCoverage:
    """What readers see of a source: no credentials, and of a file no path."""
    shown = losses.source_title(name)
    if source is None:
        return SourceCoverage(shown, shown, 0, since=_utc(since), last_harvest=_utc(last))
    address = runs.without_secrets(source.url)
    return SourceCoverage(
        name=shown,
        title=losses.source_title(source.title or name),
        data_sets=0,
        address=address if source.is_remote else "",
        kind=source.kind,
        license="" if source.license in _UNKNOWN_LICENCES else source.license,
        since=_utc(since),
        last_harvest=_utc(last),
        public=address == source.url if source.is_remote else None,
    )


def _utc(moment: datetime.datetime | None) -> datetime.datetime | None:
    """The tables have moments in UTC, without saying so."""
    return moment.replace(tzinfo=datetime.timezone.utc) if moment is not None else None
