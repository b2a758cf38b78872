"""With 200,000 records and as many problems a page comes within 300 ms: every list goes along an index."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from tests.plugin.conftest import execute

COUNT = 200_000
LONGEST = 0.3
# Foreign keys are not checked row by row: that would take most of the time.
UNCHECKED = "SET LOCAL session_replication_role = replica;"


class Large(NamedTuple):
    source: str
    run: str


@pytest.fixture(scope="module")
def large(ckan_application: Any) -> Iterator[Large]:
    """A source with its records, and a run with its problems, of which half are of each severity."""
    name, run = f"large-{uuid.uuid4().hex[:8]}", str(uuid.uuid4())
    with ckan_application.test_request_context():
        from ckan.plugins import toolkit

        given = {"name": name, "url": "https://rivers.example/data.json"}
        toolkit.get_action("aivision_source_create")({"ignore_auth": True}, given)
        values = {"source": name, "run": run, "count": COUNT}
        for statement in (PACKAGES, RECORDS, RUNS, PROBLEMS):
            execute(UNCHECKED + statement, **{word: values[word] for word in values if f":{word}" in statement})
        execute("ANALYZE aivision_record, aivision_problem, aivision_run, package")
        yield Large(name, run)
        for statement in LEAVING:
            execute(UNCHECKED + statement, **{word: values[word] for word in values if f":{word}" in statement})
        toolkit.get_action("aivision_source_delete")({"ignore_auth": True}, {"name": name})


PACKAGES = """
    INSERT INTO package (id, name, title, type, state, private, extras, metadata_created, metadata_modified)
    SELECT :source || n, :source || '-' || n, 'River ' || n, 'dataset', 'active', false, '{}', now(), now()
    FROM generate_series(1, :count) n
"""
RECORDS = """
    INSERT INTO aivision_record
        (source, identifier, content_hash, package_id, dataset, indexed, last_changed, state, missing_in)
    SELECT :source, 'river-' || lpad(n::text, 6, '0'), '', :source || n, '{}', true, now(),
        CASE WHEN n % 100 = 0 THEN 'gone' ELSE 'active' END, CASE WHEN n % 3 = 0 THEN :run END
    FROM generate_series(1, :count) n
"""
# Beside the run in question a thousand of other sources.
RUNS = """
    INSERT INTO aivision_run (id, source, started, state, account, worker, cancel_requested)
    SELECT :source || n, :source || '-' || n, now() - n * interval '1 minute', 'finished',
        CAST('{}' AS jsonb), '', false
    FROM generate_series(1, 1000) n
    UNION ALL SELECT :run, :source, now(), 'needs-confirmation', CAST('{"missing": 66666}' AS jsonb), '', false
"""
PROBLEMS = """
    INSERT INTO aivision_problem (run_id, identifier, location, code, severity, message, seen, raw)
    SELECT :run, 'river-' || lpad(n::text, 6, '0'), '$.dataset[' || n || ']', 'kind-' || n % 20,
        CASE WHEN n % 2 = 0 THEN 'error' ELSE 'warning' END, 'mend it', '', '{}'
    FROM generate_series(1, :count) n
"""
LEAVING = (
    "DELETE FROM aivision_problem WHERE run_id = :run",
    "DELETE FROM aivision_run WHERE id = :run OR source LIKE :source || '-%'",
    "DELETE FROM aivision_record WHERE source = :source",
    "DELETE FROM package WHERE name LIKE :source || '-%'",
)


def quickest(step: Callable[[], Any]) -> tuple[float, Any]:
    """The best of three: another process on the machine may have the processor in one of them."""
    times, given = [], None
    for _ in range(3):
        start = time.perf_counter()
        given = step()
        times.append(time.perf_counter() - start)
    return min(times), given


@pytest.mark.parametrize(
    ("action", "more", "count"),
    [
        ("aivision_record_list", {}, 100),
        ("aivision_record_list", {"after": "river-150000"}, 100),
        ("aivision_record_list", {"beginning": "river-19999"}, 10),
        ("aivision_record_list", {"state": "gone", "after": "river-150000"}, 100),
        ("aivision_record_list", {"state": "gone", "beginning": "river-1999"}, 1),
        ("aivision_problem_list", {}, 100),
        ("aivision_problem_list", {"severity": "warning"}, 100),
        ("aivision_problem_list", {"severity": "warning", "code": "kind-19"}, 100),
        ("aivision_problem_list", {"code": "kind-19"}, 100),
        ("aivision_problem_list", {"identifier": "river-199999"}, 1),
        ("aivision_run_list", {}, 20),
        ("aivision_source_list", {}, None),
    ],
)
def test_a_page_of_a_list_comes_within_300_ms(
    ckan: Any, large: Large, action: str, more: dict[str, Any], count: int | None
) -> None:
    of = {"aivision_record_list": {"source": large.source}, "aivision_problem_list": {"run": large.run}}
    data = {**of.get(action, {}), **more}
    seconds, rows = quickest(lambda: ckan.get_action(action)({"ignore_auth": True}, data))
    print(f"{action} {more}: {1000 * seconds:.1f} ms")
    assert count is None or len(rows) == count
    assert seconds < LONGEST


def test_a_problem_list_is_read_to_its_end_page_by_page(ckan: Any, large: Large) -> None:
    """The last page of 200,000 comes as soon as the first one."""
    from ckanext.aivision.catalogue.sources import problems

    (last,) = ckan.get_action("aivision_problem_list")(
        {"ignore_auth": True}, {"run": large.run, "severity": "warning", "identifier": f"river-{COUNT - 1:06}"}
    )
    assert problems.find(last["id"], large.run) is not None
    data = {"run": large.run, "after": last["id"]}
    seconds, _ = quickest(lambda: ckan.get_action("aivision_problem_list")({"ignore_auth": True}, data))
    assert seconds < LONGEST


@pytest.mark.parametrize("path", ["/harvest", "/harvest/source/{source}?after=river-150000", "/harvest/run/{run}"])
def test_a_page_comes_within_300_ms(sysadmin: Any, large: Large, path: str) -> None:
    address = path.format(**large._asdict())
    sysadmin.get(address)
    seconds, _ = quickest(lambda: sysadmin.get(address))
    print(f"{path}: {1000 * seconds:.0f} ms")
    assert seconds < LONGEST


def test_the_csv_of_all_problems_is_streamed(sysadmin: Any, large: Large) -> None:
    start = time.perf_counter()
    lines = sysadmin.get(f"/harvest/run/{large.run}/problems.csv").get_data(as_text=True).count("\n")
    print(f"{lines:,} lines in {time.perf_counter() - start:.1f} s")
    assert lines == COUNT + 1
