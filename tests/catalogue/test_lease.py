"""One run of a source at a time; a run shows that it lives, can be asked to stop, and is known for dead when it is."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.records import record
from tests.waiting import until, until_cancellation_is_noticed

from ckanext.aivision.errors import UsageError

SourceFile = Callable[[list[Any]], Path]
NOW = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)


def run_row(run_id: str) -> Any:
    import ckan.model as model
    import sqlalchemy as sa

    model.Session.rollback()
    return model.Session.execute(sa.text("SELECT * FROM aivision_run WHERE id = :id"), {"id": run_id}).one()


@pytest.fixture
def quick_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.aivision.catalogue import lease

    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", 0.05)


def test_a_second_run_of_a_source_is_refused_while_the_first_is_at_work(ckan: Any) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_lease import HarvestLease

    with HarvestLease("one at a time", NOW), pytest.raises(UsageError, match="is being harvested by another run"):
        HarvestLease("one at a time", NOW).__enter__()
    with HarvestLease("one at a time", NOW), HarvestLease("another source", NOW):
        pass


def test_a_run_shows_that_it_lives(ckan: Any, quick_heartbeat: None) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_lease import HarvestLease

    with HarvestLease("heartbeat", NOW) as lease:
        first = run_row(lease.id).heartbeat
        until(lambda: run_row(lease.id).heartbeat > first)


def test_a_run_whose_process_died_is_marked_by_the_next_one(ckan: Any) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_lease import HarvestLease

    with HarvestLease("died", NOW) as lease:
        pass  # Left without an end, as a process that is killed leaves its run.
    assert run_row(lease.id).state == "running"
    with HarvestLease("died", NOW):
        row = run_row(lease.id)
    assert (row.state, row.finished) == ("interrupted", row.heartbeat)


def test_a_cancelled_run_ends_with_what_it_has_and_removes_nothing(
    ckan: Any, into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile, quick_heartbeat: None
) -> None:
    office, name = publisher
    source = source_file([record(number, **office) for number in range(200)])

    class Canceller:
        """Asks the run to stop after its first batch, and waits until it has heard of it."""

        def progress(self, counts: Any, expected: int | None) -> None:
            latest = ckan.get_action("aivision_run_list")({"ignore_auth": True}, {"source": str(source)})[0]
            ckan.get_action("aivision_run_cancel")({"ignore_auth": True}, {"id": latest["id"]})
            until_cancellation_is_noticed()

    run = into_ckan(source, listener=Canceller())
    assert run.state == "cancelled"
    assert "cancelled; what was stored is kept" in run.message
    assert run.counts.new == 60
    assert len(found(name)) == 60
    assert into_ckan(source).counts.new == 140


def test_a_reading_by_cursor_that_is_cut_off_goes_on_from_where_it_was(
    ckan: Any, portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.ckan import ckan_store
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.catalogue.sources import source_store as sources
    from ckanext.aivision.harvesters import open_source as reading
    from ckanext.aivision.harvesters.sources.source import resolve

    class CutOff:
        def progress(self, counts: Any, expected: int | None) -> None:
            if counts.fetched >= 150:
                raise KeyboardInterrupt

    monkeypatch.setattr(ckan_store, "KEEP_EVERY", 0.0)
    monkeypatch.setattr(reading, "ROWS", 50)
    with portal(copies=20) as address:
        host = address.removeprefix("http://")
        whole = resolve(f"{address}/search", "datagov-search")
        with pytest.raises(KeyboardInterrupt):
            harvest_into_ckan(whole, allow_hosts=[host], listener=CutOff())
    kept = sources.state(whole.name)
    assert kept is not None
    assert kept.cursor != ""


def test_the_tables_are_those_of_the_migrations(ckan: Any) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    from ckanext.aivision.model import metadata

    inspector, dialect = sa.inspect(model.meta.engine), model.meta.engine.dialect
    for table in metadata.sorted_tables:
        made = {column["name"]: column for column in inspector.get_columns(table.name)}
        stated = {column.name: (column.type.compile(dialect), column.nullable) for column in table.columns}
        assert {name: (c["type"].compile(dialect), c["nullable"]) for name, c in made.items()} == stated, table.name
