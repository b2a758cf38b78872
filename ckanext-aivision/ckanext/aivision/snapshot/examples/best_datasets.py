"""The datasets with the best scores of each agency and of each value of a filter, for every criterion that they pass.

From arrays: what parts datasets are groups, of which there are few, and DuckDB takes seconds for as many questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ckanext.aivision.compare.table.members import Members, Places

_PASS = 1000
_VALUES, _LISTS = ("level", "licence_class", "year"), ("themes", "kinds", "formats")
_OWNER = "coalesce(nullif(agency, ''), publisher)"


class _Parts(NamedTuple):
    """One way to part the datasets. places: in the order of the scores, some of them several times, ascending.

    parts: the number of the part that each is in. most: how many are wanted of a part.
    """

    places: Places
    parts: npt.NDArray[np.signedinteger[Any]]
    most: int


def best_of_all(members: Members, criteria: Sequence[str], of_agency: int, of_value: int) -> dict[str, dict[int, int]]:
    """By criterion, the positions of the best that pass, each with the best rank that it has anywhere, from 1.

    of_agency, of_value: how many are wanted of an agency, and of a value of a filter; always of one country.
    """
    everything = members.selected()
    scores = members.scores()[everything].astype(np.int64)
    # What is not known, which is a negative number, comes last.
    order = np.lexsort((members.id_places(everything), -scores))
    ways = list(_ways(members, order, of_agency, of_value))
    found: dict[str, dict[int, int]] = {}
    for criterion in criteria:
        passing = members.results(criterion)[order] == _PASS
        best: dict[int, int] = {}
        for way in ways:
            for place, rank in _first(way, passing):
                position = int(order[place])
                best[position] = min(rank, best.get(position, rank))
        found[criterion] = best
    return found


def _ways(members: Members, order: Places, of_agency: int, of_value: int) -> Iterator[_Parts]:
    names = ", ".join((*_VALUES, *_LISTS))
    rows = members.groups.select(f"country, sample, {_OWNER}, {names}", then="ORDER BY position").fetchall()
    of_group = members.groups_of(order)
    for column in range(2, 3 + len(_VALUES)):
        numbers = _numbers([(*row[:2], row[column]) for row in rows])
        yield _Parts(np.arange(len(order)), numbers[of_group], of_agency if column == 2 else of_value)
    for column in range(3 + len(_VALUES), 3 + len(_VALUES) + len(_LISTS)):
        lengths = np.array([len(row[column]) for row in rows], dtype=np.int64)
        numbers = _numbers([(*row[:2], value) for row in rows for value in row[column]])
        starts = np.cumsum(lengths) - lengths
        times = lengths[of_group]
        places = np.repeat(np.arange(len(order)), times)
        within = np.arange(len(places)) - np.repeat(np.cumsum(times) - times, times)
        yield _Parts(places, numbers[starts[of_group][places] + within], of_value)


def _numbers(values: Sequence[tuple[object, ...]]) -> npt.NDArray[np.int32]:
    """The same number for the same value."""
    known = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return np.array([known[value] for value in values], dtype=np.int32)


def _first(way: _Parts, passing: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """The places of the first ones of each part that pass, with their ranks in it."""
    chosen = np.flatnonzero(passing[way.places])
    parts = way.parts[chosen]
    # Of numbers of 16 bits it is a radix sort, ten times as fast.
    small = parts.astype(np.uint16) if len(parts) and int(way.parts.max()) < 1 << 16 else parts
    order = np.argsort(small, kind="stable")
    in_order = parts[order]
    starts = np.flatnonzero(np.concatenate([[True], in_order[1:] != in_order[:-1]])) if len(in_order) else order
    sizes = np.diff(np.append(starts, len(in_order)))
    ranks = np.arange(len(in_order)) - np.repeat(starts, sizes)
    kept = ranks < way.most
    return zip(way.places[chosen[order[kept]]].tolist(), (ranks[kept] + 1).tolist(), strict=True)
