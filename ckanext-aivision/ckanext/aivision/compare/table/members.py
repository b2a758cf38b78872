"""The datasets behind groups: which ones a condition selects, and their ids.

From arrays, as DuckDB takes a tenth of a second to look through the texts of half a million datasets. Two files beside
those of the groups, in the order of the table of datasets: numbers, and the ids one after the other.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

from ckanext.aivision.compare.table.dataset_table import DATASETS, RESULTS, Matrix
from ckanext.aivision.compare.table.groups import GroupTable
from ckanext.aivision.compare.table.table_files import KEPT_OPEN, quoted
from ckanext.aivision.scoring.registry import DIMENSIONS

MEMBER_FILES = ("members.npy", "ids.npy")
Places = npt.NDArray[np.int64]
# Rows of the numbers: the group, the place among all ids in their order, and the bytes of the id.
_GROUP, _ID_PLACE, _LENGTH = range(3)


class _Kept(NamedTuple):
    """ends: where each id ends in `ids`."""

    matrix: Matrix
    numbers: npt.NDArray[np.int32]
    ids: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]


class Members:
    """The datasets of a folder, by their position in its table."""

    def __init__(self, groups: GroupTable, kept: _Kept) -> None:
        self.groups = groups
        self._kept = kept

    def selected(self, where: str = "", values: Sequence[object] = ()) -> Places:
        """The positions of the datasets that a condition selects, ascending. where, values: as of `select`."""
        if not where:
            return np.arange(self._kept.numbers.shape[1])
        of_groups = self.groups.select("position", where, values).fetchnumpy()["position"]
        chosen = np.zeros(len(self.groups), dtype=bool)
        chosen[np.asarray(of_groups, dtype=np.int64)] = True
        return np.flatnonzero(chosen[self._kept.numbers[_GROUP]])

    def groups_of(self, positions: Places) -> Places:
        """The group of each, by its position in the relation of groups."""
        found: Places = self._kept.numbers[_GROUP][positions].astype(np.int64)
        return found

    def id_places(self, positions: Places) -> Places:
        """The place of each one's id among all ids in their order."""
        found: Places = self._kept.numbers[_ID_PLACE][positions].astype(np.int64)
        return found

    def results(self, criterion: str) -> Matrix:
        """By position, as of `entry.Numbers.results`. Raises ValueError for an unknown criterion."""
        return self._row(list(self.groups.criteria).index(criterion))

    def scores(self) -> Matrix:
        """By position, in tenths of a point, or UNKNOWN."""
        return self._row(len(self.groups.criteria) + len(DIMENSIONS))

    def grades(self) -> Matrix:
        """By position, the place in GRADES."""
        return self._row(len(self.groups.criteria) + len(DIMENSIONS) + 2)

    def _row(self, place: int) -> Matrix:
        found: Matrix = self._kept.matrix[place]
        return found

    def id(self, position: int) -> str:
        end = int(self._kept.ends[position])
        return self._kept.ids[end - int(self._kept.numbers[_LENGTH, position]) : end].tobytes().decode()


def write_members(folder: Path, of_group: Places) -> None:
    """Writes both files into a folder that has a table of datasets and its groups.

    of_group: what `write_groups` returned. Raises OSError or duckdb.Error where it cannot write.
    """
    rows = f"read_parquet({quoted(str(folder / DATASETS))}, file_row_number = true)"
    with duckdb.connect(config={"threads": 2}) as connection:
        found = connection.execute(
            f"SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM {rows} ORDER BY file_row_number"  # noqa: S608 - quoted
        ).fetchnumpy()
    ids = [id.encode() for id in found["id"]]
    numbers = np.empty((3, len(ids)), dtype=np.int32)
    numbers[_GROUP], numbers[_ID_PLACE] = of_group, found["place"]
    numbers[_LENGTH] = [len(id) for id in ids]
    np.save(folder / MEMBER_FILES[0], numbers, allow_pickle=False)
    np.save(folder / MEMBER_FILES[1], np.frombuffer(b"".join(ids), dtype=np.uint8), allow_pickle=False)


def read_members(folder: Path, groups: GroupTable) -> Members:
    """The datasets that `write_members` wrote into a folder, for its groups. Raises OSError where there are none."""
    stat = os.stat(folder / MEMBER_FILES[0])
    return Members(groups, _open(folder, stat.st_ino, stat.st_mtime_ns))


@functools.lru_cache(KEPT_OPEN)
def _open(folder: Path, inode: int, changed: int) -> _Kept:
    """inode, changed: of the file of numbers, as a folder of the same name may take its place."""
    numbers, ids, matrix = (
        np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in (*MEMBER_FILES, RESULTS)
    )
    return _Kept(matrix, numbers, ids, np.cumsum(numbers[_LENGTH], dtype=np.int64))
