"""Where two neighbouring points of a series are not of the same rubric or of the same sample."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ckanext.aivision.compare.series.points import Point, SourceSize

# Of the number of datasets: a change by more is a seam. Per cent.
MOST_CHANGE = 10


class Seam(NamedTuple):
    """What changed between the point of the day `before` and that of `day`, of a country or an agency.

    rubric: the versions before and after; None if it is the same. new, gone: names of sources. data_sets: how many
    there were before and after, if that changed by more than 10 per cent; None if not.
    """

    before: datetime.date
    day: datetime.date
    country: str
    rubric: tuple[str, str] | None
    new: tuple[str, ...]
    gone: tuple[str, ...]
    data_sets: tuple[int, int] | None

    @property
    def of_sample(self) -> bool:
        """Whether the sample changed, whatever the rubric."""
        return bool(self.new or self.gone or self.data_sets)


def find_seams(points: Sequence[Point], sources: Sequence[SourceSize]) -> list[Seam]:
    """The seams between the points of one series, the oldest first.

    points: of one series, the oldest first. sources: of the same country or agency; where nothing is known of the
    sources on the earlier day, none counts as new.
    """
    found = []
    for before, after in itertools.pairwise(points):
        had, has = _sources_on(before.day, sources), _sources_on(after.day, sources)
        rubric = (before.rubric_version, after.rubric_version)
        seam = Seam(
            before=before.day,
            day=after.day,
            country=after.country,
            rubric=rubric if rubric[0] != rubric[1] else None,
            new=tuple(sorted(has - had)) if had else (),
            gone=tuple(sorted(had - has)),
            data_sets=_sizes(before.data_sets, after.data_sets),
        )
        if seam.rubric or seam.of_sample:
            found.append(seam)
    return found


def between(points: Sequence[Point], first: datetime.date | None, last: datetime.date | None) -> list[Point]:
    """The points from one day to another, both included, and the one that the first day begins with.

    A series keeps its value until its next point, so that the last point before `first` is part of it.
    """
    upto = [point for point in points if last is None or point.day <= last]
    if first is None:
        return upto
    earlier = [point for point in upto if point.day < first]
    begun = any(point.day == first for point in upto)
    return [*(earlier[-1:] if not begun else []), *(point for point in upto if point.day >= first)]


def thinned(points: Sequence[Point], most: int) -> tuple[list[Point], str]:
    """The last point of each week, month or year if there are more than `most`, and which of these; empty if all."""
    spans: tuple[tuple[str, Callable[[datetime.date], object]], ...] = (
        ("week", lambda day: day.isocalendar()[:2]),
        ("month", lambda day: (day.year, day.month)),
        ("year", lambda day: day.year),
    )
    if len(points) <= most:
        return list(points), ""
    by_span = [(name, {span(point.day): point for point in points}) for name, span in spans]
    name, last = next((found for found in by_span if len(found[1]) <= most), by_span[-1])
    return list(last.values())[-most:], name


def _sources_on(day: datetime.date, sources: Sequence[SourceSize]) -> set[str]:
    """The sources that had datasets on a day; empty where nothing is stored of the day or before it."""
    sizes: dict[str, int] = {}
    for row in sources:
        if row.day <= day:
            sizes[row.source] = row.data_sets
    return {source for source, size in sizes.items() if size}


def _sizes(before: int, after: int) -> tuple[int, int] | None:
    return (before, after) if before and 100 * abs(after - before) > MOST_CHANGE * before else None
