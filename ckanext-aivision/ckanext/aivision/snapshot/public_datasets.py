"""Read the public datasets from the tables, as rows of the table of datasets.

From the tables and not from hooks: however a dataset became public or stopped being so (a save, a bulk action, a purge,
an SQL statement), the next snapshot is right.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations.encoding import from_text
from ckanext.aivision.catalogue.sources.samples import sample_sources
from ckanext.aivision.compare.estimates.sample import CriterionLike
from ckanext.aivision.compare.table.build import in_memory
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.entry import UNKNOWN, Entry, Numbers, numbers_of_point, results_of_letters
from ckanext.aivision.compare.table.facets import of_sample
from ckanext.aivision.compare.tallies.points import to_point
from ckanext.aivision.errors import UsageError
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.scoring.rubric import Rubric
from ckanext.aivision.scoring.scores.metadata_only import of_metadata
from ckanext.aivision.snapshot.stored_facets import StoredFacets, asked_by_lenses

_BATCH = 5000
_FACETS_KEPT = 8192
_NUMBERS_KEPT = 32_768
_NO_FACETS = StoredFacets()
# A dataset has one row in the ledger at most. The evaluation's text is long, and is read only where there is no point,
# which evaluations stored by an early version lack.
_PUBLIC = sa.text(
    f"""
    SELECT e.package_id, p.name, p.title, p.metadata_modified, e.country, r.source,
        r.source = ANY(:samples) AS sample, f.facets, e.looked_at, e.reference_date, e.rubric_version, e.point,
        CASE WHEN e.point IS NULL THEN e.evaluation END AS evaluation
    FROM aivision_evaluation e
    JOIN package p ON p.id = e.package_id
    LEFT JOIN aivision_facets f ON f.package_id = e.package_id
    LEFT JOIN aivision_record r ON r.package_id = e.package_id
    WHERE p.state = 'active' AND p.type = {DATASET_TYPES} AND NOT p.private
    """  # noqa: S608
)
# All rows are read. PostgreSQL expects a tenth of those of a cursor, and would look up each one by its id, in an order
# in which none lies beside the next. What it sorts them out with may take some memory, in this transaction alone.
_WHOLE_TABLES = (sa.text("SET LOCAL cursor_tuple_fraction = 1"), sa.text("SET LOCAL work_mem = '32MB'"))
_VERSIONS = sa.text(
    f"""
    SELECT DISTINCT e.rubric_version FROM aivision_evaluation e JOIN package p ON p.id = e.package_id
    WHERE p.state = 'active' AND p.type = {DATASET_TYPES} AND NOT p.private
    """  # noqa: S608
)


@contextlib.contextmanager
def one_state() -> Iterator[sa.Connection]:
    """A transaction that sees the tables as they are at its beginning, whatever others commit meanwhile."""
    engine = model.meta.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.begin() as connection:
        yield connection


def one_rubric(connection: sa.Connection, rubric: Rubric) -> None:
    """Raises UsageError unless all public datasets are evaluated under this version of the rubric."""
    others = sorted(set(connection.execute(_VERSIONS).scalars()) - {rubric.version})
    if others:
        raise UsageError(
            f"some datasets are evaluated under rubric {' and '.join(others)}, and the current one is "
            f"{rubric.version}: run `ckan aivision rescore`"
        )


def entries(connection: sa.Connection, rubric: Rubric) -> Iterator[Entry]:
    """The public datasets, in no order.

    connection: of `one_state`. Facets are those of `stored_facets.bring_up_to_date`. The results are those of `asked`.
    """
    width = len(asked_by_lenses())
    samples = sample_sources()
    for setting in _WHOLE_TABLES:
        connection.execute(setting)
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_BATCH, yield_per=_BATCH)
    found = _ahead(streamed.execute(_PUBLIC, {"samples": samples}))
    # Unpacked at once: asking a row for its columns by name takes as long as all the rest.
    for id, name, title, edited, country, source, sample, facets, looked_at, date, version, point, text in found:
        own = _facets(facets, bool(sample)) if facets else _NO_FACETS
        yield Entry(
            id=id,
            name=name,
            title=title or "",
            country=country,
            source=source or "",
            sample=bool(sample),
            facets=own,
            looked_at=looked_at or "",
            reference_date=date,
            numbers=_numbers(_point_of(text, version, date, rubric) if point is None else point, own.of_lenses, width),
            modified=edited,
        )


def _ahead(found: sa.CursorResult[Any]) -> Iterator[Sequence[Any]]:
    """The rows, the next ones of which are asked for while the last ones are worked on: the database has processors of
    its own to take. Nothing else may be asked of the connection meanwhile."""
    parts = found.partitions(_BATCH)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, parts, ())
        while rows := coming.result():
            coming = pool.submit(next, parts, ())
            yield from rows


def _point_of(text: str, version: str, date: datetime.date, rubric: Rubric) -> str:
    return to_point(of_metadata(from_text(text, version, date), rubric))


@functools.lru_cache(_FACETS_KEPT)
def _facets(text: str, sample: bool) -> StoredFacets:
    found = msgspec.json.decode(text, type=StoredFacets)
    return of_sample(found) if sample else found


@functools.lru_cache(_NUMBERS_KEPT)
def _numbers(point: str, of_lenses: str, width: int) -> Numbers:
    """Datasets alike share one object, which the table reads once. What is not stored of lenses is unknown."""
    found = numbers_of_point(point)
    more = results_of_letters(of_lenses) if len(of_lenses) == width else (UNKNOWN,) * width
    # `_replace` takes as long as all the rest.
    return Numbers(found.results + more, found.dimensions, found.score, found.coverage, found.grade, found.gate)


def list_criteria(rubric: Rubric) -> list[CriterionLike]:
    """What the results of `entries` are of, in their order: the criteria, then what lenses ask of the records."""
    return [*rubric.criteria, *asked_by_lenses()]


def current_table(rubric: Rubric) -> DatasetTable:
    """The table of datasets as the tables are now, in memory. For commands; readers get the newest snapshot's.

    Raises UsageError as `one_rubric`.
    """
    with one_state() as connection:
        one_rubric(connection, rubric)
        return in_memory(entries(connection, rubric), list_criteria(rubric))
