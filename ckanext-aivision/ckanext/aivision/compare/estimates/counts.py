"""Counts and sums of datasets as arrays, and what becomes of them when rows are added up."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ckanext.aivision.compare.estimates.statistics.intervals import Array

Places = npt.NDArray[np.intp]


@dataclasses.dataclass(frozen=True)
class Counts:
    """Rows down. Scores and values are sums in points (0 to 100 each), the rest are numbers of datasets.

    data_sets, scored, score, coverage: by row. grades: rows x grades, in the order of `scoring.results.Grade`.
    dimension_known, dimension_score: rows x dimensions. passed, partial, failed, unknown, not_applicable, value: rows x
    criteria.
    """

    data_sets: Array
    scored: Array
    score: Array
    coverage: Array
    grades: Array
    dimension_known: Array
    dimension_score: Array
    passed: Array
    partial: Array
    failed: Array
    unknown: Array
    not_applicable: Array
    value: Array

    def __len__(self) -> int:
        return len(self.data_sets)

    @cached_property
    def known(self) -> Array:
        """Rows x criteria: the datasets whose result is known."""
        return self.passed + self.partial + self.failed

    @cached_property
    def applicable(self) -> Array:
        """Rows x criteria: the datasets that are asked, whether their result is known or not."""
        return self.known + self.unknown

    def at(self, rows: Places) -> Counts:
        """These rows, in this order."""
        return Counts(**{name: array[rows] for name, array in self._arrays()})

    def grouped(self, groups: Places, number: int) -> Counts:
        """The sums of the rows of each group. groups: by row, 0 to number - 1; each has at least one row."""
        runs = runs_of(groups, number)
        return Counts(**{name: sums(array, runs) for name, array in self._arrays()})

    def asking(self, places: Sequence[int]) -> Counts:
        """With these criteria, by their places, in this order; -1 for one that no dataset was asked."""
        chosen = np.array(places, dtype=np.intp)
        fields = dict(self._arrays())
        for name in ("passed", "partial", "failed", "unknown", "not_applicable", "value"):
            wide = np.hstack([fields[name], np.zeros((len(self), 1))])
            fields[name] = wide[:, chosen]
        return Counts(**fields)

    def _arrays(self) -> list[tuple[str, Array]]:
        return [(field.name, getattr(self, field.name)) for field in dataclasses.fields(self)]


class Runs(NamedTuple):
    """Rows in the order of their groups, and where each group begins in it."""

    order: Places
    starts: Places


def runs_of(groups: Places, number: int) -> Runs:
    """groups: by row, 0 to number - 1; each has at least one row."""
    order = np.argsort(groups, kind="stable")
    return Runs(order, np.searchsorted(groups[order], np.arange(number)))


def sums(array: Array, runs: Runs) -> Array:
    """The sums of the rows of each group."""
    if not len(runs.starts):
        return array[:0]
    added: Array = np.add.reduceat(array[runs.order], runs.starts, axis=0)
    return added
