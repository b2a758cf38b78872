"""Records evaluated as they come, by one process or by several. The order is the source's, and the results are one."""

from __future__ import annotations

import contextlib
import datetime
import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import NamedTuple

import msgspec

from ckanext.aivision.errors import AivisionError
from ckanext.aivision.gc_tuning import collecting_rarely
from ckanext.aivision.record import Dataset, Harvested
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric

Evaluated = tuple[Harvested, Evaluation | None]

# So many records are handed on at once.
_BLOCK = 64
# So many are evaluated before other processes start: for fewer they are not worth their own time.
_FEW = 1024
_LONGEST_END = 5  # seconds

_encode = msgspec.msgpack.Encoder().encode
_datasets = msgspec.msgpack.Decoder(list[Dataset])
_evaluations = msgspec.msgpack.Decoder(list[Evaluation])


class _Worker(NamedTuple):
    process: BaseProcess
    connection: Connection


def usable_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def evaluated(
    records: Iterable[Harvested], rubric: Rubric, on: datetime.date, jobs: int = 1
) -> Generator[Evaluated, None, None]:
    """Each record with its evaluation, or None if it was refused.

    on: the date (UTC) that ages count to. jobs: processes that evaluate. What the iterator of the records raises comes
    after the records before it. Close the generator where it is not read to the end: no process stays behind then.
    """
    records = iter(records)
    with collecting_rarely():
        first = islice(records, _FEW) if jobs > 1 else records
        for harvested in first:
            yield harvested, evaluate(harvested.dataset, rubric, on) if harvested.dataset is not None else None
        if jobs > 1:
            yield from _spread(records, rubric, on, jobs)


def _spread(records: Iterator[Harvested], rubric: Rubric, on: datetime.date, jobs: int) -> Iterator[Evaluated]:
    """Hands blocks to the workers in turn and takes them back in the same turn; each has one block at most."""
    block, fault = _next_block(records)
    if not block:
        if fault is not None:
            raise fault
        return
    out: deque[tuple[list[Harvested], _Worker]] = deque()
    with _workers(rubric, on, jobs) as workers:
        turn = 0
        while block:
            if len(out) == jobs:
                yield from _taken_back(*out.popleft())
            worker = workers[turn % jobs]
            _hand_over(worker, block)
            out.append((block, worker))
            turn += 1
            block, fault = _next_block(records) if fault is None else ([], fault)
        while out:
            yield from _taken_back(*out.popleft())
    if fault is not None:
        raise fault


def _next_block(records: Iterator[Harvested]) -> tuple[list[Harvested], AivisionError | None]:
    """The next records, fewer at the end, and what ended them where that was an error."""
    block: list[Harvested] = []
    try:
        for harvested in islice(records, _BLOCK):
            block.append(harvested)
    except AivisionError as error:
        return block, error
    return block, None


def _hand_over(worker: _Worker, block: Sequence[Harvested]) -> None:
    # No criterion looks at the source's own record.
    bare = [msgspec.structs.replace(record.dataset, raw={}) for record in block if record.dataset is not None]
    with _named(worker):
        worker.connection.send_bytes(_encode(bare))


def _taken_back(block: Sequence[Harvested], worker: _Worker) -> Iterator[Evaluated]:
    with _named(worker):
        found = iter(_evaluations.decode(worker.connection.recv_bytes()))
    for harvested in block:
        yield harvested, next(found) if harvested.dataset is not None else None


@contextlib.contextmanager
def _named(worker: _Worker) -> Iterator[None]:
    try:
        yield
    except (EOFError, ConnectionError) as error:
        raise ChildProcessError(f"process {worker.process.pid}, which evaluates records, has ended") from error


@contextlib.contextmanager
def _workers(rubric: Rubric, on: datetime.date, jobs: int) -> Iterator[list[_Worker]]:
    # Forked ones have the rubric and the vocabularies already.
    context = multiprocessing.get_context("fork")
    started: list[_Worker] = []
    try:
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            held = [ours, *(worker.connection for worker in started)]
            process = context.Process(target=_serve, args=(theirs, held, rubric, on), daemon=True)
            process.start()
            theirs.close()
            started.append(_Worker(process, ours))
        yield started
    finally:
        for worker in started:
            worker.connection.close()
        for worker in started:
            worker.process.join(_LONGEST_END)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join(_LONGEST_END)


def _serve(connection: Connection, held: Sequence[Connection], rubric: Rubric, on: datetime.date) -> None:
    """Evaluates blocks until the other end is closed, be it because its process is gone."""
    # Ctrl-C reaches every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in held:
        other.close()
    gc.freeze()
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            datasets = _datasets.decode(connection.recv_bytes())
            connection.send_bytes(_encode([evaluate(dataset, rubric, on) for dataset in datasets]))
