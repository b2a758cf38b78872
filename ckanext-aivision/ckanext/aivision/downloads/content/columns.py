"""Columns that several figures have, and the sentence on the sample."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.aivision.compare.charts.marks import Mark, Row
from ckanext.aivision.compare.estimates.figures import Country, Overview
from ckanext.aivision.downloads.table import Cell, Column

SCORE, POINTS, PER_CENT = "0 to 100", "points", "per cent"
ID = Column("id", "Id", "", "The stable name of what the row is of")
TITLE = Column("title", "Title", "", "What the row is of")
_EACH_AGENCY = (
    "The mean of the agencies’ means, each agency counted once; over the criteria known for both countries if they are "
    "compared, otherwise over everything known about the country"
)
_INTERVAL = "of the 95 per cent confidence interval"


def prefix(country: Country) -> str:
    """How the names of a country's columns begin: `us`, `uk`."""
    return country.label.lower()


def measured(country: Country, name: str, title: str, unit: str, description: str) -> list[Column]:
    """A figure of a country, and the ends of its interval: `us_mean`, `us_mean_low`, `us_mean_high`."""
    start, own = prefix(country), f"{country.label} {title}"
    return [
        Column(f"{start}_{name}", own, unit, description, "number"),
        Column(f"{start}_{name}_low", f"{own}, low", unit, f"The lower end {_INTERVAL}", "number"),
        Column(f"{start}_{name}_high", f"{own}, high", unit, f"The upper end {_INTERVAL}", "number"),
    ]


def mean(country: Country, description: str = _EACH_AGENCY) -> list[Column]:
    return measured(country, "mean", "mean score", SCORE, description)


def sample(country: Country) -> list[Column]:
    """What a country's mean is made of."""
    start, label = prefix(country), country.label
    return [
        Column(f"{start}_datasets", f"{label} datasets", "", "Datasets for which something is known", "integer"),
        Column(f"{start}_agencies", f"{label} agencies", "", "Agencies for which something is known", "integer"),
        Column(f"{start}_known", f"{label} known", PER_CENT, "The share of the questions with an answer", "number"),
        Column(
            f"{start}_note", f"{label} note", "", "Why there is no mean over everything known; empty if there is one"
        ),
    ]


def difference(countries: Sequence[Country]) -> list[Column]:
    """The first country's mean minus the second's."""
    words = f"{countries[0].label} minus {countries[1].label}"
    return [
        Column("difference", f"Difference, {words}", POINTS, "Empty if the countries are not compared", "number"),
        Column("difference_low", "Difference, low", POINTS, f"The lower end {_INTERVAL}", "number"),
        Column("difference_high", "Difference, high", POINTS, f"The upper end {_INTERVAL}", "number"),
    ]


def in_cells(mark: Mark | None) -> list[Cell]:
    """The value of a mark and the ends of its interval."""
    return [None, None, None] if mark is None else [mark.value, mark.low, mark.high]


def mark_of(row: Row, place: int) -> Mark | None:
    """The mark of the country at a place; None where it has no datasets."""
    return next((mark for mark in row.marks if mark.place == place), None)


def describe_sample(figures: Overview) -> str:
    """How much figures are of: `US: 12,000 datasets of 40 agencies; UK: 900 datasets of 60 agencies`."""
    return "; ".join(
        f"{country.label}: {_number(country.data_sets, 'dataset', 'datasets')} of {_agencies(country)}"
        for country in figures.countries
    )


def labels(figures: Overview) -> list[str]:
    """What the shape of each country stands for, by its place, with the size of its sample."""
    return [
        f"{country.label} ({_number(country.data_sets, 'dataset', 'datasets')}, {_agencies(country)})"
        for country in figures.countries
    ]


def _agencies(country: Country) -> str:
    """`57 agencies`, or `57 agencies, 46 of them counted` where some have too few datasets for a mean over agencies."""
    number = _number(country.agencies, "agency", "agencies")
    counted = country.agencies - country.agencies_left_out
    return f"{number}, {counted:,} of them counted" if country.agencies_left_out else number


def _number(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
