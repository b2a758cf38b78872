"""The table of datasets, which filters and figures are answered from.

Two things in the same order of rows: a DuckDB relation with one row a dataset, and a matrix of whole numbers with its
results. DuckDB selects; sums by agency, publisher and source come from the matrix, as DuckDB takes seconds to plan
some hundred sums.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

from ckanext.aivision.compare.table.entry import GRADES, NOT_APPLICABLE, UNKNOWN
from ckanext.aivision.scoring.registry import DIMENSIONS

Matrix = npt.NDArray[np.int16]
Counts = npt.NDArray[np.int64]
Days = tuple[datetime.date, datetime.date]
# Rows of the matrix after those of the criteria.
AFTER_CRITERIA = len(DIMENSIONS) + 3
KEYS = ("country", "sample", "agency", "publisher", "source")
# The relation's file, and the matrix's.
DATASETS, RESULTS = "datasets.parquet", "results.npy"
# Three numbers below 2**21 are summed in one.
_BITS = 21
_PART = (1 << _BITS) - 1
# A process keeps the newest snapshot open, and the one before it while requests end.
KEPT_OPEN = 2


class CellKey(NamedTuple):
    """Whose datasets a cell has."""

    country: str
    sample: bool
    agency: str
    publisher: str
    source: str
    level: str
    publisher_title: str


@dataclasses.dataclass(frozen=True)
class Cells:
    """Sums over the datasets of each cell: of one country, agency, publisher and source.

    data_sets, scored: by cell. score_tenths, coverage_thousandths: sums by cell. grades: cells x GRADES.
    dimension_known, dimension_tenths: cells x DIMENSIONS. passed, partial, failed, unknown, not_applicable: datasets,
    thousandths: the sum of known values; cells x criteria. days: the first and the last of the evaluations, by cell.
    """

    keys: Sequence[CellKey]
    days: Sequence[Days]
    criteria: Sequence[str]
    data_sets: Counts
    scored: Counts
    score_tenths: Counts
    coverage_thousandths: Counts
    grades: Counts
    dimension_known: Counts
    dimension_tenths: Counts
    passed: Counts
    partial: Counts
    failed: Counts
    unknown: Counts
    not_applicable: Counts
    thousandths: Counts


class DatasetTable:
    """A relation and its matrix. Threads do not share one: each request opens its own, which reads nothing yet."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, relation: str, matrix: Matrix, criteria: Sequence[str]
    ) -> None:
        """relation: SQL of what is selected from; it has the columns of `columns` and `position`, the matrix's column.

        matrix: criteria, dimensions, score, coverage and grade down, datasets across, ordered by KEYS.
        """
        self.connection = connection
        self.relation = relation
        self.criteria = criteria
        self._matrix = matrix

    def select(
        self, what: str, where: str = "", values: Sequence[Any] = (), then: str = ""
    ) -> duckdb.DuckDBPyConnection:
        """The result of a query. where: a condition with `?` for values; then: ORDER BY and the like.

        what, where and then are SQL of ours, never a reader's words; those go into values.
        """
        return self.connection.execute(self.sql(what, where, then), list(values))

    def sql(self, what: str, where: str = "", then: str = "") -> str:
        """The text of a query as `select` asks it, for one that stands inside another."""
        condition = f"WHERE {where}" if where else ""
        return f"SELECT {what} FROM {self.relation} {condition} {then}"  # noqa: S608 - see `select`

    def cells(self, where: str = "", values: Sequence[Any] = ()) -> Cells:
        """The sums of the datasets that a condition selects (all of them without one)."""
        found = self.select(
            "min(position) AS first, country, sample, agency, publisher, source, max(level) AS level, "
            f"max(publisher_title) AS publisher_title, {self.days()}",
            where,
            values,
            f"GROUP BY {', '.join(KEYS)} ORDER BY first",
        ).fetchall()
        keys = [CellKey(*row[1:-2]) for row in found]
        days = [(row[-2], row[-1]) for row in found]
        if where:
            rows = self.select("position", where, values, "ORDER BY position").fetchnumpy()["position"]
            chosen = np.asarray(rows, dtype=np.int64)
        else:
            chosen = None
        starts = np.array([row[0] for row in found], dtype=np.int64)
        return self.sums(starts, chosen, keys, days)

    def dates(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The first and the last day as of which datasets were evaluated; None where there are none."""
        first, last = self.select(self.days()).fetchall()[0]
        return first, last

    def days(self) -> str:
        """SQL of those two days."""
        return "min(reference_date), max(reference_date)"

    def sums(self, first: Counts, chosen: Counts | None, keys: Sequence[CellKey], days: Sequence[Days]) -> Cells:
        """first: the position of the first chosen row of each cell. chosen: the positions, ascending; None for all."""
        return sums(self._matrix, first, chosen, keys, days, self.criteria)

    def sums_in_order(self, order: Counts, sizes: Counts) -> Cells:
        """The sums of parts of the table, in place of cells. order: positions, part by part. sizes: of the parts."""
        ends = np.cumsum(sizes)
        keys = [CellKey("", False, "", "", "", "", "")] * len(sizes)
        return sums(self._matrix[:, order], ends - sizes, None, keys, [], self.criteria)


def sums(
    matrix: Matrix,
    first: Counts,
    chosen: Counts | None,
    keys: Sequence[CellKey],
    days: Sequence[Days],
    criteria: Sequence[str],
) -> Cells:
    """first: the first chosen column of each cell. chosen: the columns, ascending; None for all."""
    total = matrix.shape[1] if chosen is None else len(chosen)
    starts = first if chosen is None else np.searchsorted(chosen, first)
    sizes = np.diff(np.append(starts, total)).astype(np.int64)
    width = len(criteria)
    if not keys:
        return _nothing(criteria)

    def summed(values: npt.NDArray[np.int64]) -> Counts:
        return np.add.reduceat(values, starts)

    def row(place: int) -> Matrix:
        found: Matrix = matrix[place] if chosen is None else matrix[place][chosen]
        return found

    counted = [_counted(row(place), starts) for place in range(width)]
    known = [_known(row(width + place), starts) for place in range(len(DIMENSIONS) + 1)]
    coverage = summed(row(width + len(DIMENSIONS) + 1).astype(np.int64))
    grade = row(width + len(DIMENSIONS) + 2)
    grades = np.stack([summed((grade == place).astype(np.int64)) for place in range(len(GRADES))], axis=1)
    passed, failed, unknown, not_applicable, thousandths = (
        np.stack([one[part] for one in counted], axis=1) for part in range(5)
    )
    partial = sizes[:, None] - passed - failed - unknown - not_applicable
    return Cells(
        keys=keys,
        days=days,
        criteria=criteria,
        data_sets=sizes,
        scored=known[-1][0],
        score_tenths=known[-1][1],
        coverage_thousandths=coverage,
        grades=grades,
        dimension_known=np.stack([one[0] for one in known[:-1]], axis=1),
        dimension_tenths=np.stack([one[1] for one in known[:-1]], axis=1),
        passed=passed,
        partial=partial,
        failed=failed,
        unknown=unknown,
        not_applicable=not_applicable,
        thousandths=thousandths,
    )


def _lookup() -> npt.NDArray[np.int64]:
    """What a result adds to the packed sums: passed, failed and unknown in 21 bits each, by result + 2."""
    table = np.zeros(1003, dtype=np.int64)
    table[1000 - NOT_APPLICABLE] = 1
    table[0 - NOT_APPLICABLE] = 1 << _BITS
    table[UNKNOWN - NOT_APPLICABLE] = 1 << (2 * _BITS)
    return table


_PACKED = _lookup()
_VALUES = np.maximum(np.arange(-2, 1001, dtype=np.int64), 0)
_ABSENT = (np.arange(-2, 1001) == NOT_APPLICABLE).astype(np.int64)


def _counted(results: Matrix, starts: Counts) -> tuple[Counts, Counts, Counts, Counts, Counts]:
    """Of one criterion by cell: passed, failed, unknown, not applicable, and the sum of the values."""
    places = results.astype(np.int64) - NOT_APPLICABLE
    packed = np.add.reduceat(_PACKED[places], starts)
    values = np.add.reduceat(_VALUES[places], starts)
    absent = np.add.reduceat(_ABSENT[places], starts)
    return packed & _PART, (packed >> _BITS) & _PART, packed >> (2 * _BITS), absent, values


def _known(tenths: Matrix, starts: Counts) -> tuple[Counts, Counts]:
    """Of one score by cell: how many are known, and their sum in tenths."""
    known = tenths != UNKNOWN
    return (
        np.add.reduceat(known.astype(np.int64), starts),
        np.add.reduceat(np.where(known, tenths, 0).astype(np.int64), starts),
    )


def _nothing(criteria: Sequence[str]) -> Cells:
    def table(*shape: int) -> Counts:
        return np.zeros(shape, dtype=np.int64)

    across, along = table(0, len(DIMENSIONS)), table(0, len(criteria))
    none = table(0)
    return Cells(
        (),
        (),
        criteria,
        none,
        none,
        none,
        none,
        table(0, len(GRADES)),
        across,
        across,
        along,
        along,
        along,
        along,
        along,
        along,
    )


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
