"""What publishers of both countries really wrote, by criterion."""

from __future__ import annotations

from ckan.plugins import toolkit

from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.compare.table.agency_counts import narrowed
from ckanext.aivision.downloads.content import columns as common
from ckanext.aivision.downloads.table import Asked, Cell, Column, Content
from ckanext.aivision.errors import UsageError
from ckanext.aivision.exemplars.shown import fields_of
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.answers.comparison import NoFigures
from ckanext.aivision.snapshot.answers.criteria import find_criterion
from ckanext.aivision.snapshot.examples.exemplars import Exemplar, exemplars_of, first_exemplars

_COLUMNS = (
    Column("criterion", "Criterion", "", "Its id"),
    Column("criterion_title", "Title of the criterion"),
    Column("dimension", "Dimension"),
    Column("country", "Country"),
    Column("dataset", "Dataset", "", "Its name, the last part of its address here"),
    Column("title", "Title of the dataset"),
    Column("address", "Address", "", "Of the dataset in this catalogue"),
    Column("publisher", "Publisher", "", "Empty if none is known"),
    Column("day", "Last changed", "", "As the record states it; empty if it does not"),
    Column("field", "Field", "", "That the words stand in"),
    Column("words", "Words", "", "What the record says; several fields are named and separated by semicolons"),
    Column("evidence", "Evidence", "", "Why it passes"),
    Column("score", "Score of the dataset", common.SCORE, "", "number"),
)


def words(asked: Asked) -> Content:
    """The best of every criterion and country, or with the choice `criterion` more of one.

    Raises UsageError for an unknown criterion, NoFigures where the snapshot has none, and as `Asked.figures`.
    """
    condition = narrowed(asked.question.filters, asked.figures.samples)
    wanted = [value for _, value in asked.question.choices]
    row = find_criterion(wanted[0]) if wanted else None
    if wanted and (row is None or len(wanted) > 1):
        raise UsageError(f"criterion={wanted[-1][:100]}: there is no such criterion, or more than one")
    if row is not None:
        of_one = exemplars_of(asked.snapshot, row.id, condition)
        found = None if of_one is None else [one for some in of_one.values() for one in some]
    else:
        first = first_exemplars(asked.snapshot, condition)
        found = None if first is None else _in_order(first)
    if found is None:
        raise NoFigures("no examples are kept of that day")
    numbers = {code: sum(one.country == code for one in found) for code in COUNTRIES}
    sample = "; ".join(f"{label}: {numbers[code]} examples" for code, label in COUNTRIES.items())
    return Content(_COLUMNS, list(map(_cells, found)), sample, in_words(row.id) if row is not None else "all criteria")


def _in_order(first: dict[str, dict[str, Exemplar]]) -> list[Exemplar]:
    """As the page has them: by dimension and criterion, the US before the UK."""
    return [
        first[row.id][code]
        for row in load().everything
        if row.id in first
        for code in COUNTRIES
        if code in first[row.id]
    ]


def _cells(one: Exemplar) -> list[Cell]:
    row, fields = find_criterion(one.criterion), fields_of(one.part)
    said = fields[0].value if len(fields) == 1 else "; ".join(f"{found.title}: {found.value}" for found in fields)
    address = toolkit.url_for("dataset.read", id=one.name, locale="default", _external=True)
    dimension = in_words(row.dimension) if row is not None else ""
    place = one.place.removeprefix("distribution.").replace("_", " ")
    return [
        *(one.criterion, in_words(one.criterion), dimension, COUNTRIES[one.country]),
        *(one.name, one.title, address, one.publisher, one.day, place, said, one.evidence, one.score),
    ]
