"""Write a batch in one transaction: CKAN's tables, evaluations, problems, and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.evaluations.evaluation_store import to_row
from ckanext.aivision.catalogue.sources.duplicates import fingerprint
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.rows import member_id, package_tag_id
from ckanext.aivision.catalogue.tables.statements import execute
from ckanext.aivision.catalogue.writer.prepare import Prepared

Row = dict[str, Any]


def store(connection: sa.Connection, source: str, batch: Sequence[Prepared]) -> None:
    """Writes datasets of one source within the connection's transaction.

    Raises sqlalchemy.exc.DBAPIError where the database does not take one of them.
    """
    if not batch:
        return
    changed = [item.rows.package["id"] for item in batch if item.existed]
    execute(connection, statements.PACKAGES, [item.rows.package for item in batch])
    _store_resources(connection, batch, changed)
    _store_tags(connection, batch, changed)
    _store_members(connection, batch, changed)
    _store_evaluations(connection, batch)
    execute(connection, statements.LEDGER, [_ledger_row(source, item) for item in batch])
    correction_store.end(connection, [ended for item in batch for ended in item.ended])
    if activities := [activity for item in batch for activity in item.activities]:
        execute(connection, statements.ACTIVITIES, activities)


def store_problems(connection: sa.Connection, rows: Sequence[Row]) -> None:
    """Writes rows of `aivision_problem`."""
    if rows:
        execute(connection, statements.PROBLEMS, rows)


def _store_resources(connection: sa.Connection, batch: Sequence[Prepared], changed: list[str]) -> None:
    rows = [resource for item in batch for resource in item.rows.resources]
    if changed:
        kept = [resource["id"] for item in batch if item.existed for resource in item.rows.resources]
        for statement in (statements.RESOURCES_PURGED, statements.RESOURCES_DELETED):
            connection.execute(statement, {"ids": changed, "kept": kept})
    if rows:
        execute(connection, statements.RESOURCES, rows)


def _store_tags(connection: sa.Connection, batch: Sequence[Prepared], changed: list[str]) -> None:
    rows = [
        {"id": package_tag_id(item.rows.package["id"], tag), "package_id": item.rows.package["id"], "tag_id": tag}
        for item in batch
        for tag in item.tag_ids.values()
    ]
    if changed:
        for statement in (statements.PACKAGE_TAGS_DELETED, statements.PACKAGE_TAGS_REVIVED):
            execute(connection, statement, rows, changed)
    if rows:
        execute(connection, statements.PACKAGE_TAGS, rows, changed)


def _store_members(connection: sa.Connection, batch: Sequence[Prepared], changed: list[str]) -> None:
    rows = []
    for item in batch:
        package, group = item.rows.package["id"], item.organization_id
        rows.append({"id": member_id(package, group), "package_id": package, "group_id": group})
    if changed:
        execute(connection, statements.MEMBERS_DELETED, rows, changed)
    execute(connection, statements.MEMBERS, rows, changed)


def _store_evaluations(connection: sa.Connection, batch: Sequence[Prepared]) -> None:
    kept = []
    for item in batch:
        dataset, evaluation = item.evaluated.change.harvested.dataset, item.evaluated.evaluation
        assert dataset is not None
        assert evaluation is not None
        kept.append(({"package_id": item.rows.package["id"], **to_row(evaluation)}, dataset))
    evaluations.store(connection, kept)


def _ledger_row(source: str, item: Prepared) -> Row:
    dataset = item.evaluated.change.harvested.dataset
    assert dataset is not None
    return {
        "source": source,
        "identifier": dataset.identifier,
        "content_hash": item.evaluated.change.content_hash,
        "package_id": item.rows.package["id"],
        "dataset": msgspec.json.encode(dataset).decode(),
        "last_changed": item.rows.package["metadata_modified"],
        "fingerprint": fingerprint(dataset),
    }
