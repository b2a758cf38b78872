"""The rows of the charts, out of an overview: what is drawn, in plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ckanext.aivision.compare.figures import Figures, Mean, Measure, Overview

Row = dict[str, Any]

BY_PUBLISHER = "Each publisher counts once"
BY_DATA_SET = "Each data set counts once"
# Golden-ratio steps: neighbours in the list land far apart, and the same list always lands on the same places.
_STEP = 0.618034


def country_labels(overview: Overview) -> dict[str, str]:
    """What a country is called in a chart's key, with the size of its sample; those without data sets are left out."""
    return {
        row.code: f"{row.label} ({row.data_sets:,} data sets, {row.publishers:,} publishers)"
        for row in overview.countries
        if row.data_sets
    }


def mean_rows(overview: Overview, measures: Sequence[Measure]) -> list[Row]:
    """One row a measure, country and way to count; measures of which nothing is known in a country have none there."""
    labels = country_labels(overview)
    dimension_titles = {row.id: row.title for row in overview.dimensions}
    rows: list[Row] = []
    for measure in measures:
        for code, label in labels.items():
            for count, mean in _both(measure.countries[code]):
                if mean.value is None:
                    continue
                interval = mean.interval
                rows.append(
                    {
                        "measure": measure.title,
                        "dimension": dimension_titles.get(measure.dimension, ""),
                        "country": label,
                        "count": count,
                        "value": mean.value,
                        "low": interval.low if interval else mean.value,
                        "high": interval.high if interval else mean.value,
                    }
                )
    return rows


def publisher_rows(overview: Overview) -> list[Row]:
    """One row a publisher with a score; `place` 0 to 1 keeps dots of similar means apart."""
    names = {row.code: row.label for row in overview.countries}
    return [
        {
            "country": names[row.country],
            "publisher": row.name,
            "data_sets": row.data_sets,
            "value": row.mean,
            "place": (index * _STEP) % 1,
        }
        for index, row in enumerate(overview.publishers)
        if row.mean is not None
    ]


def spread_rows(overview: Overview) -> list[Row]:
    """One row a country: percentiles 10, 50 and 90 of its publishers' means."""
    return [
        {"country": row.label, "low": row.spread.p10, "middle": row.spread.p50, "high": row.spread.p90}
        for row in overview.countries
        if row.spread.publishers
    ]


def grade_rows(overview: Overview) -> list[Row]:
    """One row a country, way to count and grade that occurs: where its part of the bar starts and ends, per cent."""
    rows: list[Row] = []
    for country in overview.countries:
        if not country.data_sets:
            continue
        for count, shares in (
            (BY_PUBLISHER, [grade.by_publisher for grade in country.grades]),
            (BY_DATA_SET, [grade.by_data_set.value for grade in country.grades]),
        ):
            start = 0.0
            for grade, share in zip(country.grades, shares, strict=True):
                if share:
                    rows.append(
                        {
                            "country": country.label,
                            "count": count,
                            "grade": grade.grade,
                            "share": share,
                            "start": start,
                            "end": min(100.0, start + share),
                            "middle": start + share / 2,
                        }
                    )
                    start += share
    return rows


def describe_means(overview: Overview, measures: Sequence[Measure], what: str) -> str:
    """A chart of means in words, for those who cannot see it: the figures by publisher."""
    labels = {row.code: row.label for row in overview.countries if row.data_sets}
    told = []
    for measure in measures:
        values = ((label, measure.countries[code].by_publisher.value) for code, label in labels.items())
        told.append(f"{measure.title}: " + ", ".join(f"{label} {_number(value)}" for label, value in values))
    return f"Mean score {what}, each publisher counting once. " + "; ".join(told) + "."


def describe_publishers(overview: Overview) -> str:
    told = [
        f"{row['country']}: half of the publishers have a mean below {_number(row['middle'])}, "
        f"eight in ten lie between {_number(row['low'])} and {_number(row['high'])}"
        for row in spread_rows(overview)
    ]
    return "Mean score of each publisher. " + "; ".join(told) + "."


def describe_grades(overview: Overview) -> str:
    told = []
    for country in overview.countries:
        if country.data_sets:
            shares = ", ".join(f"{grade.grade} {_number(grade.by_data_set.value)} %" for grade in country.grades)
            told.append(f"{country.label}: {shares}")
    return "Share of data sets with each grade. " + "; ".join(told) + "."


def _both(figures: Figures) -> Iterator[tuple[str, Mean]]:
    yield BY_PUBLISHER, figures.by_publisher
    yield BY_DATA_SET, figures.by_data_set


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:.0f}"
