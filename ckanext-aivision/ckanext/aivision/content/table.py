"""A table of text in an isolated DuckDB. Every kind of file is converted to it before it is measured."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

import duckdb

from ckanext.aivision.content.limits import ProfileLimits, Unprofiled
from ckanext.aivision.scoring.observations.file_profile import ColumnType, Header

# Of the rows that have another number of cells than the header: where there are more, short rows are filled up.
_MOST_UNEVEN = 0.05
_REJECTS = 100_000


class Table(NamedTuple):
    """The table `cells` of a connection, whose columns c0, c1 ... are text.

    names: of the columns. types: of those whose values are not read. uneven: rows left out, or filled up, because
    they have another number of cells than the header.
    """

    names: list[str]
    header: Header
    rows: int
    uneven: int = 0
    types: Mapping[int, ColumnType] = MappingProxyType({})
    cut: bool = False


def connected(files: list[BinaryIO], limits: ProfileLimits) -> duckdb.DuckDBPyConnection:
    """A database in memory that can read these open files and nothing else, nor be told otherwise afterwards."""
    settings: dict[str, Any] = {
        "memory_limit": f"{limits.memory}B",
        "threads": 1,
        # Nothing is written to a disk, and nothing is fetched.
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }
    connection = duckdb.connect(":memory:", config=settings)
    paths = ", ".join(f"'{path_of(file)}'" for file in files)
    connection.execute(f"SET allowed_paths = [{paths}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def path_of(file: BinaryIO) -> str:
    """By which DuckDB opens a file that has no name."""
    return f"/dev/fd/{file.fileno()}"


def from_delimited(
    connection: duckdb.DuckDBPyConnection,
    file: BinaryIO,
    delimiter: str,
    escape: str,
    width: int,
    limits: ProfileLimits,
) -> tuple[int, int]:
    """Fills `cells` from UTF-8 text without a header. Gives the number of rows that hold something, and of uneven ones.

    escape: what stands before a quote within quotes.
    """
    rows, uneven = _read(connection, file, delimiter, width, limits, escape, padded=False)
    if uneven > _MOST_UNEVEN * (rows + uneven):
        connection.execute("DROP TABLE cells")
        rows, _ = _read(connection, file, delimiter, width, limits, escape, padded=True)
    if uneven and not rows:
        raise Unprofiled("line-too-long", "no row can be read: a line is longer than 2 MB, or a quote is not closed")
    nothing = " AND ".join(f"coalesce(trim(c{place}), '') = ''" for place in range(width))
    if width > 1:
        connection.execute(f"DELETE FROM cells WHERE {nothing}")
        rows = count(connection, "SELECT count(*) FROM cells")
    return rows, uneven


def _read(
    connection: duckdb.DuckDBPyConnection,
    file: BinaryIO,
    delimiter: str,
    width: int,
    limits: ProfileLimits,
    escape: str,
    padded: bool,
) -> tuple[int, int]:
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    names = f"rejects_{ord(escape)}_{int(padded)}"
    # Every part of the statement is ours: a delimiter is one of four, the path is a number.
    connection.execute(
        f"CREATE TABLE cells AS SELECT * FROM read_csv('{path_of(file)}', auto_detect = false, header = false, "
        f"delim = '{delimiter}', quote = '\"', escape = '{escape}', new_line = '\\n', columns = {{{columns}}}, "
        f"null_padding = {str(padded).lower()}, store_rejects = true, rejects_limit = {_REJECTS}, "
        f"rejects_table = '{names}', rejects_scan = '{names}_scan') LIMIT {limits.rows}"
    )
    rows = count(connection, "SELECT count(*) FROM cells")
    return rows, count(connection, f"SELECT count(DISTINCT line) FROM {names}")


def count(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    """The number that a statement gives."""
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row is not None else 0


def from_parquet(connection: duckdb.DuckDBPyConnection, file: BinaryIO, limits: ProfileLimits) -> Table:
    """Fills `cells` from a Parquet file, whose schema has the names of its columns."""
    source = f"read_parquet('{path_of(file)}')"
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    names = [str(row[0]) for row in described]
    if len(names) > limits.columns:
        message = f"it has {len(names):,} columns, more than the {limits.columns:,} that can be profiled"
        raise Unprofiled("too-wide", message)
    types: dict[int, ColumnType] = {}
    chosen = []
    for place, row in enumerate(described):
        quoted = '"' + names[place].replace('"', '""') + '"'
        if (kind := _nested(str(row[1]))) is not None:
            types[place] = kind
            chosen.append(f"CASE WHEN {quoted} IS NOT NULL THEN '+' END AS c{place}")
        else:
            chosen.append(f"CAST({quoted} AS VARCHAR) AS c{place}")
    connection.execute(f"CREATE TABLE cells AS SELECT {', '.join(chosen)} FROM {source} LIMIT {limits.rows}")
    rows = count(connection, "SELECT count(*) FROM cells")
    whole = count(connection, f"SELECT count(*) FROM {source}")
    return Table(names, Header(), rows, types=types, cut=whole > rows)


def _nested(type_name: str) -> ColumnType | None:
    if type_name.endswith("]"):
        return "list"
    if type_name.startswith(("STRUCT", "MAP", "UNION", "VARIANT")):
        return "object"
    return "binary" if type_name.startswith(("BLOB", "GEOMETRY", "BIT")) else None
