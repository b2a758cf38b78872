"""How many datasets each rule has placed, at which agency, and what could not be placed."""

from __future__ import annotations

from collections import Counter

import msgspec

from ckanext.aivision.agencies.placement import RULES, Placement, Rule
from ckanext.aivision.agencies.register import LEVELS, Agency, Level


class AgencyCount(msgspec.Struct, frozen=True):
    """publishers: how many different ones its datasets name."""

    id: str
    title: str
    level: Level
    parent: str
    datasets: int
    publishers: int


class Unplaced(msgspec.Struct, frozen=True):
    """Datasets of one publisher and source that belong to no known agency. publisher: as written; empty if none is."""

    country: str
    publisher: str
    source: str
    datasets: int


class PlacementCounts(msgspec.Struct, frozen=True):
    """datasets: all; placed: those with an agency. rules, levels: placed datasets by each, zeros too.

    agencies and unplaced: the largest first.
    """

    datasets: int
    placed: int
    rules: dict[Rule, int]
    levels: dict[Level, int]
    agencies: list[AgencyCount]
    unplaced: list[Unplaced]


class PlacementTally:
    """Counts placements one by one."""

    def __init__(self) -> None:
        self._rules: Counter[str] = Counter()
        self._agencies: dict[str, Agency] = {}
        self._datasets: Counter[str] = Counter()
        self._publishers: dict[str, set[str]] = {}
        self._unplaced: Counter[tuple[str, str, str]] = Counter()

    def add(self, placement: Placement, country: str, publisher: str, source: str) -> None:
        """Counts one dataset. country, publisher: as its record says; source: the name of where it came from."""
        agency = placement.agency
        if agency is None:
            self._unplaced[country, publisher, source] += 1
            return
        self._rules[placement.rule] += 1
        self._agencies[agency.id] = agency
        self._datasets[agency.id] += 1
        publishers = self._publishers.setdefault(agency.id, set())
        if placement.publisher is not None:
            publishers.add(placement.publisher.id)

    def counts(self) -> PlacementCounts:
        """What was counted so far."""
        placed = self._datasets.total()
        levels = Counter(dict.fromkeys(LEVELS, 0))
        for id, count in self._datasets.items():
            levels[self._agencies[id].level] += count
        return PlacementCounts(
            datasets=placed + self._unplaced.total(),
            placed=placed,
            rules={rule: self._rules[rule] for rule in RULES},
            levels=dict(levels),
            agencies=[
                self._count(id) for id, _ in sorted(self._datasets.items(), key=lambda item: (-item[1], item[0]))
            ],
            unplaced=[
                Unplaced(country, publisher, source, count)
                for (country, publisher, source), count in sorted(
                    self._unplaced.items(), key=lambda item: (-item[1], item[0])
                )
            ],
        )

    def _count(self, id: str) -> AgencyCount:
        agency = self._agencies[id]
        return AgencyCount(id, agency.title, agency.level, agency.parent, self._datasets[id], len(self._publishers[id]))
