"""Publishers as CKAN organizations, created with their first dataset.

`organization_create` takes 70 ms, most of it for showing what it made, and a catalogue of 2,700 datasets can have 170
publishers. So the same rows are written here, for all new publishers of a batch at once; a test holds the two ways
against each other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan.plugins import IOrganizationController

from ckanext.aivision.catalogue.hook_calls import HookCalls, overriding
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.moments import now
from ckanext.aivision.catalogue.tables.names import organization_name
from ckanext.aivision.catalogue.tables.rows import member_id, organization_id
from ckanext.aivision.catalogue.tables.statements import execute
from ckanext.aivision.record import Dataset

UNNAMED = "Publisher not stated"
Publisher = tuple[str, str]  # name and country


class Organizations:
    """Finds or makes the organisations of datasets' publishers."""

    def __init__(self, user: str, activities: bool, calls: HookCalls) -> None:
        """user: the name of the CKAN user who becomes their admin. activities: whether the stream tells of them.

        calls: of other plugins' hooks.
        """
        self._calls = calls
        self._user_id: str = model.User.get(user).id
        self._activities = activities
        self._known: dict[Publisher, str] = {}

    def of(self, datasets: Sequence[Dataset]) -> list[str]:
        """The ids of the datasets' organisations, which are committed: batches are written on other connections."""
        publishers = [_publisher(dataset) for dataset in datasets]
        new = sorted(set(publishers) - self._known.keys())
        if new:
            self._learn(new)
        return [self._known[publisher] for publisher in publishers]

    def _learn(self, publishers: Sequence[Publisher]) -> None:
        names = {organization_name(*publisher): publisher for publisher in publishers}
        with model.meta.engine.begin() as connection:
            found = _find_ids(connection, names)
            missing = [name for name in names if name not in found]
            if missing:
                self._make(connection, [(name, names[name][0]) for name in missing])
                found |= _find_ids(connection, missing)
        # Several spellings can share a name, and with it an organisation.
        self._known.update((publisher, found[organization_name(*publisher)]) for publisher in publishers)
        for plugin in overriding(IOrganizationController, "create"):
            for name in missing:
                self._calls.call(None, plugin, "create", model.Group.get(found[name]))

    def _make(self, connection: sa.Connection, titles: Iterable[tuple[str, str]]) -> None:
        moment = now().isoformat()
        rows = [_row(name, title, moment) for name, title in titles]
        execute(connection, statements.ORGANIZATIONS, rows)
        admins = [
            {"id": member_id(self._user_id, row["id"]), "user_id": self._user_id, "group_id": row["id"]} for row in rows
        ]
        execute(connection, statements.ORGANIZATION_ADMINS, admins)
        if self._activities:
            execute(connection, statements.ACTIVITIES, [self._activity(row) for row in rows])

    def _activity(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row of the activity stream (ckanext.activity.subscriptions)."""
        return {
            "id": str(uuid.uuid4()),
            "timestamp": row["created"],
            "user_id": self._user_id,
            "object_id": row["id"],
            "activity_type": "new organization",
            "data": msgspec.json.encode({"group": row}).decode(),
            "permission_labels": None,
        }


def _publisher(dataset: Dataset) -> Publisher:
    name = dataset.publisher.name if dataset.publisher and dataset.publisher.name else UNNAMED
    return name, dataset.country


def _find_ids(connection: sa.Connection, names: Iterable[str]) -> dict[str, str]:
    """The ids of the organisations that there are, by name."""
    return {row.name: row.id for row in connection.execute(statements.ORGANIZATION_IDS, {"names": list(names)})}


def _row(name: str, title: str, now: str) -> dict[str, Any]:
    return {
        "id": organization_id(name),
        "name": name,
        "title": title,
        "type": "organization",
        "description": "",
        "image_url": "",
        "created": now,
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        "extras": {},
    }
