"""With 200,000 records and as many problems a list reads no more rows than it needs: it goes along an index."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from tests.plugin.conftest import execute

COUNT = 200_000
# Rows that one statement may read for a page of a hundred.
MOST_ROWS = COUNT // 100
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

        given = {"name": name, "url": "https://rivers.example.gov/data.json"}
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


class Statement(NamedTuple):
    text: str
    parameters: Any


@contextlib.contextmanager
def recorded() -> Iterator[list[Statement]]:
    """What is asked of the database."""
    import ckan.model as model
    import sqlalchemy as sa

    seen: list[Statement] = []

    def note(connection: Any, cursor: Any, text: str, parameters: Any, *_: Any) -> None:
        if text.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(Statement(text, parameters))

    sa.event.listen(model.meta.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(model.meta.engine, "before_cursor_execute", note)


def rows_read(statement: Statement) -> int:
    """How many rows of tables and indexes the database looks at for a statement's answer."""
    import ckan.model as model

    with model.meta.engine.connect() as connection:
        explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}"
        (plan,) = connection.exec_driver_sql(explained, statement.parameters).scalar_one()
    return _scanned(plan["Plan"])


def _scanned(node: dict[str, Any]) -> int:
    own = 0
    if "Scan" in node["Node Type"]:
        left_out = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        own = round((node["Actual Rows"] + left_out) * node["Actual Loops"])
    return own + sum(_scanned(child) for child in node.get("Plans", ()))


def assert_few_rows_are_read(seen: list[Statement]) -> None:
    assert seen
    assert {statement.text: rows for statement in seen if (rows := rows_read(statement)) > MOST_ROWS} == {}


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
def test_a_page_of_a_list_reads_few_rows(
    ckan: Any, large: Large, action: str, more: dict[str, Any], count: int | None
) -> None:
    of = {"aivision_record_list": {"source": large.source}, "aivision_problem_list": {"run": large.run}}
    data = {**of.get(action, {}), **more}
    with recorded() as seen:
        rows = ckan.get_action(action)({"ignore_auth": True}, data)
    assert count is None or len(rows) == count
    assert_few_rows_are_read(seen)


def test_the_end_of_a_problem_list_reads_few_rows(ckan: Any, large: Large) -> None:
    """The last page of 200,000 costs no more than the first one."""
    from ckanext.aivision.catalogue.sources import problems

    (last,) = ckan.get_action("aivision_problem_list")(
        {"ignore_auth": True}, {"run": large.run, "severity": "warning", "identifier": f"river-{COUNT - 1:06}"}
    )
    assert problems.find(last["id"], large.run) is not None
    with recorded() as seen:
        ckan.get_action("aivision_problem_list")({"ignore_auth": True}, {"run": large.run, "after": last["id"]})
    assert_few_rows_are_read(seen)


# The page of a run is not among them: of a run that has not kept its counts it counts up to 100,000 problems.
@pytest.mark.parametrize("path", ["/harvest", "/harvest/source/{source}?after=river-150000"])
def test_a_page_reads_few_rows(sysadmin: Any, large: Large, path: str) -> None:
    with recorded() as seen:
        sysadmin.get(path.format(**large._asdict()))
    assert_few_rows_are_read(seen)


def test_the_csv_of_all_problems_is_streamed(sysadmin: Any, large: Large) -> None:
    lines = sysadmin.get(f"/harvest/run/{large.run}/problems.csv").get_data(as_text=True).count("\n")
    assert lines == COUNT + 1
