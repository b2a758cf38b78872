"""Requests for a renewal of the comparison: at most one waits at a time.

A renewal takes all that is committed when it begins. One that is asked for while another is running waits behind it.
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

from ckanext.aivision import __version__
from ckanext.aivision.model import fingerprints
from ckanext.aivision.queues import SHORT

# By name: what draws is loaded by the worker alone.
_JOB = "ckanext.aivision.catalogue.comparison.renewal.renew_job"
_PREFIX = "aivision-comparison-"
_TIMEOUT = 3600  # seconds
_CHANGED = "aivision_changed"
_log = logging.getLogger(__name__)


def request() -> bool:
    """Queues a renewal where none waits yet. Returns whether it did.

    Where the queue cannot be reached, that is logged, and `ckan aivision run-due` makes up for it.
    """
    try:
        queue = get_queue(SHORT)
        with queue.connection.lock(f"{queue.name}:{_PREFIX}lock", timeout=10, blocking_timeout=5):
            if any(id.startswith(_PREFIX) for id in queue.get_job_ids()):
                return False
            kept = {"job_id": f"{_PREFIX}{uuid.uuid4()}", "timeout": _TIMEOUT, "result_ttl": 0}
            toolkit.enqueue_job(_JOB, title="renew the comparison", queue=SHORT, rq_kwargs=kept)
    except redis.RedisError as error:
        _log.warning(
            "the renewal of the comparison could not be queued (%s); `ckan aivision run-due` will queue it", error
        )
        return False
    return True


def request_where_due() -> bool:
    """Queues a renewal where the tables say something else than the figures were computed from."""
    due = model.Session.execute(fingerprints.RENEWAL_DUE, {"software": __version__}).scalar()
    model.Session.rollback()
    return bool(due) and request()


def note_change() -> None:
    """Notes that the session's transaction changes a dataset: a renewal is queued once it is committed."""
    model.Session.info[_CHANGED] = True


def _after_commit(session: Any) -> None:
    if session.info.pop(_CHANGED, False):
        request()


def _after_rollback(session: Any) -> None:
    session.info.pop(_CHANGED, None)


sa.event.listen(model.Session, "after_commit", _after_commit)
sa.event.listen(model.Session, "after_rollback", _after_rollback)
