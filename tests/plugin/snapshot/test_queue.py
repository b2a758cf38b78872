"""The queue of snapshots: at most one waits, what changes meanwhile leads to one more, and how the job behaves."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.plugin.conftest import execute
from tests.plugin.snapshot.conftest import NOON
from tests.records import record
from tests.waiting import until

from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.queues import SHORT
from ckanext.aivision.snapshot.dated_folders import State, moment
from ckanext.aivision.snapshot.files import SnapshotFiles


@pytest.fixture
def run_job(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[float]]:
    """Runs the job as if at a moment; gives how long it rested each time. meanwhile: is called at each rest."""
    from ckanext.aivision.snapshot.jobs import snapshot_job

    # The worker runs each job in a process of its own, which ends with it; the tests' process goes on.
    monkeypatch.setattr(os, "nice", lambda number: number)

    def run(at: datetime.datetime, meanwhile: Callable[[], None] = lambda: None) -> list[float]:
        time, rests = at, list[float]()

        def sleep(seconds: float) -> None:
            nonlocal time
            rests.append(seconds)
            time += datetime.timedelta(seconds=seconds)
            meanwhile()

        snapshot_job(Clock(lambda: time, sleep))
        return rests

    return run


@pytest.fixture
def short_queue(ckan: Any, monkeypatch: pytest.MonkeyPatch, queue: Any) -> Any:
    """The queue of short jobs, of the test's own."""
    from ckan.lib import jobs

    own = queue.__class__(f"{queue.name}-short", connection=queue.connection)
    monkeypatch.setitem(jobs._queues, jobs.add_queue_name_prefix(SHORT), own)
    yield own
    own.delete()


def newest_moment(files: SnapshotFiles) -> datetime.datetime | None:
    newest = files.newest()
    return moment(newest) if newest is not None else None


def building_seconds(files: SnapshotFiles) -> float:
    """How long the newest snapshot took, which is taken off the minute."""
    newest = files.newest()
    assert newest is not None
    return float(json.loads((newest / "manifest.json").read_bytes())["seconds"])


def seconds(number: float) -> datetime.timedelta:
    return datetime.timedelta(seconds=number)


# First, while there is no snapshot: a minute has to pass between two.
def test_the_worker_builds_one_after_a_save(live_site: str, published: Any, reader: Any, office: Any) -> None:
    from ckanext.aivision.snapshot import read

    published()

    def counted() -> bool:
        newest = read.newest()
        if newest is None:
            return False
        return bool(newest.datasets().select("1", "publisher_title = ?", [office["title"]]).fetchall())

    until(counted, 200)


def test_of_many_requests_at_the_same_time_one_waits(queue: Any) -> None:
    from ckanext.aivision.catalogue.snapshot_queue import request

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: request(), range(24)))
    assert answers.count(True) == 1
    assert len(queue.get_job_ids()) == 1


def test_what_changes_while_one_is_built_leads_to_one_more(queue: Any, published: Any) -> None:
    from ckanext.aivision.catalogue.snapshot_queue import request

    assert request()
    queue.pop_job_id()  # As a worker does that has begun with it.
    for _ in range(3):
        published()
        assert len(queue.get_job_ids()) == 1


def test_a_change_that_is_taken_back_asks_for_nothing(ckan: Any, published: Any, queue: Any) -> None:
    import ckan.model as model

    package = published()
    queue.empty()
    model.Package.get(package["id"]).private = True
    model.Session.flush()
    model.Session.rollback()
    model.Session.commit()
    assert queue.get_job_ids() == []


def test_a_save_is_no_error_where_the_queue_cannot_be_reached(
    ckan: Any, published: Any, queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import redis

    monkeypatch.setattr(queue, "connection", redis.Redis(port=1))
    assert published()["id"]
    monkeypatch.undo()


def test_a_harvest_asks_for_one(harvested: Any, source: Any, queue: Any) -> None:
    harvested(source(), [record(1)])
    assert len(queue.get_job_ids()) == 1


def test_a_rescore_asks_for_one(ckan: Any, published: Any, queue: Any) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    published()
    queue.empty()
    rescore()
    assert len(queue.get_job_ids()) == 1


def test_the_job_builds_the_first_one_at_once_and_none_while_nothing_changes(
    run_job: Any, files: SnapshotFiles, published: Any, queue: Any
) -> None:
    published()
    assert run_job(NOON) == []
    assert newest_moment(files) == NOON
    assert run_job(NOON + seconds(500)) == []
    assert newest_moment(files) == NOON


def test_the_job_rests_so_that_a_change_is_shown_after_a_minute_and_takes_what_changed_meanwhile(
    run_job: Any, published: Any, counted: Any, files: SnapshotFiles, queue: Any, short_queue: Any
) -> None:
    published()
    run_job(NOON)
    published()
    queue.empty()
    saved: list[Any] = []
    building = building_seconds(files)
    rests = run_job(NOON + seconds(20), lambda: None if saved else saved.append(published()))
    assert sum(rests) == pytest.approx(40 - building)
    assert newest_moment(files) == (NOON + seconds(20 + sum(rests))).replace(microsecond=0)
    assert counted() == 3


def test_the_job_gives_way_to_a_job_of_seconds_and_asks_again(
    run_job: Any, published: Any, files: SnapshotFiles, queue: Any, short_queue: Any
) -> None:
    published()
    run_job(NOON)
    published()
    queue.empty()
    rests = run_job(NOON + seconds(20), lambda: short_queue.enqueue("time.sleep", 0))
    assert sum(rests) <= 1
    assert newest_moment(files) == NOON
    assert len(queue.get_job_ids()) == 1


def test_the_job_ends_at_once_after_a_failure_and_ten_minutes_later_tries_again(
    run_job: Any, published: Any, files: SnapshotFiles, queue: Any, short_queue: Any
) -> None:
    published()
    run_job(NOON)
    published()
    files.keep_state(State(NOON, "no space left on device"))
    queue.empty()
    assert run_job(NOON + seconds(400)) == []
    assert (newest_moment(files), queue.get_job_ids()) == (NOON, [])
    assert sum(run_job(NOON + seconds(560))) == pytest.approx(40)
    assert newest_moment(files) == NOON + seconds(600)
    assert files.state() == State(NOON + seconds(600))


def test_while_a_harvest_runs_a_save_waits_for_its_end_or_ten_minutes(
    run_job: Any, published: Any, files: SnapshotFiles, queue: Any, short_queue: Any, source: Any
) -> None:
    published()
    run_job(NOON)
    published()
    name = source()
    execute(
        "INSERT INTO aivision_run (id, source, started, state, heartbeat, account, worker, cancel_requested)"
        " VALUES (:id, :id, timezone('utc', now()), 'running', timezone('utc', now()), '{}', '', FALSE)",
        id=name,
    )
    try:
        assert run_job(NOON + seconds(70)) == []
        assert newest_moment(files) == NOON
        assert sum(run_job(NOON + seconds(550))) == pytest.approx(50)
        assert newest_moment(files) == NOON + seconds(600)
    finally:
        execute("DELETE FROM aivision_run WHERE id = :id", id=name)


def test_two_versions_of_the_rubric_are_no_failure_of_the_job(
    run_job: Any, published: Any, files: SnapshotFiles, queue: Any, short_queue: Any
) -> None:
    package = published()
    execute("UPDATE aivision_evaluation SET rubric_version = '0.9.0' WHERE package_id = :id", id=package["id"])
    try:
        run_job(NOON)
    finally:
        execute("DELETE FROM aivision_evaluation WHERE package_id = :id", id=package["id"])
    assert newest_moment(files) is None
    state = files.state()
    assert state is not None
    assert "under rubric 0.9.0" in state.problem
    run_job(NOON + seconds(60))
    assert newest_moment(files) == NOON + seconds(60)


def test_the_command_builds_one_and_says_of_when_and_what(published: Any, stack: Any, ckan: Any) -> None:
    package = published()
    said = stack.ckan("aivision", "snapshot")
    assert said.startswith(f"snapshot as of {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}")
    assert "GB: " in said
    assert not stack.snapshot_due()
    execute(
        "UPDATE package SET metadata_modified = metadata_modified + interval '1 s' WHERE id = :id", id=package["id"]
    )
    assert stack.snapshot_due()
