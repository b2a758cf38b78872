"""What follows where the site's setting says that packages of other types are datasets now."""

from __future__ import annotations

import logging

import redis
import sqlalchemy as sa
from ckan.plugins import toolkit
from sqlalchemy.exc import SQLAlchemyError

from ckanext.aivision.catalogue import snapshot_queue
from ckanext.aivision.catalogue.rescore.other_types import forget_other_types
from ckanext.aivision.catalogue.rescore.run_rescore import SIZE, evaluate_again, find_ids, index_noted
from ckanext.aivision.catalogue.tables.dataset_types import SETTING, store_types
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.queues import SHORT

_NEW = sa.text(
    f"""
    SELECT p.id FROM package p LEFT JOIN aivision_evaluation e ON e.package_id = p.id
    WHERE p.state = 'active' AND p.type = {DATASET_TYPES} AND e.package_id IS NULL ORDER BY p.id
    """  # noqa: S608 - a condition of ours
)
_TIMEOUT = 6 * 3600  # seconds
_log = logging.getLogger(__name__)


def apply_types() -> None:
    """Brings the tables into line with the setting, at the start of a process; queues what takes longer.

    A site is to start without its database too: what cannot be done is logged, and done at the next start.
    """
    try:
        changed = store_types()
    except SQLAlchemyError as error:
        _log.warning("%s could not be compared with the database (%s)", SETTING, str(error).splitlines()[0])
        return
    if not (changed.added or changed.removed):
        return
    try:
        kept = {"timeout": _TIMEOUT, "result_ttl": 0}
        toolkit.enqueue_job(type_changes_job, title="evaluate other types of datasets", queue=SHORT, rq_kwargs=kept)
    except redis.RedisError as error:
        _log.warning("%s changed and no job could be queued (%s): run `ckan aivision rescore`", SETTING, error)


def type_changes_job() -> None:
    """The RQ job after a change of the setting. Datasets of new types get evaluations, packages of others lose them."""
    index_noted(forget_other_types())
    new = find_ids(_NEW)
    for start in range(0, len(new), SIZE):
        evaluate_again(new[start : start + SIZE])
    snapshot_queue.request()
