"""One cache for what is read again and again: thousands of records have a few hundred different values."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

Read = TypeVar("Read")

# A stranger's record may hold megabytes in any field: what is longer than this is read again each time and not kept.
LONGEST_KEPT = 4000


def cached(size: int) -> Callable[[Callable[[str], Read]], Callable[[str], Read]]:
    """A function of one text that remembers its last `size` answers, for texts of up to 4,000 characters."""

    def decorate(function: Callable[[str], Read]) -> Callable[[str], Read]:
        remembering = functools.lru_cache(size)(function)

        @functools.wraps(function)
        def read(text: str) -> Read:
            return remembering(text) if len(text) <= LONGEST_KEPT else function(text)

        return read

    return decorate
