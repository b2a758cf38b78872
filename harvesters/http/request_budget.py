"""Requests an hour: counted by the minute, kept between runs, and waited for (https://api.data.gov/docs/rate-limits/)."""

from __future__ import annotations

import datetime
import email.utils
from collections.abc import Mapping

from ckanext.aivision.harvesters.http.clock import Clock

Requests = tuple[tuple[int, int], ...]

_HOUR = datetime.timedelta(hours=1)
_LONGEST_NUMBER = 9  # digits: anything longer is no number of seconds or requests


class Budget:
    """What may still be asked of a server within any hour.

    The server's own account goes before ours: other programs may use the same key.
    """

    def __init__(self, per_hour: int, spent: Requests, clock: Clock) -> None:
        """per_hour: requests, at least 1. spent: what the property of that name gave before."""
        self._per_hour, self._clock = per_hour, clock
        self._minutes = dict(spent)
        self._left: int | None = None
        self._closed_until: datetime.datetime | None = None

    @property
    def spent(self) -> Requests:
        """The requests of the last hour, to be kept: (minutes since 1970, requests in that minute)."""
        self._forget()
        return tuple(sorted(self._minutes.items()))

    @property
    def closed(self) -> bool:
        """Whether the server has said to wait: the next `take` will."""
        return self._closed_until is not None

    def take(self) -> float:
        """Waits until one more request is allowed, 61 minutes at most, counts it, and gives the seconds waited."""
        self._forget()
        moments = [moment for moment in (self._closed_until, self._room_at()) if moment is not None]
        waited = self._clock.wait_until(max(moments)) if moments else 0.0
        self._closed_until = None
        if self._left is not None:
            self._left = self._left - 1 if self._left > 0 else None
        minute = self._minute()
        self._minutes[minute] = self._minutes.get(minute, 0) + 1
        return waited

    def heard(self, status: int, headers: Mapping[str, str]) -> None:
        """Takes note of an answer: X-RateLimit-Remaining, and Retry-After where there were too many requests."""
        remaining = headers.get("X-RateLimit-Remaining", "").strip()
        if remaining.isdecimal() and len(remaining) <= _LONGEST_NUMBER:
            self._left = int(remaining)
        if status == 429:
            now = self._clock.now()
            asked = retry_after(headers, now)
            if asked is None and self._left == 0:
                asked = _HOUR.total_seconds()
            if asked is not None:
                self._closed_until = now + min(datetime.timedelta(seconds=asked), _HOUR)

    def _room_at(self) -> datetime.datetime | None:
        """When the next request is allowed by both accounts; None if it is at once."""
        if self._left != 0 and sum(self._minutes.values()) < self._per_hour:
            return None
        oldest = min(self._minutes, default=self._minute())
        return datetime.datetime.fromtimestamp((oldest + 61) * 60, datetime.timezone.utc)

    def _forget(self) -> None:
        """Drops the minutes whose last second is an hour old, and those of the future, if the clock was set back."""
        now = self._minute()
        self._minutes = {minute: count for minute, count in self._minutes.items() if now - 61 < minute <= now}

    def _minute(self) -> int:
        return int(self._clock.now().timestamp() // 60)


def retry_after(headers: Mapping[str, str], now: datetime.datetime) -> float | None:
    """What Retry-After asks for in seconds (a number or a date, RFC 9110, 10.2.3); None if it asks for nothing."""
    asked = headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return float(asked[:_LONGEST_NUMBER])
    moment = email.utils.parsedate_tz(asked)
    try:
        return None if moment is None else max(0.0, email.utils.mktime_tz(moment) - now.timestamp())
    except (ValueError, OverflowError):
        return None
