"""The job that builds a snapshot, and the request for one that is due. Queued by `catalogue.snapshot_queue`."""

from __future__ import annotations

import contextlib
import datetime
import os

import ckan.model as model
from ckan.lib.jobs import get_queue

from ckanext.aivision.catalogue import snapshot_queue
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.http.clock import CLOCK, Clock
from ckanext.aivision.queues import SHORT
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.build import build
from ckanext.aivision.snapshot.due import LEAST_GAP, read_tables, wait

_NICENESS = 10
_LOOK_EVERY = 1.0  # seconds


def snapshot_job(clock: Clock = CLOCK) -> None:
    """Builds a snapshot if one is due, after a minute's rest since the last one.

    What it raises is in the worker's log, and the reason is kept beside the last snapshot, which stays.
    """
    # Readers and stewards come first. The worker runs each job in a process of its own, so this ends with the job.
    os.nice(_NICENESS)
    rest = _wait(clock.now())
    if rest is None or rest > LEAST_GAP:
        # While a harvest runs, its end or the next `run-due` asks again.
        return
    if not _rested(rest.total_seconds(), clock):
        snapshot_queue.request()
        return
    if _wait(clock.now()) is not None:
        # Several versions of the rubric are the tables' fault and not the job's; pages say so.
        with contextlib.suppress(UsageError):
            build(clock.now)


def _rested(seconds: float, clock: Clock) -> bool:
    """Waits; False as soon as a job of seconds waits for this worker."""
    end = clock.now() + datetime.timedelta(seconds=seconds)
    while (left := (end - clock.now()).total_seconds()) > 0:
        if not get_queue(SHORT).is_empty():
            return False
        clock.sleep(min(left, _LOOK_EVERY))
    return True


def request_where_due() -> bool:
    """Queues a snapshot where one is due now. Returns whether it did."""
    rest = _wait(CLOCK.now())
    return rest is not None and rest <= LEAST_GAP and snapshot_queue.request()


def _wait(now: datetime.datetime) -> datetime.timedelta | None:
    found = wait(read.files(), read_tables(model.Session.connection()), now)
    model.Session.rollback()
    return found
