"""What a minister can say from a comparison: three talking points a side, and what both countries are weak in.

Every figure is that of the charts (compare.charts.marks), so that the brief and the comparison cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ckanext.aivision.compare.charts.marks import Mark, Row, measure_rows
from ckanext.aivision.compare.estimates.figures import Measure, Overview

# A mean whose interval lies below this is called weak: less than half of what the criterion asks for.
WEAK_BELOW = 50
MOST_WEAK = 4
_SAID = "said by"

Translate = Callable[[str], str]


class Side(NamedTuple):
    """What can be said of one country, a sentence or two a point. place: 0 or 1, of its mark in charts."""

    label: str
    place: int
    points: list[str]


class WeakInBoth(NamedTuple):
    """Criteria that both countries are weak in, in words, the weakest first.

    low: the intervals of both means lie below WEAK_BELOW. hardly_said: so few records say anything that there is no
    mean.
    """

    low: list[str]
    hardly_said: list[str]


def talking_points(found: Overview, _: Translate = str) -> list[Side]:
    """Where each country is ahead, what earns it most, and where it could gain most; for countries with datasets.

    _: looks a text up in the reader's language.
    """
    dimensions = measure_rows(found.dimensions, found.countries)
    criteria = measure_rows(found.criteria, found.countries)
    weights = {row.id: row.weight for row in found.criteria}
    sides = []
    for place, country in enumerate(found.countries):
        if not country.data_sets:
            continue
        others = [row for row in found.countries if row.code != country.code]
        if empty := [row.label for row in others if not row.data_sets]:
            lead = _("There are no datasets of the {country} to compare with.").format(country=empty[0])
        else:
            lead = _lead(country.label, [row.label for row in found.countries], dimensions, criteria, _)
        means = [
            (row, mark) for row in criteria for mark in row.marks if mark.place == place and mark.value is not None
        ]
        sides.append(Side(country.label, place, [lead, *_best_and_gain(country.label, means, weights, _)]))
    return sides


def weak_in_both(found: Overview, _: Translate = str) -> WeakInBoth:
    """What both countries are weak in, at most MOST_WEAK of each sort; nothing where one has no datasets."""
    if not all(country.data_sets for country in found.countries):
        return WeakInBoth([], [])
    measures = {row.id: row for row in found.criteria}
    rows = measure_rows(found.criteria, found.countries)
    low = [row for row in rows if all(mark.high is not None and mark.high < WEAK_BELOW for mark in row.marks)]
    low.sort(key=lambda row: (max(mark.value or 0 for mark in row.marks), row.id))
    silent = [row for row in rows if all(mark.too_little.startswith(_SAID) for mark in row.marks)]
    silent.sort(key=lambda row: (_most_known(measures[row.id]), row.id))
    return WeakInBoth(
        [
            f"{_quoted(row)}: {'; '.join(f'{mark.label} {_figure(mark, _)}' for mark in row.marks)}"
            for row in low[:MOST_WEAK]
        ],
        [
            f"{_quoted(row)}: {'; '.join(f'{mark.label} {mark.too_little}' for mark in row.marks)}"
            for row in silent[:MOST_WEAK]
        ],
    )


def _lead(label: str, labels: Sequence[str], dimensions: list[Row], criteria: list[Row], _: Translate) -> str:
    """The largest lead in a dimension; where there is none, in a criterion."""
    ahead = [row for row in dimensions if row.ahead == label] or [row for row in criteria if row.ahead == label]
    if not ahead:
        return _("The figures show the {country} ahead in no dimension and in no criterion.").format(country=label)
    row = max(ahead, key=lambda row: (_distance(row), row.id))
    own, other = sorted(row.marks, key=lambda mark: mark.label != label)
    gap = row.gap
    ends = gap.ends if gap is not None else None
    return _(
        "The {country} is ahead in {title}: a mean of {own} of 100, against {other} in the {other_country} "
        "({first} minus {second} {points} points{interval})."
    ).format(
        country=label,
        title=_quoted(row),
        own=own.figure,
        other=other.figure,
        other_country=other.label,
        first=labels[0],
        second=labels[1],
        points=gap.points if gap is not None else "",
        interval=_(", 95 % interval {low} to {high}").format(low=ends[0], high=ends[1]) if ends is not None else "",
    )


def _best_and_gain(
    label: str, means: Sequence[tuple[Row, Mark]], weights: dict[str, float], _: Translate
) -> tuple[str, str]:
    """means: a country's criteria with a mean. weights: of criteria, by id."""
    if not means:
        return (
            _("Too little is known to say what {country} agencies do best.").format(country=label),
            _("Too little is known to say where {country} agencies could gain most.").format(country=label),
        )
    row, mark = max(means, key=lambda one: (weights[one[0].id] * (one[1].value or 0), one[0].id))
    best = _("By the weights of the rubric, {country} agencies earn most in {title}: {figure} of 100 ({judged}).")
    judged = _("datasets judged: {number}").format(number=f"{mark.judged:,}")
    said = best.format(country=label, title=_quoted(row), figure=_figure(mark, _), judged=judged)
    row, mark = max(means, key=lambda one: (_left(one, weights), one[0].id))
    if not _left((row, mark), weights):
        return said, _("In what can be judged, {country} agencies have nothing left to gain.").format(country=label)
    gain = _("By the same weights, {country} agencies could gain most in {title}: {figure} of 100 ({judged}).")
    judged = _("datasets judged: {number}").format(number=f"{mark.judged:,}")
    return said, gain.format(country=label, title=_quoted(row), figure=_figure(mark, _), judged=judged)


def _left(one: tuple[Row, Mark], weights: dict[str, float]) -> float:
    """What is left to full marks, by weight."""
    row, mark = one
    return weights[row.id] * (100 - (mark.value or 0))


def _distance(row: Row) -> float:
    first, second = row.marks
    return abs((first.value or 0) - (second.value or 0))


def _most_known(measure: Measure) -> float:
    return max(figures.known for figures in measure.countries.values())


def _quoted(row: Row) -> str:
    return f"“{row.title}”"


def _figure(mark: Mark, _: Translate) -> str:
    """`62.1 (60.0 to 64.2)`."""
    if mark.ends is None:
        return mark.figure
    return _("{figure} ({low} to {high})").format(figure=mark.figure, low=mark.ends[0], high=mark.ends[1])
