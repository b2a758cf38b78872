"""The rows of a criterion's page: the share of datasets that pass it, by country and by agency."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.aivision.compare.charts.marks import Mark, Row
from ckanext.aivision.compare.estimates.figures import Country, Figures, Measure, Overview
from ckanext.aivision.compare.tallies.known_share import reason_without_mean
from ckanext.aivision.compare.tallies.tally import CriterionTally


@dataclasses.dataclass(frozen=True)
class AgencyPassing:
    """An agency's row with one mark: per cent of its judged datasets that pass in full.

    passed of judged: numbers of datasets; data_sets: all that it has.
    """

    row: Row
    passed: int
    judged: int
    data_sets: int


def passing_row(measure: Measure, countries: Sequence[Country], title: str) -> Row:
    """A criterion's share of judged datasets that pass in full, in each country that has datasets.

    countries: those of the overview, in its order. title: of the row.
    """
    marks = (
        _passing_mark(country.label, place, measure.countries[country.code])
        for place, country in enumerate(countries)
        if country.data_sets
    )
    return Row(id=measure.id, title=title, marks=tuple(marks))


def agency_passing_rows(
    overview: Overview, country: str, shares: Sequence[Mapping[str, Any]], most: int
) -> list[AgencyPassing]:
    """The agencies of a country that have datasets enough to count beside others, those with the most first.

    country: its code. shares: of `snapshot.answers.criteria.agency_shares`. most: how many rows there are at most.
    """
    place, label = next((n, row.label) for n, row in enumerate(overview.countries) if row.code == country)
    by_id = {row["id"]: row for row in shares}
    found = [row for row in overview.agencies if row.country == country and row.counted and row.id in by_id]
    return [_agency_passing(by_id[row.id], Mark(label, place, None), row.data_sets) for row in found[:most]]


def _passing_mark(label: str, place: int, figures: Figures) -> Mark:
    share, ends = figures.passed, figures.passed.interval
    if share.value is None or figures.too_little:
        return Mark(label, place, None, too_little=figures.too_little)
    return Mark(label, place, share.value, ends.low if ends else None, ends.high if ends else None, judged=share.known)


def _agency_passing(share: Mapping[str, Any], mark: Mark, data_sets: int) -> AgencyPassing:
    parts = ("passed", "partial", "failed", "unknown", "not_applicable")
    counts = CriterionTally(**{part: share[part] for part in parts})
    reason = reason_without_mean(counts)
    value = None if reason else round(100 * counts.passed / counts.known, 2)
    row = Row(
        id=str(share["id"]),
        title=str(share["title"]),
        marks=(dataclasses.replace(mark, value=value, too_little=reason, judged=counts.known),),
    )
    return AgencyPassing(row, counts.passed, counts.known, data_sets)
