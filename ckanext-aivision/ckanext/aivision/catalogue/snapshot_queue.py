"""Requests for a snapshot: at most one waits at a time.

A snapshot takes all that is committed when it begins. One that is asked for while another is built waits behind it.
"""

from __future__ import annotations

import logging
import uuid
from typing import Any

import ckan.model as model
import redis
import sqlalchemy as sa
from ckan.lib.jobs import get_queue
from ckan.plugins import toolkit

from ckanext.aivision.queues import SNAPSHOT

# By name: what builds is loaded by the worker alone.
_JOB = "ckanext.aivision.snapshot.jobs.snapshot_job"
_PREFIX = "aivision-snapshot-"
_TIMEOUT = 3600  # seconds
_CHANGED = "aivision_changed"
_log = logging.getLogger(__name__)


def request() -> bool:
    """Queues a snapshot where none waits yet. Returns whether it did.

    Where the queue cannot be reached, that is logged, and `ckan aivision run-due` makes up for it.
    """
    try:
        queue = get_queue(SNAPSHOT)
        with queue.connection.lock(f"{queue.name}:{_PREFIX}lock", timeout=10, blocking_timeout=5):
            if any(id.startswith(_PREFIX) for id in queue.get_job_ids()):
                return False
            kept = {"job_id": f"{_PREFIX}{uuid.uuid4()}", "timeout": _TIMEOUT, "result_ttl": 0}
            toolkit.enqueue_job(_JOB, title="build a snapshot", queue=SNAPSHOT, rq_kwargs=kept)
    except redis.RedisError as error:
        _log.warning("no snapshot could be queued (%s); `ckan aivision run-due` will queue it", error)
        return False
    return True


def note_change() -> None:
    """Notes that the session's transaction changes a dataset: a snapshot is queued once it is committed."""
    model.Session.info[_CHANGED] = True


def withhold() -> None:
    """Takes back what `note_change` noted in this transaction: the caller requests a snapshot after many changes."""
    model.Session.info.pop(_CHANGED, None)


def _after_commit(session: Any) -> None:
    if session.info.pop(_CHANGED, False):
        request()


def _after_rollback(session: Any) -> None:
    session.info.pop(_CHANGED, None)


sa.event.listen(model.Session, "after_commit", _after_commit)
sa.event.listen(model.Session, "after_rollback", _after_rollback)
