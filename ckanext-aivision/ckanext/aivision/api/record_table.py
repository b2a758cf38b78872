"""Records as a table of Apache Arrow: one column for each field of `record.Dataset`, nested as the record is."""

from __future__ import annotations

import datetime
import types
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow
import pyarrow.parquet

from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import Dataset, Harvested
from ckanext.aivision.serialise.tables.values import RAW, row_of

_BATCH = 1000
# Of records of any size.
_FEW = 200
_SIMPLE: dict[Any, pyarrow.DataType] = {
    str: pyarrow.string(),
    int: pyarrow.int64(),
    float: pyarrow.float64(),
    bool: pyarrow.bool_(),
    datetime.date: pyarrow.date32(),
}


def schema() -> pyarrow.Schema:
    """The columns: the fields of a record, in their order. `raw` is text, the source's record as JSON."""
    hints = typing.get_type_hints(Dataset)
    return pyarrow.schema(
        [(name, pyarrow.string() if name == RAW else _arrow(hints[name])) for name in Dataset.__struct_fields__]
    )


def table(records: Iterable[Dataset]) -> pyarrow.Table:
    """The table of records, in their order."""
    columns = schema()
    return pyarrow.Table.from_batches(_batches(records, columns), columns)


def of_file(path: Path) -> pyarrow.Table:
    """The table of records in a file of a dump. Raises UsageError if it is none."""
    try:
        return pyarrow.parquet.read_table(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise _no_table(path, error) from error


def read_file(path: Path) -> Iterator[Harvested]:
    """The records in a file of a dump, one by one. Raises UsageError if it is none."""
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(_FEW):
                for row in batch.to_pylist():
                    dataset = _record(row)
                    yield Harvested(
                        where=row["name"], raw=dataset.raw, identifier=dataset.identifier or None, dataset=dataset
                    )
    except (OSError, KeyError, ValueError, pyarrow.ArrowException) as error:
        raise _no_table(path, error) from error


def _no_table(path: Path, error: Exception) -> UsageError:
    return UsageError(f"{path}: cannot be read as records of a dump ({error}); download it again")


def _record(row: dict[str, Any]) -> Dataset:
    values = _without_empty({name: row[name] for name in Dataset.__struct_fields__ if name in row})
    return msgspec.convert({**values, RAW: msgspec.json.decode(row.get(RAW) or "{}")}, Dataset)


def _without_empty(value: Any) -> Any:
    """A value without what is null or empty in a table because the record says nothing. Pairs are a map's."""
    if isinstance(value, dict):
        return {name: _without_empty(one) for name, one in value.items() if one is not None and one != []}
    if isinstance(value, list):
        if value and all(isinstance(one, tuple) for one in value):
            return dict(value)
        return [_without_empty(one) for one in value]
    return value


def _batches(records: Iterable[Dataset], columns: pyarrow.Schema) -> Iterator[pyarrow.RecordBatch]:
    rows: list[dict[str, Any]] = []
    for record in records:
        rows.append(row_of(record, pairs=True))
        if len(rows) == _BATCH:
            yield pyarrow.RecordBatch.from_pylist(rows, columns)
            rows = []
    if rows:
        yield pyarrow.RecordBatch.from_pylist(rows, columns)


def _arrow(hint: Any) -> pyarrow.DataType:
    """The type of a column for the type of a field."""
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        hints = typing.get_type_hints(hint)
        return pyarrow.struct([(name, _arrow(hints[name])) for name in hint.__struct_fields__])
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is list:
        return pyarrow.list_(_arrow(arguments[0]))
    if origin is tuple:
        return pyarrow.list_(_arrow(arguments[0]), len(arguments))
    if origin is dict:
        return pyarrow.map_(_arrow(arguments[0]), _arrow(arguments[1]))
    if origin is typing.Literal:
        return pyarrow.string()
    assert origin in (typing.Union, types.UnionType), hint
    (wanted,) = (argument for argument in arguments if argument is not type(None))
    return _arrow(wanted)
