"""Records evaluated as they come, by one process or by several. The order is the source's, and the results are one."""

from __future__ import annotations

import datetime
import functools
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain, islice

import msgspec

from ckanext.aivision.cli.input.records import Reading
from ckanext.aivision.gc_tuning import collecting_rarely
from ckanext.aivision.process_pool import ProcessPool
from ckanext.aivision.record import Dataset, Harvested
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric

Evaluated = tuple[Harvested, Evaluation | None]

# So many records are handed on at once: with 64 the pool takes a tenth more of the processor than with 256.
_BLOCK = 256
# So many are evaluated before other processes start: for fewer they are not worth their own time.
_FEW = 512

_encode = msgspec.msgpack.Encoder().encode
_datasets = msgspec.msgpack.Decoder(list[Dataset])
_evaluations = msgspec.msgpack.Decoder(list[Evaluation])


def evaluated(
    records: Iterable[Harvested], rubric: Rubric, on: datetime.date, jobs: int = 1
) -> Generator[Evaluated, None, None]:
    """Each record with its evaluation, or None if it was refused.

    on: the date (UTC) that ages count to. jobs: processes that evaluate. What the iterator of the records raises comes
    after the records before it. Close the generator if it is not read to its end: no process stays behind then.
    Raises ServiceError if one of the processes is ended from outside.
    """
    records = iter(records)
    with collecting_rarely():
        first = islice(records, _FEW) if jobs > 1 else records
        for harvested in first:
            yield harvested, evaluate(harvested.dataset, rubric, on) if harvested.dataset is not None else None
        if jobs > 1:
            yield from _spread(records, rubric, on, jobs)


def _spread(records: Iterator[Harvested], rubric: Rubric, on: datetime.date, jobs: int) -> Iterator[Evaluated]:
    reading = Reading(records)
    blocks = iter(lambda: list(islice(reading, _BLOCK)), [])
    sent: deque[list[Harvested]] = deque()
    if (first := next(blocks, None)) is not None:
        with ProcessPool(jobs, functools.partial(_prepare, rubric, on)) as pool:
            for answer in pool.map(_evaluate_block, _encoded(chain([first], blocks), sent)):
                found = iter(_evaluations.decode(answer))
                for harvested in sent.popleft():
                    yield harvested, next(found) if harvested.dataset is not None else None
    if reading.fault is not None:
        raise reading.fault


def _encoded(blocks: Iterable[list[Harvested]], sent: deque[list[Harvested]]) -> Iterator[bytes]:
    """The datasets of each block, which is put behind those that were sent before."""
    for block in blocks:
        sent.append(block)
        # No criterion looks at the source's own record.
        yield _encode([msgspec.structs.replace(row.dataset, raw={}) for row in block if row.dataset is not None])


# What evaluates a dataset in a process of the pool, which is forked with the rubric.
_evaluate: Callable[[Dataset], Evaluation]


def _prepare(rubric: Rubric, on: datetime.date) -> None:
    global _evaluate
    _evaluate = functools.partial(evaluate, rubric=rubric, on=on)


def _evaluate_block(datasets: bytes) -> bytes:
    return _encode([_evaluate(dataset) for dataset in _datasets.decode(datasets)])
