"""The figures of the list of agencies, and of one agency's page."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import duckdb
import msgspec

from ckanext.aivision.compare.charts.agency_marks import agency_row, beside_country
from ckanext.aivision.compare.charts.marks import Row
from ckanext.aivision.compare.estimates.agency_figures import AGENCY_FIGURES, Agency
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.compare.table.entry import GRADES
from ckanext.aivision.compare.table.groups import GroupTable
from ckanext.aivision.downloads.content import columns as common
from ckanext.aivision.downloads.table import Asked, Cell, Column, Content, Datatype, Marks
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.answers.agencies import SORTS, agency_page, agency_rows
from ckanext.aivision.snapshot.answers.comparison import NoFigures

T = TypeVar("T")

# Of each country, in the picture; of an agency's criteria.
_MOST_DRAWN = 15
_OUTCOMES = ("passed", "partial", "failed", "unknown", "not_applicable")
_SCORE = "Mean score, 0 to 100"
_BESIDE = (
    "Lines are 95 per cent confidence intervals of the mean of the country’s agencies. Differences are the agency "
    "minus that mean."
)
_DATATYPES: dict[type, Datatype] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_LIST = (
    common.ID,
    Column("title", "Agency"),
    Column("country", "Country"),
    Column("level", "Level of government"),
    Column("parent", "Part of", "", "The id of the body above it; empty if there is none"),
    *(Column(one.name.replace("data_sets", "datasets"), *one.label, _DATATYPES[one.type]) for one in AGENCY_FIGURES),
    *(Column(f"grade_{grade.lower()}", f"Datasets with grade {grade}", "", "", "integer") for grade in GRADES),
)
_COUNTRY = (
    Column("country_mean", "Country mean score", common.SCORE, "Each agency counted once", "number"),
    Column("country_low", "Country mean score, low", common.SCORE, "Of the 95 per cent interval", "number"),
    Column("country_high", "Country mean score, high", common.SCORE, "Of the 95 per cent interval", "number"),
    Column("country_agencies", "Country agencies", "", "Those for which something is known", "integer"),
    Column("difference", "Difference from the country mean", common.POINTS, "The agency minus its country", "number"),
)
_MEAN = Column("mean", "Mean score of the agency", common.SCORE, "Of its datasets, each counted once", "number")
_NOTE = Column("note", "Note", "", "Why its mean says little, or there is none; empty otherwise")
_PROFILE = (
    common.ID,
    common.TITLE,
    _MEAN,
    Column("datasets", "Datasets", "", "Those for which something is known", "integer"),
    _NOTE,
    *_COUNTRY,
)
_CRITERIA = (
    common.ID,
    common.TITLE,
    Column("dimension", "Dimension"),
    Column("question", "Question", "", "What is asked of each dataset"),
    Column("weight", "Weight", "", "In the score of a dataset", "number"),
    *(Column(name, f"Datasets: {in_words(name.replace('_', '-')).lower()}", "", "", "integer") for name in _OUTCOMES),
    _MEAN,
    _NOTE,
    *_COUNTRY,
)


def all_agencies(asked: Asked) -> Content:
    """Every agency with datasets, those with the most first. Raises as `Asked.figures`."""
    filters, whole = asked.question.filters, asked.of_all
    rows = _with_groups(asked, lambda groups: agency_rows(groups, whole, filters, SORTS[0]))
    cells: list[list[Cell]] = [
        [
            *(row["id"], row["title"], COUNTRIES[row["country"]], row["level"], row["parent"]),
            *(row[one.name] for one in AGENCY_FIGURES),
            *(row["grades"][grade] for grade in GRADES),
        ]
        for row in rows
    ]
    groups: list[tuple[str, list[Row]]] = []
    for place, (code, label) in enumerate(COUNTRIES.items()):
        own = [msgspec.convert(row, Agency) for row in rows if row["country"] == code and row["counted"]]
        if own:
            drawn = [agency_row(one, place, label, one.id).row for one in own[:_MOST_DRAWN]]
            groups.append((f"{label}: agencies with the most datasets", drawn))
    numbers = {code: sum(row["data_sets"] for row in rows if row["country"] == code) for code in COUNTRIES}
    sample = "; ".join(f"{label}: {numbers[code]:,} datasets" for code, label in COUNTRIES.items())
    labels = [f"{label} ({numbers[code]:,} datasets)" for code, label in COUNTRIES.items()]
    note = "Ordered by number of datasets: this is not a ranking. The mean of few datasets says little."
    return Content(_LIST, cells, sample, marks=Marks(groups, labels, _SCORE, note, bars=True))


def profile(asked: Asked) -> Content:
    """An agency's overall mean and dimensions beside its country's. Raises NoFigures where no table is kept."""
    agency = _agency(asked)
    overall = {
        **{"id": "overall", "title": "Overall", "mean": agency["mean"], "data_sets": agency["data_sets"]},
        **{"too_little": "" if agency["mean"] is not None else "too little known", "of_country": agency["overall"]},
    }
    rows = [overall, *agency["dimensions"]]
    cells: list[list[Cell]] = [
        [row["id"], row["title"], _mean(row), row["data_sets"], row["too_little"], *_beside(row)] for row in rows
    ]
    return _of_agency(agency, _PROFILE, cells, rows)


def criteria(asked: Asked) -> Content:
    """An agency's outcomes by criterion; drawn are those in which it is furthest below its country."""
    agency = _agency(asked)
    rows = agency["criteria"]
    cells: list[list[Cell]] = [
        [
            *(row["id"], row["title"], in_words(row["dimension"]), row["question"], row["weight"]),
            *(row[name] for name in _OUTCOMES),
            *(_mean(row), row["too_little"], *_beside(row)),
        ]
        for row in rows
    ]
    by_id = {row["id"]: row for row in rows}
    return _of_agency(agency, _CRITERIA, cells, [by_id[id] for id in agency["gaps"][:_MOST_DRAWN]])


def _of_agency(
    agency: Mapping[str, Any], columns: tuple[Column, ...], cells: list[list[Cell]], drawn: list[dict[str, Any]]
) -> Content:
    label = COUNTRIES[agency["country"]]
    labels = (agency["title"], f"{label} agencies")
    rows = [beside_country(row["id"], row["title"], row, row["of_country"], labels) for row in drawn]
    size = f"{agency['data_sets']:,} datasets" if agency["data_sets"] != 1 else "1 dataset"
    overall = agency["overall"]
    beside = f"{labels[1]}, each counted once ({overall['agencies']:,})" if overall else labels[1]
    chart = Marks([("", rows)], [f"{agency['title']} ({size})", beside], _SCORE, _BESIDE) if rows else None
    return Content(columns, cells, f"{agency['title']} ({label}): {size}", agency["title"], chart)


def _agency(asked: Asked) -> dict[str, Any]:
    whole, rubric = asked.of_all, load()
    if whole.rubric_version != rubric.version:
        raise NoFigures(
            f"these figures are under rubric {whole.rubric_version}, and the current one is {rubric.version}"
        )
    return _with_groups(asked, lambda groups: agency_page(groups, whole, asked.subject))


def _with_groups(asked: Asked, work: Callable[[GroupTable], T]) -> T:
    try:
        groups = asked.snapshot.groups()
        with contextlib.closing(groups.connection):
            return work(groups)
    except (OSError, duckdb.IOException) as error:
        raise NoFigures("of that day only the comparison is kept, and not the tables of agencies") from error


def _mean(row: Mapping[str, Any]) -> Cell:
    """As it is printed: none where its mean says little."""
    mean: Cell = row["mean"] if not row["too_little"] else None
    return mean


def _beside(row: Mapping[str, Any]) -> list[Cell]:
    theirs = row["of_country"] or {}
    country, own = theirs.get("mean"), _mean(row)
    behind = round(float(own) - country, 2) if isinstance(own, int | float) and country is not None else None
    return [country, theirs.get("low"), theirs.get("high"), theirs.get("agencies"), behind]
