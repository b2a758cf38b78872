"""Open the files of a table of datasets: for one question, or so that they stay open in a process."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np

from ckanext.aivision.compare.table.dataset_table import DATASETS, RESULTS, DatasetTable, Matrix

# A process keeps the newest snapshot open, and the one before it while requests end.
KEPT_OPEN = 2


def read_files(folder: Path, criteria: Sequence[str]) -> DatasetTable:
    """The table that `build.write_files` wrote into a folder. Raises OSError where there is none.

    The connection reads that one file and nothing else, whatever it is asked.
    """
    # DuckDB would say so only once it is asked.
    (folder / DATASETS).stat()
    opened = _connect(folder)
    return DatasetTable(opened.connection, opened.relation, opened.matrix, criteria)


def open_files(folder: Path, criteria: Sequence[str]) -> DatasetTable:
    """As `read_files`, over files that stay open in this process: to open them takes longer than most questions."""
    stat = os.stat(folder / DATASETS)
    opened = _open(folder, stat.st_ino, stat.st_mtime_ns)
    return DatasetTable(cursor(opened.connection), opened.relation, opened.matrix, criteria)


class _Opened(NamedTuple):
    connection: duckdb.DuckDBPyConnection
    relation: str
    matrix: Matrix


def _connect(folder: Path) -> _Opened:
    matrix = np.load(folder / RESULTS, mmap_mode="r", allow_pickle=False)
    connection = duckdb.connect(config={"threads": 2})
    path = quoted(str(folder / DATASETS))
    connection.execute(f"SET allowed_paths = [{path}]")
    # The file's own table of contents is read once.
    connection.execute("SET parquet_metadata_cache = true")
    lock(connection)
    rows = f"read_parquet({path}, file_row_number = true)"
    return _Opened(connection, f"(SELECT *, file_row_number AS position FROM {rows})", matrix)  # noqa: S608 - quoted


@functools.lru_cache(KEPT_OPEN)
def _open(folder: Path, inode: int, changed: int) -> _Opened:
    """inode, changed: of the file of datasets, as a folder of the same name may take its place."""
    return _connect(folder)


_ONE_AT_A_TIME = threading.Lock()


def cursor(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A connection of a reader's own to what another one has open. To be closed by the reader."""
    with _ONE_AT_A_TIME:
        return connection.cursor()


def lock(connection: duckdb.DuckDBPyConnection) -> None:
    """From now on the connection opens no file, but those that it was allowed, and sees no variable of Python."""
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def quoted(text: str) -> str:
    """A text as a literal of SQL, where no parameter can stand."""
    return "'" + text.replace("'", "''") + "'"
