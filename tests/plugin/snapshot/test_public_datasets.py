"""However a dataset becomes public or stops being so, a snapshot is asked for, and the next one is right."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.plugin.conftest import execute
from tests.plugin.snapshot.conftest import NOON

from ckanext.aivision.snapshot.files import SnapshotFiles

Context = dict[str, Any]
Package = dict[str, Any]


def purge(ckan: Any, context: Context, package: Package) -> None:
    ckan.get_action("dataset_purge")(dict(context), {"id": package["id"]})


def make_private(ckan: Any, context: Context, package: Package) -> None:
    asked = {"datasets": [package["id"]], "org_id": package["owner_org"]}
    ckan.get_action("bulk_update_private")(dict(context), asked)


def delete_in_bulk(ckan: Any, context: Context, package: Package) -> None:
    asked = {"datasets": [package["id"]], "org_id": package["owner_org"]}
    ckan.get_action("bulk_update_delete")(dict(context), asked)


def delete(ckan: Any, context: Context, package: Package) -> None:
    ckan.get_action("package_delete")(dict(context), {"id": package["name"]})


def patch_to_draft(ckan: Any, context: Context, package: Package) -> None:
    ckan.get_action("package_patch")(dict(context), {"id": package["id"], "state": "draft"})


def patch_to_private(ckan: Any, context: Context, package: Package) -> None:
    ckan.get_action("package_patch")(dict(context), {"id": package["id"], "private": True})


def patch_through_the_model(ckan: Any, context: Context, package: Package) -> None:
    """As an extension may."""
    import ckan.model as model

    model.Package.get(package["id"]).private = True
    model.repo.commit()


WAYS_OUT = [
    purge,
    make_private,
    delete_in_bulk,
    delete,
    patch_to_draft,
    patch_to_private,
    patch_through_the_model,
]
BY_SQL = [
    "UPDATE package SET private = TRUE WHERE id = :id",
    "UPDATE package SET state = 'deleted' WHERE id = :id",
    "DELETE FROM aivision_evaluation WHERE package_id = :id",
]


@pytest.mark.parametrize("leave", WAYS_OUT)
def test_however_a_dataset_stops_being_public_a_snapshot_is_queued_that_no_longer_has_it(
    ckan: Any, site_user: Context, published: Any, counted: Any, snapshot: Any, queue: Any, leave: Any
) -> None:
    package, _ = published(), published()
    snapshot()
    assert counted() == 2
    queue.empty()
    leave(ckan, site_user, package)
    assert len(queue.get_job_ids()) == 1
    snapshot()
    assert counted() == 1


def test_what_is_made_public_in_bulk_is_queued_and_counted(
    ckan: Any, site_user: Context, published: Any, counted: Any, snapshot: Any, queue: Any
) -> None:
    package = published(private=True)
    snapshot()
    assert counted() == 0
    queue.empty()
    asked = {"datasets": [package["id"]], "org_id": package["owner_org"]}
    ckan.get_action("bulk_update_public")(dict(site_user), asked)
    assert len(queue.get_job_ids()) == 1
    snapshot()
    assert counted() == 1


def test_a_publisher_whose_last_dataset_is_purged_is_gone_from_figures_table_and_trend(
    ckan: Any, site_user: Context, published: Any, counted: Any, snapshot: Any, reader: Any, office: Any
) -> None:
    from tests.catalogue.history import rows

    package = published()
    snapshot()
    facets = "SELECT FROM aivision_facets WHERE package_id = :id"
    assert len(rows(facets, id=package["id"])) == 1
    reader("").get(f"/best-practice.json?publisher={_publisher(package)}")
    purge(ckan, site_user, package)
    snapshot()
    assert counted() == 0
    assert rows(facets, id=package["id"]) == []
    reader("").get("/best-practice.json?publisher=no-such-publisher", 400)
    query = "SELECT publishers FROM aivision_trend WHERE publisher = :name ORDER BY day DESC LIMIT 1"
    assert rows(query, name=office["title"]) == [(0,)]


def _publisher(package: Package) -> str:
    """The id under which the newest snapshot has the publisher of a dataset."""
    from ckanext.aivision.snapshot import read

    newest = read.newest()
    assert newest is not None
    found = newest.datasets().select("publisher", "id = ?", [package["id"]]).fetchall()
    return str(found[0][0])


@pytest.mark.parametrize("statement", BY_SQL)
def test_a_change_by_sql_is_due_queued_by_the_line_of_cron_and_right_in_the_next(
    published: Any, counted: Any, snapshot: Any, queue: Any, due: Callable[[], bool], statement: str
) -> None:
    from ckanext.aivision.snapshot.jobs import request_where_due

    package, _ = published(), published()
    snapshot()
    assert counted() == 2
    queue.empty()
    assert not due()
    assert not request_where_due()
    execute(statement, id=package["id"])
    assert due()
    assert request_where_due()
    assert len(queue.get_job_ids()) == 1
    snapshot()
    assert counted() == 1
    assert not due()


def test_a_change_of_what_a_dataset_says_of_itself_is_due_as_filters_rest_on_it(
    ckan: Any, site_user: Context, published: Any, snapshot: Any, due: Callable[[], bool]
) -> None:
    package = published()
    snapshot()
    assert not due()
    ckan.get_action("package_patch")(dict(site_user), {"id": package["id"], "title": "River levels, daily"})
    assert due()


def test_the_settings_say_how_many_are_kept_whole_and_for_how_many_days_tables_are(
    ckan: Any, published: Any, snapshot: Any, files: SnapshotFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    published()
    for days in (0, 1, 2):
        snapshot(lambda days=days: NOON + datetime.timedelta(days=days))
    monkeypatch.setitem(ckan.config, "ckanext.aivision.keep_whole_snapshots", 2)
    monkeypatch.setitem(ckan.config, "ckanext.aivision.keep_snapshot_tables_days", 2)
    snapshot(lambda: NOON + datetime.timedelta(days=3))
    both = {"sums.npy", "datasets.parquet"}
    found = [{path.name for path in folder.iterdir()} & both for folder in sorted(files.folder.glob("2*"))]
    assert found == [set(), set(), both, both]


def test_a_table_of_the_snapshot_says_what_the_datasets_say(
    ckan: Any, site_user: Context, published: Any, snapshot: Any
) -> None:
    from ckanext.aivision.snapshot import read

    # An address of its own: what other tests have stored of links is no part of the metadata's score.
    address = f"https://rivers.example.gov/{uuid.uuid4().hex}.csv"
    resource = {"name": "Levels", "url": address, "format": "CSV"}
    package = published(title='Levels\x1f of "rivers", <b>daily</b>', theme=["ENVI"], resources=[resource])
    snapshot()
    newest = read.newest()
    assert newest is not None
    columns = "name, title, country, sample, kinds, formats, licence_class, source"
    ((name, title, *rest),) = newest.datasets().select(columns, "id = ?", [package["id"]]).fetchall()
    assert (name, title) == (package["name"], package["title"])
    assert rest == ["GB", False, ["tabular"], ["CSV"], "open", ""]
    score = ckan.get_action("aivision_score_show")({"user": ""}, {"id": package["id"]})
    ((shown, grade),) = newest.datasets().select("score, grade", "id = ?", [package["id"]]).fetchall()
    assert (shown, grade) == (score["score"], score["grade"])
