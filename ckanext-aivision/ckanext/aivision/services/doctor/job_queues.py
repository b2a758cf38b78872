"""Whether somebody works on the queues, and whether what is due is queued."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import rq
from ckan.lib.jobs import DEFAULT_QUEUE_NAME, get_queue

from ckanext.aivision.catalogue.jobs import schedule
from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.queues import SHORT, SNAPSHOT
from ckanext.aivision.services.doctor.finding import Finding, error, ok, warning

_QUEUES, _SCHEDULE = "queues", "schedule"
_LONGEST_WAIT = datetime.timedelta(hours=1)
# What one worker is started with.
_WORKERS = (("ckan jobs worker", (DEFAULT_QUEUE_NAME,)), (f"ckan jobs worker {SHORT} {SNAPSHOT}", (SHORT, SNAPSHOT)))


def check_queues(clock: Clock) -> Iterator[Finding]:
    """Looks for queues without a worker, for jobs that have waited long, and for jobs that failed."""
    workers = rq.Worker.all(connection=get_queue().connection)
    served = {name for worker in workers for name in worker.queue_names()}
    found = []
    for command, names in _WORKERS:
        if idle := [name for name in names if get_queue(name).name not in served]:
            message = f"no worker takes jobs of the queue {' and '.join(idle)}"
            found.append(error(_QUEUES, message, f"run `{command}` as a service (systemd, supervisor)"))
    for name in (DEFAULT_QUEUE_NAME, SHORT, SNAPSHOT):
        found += [*_waiting(get_queue(name), name, clock.now()), *_failed(get_queue(name), name)]
    yield from found or [ok(_QUEUES, f"{len(workers)} workers take jobs of all queues, and no job has failed")]


def waiting_since(queue: rq.Queue) -> datetime.datetime | None:
    """When the first job that waits in a queue was put there (UTC); None if none waits."""
    jobs = queue.get_jobs(0, 1)
    if not jobs or jobs[0].enqueued_at is None:
        return None
    since = jobs[0].enqueued_at
    return since if since.tzinfo else since.replace(tzinfo=datetime.timezone.utc)


def _waiting(queue: rq.Queue, name: str, now: datetime.datetime) -> Iterator[Finding]:
    since = waiting_since(queue)
    if since is not None and now - since > _LONGEST_WAIT:
        message = f"{queue.count} jobs wait in the queue {name}, the first since {since:%Y-%m-%d %H:%M} UTC"
        yield warning(_QUEUES, message, "run more workers, or look with `ckan jobs list` what they are at")


def _failed(queue: rq.Queue, name: str) -> Iterator[Finding]:
    ids = queue.failed_job_registry.get_job_ids()
    if not ids:
        return
    last = ids[-1]
    message = f"{len(ids)} jobs of the queue {name} have failed, the last one is {last}"
    advice = f"`ckan jobs show {last}` and the log of the worker say why; then remove it with `ckan jobs cancel {last}`"
    yield warning(_QUEUES, message, advice)


def check_schedule(clock: Clock) -> Iterator[Finding]:
    """Whether something queues the harvests that are due."""
    due = schedule.due(naive(clock.now() - _LONGEST_WAIT))
    late = [name for name in due if not schedule.is_queued(name)]
    if late:
        message = f"{len(late)} sources have been due for an hour and are not queued: {', '.join(late[:3])}"
        yield error(_SCHEDULE, message, "run `ckan aivision run-due` every minute from cron")
    else:
        yield ok(_SCHEDULE, "no harvest is overdue")
