"""Work spread over processes, for evaluating records and for rescoring a catalogue.

A ProcessPoolExecutor with what it does not do by itself: results come in the order of the work while more work comes,
Ctrl-C is left to the first process, and no process lives longer than the first one, however that ends.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as Unfinished
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from types import TracebackType
from typing import TypeVar

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.gc_tuning import collect_rarely

T = TypeVar("T")
R = TypeVar("R")

# A step that takes longer than this hangs.
_LONGEST_STEP = 600.0


def usable_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ProcessPool:
    """Processes that are forked when the context begins, with what this one has loaded, and ended when it ends.

    With one job there are none: this process does the work.
    """

    def __init__(self, jobs: int, prepare: Callable[[], None] | None = None) -> None:
        """jobs: how many processes. prepare: called first in each of them; it need not be pickled."""
        self._jobs, self._prepare = jobs, prepare
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> ProcessPool:
        if self._jobs > 1:
            context = multiprocessing.get_context("fork")
            self._executor = ProcessPoolExecutor(self._jobs, context, initializer=_start, initargs=(self._prepare,))
            with _broken_pool():
                for started in [self._executor.submit(_ready) for _ in range(self._jobs)]:
                    _result(started)
        elif self._prepare is not None:
            self._prepare()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def map(self, step: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """What the step gives for each item, in their order; the next items are read while it works.

        Raises ServiceError if a step hangs or a process is ended from outside, and what the items or the step raise.
        """
        if self._executor is None:
            yield from map(step, items)
            return
        waiting: deque[Future[R]] = deque()
        with _broken_pool():
            for item in items:
                waiting.append(self._executor.submit(step, item))
                if len(waiting) > self._jobs:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())


def _result(future: Future[R]) -> R:
    try:
        return future.result(_LONGEST_STEP)
    except Unfinished as error:
        raise ServiceError(f"a step took more than {_LONGEST_STEP:.0f} s; check the services") from error


@contextlib.contextmanager
def _broken_pool() -> Iterator[None]:
    """What is asked of a pool that has lost a process, whether work or a result, is one error."""
    try:
        yield
    except BrokenProcessPool as error:
        raise ServiceError("a process was ended from outside, for want of memory perhaps; run again") from error


def _start(prepare: Callable[[], None] | None) -> None:
    # Ctrl-C reaches every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # This spares a seventh of the time.
    collect_rarely()
    if prepare is not None:
        prepare()


def _end_with_parent() -> None:
    """Ends this process when the first one is gone: an executor's process would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _ready() -> None:
    """Lets a pool start all of its processes at once."""
