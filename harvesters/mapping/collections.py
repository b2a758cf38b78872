"""Resolve parts of collections (DCAT-US 1.1 isPartOf, DCAT inSeries) over a whole source, in any order. Pure."""

from __future__ import annotations

from collections.abc import Container

from ckanext.aivision.errors import Problem
from ckanext.aivision.record import Dataset

_EXAMPLES = 3


class Collections:
    """The collections of one reading: for each part the identifier of its whole, and nothing more."""

    def __init__(self) -> None:
        self._whole_of: dict[str, str] = {}

    def add(self, dataset: Dataset) -> None:
        """Takes a record into account; a whole may come before its parts or after them, and be a part itself."""
        if dataset.in_series:
            self._whole_of[dataset.identifier] = dataset.in_series

    def remarks(self, seen: Container[str], complete: bool) -> list[Problem]:
        """Parts whose whole is missing, and wholes that are parts of themselves.

        seen: the identifiers of all records that came. complete: whether that is all the source has.
        """
        missing = [(part, whole) for part, whole in self._whole_of.items() if whole not in seen] if complete else []
        return [*_missing(missing), *(_cycle(cycle) for cycle in self.cycles())]

    def cycles(self) -> list[list[str]]:
        """Each ring of records that are parts of one another, once, from its first record on."""
        found: list[list[str]] = []
        done: set[str] = set()
        for start in self._whole_of:
            path: dict[str, int] = {}
            at: str | None = start
            while at is not None and at not in done and at not in path:
                path[at] = len(path)
                at = self._whole_of.get(at)
            if at is not None and at in path:
                found.append(list(path)[path[at] :])
            done.update(path)
        return found


def _missing(pairs: list[tuple[str, str]]) -> list[Problem]:
    if not pairs:
        return []
    wholes = list(dict.fromkeys(whole for _, whole in pairs))
    message = (
        f"{len(pairs):,} records are parts of {len(wholes):,} collections that the source does not have: "
        "add the collections, or remove `isPartOf` (3.0: `inSeries`)"
    )
    some = "; ".join(f"{part} in {whole}" for part, whole in pairs[:_EXAMPLES])
    return [Problem("collection-missing", "$", message, seen=some[:200])]


def _cycle(ring: list[str]) -> Problem:
    message = f"{len(ring):,} records are parts of each other in a circle: say which of them is the collection"
    return Problem("collection-cycle", "$", message, seen=" in ".join([*ring[:_EXAMPLES], ring[0]])[:200])
