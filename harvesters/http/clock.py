"""The time, as an argument: what waits or dates anything is given a clock, so that a test need not wait."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from typing import NamedTuple

# No single sleep is longer, so that a given `sleep` can stop a long wait by raising, or send a heartbeat.
_PIECE = 5.0  # seconds


class Clock(NamedTuple):
    """now: the time in UTC. sleep: waits for that many seconds."""

    now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.timezone.utc)
    sleep: Callable[[float], None] = time.sleep

    def wait_until(self, moment: datetime.datetime) -> float:
        """Sleeps in pieces until a moment has come, and gives the seconds that it took."""
        began = self.now()
        while (left := (moment - self.now()).total_seconds()) > 0:
            self.sleep(min(left, _PIECE))
        return (self.now() - began).total_seconds()


CLOCK = Clock()


def moment_of(text: object) -> datetime.datetime | None:
    """An ISO 8601 date and time, as UTC where it names no zone; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        # Python 3.10 knows no `Z`.
        moment = datetime.datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        if moment.tzinfo is None:
            return moment.replace(tzinfo=datetime.timezone.utc)
        return moment.astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        return None
