"""Build the table of datasets, in memory or as files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import numpy as np

from ckanext.aivision.compare.estimates.sample import CriterionLike
from ckanext.aivision.compare.table.columns import columns, name_of, of_rubric
from ckanext.aivision.compare.table.dataset_table import DatasetTable, Matrix
from ckanext.aivision.compare.table.entry import GRADES, Entry
from ckanext.aivision.compare.table.staging import Staging
from ckanext.aivision.compare.table.table_files import lock, quoted
from ckanext.aivision.scoring.registry import DIMENSIONS

_MEMORY = "160MB"


def in_memory(entries: Iterable[Entry], criteria: Sequence[CriterionLike]) -> DatasetTable:
    """The table of datasets in memory, for directories of harvests.

    criteria: what the entries' results are of, in their order.
    """
    connection = duckdb.connect(config={"threads": 2})
    ids = [row.id for row in criteria]
    matrix = Staging(connection, ids).fill(entries)
    with_results = _with_results(connection, matrix, criteria)
    connection.execute(f"CREATE TABLE datasets AS SELECT position, {with_results}")
    connection.unregister("numbers")
    connection.execute("DROP TABLE ordered")
    lock(connection)
    return DatasetTable(connection, "datasets", matrix, ids)


def write_files(entries: Iterable[Entry], criteria: Sequence[CriterionLike], folder: Path) -> int:
    """Writes `datasets.parquet` and `results.npy` into a folder. Returns how many datasets there are.

    What does not fit into its memory is put aside in `folder/work`, which is removed at the end. Raises OSError or
    duckdb.Error where it cannot write.
    """
    work = folder / "work"
    try:
        with duckdb.connect(config={"threads": 2, "memory_limit": _MEMORY, "temp_directory": str(work)}) as connection:
            matrix = Staging(connection, [row.id for row in criteria]).fill(entries)
            np.save(folder / "results.npy", matrix, allow_pickle=False)
            target = quoted(str(folder / "datasets.parquet"))
            connection.execute(
                f"COPY (SELECT {_with_results(connection, matrix, criteria)}) "
                f"TO {target} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)"
            )
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return int(matrix.shape[1])


def _with_results(connection: duckdb.DuckDBPyConnection, matrix: Matrix, criteria: Sequence[CriterionLike]) -> str:
    """SQL of all columns of `ordered` and of the results; `position` beside them is the matrix's column."""
    width = len(criteria)
    places = {name_of(id): width + place for place, id in enumerate(DIMENSIONS)}
    places |= {name_of(row.id): place for place, row in enumerate(criteria) if of_rubric(row)}
    score, coverage, grade = (f"n{width + len(DIMENSIONS) + place}" for place in range(3))
    numbers = {f"n{place}": row for place, row in enumerate(matrix)}
    connection.register("numbers", {"position": np.arange(matrix.shape[1]), **numbers})
    worked_out = {
        "grade": f"{list(GRADES)!r}[{grade} + 1]",
        "score": _divided(score, 10),
        "coverage": f"{coverage} / 1000.0",
    }
    worked_out |= {name: _divided(f"n{place}", 10 if place >= width else 1000) for name, place in places.items()}
    chosen = [
        f"CAST({worked_out.get(column.name, column.name)} AS {column.type}) AS {column.name}"
        for column in columns(criteria, DIMENSIONS)
    ]
    return f"{', '.join(chosen)} FROM ordered POSITIONAL JOIN numbers"


def _divided(number: str, by: int) -> str:
    """Negative numbers stand for what is not known."""
    return f"CASE WHEN {number} >= 0 THEN {number} / {by}.0 END"
