"""The position at which reading a CKAN portal stopped, so that the next run resumes there."""

from __future__ import annotations

from typing import NamedTuple

# What is listed: all packages, those that changed since the watermark, or the names of package_list.
EVERYTHING, CHANGES, NAMES = "all", "changes", "names"


class Place(NamedTuple):
    """A place in a listing that is in the same order every time, though packages come and go.

    listing: one of the above. start: how many came before. step: how many came in the page before.
    last: the id, or the name, of the last one of them: the place is right behind it, wherever it now stands.
    """

    listing: str
    start: int
    step: int
    last: str

    def __str__(self) -> str:
        return f"{self.listing} {self.start} {self.step} {self.last}"

    @property
    def page(self) -> int:
        """From where on to ask, to find `last` though half a page of others has come or gone before it."""
        return max(0, self.start - max(1, self.step // 2))


def place_of(cursor: str) -> Place | None:
    """The place that a cursor names, as Place writes it; None for anything else."""
    parts = cursor.split(" ", 3)
    if len(parts) < 4 or not (parts[1].isdecimal() and parts[2].isdecimal()) or len(parts[1] + parts[2]) > 18:
        return None
    return Place(parts[0], int(parts[1]), int(parts[2]), parts[3])
