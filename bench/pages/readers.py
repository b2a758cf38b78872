"""Readers of a site: what each request took, and what came of it."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import requests

_LIMIT = 300  # seconds


class Asked(NamedTuple):
    """One request. seconds: from asking to the last byte, on loopback. status, size: of the answer (bytes).
    began: when it was asked, of `time.perf_counter`. kept: whether the page had been drawn for an earlier reader."""

    path: str
    seconds: float
    status: int
    size: int
    began: float = 0.0
    kept: bool = False


class Reader:
    """One reader, with a connection that is kept."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.trust_env = False

    def ask(self, path: str) -> Asked:
        """Raises requests.RequestException where no answer comes."""
        start = time.perf_counter()
        answer = self._session.get(self._address + path, timeout=_LIMIT, allow_redirects=False)
        taken = time.perf_counter() - start
        kept = "; hit" in answer.headers.get("Cache-Status", "")
        return Asked(path, taken, answer.status_code, len(answer.content), start, kept)

    def json(self, path: str) -> dict[str, object]:
        """The answer as an object of JSON."""
        found: dict[str, object] = self._session.get(self._address + path, timeout=_LIMIT).json()
        return found

    def post(self, path: str, content: dict[str, object], token: str) -> dict[str, object]:
        """Raises requests.HTTPError where it is refused."""
        answer = self._session.post(
            self._address + path, json=content, headers={"Authorization": token}, timeout=_LIMIT
        )
        answer.raise_for_status()
        found: dict[str, object] = answer.json()
        return found


def ask_all(address: str, paths: Iterator[str], readers: int, is_enough: Callable[[Asked], bool]) -> list[Asked]:
    """Has so many readers ask at the same time, each of which takes the next path, until there are no more.

    is_enough: is told each answer, one at a time, and says whether to stop.
    """
    found: list[Asked] = []
    lock, stopped = threading.Lock(), threading.Event()

    def read() -> None:
        reader = Reader(address)
        while not stopped.is_set():
            with lock:
                path = next(paths, None)
            if path is None:
                return
            asked = reader.ask(path)
            with lock:
                found.append(asked)
                if is_enough(asked):
                    stopped.set()

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


class Spread(NamedTuple):
    """Milliseconds of several requests."""

    number: int
    p50: float
    p95: float
    p99: float
    most: float

    def __str__(self) -> str:
        return f"{self.p50:.0f}, {self.p95:.0f}, {self.p99:.0f}, {self.most:.0f} ms"


def spread(asked: Sequence[Asked]) -> Spread:
    """asked: one at least."""
    taken = sorted(1000 * one.seconds for one in asked)
    if len(taken) == 1:
        return Spread(1, taken[0], taken[0], taken[0], taken[0])
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return Spread(len(taken), cuts[49], cuts[94], cuts[98], taken[-1])
