"""The job that makes a dump, and the request for one that is due: one for each day (UTC)."""

from __future__ import annotations

import contextlib
import datetime
import os

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.queued_jobs import is_queued_or_running
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.http.clock import CLOCK
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.dated_folders import moment
from ckanext.aivision.snapshot.due import read_tables
from ckanext.aivision.snapshot.dump.dump_files import files
from ckanext.aivision.snapshot.dump.write_dump import write_where

_JOB = "aivision-dump"
_TIMEOUT = 6 * 3600  # seconds
_NICENESS = 10
# After a failure.
_REST = datetime.timedelta(hours=1)


def dump_job() -> None:
    """Makes a dump if one is due. What it raises is in the worker's log; the reason is kept beside the last dump."""
    # Readers and stewards come first. The worker runs each job in a process of its own, so this ends with the job.
    os.nice(_NICENESS)
    # Several versions of the rubric are the tables' fault and not the job's; the page of dumps says so.
    with contextlib.suppress(UsageError):
        write_where(lambda: is_due(CLOCK.now()))


def request_where_due() -> bool:
    """Queues a dump where one is due now and none waits. Returns whether it did.

    In CKAN's default queue: a dump takes minutes, and the other queues are for what takes seconds.
    """
    if not is_due(CLOCK.now()) or is_queued_or_running(_JOB):
        return False
    kept = {"job_id": _JOB, "timeout": _TIMEOUT}
    toolkit.enqueue_job(dump_job, title="make a dump of the catalogue", rq_kwargs=kept)
    return True


def is_due(now: datetime.datetime) -> bool:
    """Whether a dump of this day is missing and can be made.

    now: UTC. None is due before there is a snapshot, during a rescore, for an hour after a failure, or where the
    setting says that there are none.
    """
    if not toolkit.config.get("ckanext.aivision.dumps") or read.files().newest() is None:
        return False
    kept = files()
    newest, state = kept.newest(), kept.state()
    if newest is not None and moment(newest).date() >= now.date():
        return False
    if state is not None and state.problem and abs(now - state.tried) < _REST:
        return False
    tables = read_tables(model.Session.connection())
    model.Session.rollback()
    return not tables.rescoring
