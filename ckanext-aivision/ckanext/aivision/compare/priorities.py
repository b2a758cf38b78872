"""What to work on, from a comparison: learn from the other, weak in both, not known with today's formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ckanext.aivision.compare.estimates.figures import Measure, Overview
from ckanext.aivision.compare.estimates.method import Interval
from ckanext.aivision.scoring.rubric import Criterion, Rubric

# Points: weak is a criterion whose interval lies below this in both countries.
WEAK = 50
# Where a standard has a field for what today's formats cannot say.
STANDARDS = {"dcat-us-3.0": "DCAT-US 3.0", "uk-metadata-exchange": "UK Cross-Government Metadata Exchange Model"}
_FREE_TEXT = frozenset({"title", "description", "rights"})
# Fields that hold the answer to no criterion by themselves, though several look at them.
_BESIDE = frozenset({"access_rights", "landing_page", "publisher", "profile", "country", "identifier"})


class Side(NamedTuple):
    """A country in a criterion. mean, interval: 0 to 100 points, each agency counted once; None where not known.

    data_sets, agencies: that could be judged. gain: points that its mean score would rise by, about; None if that
    cannot be said. said: why there is no mean, such as `said by 2 % of datasets (605 of 29,026)`.
    """

    code: str
    label: str
    mean: float | None
    interval: Interval | None
    data_sets: int
    agencies: int
    gain: float | None
    said: str = ""


class Gap(NamedTuple):
    """A criterion in which one country is surely ahead. gap: how many points; interval: of the gap, above 0.
    p: corrected for the number of criteria (Holm)."""

    criterion: Criterion
    ahead: Side
    behind: Side
    gap: float
    interval: Interval
    p: float


class Weak(NamedTuple):
    """A criterion in which both are weak. sides: both countries, in the comparison's order."""

    criterion: Criterion
    sides: tuple[Side, Side]


class Unknown(NamedTuple):
    """A criterion that cannot be compared as too little is known. reason: why, as the comparison has it.
    standards: names of those that have a field for it. weight: its share of all weight, per cent."""

    criterion: Criterion
    sides: tuple[Side, Side]
    reason: str
    standards: tuple[str, ...]
    weight: float


class Priorities(NamedTuple):
    """Each the most rewarding first. A criterion may be a gap and weak in both; none of them is unknown."""

    gaps: list[Gap]
    weak: list[Weak]
    unknown: list[Unknown]


def priorities(overview: Overview, rubric: Rubric) -> Priorities:
    """The three lists. All are empty where there are not two countries with datasets."""
    if len([country for country in overview.countries if country.data_sets]) < 2:
        return Priorities([], [], [])
    rows = {row.id: row for row in rubric.criteria}
    measures = [measure for measure in overview.criteria if measure.id in rows]
    shares = {country.code: _shares(measures, country.code) for country in overview.countries}
    gaps, weak, unknown = [], [], []
    for measure in measures:
        row = rows[measure.id]
        if measure.comparison.distinguishable is None:
            if not _applies_nowhere(measure):
                unknown.append(_unknown(measure, row, overview, rubric))
            continue
        if (gap := _gap(measure, row, overview, shares)) is not None:
            gaps.append(gap)
        if (both := _weak(measure, row, overview, shares)) is not None:
            weak.append(both)
    return Priorities(
        sorted(gaps, key=lambda one: (-(one.behind.gain or 0), one.criterion.id)),
        sorted(weak, key=lambda one: (-sum(side.gain or 0 for side in one.sides), one.criterion.id)),
        sorted(unknown, key=lambda one: (-one.weight, one.criterion.id)),
    )


def _gap(measure: Measure, row: Criterion, overview: Overview, shares: Mapping[str, Mapping[str, float]]) -> Gap | None:
    comparison = measure.comparison
    found, p = comparison.by_agency, comparison.corrected
    if not comparison.distinguishable or found.value is None or found.interval is None or p is None:
        return None
    size, ends = abs(found.value), found.interval
    first, second = (
        _side(measure, overview, place, size * shares[country.code][measure.id] / 100)
        for place, country in enumerate(overview.countries)
    )
    if found.value > 0:
        return Gap(row, first._replace(gain=None), second, size, ends, p)
    return Gap(row, second._replace(gain=None), first, size, Interval(-ends.high, -ends.low), p)


def _weak(
    measure: Measure, row: Criterion, overview: Overview, shares: Mapping[str, Mapping[str, float]]
) -> Weak | None:
    means = (measure.comparison.by_agency.first, measure.comparison.by_agency.second)
    if any(mean.value is None or mean.interval is None or mean.interval.high >= WEAK for mean in means):
        return None
    first, second = (
        _side(
            measure,
            overview,
            place,
            (100 - (mean.value or 0)) * shares[overview.countries[place].code][measure.id] / 100,
        )
        for place, mean in enumerate(means)
    )
    return Weak(row, (first, second))


def _unknown(measure: Measure, row: Criterion, overview: Overview, rubric: Rubric) -> Unknown:
    own = set(row.needs) - _FREE_TEXT - _BESIDE
    carrying = tuple(
        title
        for name, title in STANDARDS.items()
        if any(_carries(rubric.profiles.get(name, frozenset()), field) for field in own)
    )
    total = sum(one.weight for one in rubric.criteria)
    first, second = (_side(measure, overview, place, None) for place in range(2))
    return Unknown(row, (first, second), measure.comparison.note, carrying, 100 * row.weight / total)


def _carries(profile: frozenset[str], field: str) -> bool:
    """Of a distribution alone nothing follows: every standard has those."""
    return field != "distribution" and field in profile


def _applies_nowhere(measure: Measure) -> bool:
    """Whether the question is put to no dataset of a country: then it is no gap in knowledge."""
    return measure.comparison.note.startswith("applies to none")


def _side(measure: Measure, overview: Overview, place: int, gain: float | None) -> Side:
    country = overview.countries[place]
    figures = measure.countries[country.code]
    difference = measure.comparison.by_agency
    compared = (difference.first, difference.second)[place]
    mean = compared if measure.comparison.distinguishable is not None else figures.by_agency
    return Side(
        country.code,
        country.label,
        mean.value,
        mean.interval,
        figures.passed.known,
        figures.agencies,
        gain,
        figures.too_little,
    )


def _shares(measures: Sequence[Measure], code: str) -> dict[str, float]:
    """The share of each criterion, per cent, in what a country's scores are made of: its weight where it is known."""
    known = {measure.id: measure.weight * measure.countries[code].known / 100 for measure in measures}
    total = sum(known.values()) or 1.0
    return {id: 100 * part / total for id, part in known.items()}
