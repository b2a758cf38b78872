"""Python's search for reference cycles, made rare where records stream by: records and evaluations have none."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

# Containers made before Python looks for cycles.
_COLLECT_AFTER = 20_000


def collect_rarely() -> None:
    """Spares the search what lives already, such as CKAN, and makes it rarer, for as long as this process lives."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])


@contextlib.contextmanager
def collecting_rarely() -> Iterator[None]:
    """The same for as long as the context lasts."""
    before = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
