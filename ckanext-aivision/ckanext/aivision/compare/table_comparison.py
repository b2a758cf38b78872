"""The comparison of the datasets of a table, all of them or those that filters let through."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import numpy as np

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.estimates.counts import Counts
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.estimates.sample import Cell, CriterionLike, Sample, sample
from ckanext.aivision.compare.overview import About, overview_of, with_lens_of
from ckanext.aivision.compare.table.dataset_table import KEYS, Cells, DatasetTable
from ckanext.aivision.compare.table.entry import GRADES
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.compare.tallies.tally import CriterionTally, DimensionTally, Tally
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.registry import DIMENSIONS


def compare(
    table: DatasetTable,
    criteria: Sequence[CriterionLike],
    rubric_version: str,
    filters: Filters | None = None,
    lenses: Sequence[Lens] = (),
) -> list[Overview]:
    """The comparison of the countries, and after it the same with each lens beside it.

    criteria: the rubric's, in its order; the table may have more, which lenses ask. Samples are compared only where no
    real dataset is left. Raises UsageError where a filter names what no dataset has.
    """
    filters = filters or Filters()
    filters.check(table)
    cells = table.cells(*filters.condition())
    samples, about = samples_of(cells, rubric_version if table.dates()[0] is not None else "")
    own = overview_of(samples, criteria, about)
    return [own, *(with_lens_of(own, samples, criteria, lens) for lens in lenses)]


def samples_of(cells: Cells, rubric_version: str) -> tuple[dict[str, Sample], About]:
    """The countries' samples, and what the comparison says of the datasets beside their figures.

    rubric_version: that all datasets are evaluated under; empty if there are none, whatever filters leave.
    """
    ours = np.array([key.country in COUNTRIES for key in cells.keys], dtype=bool)
    made_up = np.array([key.sample for key in cells.keys], dtype=bool)
    real = bool((ours & ~made_up).any())
    samples_only = bool((ours & made_up).any()) and not real
    left_out = made_up if real else np.zeros_like(made_up)
    rows = {
        code: [place for place, key in enumerate(cells.keys) if key.country == code and not left_out[place]]
        for code in COUNTRIES
    }
    others: dict[str, int] = {}
    for place, key in enumerate(cells.keys):
        if key.country not in COUNTRIES and not left_out[place]:
            others[key.country] = others.get(key.country, 0) + int(cells.data_sets[place])
    compared = [cells.days[place] for places in rows.values() for place in places]
    about = About(
        rubric_version=rubric_version,
        first_date=min((first for first, _ in compared), default=None),
        last_date=max((last for _, last in compared), default=None),
        other_countries=others,
        samples=samples_only,
        samples_left_out=int(cells.data_sets[left_out].sum()) if len(cells.keys) else 0,
    )
    counts, titles = _counts(cells), agency_titles()
    found = {
        code: sample(
            [_cell(cells, place, titles) for place in places],
            counts.at(np.array(places, dtype=np.intp)),
            cells.criteria,
            DIMENSIONS,
        )
        for code, places in rows.items()
    }
    return found, about


def agency_titles() -> Mapping[str, str]:
    """The agencies' names by id."""
    return {id: agency.title for id, agency in load_register().agencies.items()}


def _cell(cells: Cells, place: int, titles: Mapping[str, str]) -> Cell:
    key = cells.keys[place]
    return Cell(key.publisher_title, key.agency, titles.get(key.agency, ""), key.level, key.source)


def _counts(cells: Cells) -> Counts:
    whole = {
        name: getattr(cells, name).astype(np.float64)
        for name in (
            "data_sets",
            "scored",
            "grades",
            "dimension_known",
            "passed",
            "partial",
            "failed",
            "unknown",
            "not_applicable",
        )
    }
    return Counts(
        **whole,
        score=cells.score_tenths / 10,
        coverage=cells.coverage_thousandths / 10,
        dimension_score=cells.dimension_tenths / 10,
        value=cells.thousandths / 10,
    )


def tallies_of(table: DatasetTable, rubric_version: str) -> list[Tally]:
    """A tally of each agency, publisher and source, for the trends."""
    cells, titles = table.cells(), agency_titles()
    ends = f"{', '.join(KEYS)}, {table.days()}"
    days = {row[:-2]: row[-2:] for row in table.select(ends, then=f"GROUP BY {', '.join(KEYS)}").fetchall()}
    return [
        _tally(cells, place, rubric_version, days[tuple(getattr(key, name) for name in KEYS)], titles)
        for place, key in enumerate(cells.keys)
    ]


def _tally(
    cells: Cells, place: int, version: str, days: tuple[datetime.date, datetime.date], titles: Mapping[str, str]
) -> Tally:
    key = cells.keys[place]
    known, tenths = cells.dimension_known[place].tolist(), cells.dimension_tenths[place].tolist()
    grades = zip(GRADES, cells.grades[place].tolist(), strict=True)
    return Tally(
        country=key.country,
        publisher=key.publisher_title,
        agency=key.agency,
        agency_title=titles.get(key.agency, ""),
        level=key.level,
        source=key.source,
        rubric_version=version,
        first_date=days[0],
        last_date=days[1],
        data_sets=int(cells.data_sets[place]),
        scored=int(cells.scored[place]),
        score_tenths=int(cells.score_tenths[place]),
        coverage_thousandths=int(cells.coverage_thousandths[place]),
        grades={name: number for name, number in grades if number},
        dimensions={name: DimensionTally(*numbers) for name, *numbers in zip(DIMENSIONS, known, tenths, strict=True)},
        criteria=_criteria(cells, place),
        sample=key.sample,
    )


def _criteria(cells: Cells, place: int) -> dict[str, CriterionTally]:
    parts = (cells.passed, cells.partial, cells.failed, cells.unknown, cells.not_applicable, cells.thousandths)
    columns = zip(*(part[place].tolist() for part in parts), strict=True)
    return {id: CriterionTally(*numbers) for id, numbers in zip(cells.criteria, columns, strict=True)}
