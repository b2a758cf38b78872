"""The comparison's stored figures: what readers see after a change, and that they neither compute nor wait."""

from __future__ import annotations

import contextlib
import datetime
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.catalogue.history import OLD, rows
from tests.plugin.conftest import execute

from ckanext.aivision.errors import UsageError

NOON = datetime.datetime(2026, 11, 29, 14, 5, 30, tzinfo=datetime.timezone.utc)
PAGES = ("/", "/best-practice", "/best-practice?lens=us-commerce", "/best-practice?lens=mqa")
FIGURES = ("/best-practice.json", "/best-practice.json?lens=us-commerce", "/api/3/action/aivision_compare")
TRENDS = "/api/3/action/aivision_trend_list"


@pytest.fixture
def office(ckan: Any, site_user: dict[str, Any]) -> dict[str, Any]:
    """An organisation that no other dataset belongs to."""
    data = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": f"Office {uuid.uuid4().hex[:8]}"}
    made: dict[str, Any] = ckan.get_action("organization_create")(dict(site_user), data)
    return made


@pytest.fixture
def published(ckan: Any, site_user: dict[str, Any], office: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Publishes a dataset of the office."""

    def publish(**fields: Any) -> dict[str, Any]:
        package = {
            "name": f"levels-{uuid.uuid4().hex[:8]}",
            "title": "River levels, weekly",
            "owner_org": office["id"],
            "country": "GB",
            "license_id": "OGL-UK-3.0",
            **fields,
        }
        made: dict[str, Any] = ckan.get_action("package_create")(dict(site_user), package)
        return made

    return publish


@pytest.fixture
def counted(ckan: Any, office: dict[str, Any]) -> Callable[[], int]:
    """How many datasets of the office the figures have that readers see."""

    def count() -> int:
        figures = ckan.get_action("aivision_compare")({"user": ""}, {})
        return sum(row["data_sets"] for row in figures.get("publishers", ()) if row["name"] == office["title"])

    return count


@pytest.fixture
def in_tallies(ckan: Any, office: dict[str, Any]) -> Callable[[], int]:
    """How many datasets of the office the next renewal counts."""
    from ckanext.aivision.catalogue.comparison.tallies import tallies

    return lambda: sum(tally.data_sets for tally in tallies() if tally.publisher == office["title"])


@contextlib.contextmanager
def renewals_held() -> Iterator[Any]:
    """No renewal can end meanwhile; gives a function that counts those that wait or are running."""
    import ckan.model as model
    import sqlalchemy as sa
    from ckan.lib.jobs import get_queue

    from ckanext.aivision.queues import SHORT

    queue = get_queue(SHORT)

    def renewals(ids: list[str]) -> set[str]:
        return {id for id in ids if id.startswith("aivision-comparison-")}

    with model.meta.engine.connect() as connection:
        try:
            connection.execute(sa.text("SET lock_timeout = '60s'"))
            connection.execute(sa.text("SELECT pg_advisory_lock(hashtext('aivision comparison'), 0)"))
            queue.empty()
            # One that has just ended may still be among those that run.
            before = renewals(queue.started_job_registry.get_job_ids())
            yield lambda: (
                len(renewals(queue.get_job_ids())),
                len(renewals(queue.started_job_registry.get_job_ids()) - before),
            )
        finally:
            # Else the pool keeps the connection, and with it the lock.
            connection.invalidate()


def is_requested(counts: Any) -> bool:
    """Whether a renewal waits or is running. For a moment, a worker that takes it has it on neither list."""
    end = time.monotonic() + 10
    while not sum(counts()):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def settled(renew: Any, moment: datetime.datetime | None = None) -> None:
    """Renews the figures, with no other renewal waiting or running that would do so again."""
    from ckanext.aivision.catalogue.comparison.stored_comparison import load_comparison

    for _ in range(5):
        with renewals_held():
            pass
        made = renew(lambda: moment) if moment is not None else renew()
        # The worker of a site that has just started looks whether figures are due, and may have begun one more.
        with renewals_held():
            stored = load_comparison()
            if stored is not None and stored.made == made.replace(microsecond=stored.made.microsecond):
                return
    pytest.fail("other renewals do not end")


def test_after_a_save_readers_see_the_last_figures_with_their_time_until_the_job_has_run(
    published: Any, counted: Any, renew: Any, reader: Any
) -> None:
    published()
    settled(renew, NOON)
    with renewals_held():
        published()
        for path in PAGES:
            assert "Figures as of 29 November 2026, 14:05 UTC" in reader("").text(path), path
        answers = [reader("").get(path).get_json() for path in FIGURES]
        assert [(answer.get("result") or answer)["as_of"] for answer in answers] == ["2026-11-29T14:05:30Z"] * 3
        assert counted() == 1
    renew(lambda: NOON + datetime.timedelta(minutes=2))
    assert counted() == 2
    assert "Figures as of 29 November 2026, 14:07 UTC" in reader("").text("/best-practice")


def test_readers_at_the_same_time_wait_for_no_lock_and_write_nothing(published: Any, renew: Any, reader: Any) -> None:
    """Under a lock that lets through nothing but reading (PostgreSQL documentation, "Explicit Locking")."""
    import ckan.model as model
    import sqlalchemy as sa

    published()
    renew()
    published()
    paths = [*PAGES, *FIGURES, TRENDS]
    readers = [reader("") for _ in paths]
    lock = "LOCK TABLE aivision_comparison, aivision_tally, aivision_trend, aivision_evaluation IN EXCLUSIVE MODE"
    with model.meta.engine.begin() as connection, ThreadPoolExecutor(len(paths)) as pool:
        connection.execute(sa.text(lock))
        answers = list(pool.map(lambda one, path: one.get(path), readers, paths, timeout=50))
    assert [answer.status_code for answer in answers] == [200] * 8


@pytest.mark.parametrize(
    "none", ["DELETE FROM aivision_comparison", "UPDATE aivision_comparison SET figures = '{}', software = '0.0.1'"]
)
def test_while_there_are_no_figures_of_this_version_the_pages_say_that_they_are_being_computed(
    published: Any, renew: Any, reader: Any, stack: Any, none: str
) -> None:
    with renewals_held():
        published()
        execute(none)
        for path in PAGES:
            assert "figures are being computed" in reader("").text(path), path
        assert "ckan aivision renew-figures" in reader("").text("/best-practice")
        assert "being computed" in reader("").get("/best-practice.json", 202).get_json()["message"]
        answer = reader("").get(FIGURES[2]).get_json()["result"]
        assert answer["as_of"] is None
        assert "being computed" in answer["message"]
        assert stack.renewal_due()
    renew()
    assert "<svg" in reader("").text("/best-practice")


def test_a_renewal_that_fails_keeps_the_last_figures(published: Any, counted: Any, renew: Any, reader: Any) -> None:
    import msgspec

    package = published()
    settled(renew, NOON)
    execute("UPDATE aivision_evaluation SET point = '{}' WHERE package_id = :id", id=package["id"])
    try:
        with pytest.raises(msgspec.ValidationError):
            renew()
    finally:
        execute("UPDATE aivision_evaluation SET point = NULL WHERE package_id = :id", id=package["id"])
    assert "Figures as of 29 November 2026, 14:05 UTC" in reader("").text("/best-practice")
    assert counted() == 1


def test_evaluations_of_two_rubric_versions_are_a_message_beside_the_last_figures(
    published: Any, renew: Any, reader: Any, ckan: Any
) -> None:
    package = published()
    settled(renew, NOON)
    execute("UPDATE aivision_evaluation SET rubric_version = :old WHERE package_id = :id", old=OLD, id=package["id"])
    try:
        with pytest.raises(UsageError, match="cannot be compared"):
            renew()
        text = reader("").text("/best-practice")
        assert "cannot be compared: harvest again, or run `ckan aivision rescore`" in text
        assert "Figures as of 29 November 2026, 14:05 UTC" in text
        assert "cannot be compared" in reader("").get("/best-practice.json", 409).get_json()["error"]
        with pytest.raises(ckan.ValidationError, match="cannot be compared"):
            ckan.get_action("aivision_compare")({"user": ""}, {})
    finally:
        execute("DELETE FROM aivision_evaluation WHERE package_id = :id", id=package["id"])
    renew()
    assert "cannot be compared: harvest again" not in reader("").text("/best-practice")


def test_of_many_requests_for_a_renewal_one_waits(ckan: Any) -> None:
    from ckanext.aivision.catalogue.comparison.renewal_queue import request

    with renewals_held() as counts:
        for _ in range(4):
            request()
        waiting, running = counts()
        assert waiting <= 1
        assert waiting + running >= 1


def test_what_changes_while_a_renewal_is_running_leads_to_one_more(ckan: Any, published: Any) -> None:
    from ckan.lib.jobs import get_queue
    from rq.job import Job

    from ckanext.aivision.catalogue.comparison.renewal_queue import request
    from ckanext.aivision.queues import SHORT

    queue = get_queue(SHORT)
    with renewals_held():
        assert request()
        (waiting,) = queue.get_job_ids() or [None]
        if waiting is None:
            return  # A worker of this run has it already: the test before this has seen it.
        job = Job.fetch(waiting, connection=queue.connection)
        queue.remove(job)  # As a worker does that has begun with it.
        published()
        assert len(queue.get_job_ids()) == 1
        queue.empty()


def purge(ckan: Any, context: dict[str, Any], package: dict[str, Any]) -> None:
    ckan.get_action("dataset_purge")(dict(context), {"id": package["id"]})


def make_private(ckan: Any, context: dict[str, Any], package: dict[str, Any]) -> None:
    asked = {"datasets": [package["id"]], "org_id": package["owner_org"]}
    ckan.get_action("bulk_update_private")(dict(context), asked)


def delete_in_bulk(ckan: Any, context: dict[str, Any], package: dict[str, Any]) -> None:
    asked = {"datasets": [package["id"]], "org_id": package["owner_org"]}
    ckan.get_action("bulk_update_delete")(dict(context), asked)


def delete(ckan: Any, context: dict[str, Any], package: dict[str, Any]) -> None:
    ckan.get_action("package_delete")(dict(context), {"id": package["name"]})


def patch_to_draft(ckan: Any, context: dict[str, Any], package: dict[str, Any]) -> None:
    ckan.get_action("package_patch")(dict(context), {"id": package["id"], "state": "draft"})


def patch_through_the_model(ckan: Any, context: dict[str, Any], package: dict[str, Any]) -> None:
    """As an extension may."""
    import ckan.model as model

    model.Package.get(package["id"]).private = True
    model.repo.commit()


WAYS_OUT = [purge, make_private, delete_in_bulk, delete, patch_to_draft, patch_through_the_model]


@pytest.mark.parametrize("leave", WAYS_OUT)
def test_however_a_dataset_stops_being_public_a_renewal_is_queued_that_no_longer_counts_it(
    ckan: Any, site_user: dict[str, Any], published: Any, in_tallies: Any, leave: Any
) -> None:
    package, _ = published(), published()
    assert in_tallies() == 2
    with renewals_held() as counts:
        leave(ckan, site_user, package)
        assert is_requested(counts)
    assert in_tallies() == 1


def test_what_is_made_public_in_bulk_is_counted(
    ckan: Any, site_user: dict[str, Any], published: Any, in_tallies: Any
) -> None:
    package = published(private=True)
    assert in_tallies() == 0
    asked = {"datasets": [package["id"]], "org_id": package["owner_org"]}
    ckan.get_action("bulk_update_public")(dict(site_user), asked)
    assert in_tallies() == 1


def test_a_publisher_whose_last_dataset_is_purged_is_in_the_comparison_no_more(
    ckan: Any, site_user: dict[str, Any], published: Any, in_tallies: Any, office: dict[str, Any]
) -> None:
    package = published()
    assert in_tallies() == 1
    purge(ckan, site_user, package)
    assert in_tallies() == 0
    assert rows("SELECT FROM aivision_tally WHERE publisher = :name", name=office["title"]) == []


def test_a_change_by_sql_is_due_and_queued_by_the_line_of_cron(
    published: Any, in_tallies: Any, renew: Any, stack: Any, ckan: Any
) -> None:
    from ckanext.aivision.catalogue.comparison.renewal_queue import request_where_due

    packages = [published() for _ in range(4)]
    settled(renew)
    assert not stack.renewal_due()
    execute("UPDATE aivision_run SET heartbeat = NULL WHERE state = 'running'")
    statements = [
        "UPDATE package SET private = TRUE WHERE id = :id",
        "UPDATE package SET state = 'deleted' WHERE id = :id",
        "DELETE FROM aivision_evaluation WHERE package_id = :id",
    ]
    with renewals_held() as counts:
        for number, statement in enumerate(statements):
            execute(statement, id=packages[number]["id"])
            assert stack.renewal_due()
        request_where_due()
        assert is_requested(counts)
    assert in_tallies() == 1


def test_a_change_that_is_taken_back_asks_for_nothing(ckan: Any, published: Any, renew: Any) -> None:
    import ckan.model as model

    package = published()
    with renewals_held() as counts:
        model.Package.get(package["id"]).private = True
        model.Session.flush()
        model.Session.rollback()
        model.Session.commit()
        assert counts() == (0, 0)


def test_a_save_is_no_error_where_the_queue_cannot_be_reached(
    ckan: Any, published: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import redis
    from ckan.lib import jobs

    from ckanext.aivision.queues import SHORT

    nowhere = jobs.get_queue(SHORT).__class__("nowhere", connection=redis.Redis(port=1))
    monkeypatch.setitem(jobs._queues, jobs.add_queue_name_prefix(SHORT), nowhere)
    assert published()["id"]


def test_the_command_renews_the_figures_and_says_of_when_and_what(
    published: Any, counted: Any, stack: Any, ckan: Any
) -> None:
    published()
    said = stack.ckan("aivision", "renew-figures")
    assert said.startswith(f"figures as of {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}")
    assert "UK: " in said
    assert counted() == 1


def test_a_harvest_asks_for_a_renewal(harvested: Any, source: Any) -> None:
    from tests.records import record

    with renewals_held() as counts:
        harvested(source(), [record(1)])
        assert is_requested(counts)


def test_the_worker_for_short_jobs_renews_the_figures_after_a_save(
    live_site: str, published: Any, counted: Any, ckan: Any
) -> None:
    import ckan.model as model

    published()
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline:
        model.Session.rollback()
        if counted() == 1:
            return
        time.sleep(0.5)
    pytest.fail("the figures were not renewed")
