"""Keep the best of many candidates for every agency and every value of a filter, and choose those that are shown."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

# What so many of the datasets that were read say word for word is a boilerplate, and no example.
MOST_REPEATS = 3
# Of a criterion, country and value of a filter: agencies, and candidates of each.
_MOST_AGENCIES, _MOST_OF_AGENCY = 6, 3
# Shown of a criterion in a country, and of one agency where there are not enough agencies.
MOST_SHOWN, LEAST_SHOWN, _MOST_SHOWN_OF_AGENCY = 5, 3, 2


class Candidate(NamedTuple):
    """key: what it shows, by which two are the same. excerpt: exemplars.excerpts.Excerpt.part as JSON. day: of the
    last change that the record states, or of its publication; empty if it states none."""

    criterion: str
    id: str
    agency: str
    quality: float
    key: str
    place: str
    evidence: str
    excerpt: str
    day: str


class Shelves:
    """The best candidates, by criterion and by each value that readers may filter by."""

    def __init__(self) -> None:
        self._repeats: Counter[tuple[str, str]] = Counter()
        self._shelves: dict[tuple[str, ...], dict[str, list[tuple[float, str, Candidate]]]] = defaultdict(dict)

    def put(self, candidate: Candidate, labels: Iterable[tuple[str, ...]]) -> None:
        """labels: of the shelves that it belongs on, such as `("GB", "theme", "health")`."""
        self._repeats[candidate.criterion, candidate.key] += 1
        for label in labels:
            shelf = (candidate.criterion, *label)
            _insert(self._shelves[shelf], candidate)

    def repeats(self, candidate: Candidate) -> int:
        """How many of the datasets that were put here show the same."""
        return self._repeats[candidate.criterion, candidate.key]

    def candidates(self) -> Iterator[Candidate]:
        """Each candidate once."""
        seen: set[tuple[str, str]] = set()
        for shelf in self._shelves.values():
            for row in shelf.values():
                for _, _, candidate in row:
                    if (candidate.criterion, candidate.id) not in seen:
                        seen.add((candidate.criterion, candidate.id))
                        yield candidate


def _insert(shelf: dict[str, list[tuple[float, str, Candidate]]], candidate: Candidate) -> None:
    row = shelf.get(candidate.agency)
    if row is None:
        if len(shelf) >= _MOST_AGENCIES:
            worst = min(shelf, key=lambda agency: shelf[agency][-1][0])
            if shelf[worst][-1][0] >= candidate.quality:
                return
            del shelf[worst]
        row = shelf[candidate.agency] = []
    if any(one.key == candidate.key for _, _, one in row):
        return
    bisect.insort(row, (candidate.quality, candidate.id, candidate))
    if len(row) > _MOST_OF_AGENCY:
        del row[0]


def choose(rows: Sequence[Candidate]) -> list[Candidate]:
    """Those that are shown of a criterion and a country: of different agencies first, and no text twice.

    rows: the best first.
    """
    chosen: list[Candidate] = []
    for most_of_agency, enough in ((1, MOST_SHOWN), (_MOST_SHOWN_OF_AGENCY, LEAST_SHOWN)):
        for row in rows:
            if len(chosen) >= enough:
                break
            same = sum(one.agency == row.agency for one in chosen)
            if same < most_of_agency and all(one.key != row.key for one in chosen):
                chosen.append(row)
    return sorted(chosen, key=lambda row: -row.quality)
