"""Groups of datasets that no filter tells apart, with their sums: what readers' comparisons are answered from.

A catalogue has ten times fewer groups than datasets, so that a filtered comparison of half a million datasets takes
milliseconds. Two things in the same order: a relation with one row a group, and a matrix of its sums.
Which datasets each group has stands in two more files (`members`).
"""

from __future__ import annotations

import dataclasses
import functools
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

from ckanext.aivision.compare.table.dataset_table import DATASETS, KEYS, CellKey, Cells, Counts, DatasetTable, Days
from ckanext.aivision.compare.table.entry import GRADES
from ckanext.aivision.compare.table.table_files import KEPT_OPEN, cursor, lock, quoted, read_files
from ckanext.aivision.scoring.registry import DIMENSIONS

GROUP_FILES = ("groups.parquet", "sums.npy")
# What filters choose by, beside KEYS.
_MORE = ("level", "themes", "kinds", "formats", "licence_class", "year", "looked_at")
_NAMES = ", ".join((*KEYS, *_MORE))
_GROUPS = (
    f"{_NAMES}, max(publisher_title) AS publisher_title, "
    "min(reference_date) AS first_date, max(reference_date) AS last_date"
)
Sums = npt.NDArray[np.int32]
# Of those of a large catalogue, each takes a megabyte or a few.
_CELLS_KEPT = 8


class _Kept:
    """The last cells of a table. They are only read, by several threads at once."""

    def __init__(self) -> None:
        self._cells: OrderedDict[tuple[str, tuple[object, ...]], Cells] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: tuple[str, tuple[object, ...]]) -> Cells | None:
        with self._lock:
            if key in self._cells:
                self._cells.move_to_end(key)
            return self._cells.get(key)

    def keep(self, key: tuple[str, tuple[object, ...]], cells: Cells) -> None:
        for field in dataclasses.fields(cells):
            if isinstance(part := getattr(cells, field.name), np.ndarray):
                part.setflags(write=False)
        with self._lock:
            self._cells[key] = cells
            while len(self._cells) > _CELLS_KEPT:
                self._cells.popitem(last=False)


class GroupTable(DatasetTable):
    """A table of groups in the place of one of datasets."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, relation: str, opened: _Open, criteria: Sequence[str]
    ) -> None:
        """relation: has KEYS, the columns of filters, publisher_title, first_date, last_date and `position`.

        opened: with its sums, groups down, ordered by KEYS; across as `_parts`.
        """
        super().__init__(connection, relation, np.zeros((0, 0), dtype=np.int16), criteria)
        self._sums, self._kept = opened.sums, opened.kept
        self.units, self.unit_numbers = opened.units, opened.unit_numbers
        self.publisher_titles = opened.publisher_titles

    def __len__(self) -> int:
        return len(self._sums)

    def cells(self, where: str = "", values: Sequence[Any] = ()) -> Cells:
        """As of a table of datasets. They may be those that another reader asked for, and cannot be changed."""
        key = (where, tuple(values))
        found = self._kept.find(key)
        if found is None:
            found = super().cells(where, values)
            self._kept.keep(key, found)
        return found

    def days(self) -> str:
        return "min(first_date), max(last_date)"

    def sums(self, first: Counts, chosen: Counts | None, keys: Sequence[CellKey], days: Sequence[Days]) -> Cells:
        if not keys:
            return _unpacked(np.zeros((0, self._sums.shape[1]), dtype=np.int64), keys, days, self.criteria)
        rows = np.arange(len(self._sums)) if chosen is None else chosen
        starts = np.searchsorted(rows, first)
        ends = np.append(starts[1:], len(rows))
        # Run by run: `np.add.reduceat` down the rows takes four times as long.
        found = np.empty((len(starts), self._sums.shape[1]), dtype=np.int64)
        alone = ends - starts == 1
        found[alone] = self._sums[rows[starts[alone]]]
        for cell in np.flatnonzero(~alone).tolist():
            self._sums[_run(rows[starts[cell] : ends[cell]])].sum(axis=0, dtype=np.int64, out=found[cell])
        return _unpacked(found, keys, days, self.criteria)


def _run(rows: Counts) -> slice | Counts:
    """Rows one after the other as a slice, which is not copied."""
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first == len(rows) - 1 else rows


def write_groups(folder: Path, criteria: Sequence[str]) -> Counts:
    """Writes `groups.parquet` and `sums.npy` beside what `build.write_files` wrote into a folder.

    Returns the group of each dataset, by its position. Raises OSError or duckdb.Error where it cannot write.
    """
    rows = f"read_parquet({quoted(str(folder / DATASETS))}, file_row_number = true)"
    target = quoted(str(folder / GROUP_FILES[0]))
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(
            f"CREATE TABLE groups AS SELECT {_GROUPS}, list(file_row_number ORDER BY file_row_number) AS members "  # noqa: S608 - names of ours
            f"FROM {rows} GROUP BY {_NAMES} ORDER BY {_NAMES}"
        )
        connection.execute(
            f"COPY (SELECT * EXCLUDE (members) FROM groups) TO {target} (FORMAT parquet, COMPRESSION zstd)"  # noqa: S608 - quoted
        )
        found = connection.execute("SELECT members FROM groups").fetchnumpy()["members"]
    sizes = np.array([len(members) for members in found], dtype=np.int64)
    order = np.concatenate(list(found)).astype(np.int64) if len(found) else np.zeros(0, dtype=np.int64)
    sums = _packed(read_files(folder, criteria).sums_in_order(order, sizes))
    np.save(folder / GROUP_FILES[1], sums, allow_pickle=False)
    of_group = np.empty(len(order), dtype=np.int64)
    of_group[order] = np.repeat(np.arange(len(sizes)), sizes)
    return of_group


def read_groups(folder: Path, criteria: Sequence[str]) -> GroupTable:
    """The groups that `write_groups` wrote into a folder, open in this process. Raises OSError where there are none."""
    stat = os.stat(folder / GROUP_FILES[1])
    kept = _open(folder, stat.st_ino, stat.st_mtime_ns)
    return GroupTable(cursor(kept.connection), "groups", kept, criteria)


class _Open(NamedTuple):
    """units: the country and the agency of each group. unit_numbers: the same number for the same unit.

    publisher_titles: of each group too.
    """

    connection: duckdb.DuckDBPyConnection
    sums: Sums
    kept: _Kept
    units: Sequence[tuple[str, str]]
    unit_numbers: Counts
    publisher_titles: Sequence[str]


@functools.lru_cache(KEPT_OPEN)
def _open(folder: Path, inode: int, changed: int) -> _Open:
    """inode, changed: of the file of sums, as a folder of the same name may take its place."""
    sums = np.load(folder / GROUP_FILES[1], mmap_mode="r", allow_pickle=False)
    # More threads gain nothing with so few rows, and take turns with other readers' questions.
    connection = duckdb.connect(config={"threads": 1})
    rows = f"read_parquet({quoted(str(folder / GROUP_FILES[0]))}, file_row_number = true)"
    connection.execute(
        f"CREATE TABLE groups AS SELECT * EXCLUDE (file_row_number), file_row_number AS position FROM {rows}"  # noqa: S608 - quoted
    )
    lock(connection)
    named = connection.execute("SELECT country, agency, publisher_title FROM groups ORDER BY position").fetchall()
    units, titles = [row[:2] for row in named], [row[2] for row in named]
    numbers = {unit: number for number, unit in enumerate(dict.fromkeys(units))}
    return _Open(connection, sums, _Kept(), units, np.array([numbers[unit] for unit in units], dtype=np.int64), titles)


def _parts(criteria: int) -> dict[str, int]:
    """The names of Cells' sums with their widths, in the order in which they stand across."""
    return {
        "data_sets": 1,
        "scored": 1,
        "score_tenths": 1,
        "coverage_thousandths": 1,
        "grades": len(GRADES),
        "dimension_known": len(DIMENSIONS),
        "dimension_tenths": len(DIMENSIONS),
        "passed": criteria,
        "partial": criteria,
        "failed": criteria,
        "unknown": criteria,
        "not_applicable": criteria,
        "thousandths": criteria,
    }


def _packed(cells: Cells) -> Sums:
    columns = [getattr(cells, name) for name in _parts(len(cells.criteria))]
    return np.concatenate([part if part.ndim == 2 else part[:, None] for part in columns], axis=1).astype(np.int32)


def _unpacked(sums: Counts, keys: Sequence[CellKey], days: Sequence[Days], criteria: Sequence[str]) -> Cells:
    parts = _parts(len(criteria))
    ends = np.cumsum(list(parts.values()))
    found = dict(zip(parts, np.split(sums, ends[:-1], axis=1), strict=True))
    whole = {name: part[:, 0] if parts[name] == 1 and name not in _WIDE else part for name, part in found.items()}
    return Cells(keys=keys, days=days, criteria=criteria, **whole)


# By criterion, even where there is a single one.
_WIDE = frozenset(field.name for field in dataclasses.fields(Cells)[-6:])
