"""Write the tables of records and of distributions as Parquet, in constant memory."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.serialise.tables.record_columns import Column, columns

RECORDS, DISTRIBUTIONS = "records.parquet", "distributions.parquet"
_MEMORY = "256MB"
# Records are long: a group of rows is in memory as a whole.
_ROWS_OF_RECORDS, _ROWS_OF_DISTRIBUTIONS = 4096, 40_960
_LONGEST_RECORD = 32 * 1024 * 1024  # bytes
_WAITING = "records.ndjson.gz"


def distribution_columns() -> list[Column]:
    """The columns of the table of distributions, in their order."""
    return [Column(row["name"], row["type"], row["text"]) for row in rows("distributions", "dump")]


def write_tables(found: Iterable[Mapping[str, Any]], folder: Path, work: Path) -> tuple[int, int]:
    """Writes `records.parquet` and `distributions.parquet` into a folder. Returns how many rows each has.

    found: rows as of `record_columns.row`. work: a folder for what waits meanwhile, which
    the caller removes.
    Raises OSError or duckdb.Error where it cannot write.
    """
    waiting, number = work / _WAITING, 0
    encode = msgspec.json.Encoder().encode
    with gzip.open(waiting, "wb", compresslevel=1) as file:
        for row in found:
            file.write(encode(row) + b"\n")
            number += 1
    records, distributions = folder / RECORDS, folder / DISTRIBUTIONS
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": _MEMORY,
        "temp_directory": str(work / "spill"),
    }
    with duckdb.connect(config=config) as connection:
        _copy(connection, _of_rows(waiting), records, _ROWS_OF_RECORDS)
        _copy(connection, _of_distributions(records), distributions, _ROWS_OF_DISTRIBUTIONS)
        counted = connection.execute(f"SELECT count(*) FROM read_parquet({_quoted(distributions)})").fetchone()  # noqa: S608
    waiting.unlink()
    return number, int(counted[0]) if counted else 0


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path, size: int) -> None:
    form = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {size}"
    connection.execute(f"COPY ({query}) TO {_quoted(target)} ({form})")


def _of_rows(path: Path) -> str:
    declared = ", ".join(f"{_quoted(column.name)}: {_quoted(column.type)}" for column in columns())
    options = f"format = 'newline_delimited', maximum_object_size = {_LONGEST_RECORD}, columns = {{{declared}}}"
    return f"SELECT * FROM read_json({_quoted(path)}, {options})"  # noqa: S608 - quoted


def _of_distributions(path: Path) -> str:
    inner = "id, name, unnest(distribution) AS one, generate_subscripts(distribution, 1) AS position"
    chosen = (
        f"CAST({row['value'][1:] if row['value'].startswith('=') else 'one.' + row['value']} AS {row['type']}) "
        f"AS {row['name']}"
        for row in rows("distributions", "dump")
    )
    return f"SELECT {', '.join(chosen)} FROM (SELECT {inner} FROM read_parquet({_quoted(path)}))"  # noqa: S608 - quoted


def _quoted(text: str | Path) -> str:
    """A text as a literal of SQL, where no parameter can stand."""
    return "'" + str(text).replace("'", "''") + "'"
