"""Evaluations as a table of Apache Arrow, with the columns of a snapshot (docs/reference/snapshot.md)."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from ckanext.aivision.agencies.placement import SourceFacts
from ckanext.aivision.api.records import evaluate
from ckanext.aivision.compare.table.build import in_memory
from ckanext.aivision.compare.table.columns import columns, name_of
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.entry import Entry
from ckanext.aivision.compare.table.evaluated_entry import entry_of
from ckanext.aivision.compare.table.facets import facets_of, of_sample
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load

Row = Mapping[str, Any]
# By the types of DuckDB that the columns are declared with.
_TYPES = {
    "BOOLEAN": pyarrow.bool_(),
    "DATE": pyarrow.date32(),
    "DOUBLE": pyarrow.float64(),
    "SMALLINT": pyarrow.int16(),
    "TIMESTAMP": pyarrow.timestamp("us"),
    "VARCHAR": pyarrow.string(),
    "VARCHAR[]": pyarrow.list_(pyarrow.string()),
}
_NEEDED = ("id", "title", "grade", "score")


def of_records(records: Iterable[Dataset], source: Source, today: datetime.date | None = None) -> pyarrow.Table:
    """The table of a source's records, which are evaluated now. today: as of `records.evaluate`."""
    criteria, facts = load().criteria, SourceFacts(source.name, source.url)
    ids = [row.id for row in criteria]

    def entries() -> Iterator[Entry]:
        for record in records:
            facets = facets_of(record, facts)
            shown = of_sample(facets) if source.sample else facets
            yield entry_of(evaluate(record, today=today), shown, source.name, source.sample, ids)

    return of_table(in_memory(entries(), criteria))


def of_table(table: DatasetTable) -> pyarrow.Table:
    """All columns of a table of datasets, whose connection is closed then."""
    with contextlib.closing(table.connection) as connection:
        found = connection.table(table.relation).to_arrow_table()
    return found.select(schema().names).cast(schema())


def of_file(path: Path) -> pyarrow.Table:
    """The table in a Parquet file of a snapshot. Raises UsageError if it is none."""
    try:
        names = pyarrow.parquet.read_schema(path).names
        if missing := [name for name in _NEEDED if name not in names]:
            raise UsageError(f"{path}: not a table of evaluations; it has no column {', '.join(missing)}")
        return pyarrow.parquet.read_table(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise UsageError(f"{path}: cannot be read as Parquet ({error}); copy it again") from error


def of_rows(pages: Iterable[Sequence[Row]]) -> pyarrow.Table:
    """The table of rows as the action aivision_evaluation_list gives them, page by page."""
    batches = [pyarrow.RecordBatch.from_pylist([_flat(row) for row in page], schema()) for page in pages if page]
    return pyarrow.Table.from_batches(batches, schema())


def schema() -> pyarrow.Schema:
    """The columns of a snapshot's table under the present rubric."""
    listed = columns(load().criteria, DIMENSIONS)
    return pyarrow.schema([(column.name, _TYPES[column.type]) for column in listed])


def _flat(row: Row) -> dict[str, Any]:
    results, values = row.get("results") or {}, row.get("values") or {}
    moment, day = row.get("modified"), row.get("reference_date")
    return {
        **{name: value for name, value in row.items() if name not in ("dimensions", "results", "values")},
        "modified": datetime.datetime.fromisoformat(moment) if moment else None,
        "reference_date": datetime.date.fromisoformat(day) if day else None,
        "not_applicable": [id for id, result in results.items() if result == "not-applicable"],
        **{name_of(id): score for id, score in (row.get("dimensions") or {}).items()},
        **{name_of(id): value for id, value in values.items()},
    }
