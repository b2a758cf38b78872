"""The agencies of the newest snapshot: lists of them, and what is known of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ckanext.aivision.agencies.register import Agency as Body
from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.estimates import losses
from ckanext.aivision.compare.estimates.agency_figures import Agency, agencies
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.table import agency_counts
from ckanext.aivision.compare.table.dataset_table import Cells, DatasetTable
from ckanext.aivision.compare.table.entry import GRADES
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.compare.table_comparison import samples_of
from ckanext.aivision.snapshot.answers.agency_peers import peers_of
from ckanext.aivision.snapshot.answers.agency_profile import means_beside_country

Row = dict[str, Any]

SORTS = ("data_sets", "data_sets asc", "mean", "mean asc", "title", "title desc")


def agency_rows(
    table: DatasetTable, figures: Overview, filters: Filters, sort: str, counted: bool | None = None
) -> list[Row]:
    """All agencies with datasets that filters let through, sorted by one of SORTS, those without a mean last.

    table: of datasets or of their groups. figures: of all datasets. counted: only those with datasets enough to be
    counted beside the others, or only the rest. Raises UsageError where a filter names what no dataset has.
    """
    filters.check(table)
    cells = table.cells(*agency_counts.narrowed(filters, figures.samples))
    found, grades = figures.agencies if not filters else _agencies(cells, figures), agency_counts.grades(cells)
    register = load_register().agencies
    rows = [
        _row(agency, register.get(agency.id), grades.get(agency.id, {}))
        for agency in found
        if agency.id and counted in (None, agency.counted)
    ]
    name, _, direction = sort.partition(" ")
    rows.sort(key=lambda row: row["id"])
    if name == "title":
        return sorted(rows, key=lambda row: row["title"].casefold(), reverse=direction == "desc")
    known = [row for row in rows if row[name] is not None]
    known.sort(key=lambda row: row[name] if direction == "asc" else -row[name])
    return known + [row for row in rows if row[name] is None]


def agency_page(table: DatasetTable, figures: Overview, id: str) -> Row:
    """What is known of an agency, one without datasets too. Raises KeyError if the register has none of this id."""
    register = load_register().agencies
    body = register[id]
    # Without its bureaus, which are agencies of their own here.
    everything, _ = agency_counts.narrowed(Filters(), figures.samples)
    cells = table.cells(f"agency = ? AND {everything}", [id])
    grades = agency_counts.grades(cells).get(id, {})
    sizes = {agency.id: agency.data_sets for agency in figures.agencies}
    found = next((agency for agency in figures.agencies if agency.id == id), None)
    if found is None:
        found = Agency(country=body.country, id=id, title=body.title, level=body.level)
    parent = register.get(body.parent)
    return {
        **_row(found, body, grades),
        "kind": body.kind,
        "parent": {"id": parent.id, "title": parent.title} if parent is not None else None,
        "bureaus": [
            {"id": one.id, "title": one.title, "data_sets": sizes.get(one.id, 0)} for one in bodies_below(register, id)
        ],
        "ended": body.ended,
        **means_beside_country(cells, figures, body.country),
        "peers": peers_of(table, figures, found),
        "publishers": [one._asdict() for one in agency_counts.publishers(cells)],
        "sources": [
            {"name": losses.source_title(one.id), "data_sets": one.data_sets} for one in agency_counts.sources(cells)
        ],
    }


def bodies_below(register: Mapping[str, Body], id: str) -> list[Body]:
    """The bureaus and bodies right below an agency, by title."""
    return sorted((one for one in register.values() if one.parent == id), key=lambda one: (one.title, one.id))


def _agencies(cells: Cells, figures: Overview) -> list[Agency]:
    samples, _ = samples_of(cells, figures.rubric_version)
    return [row for code, one in samples.items() if len(one.agencies) for row in agencies(one, code)]


def _row(agency: Agency, body: Body | None, grades: dict[str, int]) -> Row:
    return {
        **msgspec.structs.asdict(agency),
        "parent": body.parent if body is not None else "",
        "grades": {grade: grades.get(grade, 0) for grade in GRADES},
    }
