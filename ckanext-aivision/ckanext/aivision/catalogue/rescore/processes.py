"""Spread work on the database over processes; each has its own connections."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as Unfinished
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, TypeVar

import ckan.model as model

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.gc_tuning import collect_rarely

T = TypeVar("T")

# A step that takes longer than this hangs.
_LONGEST_STEP = 600.0


class Processes:
    """Processes that are forked before this one has open connections; with one job all is done in this process."""

    def __init__(self, jobs: int, starting: Callable[[], None] | None) -> None:
        """starting: called first in each process."""
        self._jobs, self._starting = jobs, starting
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Processes:
        if self._jobs > 1:
            # A connection that two processes hold outlives the one that dies, and with it its locks.
            model.Session.remove()
            model.meta.engine.dispose()
            context = multiprocessing.get_context("fork")
            self._pool = ProcessPoolExecutor(self._jobs, context, initializer=_start, initargs=(self._starting,))
            for started in [self._pool.submit(_ready) for _ in range(self._jobs)]:
                started.result(_LONGEST_STEP)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(self, step: Callable[[Sequence[Any]], T], slices: Sequence[Sequence[Any]]) -> Iterator[T]:
        """What the step gives for each slice, in their order. Raises ServiceError if a step hangs."""
        if self._pool is None:
            yield from map(step, slices)
            return
        waiting: list[Future[T]] = []
        for items in slices:
            waiting.append(self._pool.submit(step, items))
            if len(waiting) > 2 * self._jobs:
                yield _result(waiting.pop(0))
        while waiting:
            yield _result(waiting.pop(0))


def _result(future: Future[T]) -> T:
    try:
        return future.result(_LONGEST_STEP)
    except Unfinished as error:
        raise ServiceError(f"a step took more than {_LONGEST_STEP:.0f} s; check the services") from error
    except BrokenProcessPool as error:
        raise ServiceError(
            "a process was killed, perhaps because there was not enough memory; run the command again"
        ) from error


def _start(starting: Callable[[], None] | None) -> None:
    # Ctrl-C reaches every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # This spares a seventh of the time.
    collect_rarely()
    if starting is not None:
        starting()


def _ready() -> None:
    """Lets a pool start all of its processes at once."""
