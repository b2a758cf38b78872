"""Write batches to the database and then to the index, each in a thread, while the next batch is prepared."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Unfinished
from typing import Any, NamedTuple, TypeVar

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from ckanext.aivision.catalogue.harvest.store import Refusal
from ckanext.aivision.catalogue.index.solr import Indexing
from ckanext.aivision.catalogue.tables.server_faults import database_outage
from ckanext.aivision.catalogue.writer.prepare import Prepared
from ckanext.aivision.catalogue.writer.transaction import Row, store, store_problems
from ckanext.aivision.errors import Problem, ServiceError

T = TypeVar("T")

# Batches that may wait for the database, and for Solr: more would only take memory.
_MOST_WAITING = 2
# A step that takes longer than this hangs.
_LONGEST_STEP = 600.0
_STATEMENT_TIMEOUT_MS = 300_000
# A server that restarts is waited for so often, each time twice as long.
_ATTEMPTS = 5
FIRST_PAUSE = 0.5


class Batch(NamedTuple):
    """problems: rows of `aivision_problem` that are stored along with it."""

    prepared: list[Prepared]
    problems: list[Row]


class Pipe:
    """Stores batches of one source in order. Use from one thread; every wait has a limit."""

    def __init__(self, source: str, run_id: str, keep: bool = False) -> None:
        """keep: what is with Solr, until `sent` is asked for it."""
        self._sent: deque[Prepared] | None = deque() if keep else None
        self._source, self._run_id = source, run_id
        self._database = ThreadPoolExecutor(1, "aivision-database")
        self._index = ThreadPoolExecutor(1, "aivision-index")
        self._storing: deque[Future[list[Refusal]]] = deque()
        self._sending: deque[Future[None]] = deque()
        self._indexing = Indexing()

    def put(self, batch: Batch) -> list[Refusal]:
        """Hands a batch over and gives what was refused of earlier ones.

        Raises Outage if the database or Solr can no longer be written.
        """
        refusals = self._settled(_MOST_WAITING - 1)
        self._storing.append(self._database.submit(self.store_batch, batch))
        return refusals

    def drain(self) -> list[Refusal]:
        """Waits until everything is stored, searchable and noted as indexed; gives what was refused."""
        refusals = self._settled(0)
        _wait_for(self._sending, 0)
        self._index.submit(self._indexing.commit).result(_LONGEST_STEP)
        return refusals

    def sent(self) -> list[Prepared]:
        """What is stored and with Solr, and was not given yet."""
        sent = self._sent or deque()
        return [sent.popleft() for _ in range(len(sent))]

    def close(self) -> None:
        """Drops what waits, and ends the threads after their current step."""
        for pool in (self._database, self._index):
            pool.shutdown(wait=True, cancel_futures=True)

    def _settled(self, most: int) -> list[Refusal]:
        return [refusal for refusals in _wait_for(self._storing, most) for refusal in refusals]

    def store_batch(self, batch: Batch) -> list[Refusal]:
        """Writes a batch to the database and queues it for Solr; gives what the database refused."""
        stored, refusals = _persistently(lambda: self.write_in_one_transaction(batch.prepared, batch.problems))
        if refusals:
            rows = [problem_row(self._run_id, refusal) for refusal in refusals]
            with model.meta.engine.begin() as connection:
                store_problems(connection, rows)
        _wait_for(self._sending, _MOST_WAITING - 1)
        if stored:
            self._sending.append(self._index.submit(lambda: self._send(stored)))
        return refusals

    def _send(self, stored: Sequence[Prepared]) -> None:
        documents = [item.document for item in stored]
        _persistently(lambda: self._indexing.add(documents))
        if self._sent is not None:
            self._sent.extend(stored)

    def write_in_one_transaction(
        self, items: Sequence[Prepared], problems: Sequence[Row]
    ) -> tuple[list[Prepared], list[Refusal]]:
        """All of the items; or, where the database does not take one of them, all others and its refusal."""
        try:
            with model.meta.engine.begin() as connection:
                connection.execute(sa.text(f"SET LOCAL statement_timeout = {_STATEMENT_TIMEOUT_MS}"))
                store(connection, self._source, items)
                store_problems(connection, problems)
            return list(items), []
        except (OperationalError, InterfaceError):
            raise
        except DBAPIError as error:
            if len(items) < 2:
                if items:
                    self.write_in_one_transaction([], problems)
                return [], [_refusal(item, error) for item in items]
        middle = len(items) // 2
        first, refused = self.write_in_one_transaction(items[:middle], problems)
        second, also_refused = self.write_in_one_transaction(items[middle:], [])
        return first + second, refused + also_refused


def problem_row(run_id: str, refusal: Refusal) -> Row:
    """The row of a refusal, with the raw record where the refusal has it."""
    problem = refusal.problem
    return {
        "run_id": run_id,
        "identifier": storable(refusal.identifier),
        "location": storable(problem.where),
        "code": problem.code,
        "severity": problem.severity,
        "message": storable(problem.message),
        "seen": storable(problem.seen),
        "raw": raw_text(refusal.raw) if refusal.raw is not None else None,
    }


def raw_text(raw: Any) -> str:
    """A source's record as JSON text that PostgreSQL takes."""
    try:
        return msgspec.json.encode(raw).decode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form; as an escape it has.
        return json.dumps(raw)


def storable(text: str | None) -> str | None:
    """PostgreSQL's text takes neither U+0000 nor a lone surrogate."""
    return text if text is None else text.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def _refusal(item: Prepared, error: DBAPIError) -> Refusal:
    harvested = item.evaluated.change.harvested
    reason = str(error.orig).splitlines()[0] if error.orig is not None else type(error).__name__
    message = f"the database rejects this record: {reason}; fix it at the source"
    problem = Problem("catalogue-refused", harvested.where, message, "error")
    return Refusal(harvested.identifier, problem, item.evaluated.change.kind, harvested.raw)


def _wait_for(futures: deque[Future[T]], most: int) -> list[T]:
    """Waits for the oldest until no more than `most` are left; gives their results, raises what they raised."""
    done = []
    while len(futures) > most:
        try:
            done.append(futures.popleft().result(_LONGEST_STEP))
        except Unfinished as error:
            raise ServiceError(f"storing a batch took more than {_LONGEST_STEP:.0f} s; check the services") from error
    return done


def _persistently(step: Callable[[], T]) -> T:
    """The step's result; it is tried again while a server is away. Raises Outage if it stays away."""
    for attempt in range(_ATTEMPTS):
        try:
            return step()
        except (OperationalError, InterfaceError, ServiceError) as error:
            if attempt == _ATTEMPTS - 1:
                if isinstance(error, ServiceError):
                    raise
                raise database_outage(error) from error
            time.sleep(FIRST_PAUSE * 2**attempt)
    raise AssertionError("the last attempt returns or raises")
