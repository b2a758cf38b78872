"""What a table counts by agency: grades, results of criteria, publishers and sources."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from ckanext.aivision.compare.table.dataset_table import Cells
from ckanext.aivision.compare.table.entry import GRADES
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.compare.table.members import Members, Places
from ckanext.aivision.record import COUNTRIES

_T = TypeVar("_T")


class Named(NamedTuple):
    """A publisher (id, name) or a source (name twice), and its number of datasets."""

    id: str
    title: str
    data_sets: int


class Example(NamedTuple):
    """A dataset, with its country's code and the name of its publisher, or empty."""

    id: str
    country: str
    publisher: str


class Outcomes(NamedTuple):
    """Datasets by the outcome of one criterion; mean: of the known values, 0 to 100, None where none is known."""

    passed: int
    partial: int
    failed: int
    unknown: int
    not_applicable: int
    mean: float | None


def narrowed(filters: Filters, samples: bool) -> tuple[str, list[object]]:
    """The condition of filters and its values; samples: whether made-up datasets are meant, or real ones."""
    where, values = filters.condition()
    own = "sample" if samples else "NOT sample"
    return f"{where} AND {own}" if where else own, values


def grades(cells: Cells) -> dict[str, dict[str, int]]:
    """The number of datasets of each grade, by the agency's id."""
    found: dict[str, dict[str, int]] = {}
    for key, numbers in zip(cells.keys, cells.grades.tolist(), strict=True):
        of_agency = found.setdefault(key.agency, dict.fromkeys(GRADES, 0))
        for grade, number in zip(GRADES, numbers, strict=True):
            of_agency[grade] += number
    return found


def outcomes(cells: Cells) -> dict[str, Outcomes]:
    """The outcomes of all criteria over cells, by the criterion's id."""
    parts = (cells.passed, cells.partial, cells.failed, cells.unknown, cells.not_applicable, cells.thousandths)
    sums = zip(*(part.sum(axis=0).tolist() for part in parts), strict=True)
    return {id: _outcomes(*numbers) for id, numbers in zip(cells.criteria, sums, strict=True)}


def outcomes_by_agency(cells: Cells, criterion: str) -> dict[str, Outcomes]:
    """The outcomes of one criterion, by the agency's id; largest first. Raises ValueError for an unknown criterion."""
    place = list(cells.criteria).index(criterion)
    parts = (cells.passed, cells.partial, cells.failed, cells.unknown, cells.not_applicable, cells.thousandths)
    numbers = np.stack([part[:, place] for part in parts], axis=1) if cells.keys else np.zeros((0, 6), dtype=np.int64)
    found: dict[str, np.ndarray] = {}
    for key, row in zip(cells.keys, numbers, strict=True):
        if key.agency:
            found[key.agency] = found[key.agency] + row if key.agency in found else row
    largest = sorted(found.items(), key=lambda pair: (-int(pair[1][:5].sum()), pair[0]))
    return {agency: _outcomes(*row.tolist()) for agency, row in largest}


def publishers(cells: Cells) -> list[Named]:
    """The publishers of cells, largest first; datasets that name none are not among them."""
    return _named([(key.publisher, key.publisher_title) for key in cells.keys], cells)


def sources(cells: Cells) -> list[Named]:
    """The sources of cells, largest first; datasets that were published here have none."""
    return _named([(key.source, key.source) for key in cells.keys], cells)


def examples(
    members: Members, criterion: str, outcomes: Sequence[int], condition: tuple[str, list[object]], number: int
) -> dict[int, list[Example]]:
    """Datasets by their value of a criterion, 1 (passes) or 0 (fails): countries take turns, and so do their agencies.

    condition: as of `narrowed`. number: of each value, at most. In the order of their ids, so that the same datasets
    give the same ones.
    """
    chosen, results = members.selected(*condition), members.results(criterion)
    found: dict[int, list[Example]] = {}
    for outcome in outcomes:
        by_country: dict[str, list[tuple[int, int, int]]] = {code: [] for code in COUNTRIES}
        for country, firsts in _firsts(members, chosen[results[chosen] == 1000 * outcome], number):
            if country in by_country:
                by_country[country] += [(turn, place, position) for turn, (place, position) in enumerate(firsts)]
        ranked = [sorted(rows)[:number] for rows in by_country.values()]
        found[outcome] = [_example(members, position) for _, _, position in _in_turns(ranked, number)]
    return found


def _firsts(members: Members, positions: Places, number: int) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Of each agency its country, and the places and positions of the datasets whose ids come first."""
    units = members.groups.units
    of_unit = members.groups.unit_numbers[members.groups_of(positions)]
    order = np.argsort(of_unit, kind="stable")
    places = members.id_places(positions)
    for run in np.split(order, np.flatnonzero(np.diff(of_unit[order])) + 1):
        if not len(run):
            continue
        if len(run) > number:
            run = run[np.argpartition(places[run], number - 1)[:number]]
        firsts = sorted(zip(places[run].tolist(), positions[run].tolist(), strict=True))
        yield units[int(members.groups_of(positions[run[:1]])[0])][0], firsts


def _example(members: Members, position: int) -> Example:
    group = int(members.groups_of(np.array([position]))[0])
    return Example(members.id(position), members.groups.units[group][0], members.groups.publisher_titles[group])


def _in_turns(lists: Sequence[Sequence[_T]], number: int) -> list[_T]:
    return [row for turn in itertools.zip_longest(*lists) for row in turn if row is not None][:number]


def _named(names: list[tuple[str, str]], cells: Cells) -> list[Named]:
    sizes: dict[str, int] = {}
    for (id, _), size in zip(names, cells.data_sets.tolist(), strict=True):
        if id:
            sizes[id] = sizes.get(id, 0) + size
    titles = dict(names)
    return [Named(id, titles[id], size) for id, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0]))]


def _outcomes(passed: int, partial: int, failed: int, unknown: int, not_applicable: int, thousandths: int) -> Outcomes:
    known = passed + partial + failed
    mean = round(thousandths / 10 / known, 2) if known else None
    return Outcomes(passed, partial, failed, unknown, not_applicable, mean)
