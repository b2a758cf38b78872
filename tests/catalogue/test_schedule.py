"""Sources that are harvested by themselves: when they are due, in which order, and each once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

NOW = datetime.datetime(2026, 11, 1, 12)
AGO = {"an hour": datetime.timedelta(hours=1), "a day": datetime.timedelta(days=1, minutes=1)}


@pytest.fixture
def scheduled(ckan: Any) -> Iterator[Any]:
    """Puts sources with a schedule into the catalogue, and takes them out again."""
    import ckan.model as model

    from ckanext.aivision.catalogue.sources.source_store import save
    from ckanext.aivision.harvesters.sources.source import Source
    from ckanext.aivision.model import source as source_table

    def put(name: str, schedule: str, last: str | None = None, priority: int = 0) -> None:
        row = {"schedule": schedule, "priority": priority, "owner_org": None}
        save(Source(name=name, url=f"https://{name}.example/data.json"), row, NOW)
        values = {"last_started": NOW - AGO[last] if last else None}
        model.Session.execute(source_table.update().where(source_table.c.name == name).values(**values))
        model.Session.commit()

    yield put
    model.Session.execute(source_table.delete().where(source_table.c.name.like("schedule-%")))
    model.Session.commit()


def due() -> list[str]:
    from ckanext.aivision.catalogue.jobs.schedule import due

    return [name for name in due(NOW) if name.startswith("schedule-")]


def test_a_source_is_due_when_its_interval_has_passed_or_it_was_never_harvested(scheduled: Any) -> None:
    scheduled("schedule-a", "daily", "an hour")
    scheduled("schedule-b", "daily", "a day")
    scheduled("schedule-c", "weekly", "a day")
    scheduled("schedule-d", "monthly")
    scheduled("schedule-e", "manual")
    assert due() == ["schedule-d", "schedule-b"]


def test_the_higher_priority_goes_first(scheduled: Any) -> None:
    scheduled("schedule-a", "daily")
    scheduled("schedule-b", "daily", priority=5)
    assert due() == ["schedule-b", "schedule-a"]


def test_a_source_at_work_is_not_due_and_one_whose_run_died_is_at_once(ckan: Any, scheduled: Any) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    from ckanext.aivision.catalogue.ckan.harvest_lease import HarvestLease

    scheduled("schedule-a", "weekly", "an hour")
    started = NOW.replace(tzinfo=datetime.timezone.utc)
    with HarvestLease("schedule-a", started) as lease:
        beat = sa.text("UPDATE aivision_run SET heartbeat = :now WHERE id = :id")
        model.Session.execute(beat, {"now": NOW, "id": lease.id})
        model.Session.commit()
        assert due() == []
        long_ago = {"now": NOW - datetime.timedelta(minutes=1), "id": lease.id}
        model.Session.execute(beat, long_ago)
        model.Session.commit()
        assert due() == ["schedule-a"]


def test_a_source_waits_in_the_queue_once(ckan: Any, scheduled: Any) -> None:
    from ckan.lib.jobs import get_queue
    from rq.job import Job

    from ckanext.aivision.catalogue.jobs.schedule import queue

    first = queue("schedule-queued", limit=1)
    assert first is not None
    assert queue("schedule-queued", limit=1) is None
    Job.fetch(first, connection=get_queue().connection).delete()


def test_a_source_is_queued_again_as_soon_as_the_worker_of_its_job_is_known_to_be_dead(ckan: Any) -> None:
    from ckan.lib.jobs import get_queue
    from rq.executions import Execution
    from rq.job import Job

    from ckanext.aivision.catalogue.jobs.schedule import queue
    from ckanext.aivision.catalogue.lease import DEAD_AFTER

    first = queue("schedule-killed", limit=1)
    assert first is not None
    job = Job.fetch(first, connection=get_queue().connection)
    get_queue().remove(job)
    assert queue("schedule-killed", limit=1) is None, "a worker has taken it and not begun"
    with job.connection.pipeline() as pipeline:
        Execution.create(job, 90, pipeline=pipeline)
        job.prepare_for_execution("worker", pipeline)
        pipeline.execute()
    assert queue("schedule-killed", limit=1) is None, "a worker works on it"
    job.heartbeat(datetime.datetime.now(datetime.timezone.utc) - DEAD_AFTER, 90)
    assert queue("schedule-killed", limit=1) == first
    # There RQ would count the new job among the failed ones.
    assert first not in get_queue().started_job_registry.get_job_ids(cleanup=False)
    assert queue("schedule-killed", limit=1) is None
    Job.fetch(first, connection=get_queue().connection).delete()


def test_one_line_of_cron_queues_what_is_due(scheduled: Any, stack: Any) -> None:
    scheduled("schedule-a", "daily")
    assert "schedule-a" in stack.ckan("aivision", "run-due")
    assert stack.has_schedules()
