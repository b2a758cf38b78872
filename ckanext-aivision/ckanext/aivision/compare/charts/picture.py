"""A chart to take away, as plain values: what it shows, and all that is said beside it. `draw` makes an image of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from ckanext.aivision.compare.charts.marks import Mark, Row
from ckanext.aivision.compare.charts.trend_marks import TrendChart, TrendDot

Form = Literal["svg", "png"]
# A text alternative that nobody listens to the end of says less than a short one.
_MOST_DESCRIBED = 12


class Group(msgspec.Struct, frozen=True):
    """Rows below a heading, which may be empty."""

    title: str
    rows: Sequence[Row]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """labels: what each shape stands for, with sample sizes, by the marks' places. scale: of 0 to 100, in words.

    notes: lines above the chart, on how to read it. footer: lines below it: source, moment and versions.
    unit: behind each figure, such as ` %`. bars: whether bars from zero are drawn. verdicts: whether each row says
    which country is ahead. trend: a series over time, with a label for each of its lines; it has no groups.
    """

    title: str
    labels: Sequence[str]
    scale: str
    groups: Sequence[Group]
    notes: Sequence[str] = ()
    footer: Sequence[str] = ()
    unit: str = ""
    bars: bool = False
    verdicts: bool = False
    trend: TrendChart | None = None


def describe(picture: Picture) -> str:
    """The picture in words: its title, and the figures of its first rows, or of the ends of its lines."""
    if picture.trend is not None:
        lines = [f"{line.label}: {_ends(line.dots)}" for line in picture.trend.lines]
        return f"{picture.title}. {picture.scale}. {'; '.join(lines)}."
    rows = [row for group in picture.groups for row in group.rows]
    said = [f"{row.title}: {', '.join(_in_words(picture, row))}" for row in rows[:_MOST_DESCRIBED]]
    more = f"; and {len(rows) - _MOST_DESCRIBED} more" if len(rows) > _MOST_DESCRIBED else ""
    return f"{picture.title}. {picture.scale}. {'; '.join(said)}{more}."


def figure(mark: Mark, unit: str = "") -> str:
    """A mark's figure with its interval: `62.1 (60.0 to 64.2)`, or why there is none."""
    if mark.value is None:
        return mark.too_little or "not known"
    ends = f" ({mark.ends[0]} to {mark.ends[1]})" if mark.ends else ""
    return f"{mark.figure}{unit}{ends}"


def verdict(row: Row) -> str:
    """Which country is ahead in a row, in words, with the difference."""
    if not row.compared or row.gap is None:
        return "not compared"
    ends = f" ({row.gap.ends[0]} to {row.gap.ends[1]})" if row.gap.ends else ""
    return f"{f'{row.ahead} ahead' if row.ahead else 'cannot be told apart'}: {row.gap.points}{ends}"


def _ends(dots: Sequence[TrendDot]) -> str:
    """The first and the last figure, with their days."""
    ends = [dots[0], *dots[-1:]] if len(dots) > 1 else dots
    return ", ".join(f"{figure(dot.mark)} on {dot.day.day} {dot.day:%B %Y}" for dot in ends)


def _in_words(picture: Picture, row: Row) -> Iterator[str]:
    for mark in row.marks:
        yield f"{mark.label} {figure(mark, picture.unit)}"
    if picture.verdicts:
        yield verdict(row)
