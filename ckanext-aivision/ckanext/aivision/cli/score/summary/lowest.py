"""The records with the lowest scores among any number."""

from __future__ import annotations

import heapq

from ckanext.aivision.cli.input.records import Scored


class Lowest:
    """Keeps a number of records, those with the lowest scores; of equal ones the first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[float, int, Scored]] = []
        self._count = 0

    def add(self, row: Scored) -> None:
        """Takes a record into account; one without a score is none."""
        self._count += 1
        if row.evaluation is None or row.evaluation.score is None:
            return
        item = (-row.evaluation.score, -self._count, row)
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, item)
        elif item[:2] > self._heap[0][:2]:
            heapq.heapreplace(self._heap, item)

    def rows(self) -> list[Scored]:
        """What was kept, the lowest score first."""
        return [item[2] for item in sorted(self._heap, key=lambda item: item[:2], reverse=True)]
