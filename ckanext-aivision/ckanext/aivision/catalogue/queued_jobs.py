"""Whether a job with an id of its own waits in a queue or is worked on."""

from __future__ import annotations

import datetime

from ckan.lib.jobs import DEFAULT_QUEUE_NAME, get_queue
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job

from ckanext.aivision.catalogue.lease import DEAD_AFTER


def is_queued_or_running(job_id: str, queue: str = DEFAULT_QUEUE_NAME) -> bool:
    """Whether a job waits, or a worker that is alive works on it.

    RQ itself finds a job whose worker was killed only when the next worker starts or looks through the queues, minutes
    later. Such a job is taken out of the list of those that are worked on, so that one with its id can be queued.
    """
    try:
        job = Job.fetch(job_id, connection=get_queue(queue).connection)
        status = job.get_status()
    except (NoSuchJobError, InvalidJobOperation):
        # Or what is left of a job that ended: RQ may note a sign of life after it.
        return False
    if status == "scheduled" or (status == "queued" and get_queue(queue).get_job_position(job) is not None):
        return True
    # A worker that has taken a job notes that it has begun, and then every half a minute that it is alive.
    seen = {"queued": job.enqueued_at, "started": job.last_heartbeat}.get(str(status.value))
    if seen is not None and datetime.datetime.now(datetime.timezone.utc) - seen < DEAD_AFTER:
        return True
    _forget_executions(job)
    return False


def _forget_executions(job: Job) -> None:
    """Otherwise RQ counts the next job of this id among the failed ones when their time is over."""
    registry = job.started_job_registry
    for job_id, execution_id in registry.get_job_and_execution_ids(cleanup=False):
        if job_id == job.id:
            registry.connection.zrem(registry.key, f"{job_id}:{execution_id}")
