"""What the charts of a page show: marks, their places on a scale of 0 to 100, and the figures in words beside them.

The templates in `templates/aivision/macros/charts.html` draw these rows and write their text from the same fields, so
a drawing, its text alternative and the figures beside it cannot differ.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence

from ckanext.aivision.compare.estimates.figures import Country, Difference, Figures, Mean, Measure, Overview
from ckanext.aivision.compare.estimates.method import Interval
from ckanext.aivision.compare.estimates.verdict_sentences import format_difference

# Golden-ratio steps: neighbours in the list land far apart, and the same list always lands on the same places.
_STEP = 0.618034


@dataclasses.dataclass(frozen=True)
class Mark:
    """One country's figure, 0 to 100, with the ends of its 95 per cent interval where there is one.

    place: 0 or 1, which gives the shape and the colour. value: None where too little is known, and `too_little` says
    why then. passed: per cent of the `judged` datasets that pass in full, with its interval; None where there is no
    mean.
    """

    label: str
    place: int
    value: float | None
    low: float | None = None
    high: float | None = None
    too_little: str = ""
    passed: Mean | None = None
    judged: int = 0

    @functools.cached_property
    def figure(self) -> str:
        """The value as it is written: `62.1`, or empty."""
        return "" if self.value is None else f"{self.value:.1f}"

    @functools.cached_property
    def ends(self) -> tuple[str, str] | None:
        """The ends of the interval as they are written; None without one."""
        return None if self.low is None or self.high is None else (f"{self.low:.1f}", f"{self.high:.1f}")


@dataclasses.dataclass(frozen=True)
class Gap:
    """A difference in points as it is written, with a sign: `+2.9`, and the ends of its interval or None."""

    points: str
    ends: tuple[str, str] | None


@dataclasses.dataclass(frozen=True)
class Row:
    """One measure with a mark for each country that has datasets.

    inner: whether it belongs to the row above it. compared: whether the countries are compared in it; the marks are
    means over the `criteria` of `of_criteria` that are known for both countries then, else over everything known about
    the one country. gap: the first country minus the second. ahead: the label of the country that is ahead, or empty.
    many: whether the interval leaves out zero and still neither is called ahead, as among so many comparisons a few
    look like that by chance. reason: why they are not compared.
    """

    id: str
    title: str
    marks: tuple[Mark, ...]
    question: str = ""
    inner: bool = False
    compared: bool = False
    gap: Gap | None = None
    ahead: str = ""
    many: bool = False
    reason: str = ""
    criteria: int = 0
    of_criteria: int = 0

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw."""
        return any(mark.value is not None for mark in self.marks)


@dataclasses.dataclass(frozen=True)
class Dot:
    """One agency, at its mean score. height: 0 to 100, keeps similar scores apart."""

    id: str
    title: str
    value: float
    height: float


@dataclasses.dataclass(frozen=True)
class Strip:
    """The agencies of a country on a line, with the middle 80 per cent of them and their median."""

    label: str
    place: int
    low: float
    middle: float
    high: float
    agencies: int
    dots: tuple[Dot, ...]


def measure_rows(measures: Sequence[Measure], countries: Sequence[Country]) -> list[Row]:
    """Measures with each agency counted once: the figures on which the verdict rests.

    countries: those of the overview, in its order.
    """
    return [_measure_row(measure, countries) for measure in measures]


def data_set_rows(measures: Sequence[Measure], countries: Sequence[Country]) -> list[Row]:
    """The same measures with each dataset counted once: a second view, which says of no country that it is ahead.

    Their titles say so, as the figures are others than those of `measure_rows`.
    """
    rows = []
    for measure in measures:
        means = [measure.countries[country.code].by_data_set for country in countries]
        row = _row(measure, countries, means, measure.comparison.by_data_set)
        rows.append(dataclasses.replace(row, title=f"{row.title}, by dataset"))
    return rows


def _measure_row(measure: Measure, countries: Sequence[Country]) -> Row:
    found = measure.comparison
    means = [measure.countries[country.code].by_agency for country in countries]
    row = _row(measure, countries, means, found.by_agency)
    if not found.distinguishable or not found.by_agency.value:
        return dataclasses.replace(row, many=row.compared and bool(found.by_agency.distinguishable))
    return dataclasses.replace(row, ahead=countries[0 if found.by_agency.value > 0 else 1].label)


def _row(measure: Measure, countries: Sequence[Country], means: Sequence[Mean], gap: Difference) -> Row:
    """means: over everything known about each country; they are shown where the countries are not compared."""
    found = measure.comparison
    compared = found.distinguishable is not None
    own = [measure.countries[country.code] for country in countries]
    shown = (gap.first, gap.second) if compared else means
    return Row(
        id=measure.id,
        title=measure.title,
        question=measure.question,
        inner=bool(measure.dimension) and measure.dimension != measure.id,
        marks=tuple(
            _measured(country.label, place, mean, figures)
            for place, (country, mean, figures) in enumerate(zip(countries, shown, own, strict=True))
            if country.data_sets
        ),
        compared=compared,
        gap=Gap(signed(gap.value), _signed_ends(gap.interval)) if compared else None,
        reason="" if compared else found.note,
        criteria=found.criteria,
        of_criteria=found.of_criteria,
    )


def grade_rows(countries: Sequence[Country]) -> list[Row]:
    """The share of each grade in per cent, the mean over agencies of their own shares."""
    return _grade_rows(countries, [[row.by_agency for row in country.grades] for country in countries])


def grade_rows_by_data_set(countries: Sequence[Country]) -> list[Row]:
    """The share of each grade among all datasets, in per cent."""
    shares = [[row.by_data_set for row in country.grades] for country in countries]
    return _grade_rows(countries, [[Mean(share.value, share.interval) for share in of] for of in shares])


def _grade_rows(countries: Sequence[Country], means: Sequence[Sequence[Mean]]) -> list[Row]:
    return [
        Row(
            id=share.grade,
            title=share.grade,
            marks=tuple(
                _mark(country.label, place, of[number])
                for place, (country, of) in enumerate(zip(countries, means, strict=True))
                if country.data_sets
            ),
        )
        for number, share in enumerate(countries[0].grades)
    ]


def strip(
    label: str, place: int, spread: tuple[float, float, float], agencies: Sequence[tuple[str, str, float]]
) -> Strip:
    """Agencies on a line. spread: percentiles 10, 50 and 90 of their means. agencies: id, title and mean of each."""
    dots = (
        Dot(id, title, mean, round(100 * (number * _STEP % 1), 1)) for number, (id, title, mean) in enumerate(agencies)
    )
    return Strip(label, place, *spread, len(agencies), tuple(dots))


def strips(overview: Overview) -> list[Strip]:
    """The agencies of each country that are counted once beside each other and have a mean score."""
    found = []
    for place, country in enumerate(overview.countries):
        spread = country.spread
        if spread.p10 is None or spread.p50 is None or spread.p90 is None:
            continue
        rows = [
            (row.id, row.title, row.mean)
            for row in overview.agencies
            if row.country == country.code and row.mean is not None and row.counted
        ]
        found.append(strip(country.label, place, (spread.p10, spread.p50, spread.p90), rows))
    return found


def _measured(label: str, place: int, mean: Mean, figures: Figures) -> Mark:
    mark = _mark(label, place, mean)
    if mean.value is None:
        return dataclasses.replace(mark, too_little=figures.too_little or mean.note)
    passed = Mean(figures.passed.value, figures.passed.interval)
    return dataclasses.replace(mark, passed=passed if passed.value is not None else None, judged=figures.passed.known)


def _mark(label: str, place: int, mean: Mean) -> Mark:
    ends = mean.interval
    return Mark(label, place, mean.value, ends.low if ends else None, ends.high if ends else None)


def _signed_ends(interval: Interval | None) -> tuple[str, str] | None:
    return None if interval is None else (signed(interval.low), signed(interval.high))


def signed(value: float | None) -> str:
    """A difference as it is written on pages: `+2.9` or `−2.9`, with a minus sign, never a hyphen."""
    return format_difference(value).replace("-", "−")
