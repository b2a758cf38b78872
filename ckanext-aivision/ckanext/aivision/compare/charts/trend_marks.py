"""What the chart of a series over time shows: marks, steps between them, seams and the sizes of the sample.

The template `trend` of `templates/aivision/macros/charts.html` draws these and writes its text alternative from the
same fields.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence

from ckanext.aivision.compare.charts.marks import Mark
from ckanext.aivision.compare.series.points import Point
from ckanext.aivision.compare.series.seams import Seam


@dataclasses.dataclass(frozen=True)
class TrendDot:
    """One point. across: per cent of the time shown. mark: its figure and interval. former: of an earlier rubric.

    size: of the sample, per cent of the largest one of the same line.
    """

    day: datetime.date
    across: float
    mark: Mark
    former: bool
    data_sets: int
    size: float


@dataclasses.dataclass(frozen=True)
class TrendStep:
    """A line from one mark to the next: on its level until the next day, then up or down. Per cent of the time, and
    values of 0 to 100. rise: None where the rubric changed, as values on both sides are not of one scale. broken:
    whether the sample changed there."""

    start: float
    end: float
    value: float
    rise: float | None
    broken: bool


@dataclasses.dataclass(frozen=True)
class TrendLine:
    """The series of one country or agency; place 0 or 1 gives shape and colour."""

    label: str
    place: int
    dots: tuple[TrendDot, ...]
    steps: tuple[TrendStep, ...]


@dataclasses.dataclass(frozen=True)
class TrendSeam:
    """The seams of one day: number as beside their words in the list. seams: each with the label of its line."""

    number: int
    across: float
    day: datetime.date
    seams: tuple[tuple[str, Seam], ...]


@dataclasses.dataclass(frozen=True)
class TrendChart:
    """first, last: the days at both ends."""

    first: datetime.date
    last: datetime.date
    lines: tuple[TrendLine, ...]
    seams: tuple[TrendSeam, ...]


@dataclasses.dataclass(frozen=True)
class TrendSeries:
    """What a chart is made of: the points of one series, the oldest first, and its seams."""

    label: str
    place: int
    points: Sequence[Point]
    seams: Sequence[Seam]


def trend_chart(
    series: Sequence[TrendSeries], version: str, first: datetime.date | None, last: datetime.date
) -> TrendChart | None:
    """The chart of some series; None if they have no point.

    version: the current one of the rubric; points of others are drawn as former ones. first: the day that the chart
    begins with; None for that of the first point. last: the day that it ends with, which lines reach where they still
    hold.
    """
    points = [point for one in series for point in one.points]
    if not points:
        return None
    start = first or min(point.day for point in points)
    end = max(last, start)
    days = (end - start).days

    def across(day: datetime.date) -> float:
        share = (day - start).days / days if days else 0.5
        return round(100 * min(max(share, 0.0), 1.0), 2)

    by_day: dict[datetime.date, list[tuple[str, Seam]]] = {}
    for one in series:
        for seam in one.seams:
            by_day.setdefault(seam.day, []).append((one.label, seam))
    return TrendChart(
        first=start,
        last=end,
        lines=tuple(_line(one, across, version, days > 0) for one in series if one.points),
        seams=tuple(
            TrendSeam(number, across(day), day, tuple(by_day[day]))
            for number, day in enumerate(sorted(by_day), start=1)
        ),
    )


def _line(series: TrendSeries, across: Callable[[datetime.date], float], version: str, has_length: bool) -> TrendLine:
    """has_length: whether the time shown is longer than its first day."""
    largest = max(point.data_sets for point in series.points)
    dots = tuple(
        TrendDot(
            day=point.day,
            across=across(point.day),
            mark=Mark(series.label, series.place, point.value, point.low, point.high, point.too_little),
            former=point.rubric_version != version,
            data_sets=point.data_sets,
            size=round(100 * point.data_sets / largest, 2) if largest else 0.0,
        )
        for point in series.points
    )
    seams = {seam.day: seam for seam in series.seams}
    steps = []
    for dot, after in zip(dots, (*dots[1:], None), strict=True):
        if dot.mark.value is None:
            continue
        if after is None:
            if has_length and not dot.former:
                steps.append(TrendStep(dot.across, 100.0, dot.mark.value, None, broken=False))
            continue
        seam = seams.get(after.day)
        rise = None if seam is not None and seam.rubric else after.mark.value
        broken = seam is not None and seam.of_sample
        steps.append(TrendStep(dot.across, after.across, dot.mark.value, rise, broken))
    return TrendLine(series.label, series.place, dots, tuple(steps))
