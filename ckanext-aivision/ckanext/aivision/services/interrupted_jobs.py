"""Resume background jobs that were interrupted by a stop or a crash."""

from __future__ import annotations

import math
from collections.abc import Collection

import redis
import rq

_INTERRUPTIONS = "interruptions"
# A job that brings everything down with it each time must not do so for ever.
_MOST_INTERRUPTIONS = 3


def take_up_jobs(redis_url: str, names: Collection[str] = ()) -> int:
    """Puts the jobs that were being worked on back to the front of their queues, and returns their number.

    names: of the queues, as CKAN takes them; all if none are given. Only for queues whose workers have all ended. What
    runs again must bear it; a harvest does, by its ledger. A job that was cut off for the third time stays among the
    failed ones.
    """
    taken = 0
    with redis.Redis.from_url(redis_url, socket_timeout=10) as connection:
        for queue in rq.Queue.all(connection=connection):
            if names and queue.name.rpartition(":")[2] not in names:
                continue
            cut_off = set(queue.started_job_registry.get_job_ids(cleanup=False))
            # RQ's own way for jobs whose worker has died: to the failed ones.
            queue.started_job_registry.cleanup(math.inf)
            for job in rq.job.Job.fetch_many(list(cut_off), connection=connection):
                if job is None or job.id not in queue.failed_job_registry:
                    continue
                job.meta[_INTERRUPTIONS] = job.meta.get(_INTERRUPTIONS, 0) + 1
                job.save()
                if job.meta[_INTERRUPTIONS] < _MOST_INTERRUPTIONS:
                    queue.failed_job_registry.requeue(job, at_front=True)
                    taken += 1
    return taken
