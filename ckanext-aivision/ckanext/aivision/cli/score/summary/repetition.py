"""Find repetition across records, such as template descriptions and a single date of change."""

from __future__ import annotations

import collections
import datetime
import hashlib
from array import array
from itertools import groupby
from typing import Any, NamedTuple

from ckanext.aivision.record import Dataset

# So many datasets with one description are no longer a slip.
_MANY = 5
# Shorter ones are no descriptions, and the rubric says so of each.
_SHORTEST = 50
# A date that so large a share of so many datasets has is that of an export: data do not all change on one day.
_STAMPED_SHARE, _FEWEST_STAMPED = 0.9, 20
_SIGNED_64_BITS = "q"


class Shared(NamedTuple):
    """data_sets: how many have their description with four others or more. most: of one description at most.
    first: the first record with that one, counted from 1."""

    data_sets: int
    most: int
    first: int


class Stamped(NamedTuple):
    """day: of the last change, as `data_sets` of the `of` that give one say."""

    day: datetime.date
    data_sets: int
    of: int


class Repetition:
    """Looks at records one by one; memory grows by eight bytes with each."""

    def __init__(self) -> None:
        self._descriptions = array(_SIGNED_64_BITS)
        self._days: collections.Counter[datetime.date] = collections.Counter()

    def add(self, dataset: Dataset | None) -> None:
        """Takes a record into account; None for one that was refused."""
        self._descriptions.append(_digest(dataset.description) if dataset is not None else 0)
        if dataset is not None and dataset.modified is not None and dataset.modified.value is not None:
            self._days[dataset.modified.value] += 1

    def shared(self) -> Shared | None:
        """The descriptions that five datasets or more have, word for word; None if there are none."""
        sizes = [(len(list(group)), digest) for digest, group in groupby(sorted(self._descriptions)) if digest]
        many = [(size, digest) for size, digest in sizes if size >= _MANY]
        if not many:
            return None
        most = max(size for size, _ in many)
        # Of several as large the one that comes first.
        first = min(self._descriptions.index(digest) for size, digest in many if size == most)
        return Shared(sum(size for size, _ in many), most, first + 1)

    def stamped(self) -> Stamped | None:
        """The day on which nearly all datasets changed, if all is believed; None if there is none."""
        total = self._days.total()
        day, count = max(self._days.items(), key=lambda item: (item[1], item[0]), default=(datetime.date.min, 0))
        return Stamped(day, count, total) if count >= max(_FEWEST_STAMPED, _STAMPED_SHARE * total) else None

    def sentences(self) -> list[str]:
        """The findings, one sentence each, with what to do."""
        lines = []
        if (shared := self.shared()) is not None:
            lines.append(
                f"{shared.data_sets:,} datasets share their description word for word with {_MANY - 1} others or more "
                f"({shared.most:,} have that of record {shared.first:,}): say in each what sets it apart"
            )
        if (stamped := self.stamped()) is not None:
            lines.append(
                f"{stamped.data_sets:,} of the {stamped.of:,} datasets that give a date of their last change give "
                f"{stamped.day}, which is rather that of an export: give the day on which the data changed"
            )
        return lines

    def summary(self) -> dict[str, Any]:
        """The same as a JSON object; null where there is nothing."""
        shared, stamped = self.shared(), self.stamped()
        return {
            "shared_descriptions": shared._asdict() if shared is not None else None,
            "one_day_of_change": stamped._asdict() if stamped is not None else None,
        }


def _digest(description: str | None) -> int:
    """A number that stands for a description; 0 for what is too short to be one."""
    if description is None or len(description) < _SHORTEST:
        return 0
    digest = hashlib.blake2b(description.strip().encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
