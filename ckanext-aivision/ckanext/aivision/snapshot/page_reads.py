"""What a page reads beside the snapshot, noted while it is made: a page that is kept is shown again only if all of it
would be read the same."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple, TypeVar

import msgspec
from flask import g, has_request_context

_NOTED = "aivision_page_reads"
Found = TypeVar("Found")


class Read(NamedTuple):
    """One reading. found: what it gave, encoded."""

    function: Callable[..., object]
    arguments: tuple[Hashable, ...]
    found: bytes

    def is_current(self) -> bool:
        """Whether it gives the same now."""
        return _encode(self.function(*self.arguments)) == self.found


@contextlib.contextmanager
def note_reads() -> Iterator[list[Read]]:
    """The readings of the request from here on; complete at the end."""
    reads: list[Read] = []
    before = g.get(_NOTED)
    setattr(g, _NOTED, reads)
    try:
        yield reads
    finally:
        setattr(g, _NOTED, before)


def note_read(function: Callable[..., Found], *arguments: Hashable) -> Found:
    """What a function of the database or the index gives, noted where a page is made that may be kept.

    function: gives values that msgspec can encode, by its arguments and nothing else of the request.
    """
    found = function(*arguments)
    reads: list[Read] | None = g.get(_NOTED) if has_request_context() else None
    if reads is not None:
        reads.append(Read(function, arguments, _encode(found)))
    return found


def _encode(found: object) -> bytes:
    return msgspec.json.encode(found, order="deterministic")
