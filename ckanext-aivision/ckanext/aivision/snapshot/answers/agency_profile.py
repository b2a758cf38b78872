"""What is known of one agency beside its size: its means beside its country's, its weakest criteria and datasets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ckanext.aivision.compare.estimates.figures import Figures, Measure, Overview
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.compare.estimates.one_agency import OwnFigures, own_figures
from ckanext.aivision.compare.table import agency_counts
from ckanext.aivision.compare.table.dataset_table import Cells, DatasetTable
from ckanext.aivision.compare.table.entry import GRADES
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.compare.table.members import Members
from ckanext.aivision.compare.table_comparison import samples_of
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Criterion, load

Row = dict[str, Any]

# Of an agency, those that its page shows.
LOWEST = 10
_LOST = "a source seems to lose it for all its records"
_NONE = "there are no datasets"


def means_beside_country(cells: Cells, figures: Overview, country: str) -> Row:
    """The means of an agency beside the mean of its country's agencies: `overall`, `dimensions`, `criteria`,
    `gaps` and `strengths`.

    cells: of the agency's datasets. gaps: ids of the criteria whose means are furthest below the country's, by what
    that costs the agency in its scores. strengths: of those above it, by what that earns.
    """
    rubric = load()
    samples, _ = samples_of(cells, figures.rubric_version)
    own = own_figures(samples[country], rubric.criteria) if samples[country].agencies else OwnFigures({}, {})
    lost = _lost(cells, figures)
    measures = {row.id: row for row in (*figures.dimensions, *figures.criteria)}
    counted = agency_counts.outcomes(cells)
    rows = [
        {
            **_criterion(row, counted[row.id], measures.get(row.id), country),
            "too_little": _LOST if row.id in lost else own.criteria[row.id].too_little if own.criteria else _NONE,
        }
        for row in rubric.everything
        if row.id in counted
    ]
    whole = sum(row.weight for row in rubric.criteria)
    for row in rows:
        row["behind"], row["gain"] = _behind(row), _gain(row, whole)
    return {
        "overall": of_country(figures.overall, country),
        "dimensions": [
            {
                "id": id,
                "title": in_words(id),
                **_own(own.dimensions.get(id)),
                "of_country": of_country(measures.get(id), country),
            }
            for id in DIMENSIONS
        ],
        "criteria": rows,
        "gaps": _ordered(rows, 1),
        "strengths": _ordered(rows, -1),
    }


def of_country(measure: Measure | None, country: str) -> Row | None:
    """A measure in a country, each agency counted once; None where there are no figures."""
    found = measure.countries.get(country) if measure is not None else None
    if found is None:
        return None
    ends = found.by_agency.interval
    return {
        "mean": found.by_agency.value,
        "low": ends.low if ends else None,
        "high": ends.high if ends else None,
        "agencies": found.agencies,
        "too_little": found.too_little,
    }


def lowest(members: Members, datasets: DatasetTable, id: str, samples: bool) -> list[Row]:
    """The datasets of an agency with the lowest grades and scores, some more than are shown.

    datasets: the table that the members are of. samples: whether made-up datasets are meant, or real ones.
    """
    everything, _ = agency_counts.narrowed(Filters(), samples)
    chosen = members.selected(f"agency = ? AND {everything}", [id])
    grades, scores = members.grades()[chosen].astype(np.int64), members.scores()[chosen].astype(np.int64)
    # As `grade desc` of listing.SORTS: of one grade the lowest score first, and what is not known last.
    ranks = (np.where(scores >= 0, scores, 1010) - 10_000 * grades) << 32 | members.id_places(chosen)
    number = min(2 * LOWEST, len(ranks))
    order = np.argpartition(ranks, number - 1)[:number] if number else np.arange(0)
    order = order[np.argsort(ranks[order])]
    positions = [int(position) for position in chosen[order]]
    if not positions:
        return []
    gates = dict(datasets.select("position, gate", f"position IN ({', '.join(map(str, positions))})").fetchall())
    return [
        {
            "id": members.id(position),
            "grade": GRADES[int(grade)],
            "gate": gates[position],
            "score": int(score) / 10 if score >= 0 else None,
        }
        for position, grade, score in zip(positions, grades[order], scores[order], strict=True)
    ]


def _own(found: Figures | None) -> Row:
    if found is None:
        return {"mean": None, "data_sets": 0, "known": 0.0, "too_little": _NONE}
    return {
        "mean": found.by_data_set.value,
        "data_sets": found.data_sets,
        "known": found.known,
        "too_little": found.too_little,
    }


def _criterion(row: Criterion, counted: agency_counts.Outcomes, measure: Measure | None, country: str) -> Row:
    return {
        "id": row.id,
        "title": in_words(row.id),
        "dimension": row.dimension,
        "question": row.question,
        "fix": row.fix,
        "weight": row.weight,
        **counted._asdict(),
        "of_country": of_country(measure, country),
    }


def _behind(row: Mapping[str, Any]) -> float | None:
    """How many points an agency's mean is below its country's; None where either is not known."""
    theirs = row["of_country"]
    if row["too_little"] or row["mean"] is None or theirs is None or theirs["mean"] is None:
        return None
    return round(theirs["mean"] - row["mean"], 2)


def _gain(row: Mapping[str, Any], whole: float) -> float:
    """How many points the agency's mean score would rise at least if all its datasets passed.

    whole: the weight of all criteria. A score is the share of the weight that is asked of a dataset
    (scoring.scores.score.gains), which is less where a question does not apply: then it would rise more.
    """
    known = row["passed"] + row["partial"] + row["failed"]
    asked, earned = known + row["unknown"], known * (row["mean"] or 0) / 100
    data_sets = asked + row["not_applicable"]
    gain = 100 * row["weight"] / whole * (asked - earned) / data_sets if data_sets else 0.0
    return math.floor(10 * gain + 1e-6) / 10


def _ordered(rows: list[Row], side: int) -> list[str]:
    """The criteria below the country's mean (side 1) or above it (-1); first those that cost or earn most."""

    def cost(row: Row) -> float:
        known = row["passed"] + row["partial"] + row["failed"]
        return float(side * row["behind"] * row["weight"] * known)

    apart = [row for row in rows if row["behind"] is not None and side * row["behind"] > 0]
    return [row["id"] for row in sorted(apart, key=lambda row: (-cost(row), row["id"]))]


def _lost(cells: Cells, figures: Overview) -> set[str]:
    """The criteria that a source of the agency's loses, which the comparison counts as unknown."""
    sources = {key.source for key in cells.keys}
    return {row.criterion for row in figures.dropped if row.source in sources}
