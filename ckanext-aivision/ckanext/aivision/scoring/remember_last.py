"""Remember a function's last result, for values that cannot be hashed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

Asked = TypeVar("Asked")
Other = TypeVar("Other")
Read = TypeVar("Read")


def once_each(function: Callable[[Asked], Read]) -> Callable[[Asked], Read]:
    """A function that keeps its last answer: all criteria are asked of one dataset before the next one comes.

    A dataset holds lists, so that it cannot be the key of a cache. The answer is shared: nobody may change it.
    """
    last: tuple[Asked, Read] | None = None

    @functools.wraps(function)
    def read(asked: Asked) -> Read:
        nonlocal last
        held = last
        if held is None or held[0] is not asked:
            # One assignment, so that threads disturb each other's speed at most.
            last = held = (asked, function(asked))
        return held[1]

    return read


def once_each_pair(function: Callable[[Asked, Other], Read]) -> Callable[[Asked, Other], Read]:
    """The same for a function of two values, such as a dataset and a context."""
    last: tuple[Asked, Other, Read] | None = None

    @functools.wraps(function)
    def read(asked: Asked, other: Other) -> Read:
        nonlocal last
        held = last
        if held is None or held[0] is not asked or held[1] is not other:
            last = held = (asked, other, function(asked, other))
        return held[2]

    return read
