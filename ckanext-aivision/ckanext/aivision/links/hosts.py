"""The queue of addresses by host: few at once and not too often, however many addresses a host has."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Iterator
from urllib.parse import urlsplit

from ckanext.aivision.links.answer import Answer, Target
from ckanext.aivision.scoring.observations.observations import Fault

# Faults of a host, which all its addresses share, and how many in a row prove them.
_OF_THE_HOST: dict[Fault, int] = {"name-not-found": 1, "lookup-failed": 1, "refused": 3}
# A host that is too slow so often in a row is left for another day.
_MOST_TIMEOUTS = 3


class Host:
    """One host with the addresses that are still to be asked for. at_work: how many are being asked for now.

    ready: from when on the next may begin, in seconds of the monotonic clock. known: whether its robots.txt was asked
    for; until then it gets one question only.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.waiting: deque[Target] = deque()
        self.at_work = 0
        self.ready = 0.0
        self.delay = 0.0
        self.known = False
        self.in_a_row: tuple[Fault, int] = ("", 0)


class Hosts:
    """Says whose turn it is. Not for several threads; the time is an argument."""

    def __init__(self, at_once: int, pause: float) -> None:
        """at_once: addresses of one host at a time. pause: least seconds between the beginnings of two of them."""
        self._at_once, self._pause = at_once, pause
        self._hosts: dict[str, Host] = {}
        self._turns: list[tuple[float, int, Host]] = []
        self._queued: set[str] = set()
        self._order = itertools.count()

    def add(self, target: Target) -> None:
        name = host_of(target.url)
        host = self._hosts.setdefault(name, Host(name))
        host.waiting.append(target)
        self._queue(host)

    def take(self, now: float) -> tuple[Host, Target] | None:
        """The next address that may be asked for now, or None."""
        while self._turns and self._turns[0][0] <= now:
            _, _, host = heapq.heappop(self._turns)
            self._queued.discard(host.name)
            if host.ready > now or not self._has_room(host):
                self._queue(host)
                continue
            target = host.waiting.popleft()
            host.at_work += 1
            host.ready = now + max(self._pause, host.delay)
            self._queue(host)
            return host, target
        return None

    def next_turn(self) -> float | None:
        """When somebody's turn may come, in seconds of the monotonic clock; None if that waits for an answer."""
        return self._turns[0][0] if self._turns else None

    def heard(self, host: Host, answer: Answer, delay: float, now: float) -> Iterator[Target]:
        """Takes note of an answer. Gives the addresses that it answers too: those of a host that is not there.

        delay: seconds that the host's robots.txt asks for between two requests.
        """
        host.at_work -= 1
        if delay and not host.known:
            host.ready = max(host.ready, now + delay)
        host.known, host.delay = True, delay
        if answer.fault == "too-many-requests":
            host.ready = max(host.ready, now + (60.0 if answer.retry_after is None else answer.retry_after))
        fault, count = host.in_a_row
        host.in_a_row = (answer.fault, count + 1 if answer.fault == fault else 1)
        fault, count = host.in_a_row
        if fault in _OF_THE_HOST and count >= _OF_THE_HOST[fault]:
            yield from host.waiting
            host.waiting.clear()
        elif fault == "timeout" and count >= _MOST_TIMEOUTS:
            host.waiting.clear()
        self._queue(host)

    def _has_room(self, host: Host) -> bool:
        return bool(host.waiting) and host.at_work < (self._at_once if host.known else 1)

    def _queue(self, host: Host) -> None:
        if host.name not in self._queued and self._has_room(host):
            self._queued.add(host.name)
            heapq.heappush(self._turns, (host.ready, next(self._order), host))


def host_of(url: str) -> str:
    """The host and port that an address is on, in one spelling; empty for what has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        name = (parts.hostname or "").lower()
    except ValueError:
        return ""
    return name if port in (80, 443) else f"{name}:{port}"
