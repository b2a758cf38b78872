"""The data rows of the charts, as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ckanext.aivision.compare.estimates.figures import Mean, Measure, Overview
from ckanext.aivision.compare.tallies.known_share import TOO_LITTLE, percent

Row = dict[str, Any]

BY_AGENCY = "Each agency counts once"
BY_DATA_SET = "Each dataset counts once"
# Golden-ratio steps: neighbours in the list land far apart, and the same list always lands on the same places.
_STEP = 0.618034


def country_labels(overview: Overview) -> dict[str, str]:
    """What a country is called in a chart's key, with the size of its sample; those without datasets are left out."""
    return {
        row.code: f"{row.label} ({row.data_sets:,} datasets, {row.agencies:,} agencies)"
        for row in overview.countries
        if row.data_sets
    }


def mean_rows(overview: Overview, measures: Sequence[Measure]) -> list[Row]:
    """One row a measure, country and way to count, over what is known on both sides.

    A measure that is not compared has its means over all that is known in each country, and is marked so. There is no
    row where too little is known in a country (compare.tallies.known_share): its figures have no mean.
    """
    labels = country_labels(overview)
    dimension_titles = {row.id: row.title for row in overview.dimensions}
    return [
        {
            "measure": measure.title,
            "dimension": dimension_titles.get(measure.dimension, ""),
            "country": label,
            "count": count,
            "value": mean.value,
            "low": mean.interval.low if mean.interval else mean.value,
            "high": mean.interval.high if mean.interval else mean.value,
            "compared": measure.comparison.distinguishable is not None or len(labels) < 2,
        }
        for measure in measures
        for code, label in labels.items()
        for count, mean in _means(overview, measure, code)
        if mean.value is not None
    ]


def agency_rows(overview: Overview) -> list[Row]:
    """One row an agency that is counted and has a score; `place` 0 to 1 keeps dots of similar means apart."""
    names = {row.code: row.label for row in overview.countries}
    return [
        {
            "country": names[row.country],
            "agency": row.title,
            "data_sets": row.data_sets,
            "value": row.mean,
            "place": (index * _STEP) % 1,
        }
        for index, row in enumerate(overview.agencies)
        if row.mean is not None and row.counted
    ]


def spread_rows(overview: Overview) -> list[Row]:
    """One row a country: percentiles 10, 50 and 90 of its agencies' means."""
    rows: list[Row] = []
    for country in overview.countries:
        spread = country.spread
        if spread.agencies:
            ends = f"{_number(spread.p10)} to {_number(spread.p90)}"
            told = f"Median {_number(spread.p50)}; four in five agencies from {ends}"
            rows.append(
                {"country": country.label, "low": spread.p10, "middle": spread.p50, "high": spread.p90, "told": told}
            )
    return rows


def grade_rows(overview: Overview) -> list[Row]:
    """One row a country, way to count and grade that occurs: where its part of the bar starts and ends, per cent."""
    rows: list[Row] = []
    for country in overview.countries:
        if not country.data_sets:
            continue
        for count, shares in (
            (BY_AGENCY, [grade.by_agency.value for grade in country.grades]),
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
    """A chart of means in words, for those who cannot see it: its marks by agency, and which country is ahead."""
    labels = {row.code: row.label for row in overview.countries if row.data_sets}
    told = [f"{measure.title}: {_describe_measure(overview, measure, labels)}" for measure in measures]
    return f"Mean score {what}, counting each agency once, with intervals in brackets. " + "; ".join(told) + "."


def _describe_measure(overview: Overview, measure: Measure, labels: Mapping[str, str]) -> str:
    means = {label: next(_means(overview, measure, code))[1] for code, label in labels.items()}
    if all(mean.value is None for mean in means.values()):
        return TOO_LITTLE
    told = [f"{label} {_describe_mean(mean)}" for label, mean in means.items()]
    return ", ".join([*told, measure.comparison.verdict] if len(labels) > 1 else told)


def _describe_mean(mean: Mean) -> str:
    if mean.value is None:
        return TOO_LITTLE
    interval = f" ({mean.interval.low:.1f} to {mean.interval.high:.1f})" if mean.interval else ""
    return f"{mean.value:.1f}{interval}"


def describe_agencies(overview: Overview) -> str:
    told = [
        f"{row['country']}: half of the agencies have a mean below {_number(row['middle'])}, "
        f"four in five are between {_number(row['low'])} and {_number(row['high'])}"
        for row in spread_rows(overview)
    ]
    return "Mean score of each agency. " + "; ".join(told) + "."


def describe_grades(overview: Overview) -> str:
    """The bars in words: the grades that occur, counted in both ways."""
    bars: dict[tuple[str, str], list[str]] = {}
    for row in grade_rows(overview):
        bars.setdefault((row["country"], row["count"]), []).append(f"{row['grade']} {percent(row['share'], 100)}")
    told = [f"{country}, {count[0].lower()}{count[1:]}: {', '.join(parts)}" for (country, count), parts in bars.items()]
    return "Share of datasets with each grade. " + "; ".join(told) + "."


def _means(overview: Overview, measure: Measure, code: str) -> Iterator[tuple[str, Mean]]:
    first = code == overview.countries[0].code
    figures = measure.countries[code]
    for count, found, own in (
        (BY_AGENCY, measure.comparison.by_agency, figures.by_agency),
        (BY_DATA_SET, measure.comparison.by_data_set, figures.by_data_set),
    ):
        compared = found.first if first else found.second
        yield count, own if found.value is None else compared


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:.0f}"
