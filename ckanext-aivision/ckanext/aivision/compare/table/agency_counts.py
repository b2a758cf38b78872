"""What a table counts by agency: grades, results of criteria, publishers and sources."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ckanext.aivision.compare.table.columns import name_of
from ckanext.aivision.compare.table.dataset_table import Cells, DatasetTable
from ckanext.aivision.compare.table.entry import GRADES
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.record import COUNTRIES


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
    table: DatasetTable, criterion: str, outcomes: Sequence[int], condition: tuple[str, list[object]], number: int
) -> dict[int, list[Example]]:
    """Datasets by their value of a criterion, 1 (passes) or 0 (fails): countries take turns, and so do their agencies.

    condition: as of `narrowed`. number: of each value, at most. In the order of their ids, so that the same table gives
    the same ones.
    """
    where, values = condition
    value, most = name_of(criterion), int(number)
    firsts = table.sql(
        f"{value} AS value, country, min({{'id': id, 'publisher': publisher_title}}, {most}) AS firsts",
        f"{where} AND {value} IN ({', '.join(str(int(one)) for one in outcomes)})",
        "GROUP BY value, country, agency",
    )
    rows = table.connection.execute(
        f"""
        WITH ranked AS (
            SELECT value, country, unnest(firsts) AS one, unnest(range(len(firsts))) AS rank FROM ({firsts})
        )
        SELECT value, country, one.id, one.publisher FROM ranked
        QUALIFY row_number() OVER (PARTITION BY value, country ORDER BY rank, one.id) <= {most}
        ORDER BY rank, one.id
        """,  # noqa: S608 - SQL of ours; a reader's words are values
        values,
    ).fetchall()
    return {
        outcome: _in_turns(
            [
                [Example(id, code, name) for value, code, id, name in rows if (value, code) == (outcome, country)]
                for country in COUNTRIES
            ],
            number,
        )
        for outcome in outcomes
    }


def _in_turns(lists: Sequence[Sequence[Example]], number: int) -> list[Example]:
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
