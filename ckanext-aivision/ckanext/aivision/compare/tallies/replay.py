"""Recalculate the tallies of earlier days from the points of their datasets. Pure: no clock, no I/O."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ckanext.aivision.compare.tallies.points import RunningTally
from ckanext.aivision.compare.tallies.tally import Tally


class Event(NamedTuple):
    """A change of one dataset on a day.

    point: as `compare.tallies.points.to_point` makes it; None if the dataset is no longer public.
    """

    on: datetime.date
    package_id: str
    publisher: str
    point: str | None


class Day(NamedTuple):
    """A tally at the end of a day. publisher: None for the whole country, of so many publishers."""

    day: datetime.date
    publisher: str | None
    tally: Tally
    publishers: int


class Folding:
    """The datasets of one country as they are on a day that moves on."""

    def __init__(self, country: str, rubric_version: str, criteria: Sequence[str]) -> None:
        """criteria: the ids of that version's criteria of the metadata, in its order."""
        self._country, self._version, self._criteria = country, rubric_version, criteria
        self._whole = RunningTally(criteria)
        self._publishers: dict[str, RunningTally] = {}
        self._now: dict[str, Event] = {}

    def days(self, events: Iterable[Event], wanted: Mapping[datetime.date, Collection[str]]) -> Iterator[Day]:
        """The tallies of the country on the wanted days, and of the publishers wanted on each.

        events: in the order of their days. wanted: publishers by day.
        """
        coming = iter(events)
        event = next(coming, None)
        for day in sorted(wanted):
            while event is not None and event.on <= day:
                self._take(event)
                event = next(coming, None)
            for publisher in sorted(wanted[day]):
                yield self._at(day, publisher, self._publishers.get(publisher, RunningTally(self._criteria)))
            yield self._at(day, None, self._whole)

    def _take(self, event: Event) -> None:
        before = self._now.pop(event.package_id, None)
        if before is not None:
            self._count(before, -1)
        if event.point is not None:
            self._now[event.package_id] = event
            self._count(event, 1)

    def _count(self, event: Event, times: int) -> None:
        assert event.point is not None
        if event.publisher not in self._publishers:
            self._publishers[event.publisher] = RunningTally(self._criteria)
        for tally in (self._whole, self._publishers[event.publisher]):
            tally.count(event.point, event.on, times)

    def _at(self, day: datetime.date, publisher: str | None, counted: RunningTally) -> Day:
        tally = counted.tally(self._country, publisher or "", self._version, day)
        publishers = sum(found.data_sets > 0 for found in self._publishers.values()) if publisher is None else 1
        return Day(day, publisher, tally, publishers)
