"""The records with the lowest grades, and of these the lowest scores, among any number."""

from __future__ import annotations

import heapq

from ckanext.aivision.cli.input.records import Scored


class Lowest:
    """Keeps a number of records, those with the lowest grades and scores; of equal ones the first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[int, float, int, Scored]] = []
        self._count = 0

    def add(self, row: Scored) -> None:
        """Takes a record into account; one without a score is none."""
        self._count += 1
        if row.evaluation is None or row.evaluation.score is None:
            return
        # The greatest is the first to be shown; the letters go the other way.
        item = (ord(row.evaluation.grade), -row.evaluation.score, -self._count, row)
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, item)
        elif item[:3] > self._heap[0][:3]:
            heapq.heapreplace(self._heap, item)

    def rows(self) -> list[Scored]:
        """What was kept, the lowest grade first, then the lowest score."""
        return [item[3] for item in sorted(self._heap, key=lambda item: item[:3], reverse=True)]
