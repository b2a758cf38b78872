"""Groups of datasets that no filter tells apart, with their sums: what readers' comparisons are answered from.

A catalogue has ten times fewer groups than datasets, so that a filtered comparison of half a million datasets takes
milliseconds. Two things in the same order: a relation with one row a group, and a matrix of its sums.
"""

from __future__ import annotations

import dataclasses
import functools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

from ckanext.aivision.compare.table.dataset_table import (
    DATASETS,
    KEPT_OPEN,
    KEYS,
    CellKey,
    Cells,
    Counts,
    DatasetTable,
    Days,
    cursor,
    lock,
    quoted,
    read_files,
)
from ckanext.aivision.compare.table.entry import GRADES
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


class GroupTable(DatasetTable):
    """A table of groups in the place of one of datasets."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, relation: str, sums: Sums, criteria: Sequence[str]
    ) -> None:
        """relation: has KEYS, the columns of filters, publisher_title, first_date, last_date and `position`.

        sums: groups down, ordered by KEYS; across as `_parts`.
        """
        super().__init__(connection, relation, np.zeros((0, 0), dtype=np.int16), criteria)
        self._sums = sums

    def days(self) -> str:
        return "min(first_date), max(last_date)"

    def sums(self, first: Counts, chosen: Counts | None, keys: Sequence[CellKey], days: Sequence[Days]) -> Cells:
        if not keys:
            return _unpacked(np.zeros((0, self._sums.shape[1]), dtype=np.int64), keys, days, self.criteria)
        rows = self._sums if chosen is None else self._sums[chosen]
        starts = first if chosen is None else np.searchsorted(chosen, first)
        return _unpacked(np.add.reduceat(rows, starts, axis=0, dtype=np.int64), keys, days, self.criteria)


def write_groups(folder: Path, criteria: Sequence[str]) -> None:
    """Writes `groups.parquet` and `sums.npy` beside what `build.write_files` wrote into a folder.

    Raises OSError or duckdb.Error where it cannot write.
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


def read_groups(folder: Path, criteria: Sequence[str]) -> GroupTable:
    """The groups that `write_groups` wrote into a folder, open in this process. Raises OSError where there are none."""
    stat = os.stat(folder / GROUP_FILES[1])
    kept = _open(folder, stat.st_ino, stat.st_mtime_ns)
    return GroupTable(cursor(kept.connection), "groups", kept.sums, criteria)


class _Open(NamedTuple):
    connection: duckdb.DuckDBPyConnection
    sums: Sums


@functools.lru_cache(KEPT_OPEN)
def _open(folder: Path, inode: int, changed: int) -> _Open:
    """inode, changed: of the file of sums, as a folder of the same name may take its place."""
    sums = np.load(folder / GROUP_FILES[1], mmap_mode="r", allow_pickle=False)
    connection = duckdb.connect(config={"threads": 2})
    rows = f"read_parquet({quoted(str(folder / GROUP_FILES[0]))}, file_row_number = true)"
    connection.execute(
        f"CREATE TABLE groups AS SELECT * EXCLUDE (file_row_number), file_row_number AS position FROM {rows}"  # noqa: S608 - quoted
    )
    lock(connection)
    return _Open(connection, sums)


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
