"""The criteria with their figures in a snapshot."""

from __future__ import annotations

import contextlib
from typing import Any, NamedTuple

import duckdb
import msgspec

from ckanext.aivision.compare.estimates.figures import Measure, Overview
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.compare.table import agency_counts
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.members import Members
from ckanext.aivision.compare.table_comparison import agency_titles
from ckanext.aivision.scoring.rubric import Criterion, load
from ckanext.aivision.snapshot.answers.still_public import still_public
from ckanext.aivision.snapshot.read import Snapshot

Row = dict[str, Any]
Condition = tuple[str, list[object]]


class Behind(NamedTuple):
    """What is behind a criterion's figures: `agency_shares` and `public_examples`."""

    agencies: list[Row]
    examples: dict[str, list[Row]]


def criterion_row(row: Criterion, figures: Overview | None) -> Row:
    """A criterion in a list. figures: those of all datasets; None while there are none."""
    measure = measure_of(row.id, figures)
    return {
        "id": row.id,
        "title": in_words(row.id),
        "dimension": row.dimension,
        "depth": row.depth,
        "question": row.question,
        "weight": row.weight,
        "verdict": measure.comparison.verdict if measure is not None else None,
        "countries": {code: _brief(measure, code) for code in measure.countries} if measure is not None else {},
    }


def measure_of(id: str, figures: Overview | None) -> Measure | None:
    """The figures of a criterion; None where there are none, as of one that asks for more than the metadata."""
    return next((one for one in figures.criteria if one.id == id), None) if figures is not None else None


def find_criterion(id: str) -> Criterion | None:
    """The row of the rubric, of any depth; None if it has none of this id."""
    return next((row for row in load().everything if row.id == id), None)


def agency_shares(table: DatasetTable, id: str, condition: Condition) -> list[Row]:
    """The outcomes of a criterion by agency, largest first. Empty where the table lacks the criterion.

    condition: which datasets are counted, as of `agency_counts.narrowed`.
    """
    if id not in table.criteria:
        return []
    cells, titles = table.cells(*condition), agency_titles()
    return [
        {"id": agency, "title": titles.get(agency, agency), **counted._asdict()}
        for agency, counted in agency_counts.outcomes_by_agency(cells, id).items()
    ]


def public_examples(members: Members, id: str, condition: Condition, number: int) -> dict[str, list[Row]]:
    """Some datasets that pass and fail a criterion, of different agencies where there are some.

    Only those that are still public, under the names that they have now. condition: as of `agency_shares`. number: of
    each, at most.
    """
    if id not in members.groups.criteria:
        return {"pass": [], "fail": []}
    wanted = {"pass": 1, "fail": 0}
    # Some more than are shown, as some may not be public any more.
    by_value = agency_counts.examples(members, id, tuple(wanted.values()), condition, 2 * number)
    found = {outcome: by_value[value] for outcome, value in wanted.items()}
    public = still_public(one.id for some in found.values() for one in some)
    return {
        outcome: [
            {**public[one.id], "country": one.country, "publisher": one.publisher} for one in some if one.id in public
        ][:number]
        for outcome, some in found.items()
    }


def behind(found: Snapshot, id: str, condition: Condition, number: int) -> Behind | None:
    """Agencies and datasets behind a criterion's figures in a snapshot.

    condition, number: as of `public_examples`. None where the snapshot's tables are no longer kept, as of a past day.
    """
    try:
        groups = found.groups()
        with contextlib.closing(groups.connection):
            return Behind(
                agency_shares(groups, id, condition), public_examples(found.members(groups), id, condition, number)
            )
    except (OSError, duckdb.IOException):
        return None


def figures_of(measure: Measure | None) -> Row | None:
    """All figures of a criterion in plain values."""
    return msgspec.to_builtins(measure) if measure is not None else None


def _brief(measure: Measure, code: str) -> Row:
    found = measure.countries[code]
    return {
        "mean": found.by_agency.value,
        "passed": found.passed.value,
        "known": found.known,
        "data_sets": found.data_sets,
        "agencies": found.agencies,
        "too_little": found.too_little,
    }
