"""Work spread over processes, for evaluating records and for rescoring a catalogue.

Each process has a pipe of its own and shares no lock with the others. So a process that is killed, whenever that
happens, only ends its own pipe, which the first process sees at once. The pools of the standard library share two pipes
and their locks: a process that is killed while it writes a result leaves half a message there, for whose other half
the first process waits for ever (concurrent.futures), or a lock that nobody opens again (multiprocessing.Pool).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.gc_tuning import collect_rarely

T = TypeVar("T")
R = TypeVar("R")

# A step that takes longer than this hangs.
_LONGEST_STEP = 600.0
# A process that is told to end and has not after this time is killed.
_LONGEST_END = 5.0
# So many items are with a process: one it works at, and one that is there when it is done.
_WITH_EACH = 2
_ENDED = "a process was ended from outside, for want of memory perhaps; run again"


def usable_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker(NamedTuple):
    """A process and our end of its pipe. sent: the places of the items that it has not answered yet."""

    process: BaseProcess
    pipe: Connection
    sent: deque[int]


class _Answer(NamedTuple):
    """What a step gave, or what it raised."""

    result: Any
    error: BaseException | None


class ProcessPool:
    """Processes that are forked when the context begins, with what this one has loaded, and ended when it ends.

    With one job there are none: this process does the work. Ctrl-C is left to the first process, and no process lives
    longer than the first one, however that ends.
    """

    def __init__(self, jobs: int, prepare: Callable[[], None] | None = None) -> None:
        """jobs: how many processes. prepare: called first in each of them; it need not be pickled."""
        self._jobs, self._prepare = jobs, prepare
        self._workers: list[_Worker] = []

    def __enter__(self) -> ProcessPool:
        if self._jobs > 1:
            context = multiprocessing.get_context("fork")
            try:
                for _ in range(self._jobs):
                    ours, theirs = Pipe()
                    # A process that had our end of another's pipe would keep it open when we are gone.
                    others = [ours, *(worker.pipe for worker in self._workers)]
                    process = context.Process(target=_work, args=(theirs, others, self._prepare), daemon=True)
                    process.start()
                    theirs.close()
                    self._workers.append(_Worker(process, ours, deque()))
            except BaseException:
                self._end()
                raise
        elif self._prepare is not None:
            self._prepare()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def map(self, step: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """What the step gives for each item, in their order; the next items are read while it works.

        Raises ServiceError if a step hangs or a process is ended from outside, and what the items or the step raise.
        """
        if self._jobs <= 1:
            yield from map(step, items)
            return
        while any(worker.sent for worker in self._workers):
            # Of an earlier call whose results were not all asked for.
            self._receive()
        answers: dict[int, _Answer] = {}
        places, coming = count(), iter(items)
        following = 0
        while self._hand_out(step, coming, places, len(answers)) or following in answers:
            if following not in answers:
                answers.update(self._receive())
                continue
            answer = answers.pop(following)
            following += 1
            if answer.error is not None:
                raise answer.error
            yield answer.result

    def _hand_out(self, step: Callable[..., Any], items: Iterator[Any], places: Iterator[int], held: int) -> bool:
        """Gives each process what it has not yet to do, those with nothing first. Whether anything is being done."""
        for most in range(_WITH_EACH):
            for worker in self._workers:
                # What waits for an answer before it is held in memory: no process may run far ahead of a slow one.
                if len(worker.sent) > most or held > 2 * self._jobs:
                    continue
                for item in islice(items, 1):
                    worker.sent.append(next(places))
                    _send(worker, pickle.dumps((step, item), pickle.HIGHEST_PROTOCOL))
        return any(worker.sent for worker in self._workers)

    def _receive(self) -> dict[int, _Answer]:
        """The answers of the processes that have one. Raises ServiceError if none comes or a process is gone."""
        ready = wait([worker.pipe for worker in self._workers if worker.sent], _LONGEST_STEP)
        if not ready:
            raise ServiceError(f"a step took more than {_LONGEST_STEP:.0f} s; check the services")
        return {
            worker.sent.popleft(): _answer_of(worker)
            for worker in self._workers
            if worker.sent and worker.pipe in ready
        }

    def _end(self) -> None:
        """Ends the processes; those that do not end at once, or are stopped, are killed."""
        for worker in self._workers:
            worker.pipe.close()
            worker.process.terminate()
        until = time.monotonic() + _LONGEST_END
        for worker in self._workers:
            worker.process.join(max(0.0, until - time.monotonic()))
            if worker.process.exitcode is None:
                worker.process.kill()
                worker.process.join()
        self._workers.clear()


def _send(worker: _Worker, message: bytes) -> None:
    try:
        worker.pipe.send_bytes(message)
    except OSError as error:
        raise ServiceError(_ENDED) from error


def _answer_of(worker: _Worker) -> _Answer:
    try:
        answer: _Answer = worker.pipe.recv()
    except (EOFError, OSError) as error:
        raise ServiceError(_ENDED) from error
    return answer


def _work(pipe: Connection, others: list[Connection], prepare: Callable[[], None] | None) -> None:
    """What a process of the pool does until it is ended. others: ends of pipes that are not its own."""
    # Ctrl-C reaches every process of a terminal; the first one ends the others, whatever it does itself at SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in others:
        other.close()
    # This spares a seventh of the time.
    collect_rarely()
    if prepare is not None:
        prepare()
    messages: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    # Read beside the work, so that we never wait for each other to read.
    threading.Thread(target=_read, args=(pipe, messages), daemon=True).start()
    while True:
        with contextlib.suppress(BrokenPipeError):
            pipe.send_bytes(_answer(messages.get()))


def _read(pipe: Connection, messages: queue.SimpleQueue[bytes]) -> None:
    """Puts what is to be done into a queue, and ends this process when the first one is gone."""
    try:
        while True:
            messages.put(pipe.recv_bytes())
    except (EOFError, OSError):
        os._exit(1)


def _answer(message: bytes) -> bytes:
    try:
        step, item = pickle.loads(message)  # noqa: S301 - of our own first process
        return pickle.dumps(_Answer(step(item), None), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # noqa: BLE001 - told to the first process
        return _failure(error)


def _failure(error: BaseException) -> bytes:
    with contextlib.suppress(Exception):
        told = pickle.dumps(_Answer(None, error), pickle.HIGHEST_PROTOCOL)
        pickle.loads(told)  # noqa: S301 - what we have just written
        return told
    # An error that cannot be sent is told by its text.
    return pickle.dumps(_Answer(None, RuntimeError(f"{type(error).__name__}: {error}")))
