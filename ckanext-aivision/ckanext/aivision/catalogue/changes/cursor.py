"""Cursors: how far a reader of the changes has come, as text that only this catalogue reads."""

from __future__ import annotations

import re
from typing import NamedTuple

from ckanext.aivision.errors import AivisionError

_TEXT = re.compile(r"([0-9a-f]{8})-([0-9]{1,19})-([0-9]{1,19})(?:-([0-9]{1,19}))?", re.ASCII)
# Of PostgreSQL's bigint.
_LARGEST = 2**63 - 1

Position = tuple[int, int]
"""A transaction and a change in it."""

BEGINNING: Position = (0, 0)


class MalformedCursor(AivisionError):
    """A cursor that this catalogue cannot have given out."""


class TooOld(AivisionError):
    """A cursor whose next changes are not stored any more: the reader has to begin again."""


class Cursor(NamedTuple):
    """feed: the id of the series of changes. position: of the last change that the reader has.

    begun: while a reader fetches everything for the first time, the transaction before which all changes were visible
    when it began; None afterwards. What was deleted before then, it never had.
    """

    feed: str
    position: Position
    begun: int | None = None

    @property
    def known(self) -> Position:
        """The position up to which the reader misses nothing that was deleted."""
        return max(self.position, (self.begun, 0)) if self.begun is not None else self.position

    def __str__(self) -> str:
        return "-".join([self.feed, *map(str, self.position), *([str(self.begun)] if self.begun is not None else [])])


def parse(text: str) -> Cursor:
    """The cursor that a reader gives. Raises MalformedCursor."""
    found = _TEXT.fullmatch(text)
    numbers = [int(number) for number in found.groups()[1:] if number is not None] if found is not None else []
    if found is None or max(numbers) > _LARGEST:
        raise MalformedCursor(f"{text[:100]!r} is not a cursor")
    return Cursor(found[1], (numbers[0], numbers[1]), numbers[2] if len(numbers) > 2 else None)
