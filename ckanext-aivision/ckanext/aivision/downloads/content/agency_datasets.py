"""An agency's datasets, one by one."""

from __future__ import annotations

import contextlib

import duckdb
from ckan.plugins import toolkit

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.table import listing
from ckanext.aivision.compare.table.agency_counts import narrowed
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.downloads.content import columns as common
from ckanext.aivision.downloads.table import Asked, Cell, Column, Content
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.answers.comparison import NoFigures
from ckanext.aivision.snapshot.answers.still_public import still_public

# More than all but a few agencies have; a workbook of as many is written in seconds.
_MOST = 20_000
_FIELDS = ("id", "grade", "gate", "score")
_COLUMNS = (
    Column("name", "Name", "", "The last part of its address here"),
    Column("title", "Title"),
    Column("score", "Score", common.SCORE, "Empty where nothing could be judged", "number"),
    Column("grade", "Grade"),
    Column("gate", "Grade limited by", "", "What limits the grade however good the rest is; empty if nothing does"),
    Column("short_of_100", "Short of 100", common.POINTS, "100 minus the score", "number"),
    Column("address", "Address", "", "Its page in this catalogue, with what to mend"),
)


def most_to_gain(asked: Asked) -> Content:
    """The agency's public datasets, the lowest grade first, and of these the lowest score.

    Raises NoFigures where the table of datasets is no longer kept.
    """
    agency, everything = load_register().agencies[asked.subject], narrowed(Filters(), asked.of_all.samples)[0]
    wanted = listing.Asked(sort="grade desc", limit=_MOST, fields=_FIELDS)
    try:
        table = asked.snapshot.datasets()
        with contextlib.closing(table.connection):
            page = listing.page(table, wanted, f"agency = ? AND {everything}", [asked.subject])
    except (OSError, duckdb.IOException) as error:
        raise NoFigures("of that day only the comparison is kept, and not which datasets are behind it") from error
    public = still_public(row["id"] for row in page.rows)
    gates = {gate.id: gate.label for gate in load().gates}
    cells: list[list[Cell]] = []
    for row in page.rows:
        named, score = public.get(row["id"]), row["score"]
        if named is not None:
            address = toolkit.url_for("dataset.read", id=named["name"], locale="default", _external=True)
            short = round(100 - score, 4) if score is not None else None
            gate = gates.get(row["gate"] or "", row["gate"] or "")
            cells.append([named["name"], named["title"], score, row["grade"], gate, short, address])
    size = f"{len(cells):,} datasets" if len(cells) != 1 else "1 dataset"
    cut = f", those with the most to gain of {page.total:,}" if page.total > _MOST else ""
    return Content(_COLUMNS, cells, f"{agency.title} ({COUNTRIES[agency.country]}): {size}{cut}", agency.title)
