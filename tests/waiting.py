"""Waiting for what happens in other threads and processes, with a limit that a busy machine keeps."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LONGEST = 60.0  # seconds


def until(condition: Callable[[], bool], seconds: float = LONGEST) -> None:
    """Returns when the condition holds; fails when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it did not happen within {seconds:.0f} s"
        time.sleep(0.02)


def until_cancellation_is_noticed() -> None:
    """Returns when the heartbeat of the run in this process has read that it must stop: its thread ends then."""
    until(lambda: not any(thread.name == "aivision-heartbeat" for thread in threading.enumerate()))
