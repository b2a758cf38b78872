"""The figures of one criterion's page."""

from __future__ import annotations

import contextlib

import duckdb
import msgspec

from ckanext.aivision.compare.charts.marks import Row, measure_rows
from ckanext.aivision.compare.charts.passing import agency_passing_rows, passing_row
from ckanext.aivision.compare.estimates.figures import Measure
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.compare.table.agency_counts import narrowed
from ckanext.aivision.downloads.content import columns as common
from ckanext.aivision.downloads.table import Asked, Cell, Column, Content, Marks
from ckanext.aivision.snapshot.answers.comparison import NoFigures
from ckanext.aivision.snapshot.answers.criteria import agency_shares, measure_of

_BOTH = (
    "Score: each agency counts once. Lines and brackets are 95 per cent confidence intervals. The difference is the US "
    "minus the UK."
)
_SHARE = "Share of judged datasets that pass in full, per cent"
# Of each country, in the picture.
_MOST_DRAWN = 15
_OUTCOMES = ("passed", "partial", "failed", "unknown", "not_applicable")
_COUNTRIES = (
    Column("country", "Country"),
    Column("mean", "Mean score", common.SCORE, "Each agency counted once", "number"),
    Column("mean_low", "Mean score, low", common.SCORE, "The lower end of the 95 per cent interval", "number"),
    Column("mean_high", "Mean score, high", common.SCORE, "The upper end of the 95 per cent interval", "number"),
    Column("share", "Pass in full", common.PER_CENT, "Of the datasets that could be judged", "number"),
    Column("share_low", "Pass in full, low", common.PER_CENT, "The lower end of the 95 per cent interval", "number"),
    Column("share_high", "Pass in full, high", common.PER_CENT, "The upper end of the 95 per cent interval", "number"),
    Column("passed", "Datasets that pass in full", "", "", "integer"),
    Column("judged", "Datasets judged", "", "Those that pass in full, pass in part or fail", "integer"),
    Column("datasets", "Datasets", "", "All that are compared", "integer"),
    Column("agencies", "Agencies", "", "Those for which something is known", "integer"),
    Column("known", "Known", common.PER_CENT, "The share of datasets that could be judged", "number"),
    Column("note", "Note", "", "Why there is no mean over everything known; empty if there is one"),
    Column("verdict", "Verdict", "", "Which country is ahead, the same in each row"),
)
_AGENCIES = (
    common.ID,
    Column("agency", "Agency"),
    Column("country", "Country"),
    Column(
        "share", "Pass in full", common.PER_CENT, "Of the datasets judged; empty where too little is known", "number"
    ),
    *(Column(name, f"Datasets: {in_words(name.replace('_', '-')).lower()}", "", "", "integer") for name in _OUTCOMES),
    Column("datasets", "Datasets", "", "All of the agency", "integer"),
    Column("counted", "Counted", "", "Whether it has datasets enough to be counted beside the others", "boolean"),
)


def countries(asked: Asked) -> Content:
    """Both countries in one criterion: mean scores and the shares that pass. Raises NoFigures where there are none."""
    found, measure = asked.figures, _measure(asked)
    row = measure_rows([measure], found.countries)[0]
    passing = passing_row(measure, found.countries, "Pass in full, of those judged, per cent")
    cells: list[list[Cell]] = []
    for place, country in enumerate(found.countries):
        own = measure.countries[country.code]
        cells.append(
            [
                country.label,
                *common.in_cells(common.mark_of(row, place)),
                *common.in_cells(common.mark_of(passing, place)),
                *(own.passed.passed, own.passed.known, country.data_sets, own.agencies),
                *(own.known, own.too_little, measure.comparison.verdict),
            ]
        )
    score = msgspec.structs.replace(measure, title="Mean score, 0 to 100")
    rows = [measure_rows([score], found.countries)[0], passing]
    note = f"{_BOTH} Verdict: {measure.comparison.verdict}."
    drawn = Marks([("", rows)], common.labels(found), "0 to 100", note)
    return Content(_COUNTRIES, cells, common.describe_sample(found), in_words(measure.id), drawn)


def agencies(asked: Asked) -> Content:
    """The agencies of both countries by the share of their datasets that pass, those with the most datasets first.

    Raises NoFigures where the tables are no longer kept.
    """
    found, measure = asked.figures, _measure(asked)
    try:
        groups = asked.snapshot.groups()
        with contextlib.closing(groups.connection):
            shares = agency_shares(groups, measure.id, narrowed(asked.question.filters, found.samples))
    except (OSError, duckdb.IOException) as error:
        raise NoFigures("of that day only the figures are kept, and not which agencies are behind them") from error
    drawn = {
        country.label: agency_passing_rows(found, country.code, shares, len(shares))
        for country in found.countries
        if country.data_sets
    }
    share = {one.row.id: one.row.marks[0].value for rows in drawn.values() for one in rows}
    known = {one.id: one for one in found.agencies if one.id}
    labels = {country.code: country.label for country in found.countries}
    cells: list[list[Cell]] = []
    for one in shares:
        agency = known.get(one["id"])
        if agency is not None:
            outcomes = [one[name] for name in _OUTCOMES]
            cells.append(
                [
                    *(one["id"], one["title"], labels[agency.country], share.get(one["id"])),
                    *(*outcomes, sum(outcomes), agency.counted),
                ]
            )
    groups_drawn: list[tuple[str, list[Row]]] = [
        (label, [one.row for one in rows[:_MOST_DRAWN]]) for label, rows in drawn.items() if rows
    ]
    note = (
        f"Agencies with at least {found.method.least_of_agency} datasets, at most {_MOST_DRAWN} of each country, "
        "ordered by number of datasets: this is not a ranking."
    )
    chart = Marks(groups_drawn, common.labels(found), _SHARE, note, unit=" %", bars=True)
    return Content(_AGENCIES, cells, common.describe_sample(found), in_words(measure.id), chart)


def _measure(asked: Asked) -> Measure:
    measure = measure_of(asked.subject, asked.figures)
    if measure is None:
        raise NoFigures(f"{asked.subject}: the comparison has no figures of this criterion")
    return measure
