"""Delete datasets whose grace period has ended, in bulk, with the effects of CKAN's `package_delete`."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator, Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.evaluations import history
from ckanext.aivision.catalogue.hook_calls import HookCalls
from ckanext.aivision.catalogue.index.reindex import index_outstanding
from ckanext.aivision.catalogue.index.stored_packages import Forms, StoredPackages, as_entity
from ckanext.aivision.catalogue.sources.removal import grace
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.writer.activities import activities_kept, package_activity

# The names of the states stand in the table aivision_record.
_DUE = sa.text(
    """
    SELECT l.package_id, p.id IS NOT NULL AND p.state = 'active' AS there
    FROM aivision_record l LEFT JOIN package p ON p.id = l.package_id
    WHERE l.source = :source AND l.state = 'gone' AND l.gone_since <= :before
        AND l.package_id <> ALL(:left)
    ORDER BY l.identifier LIMIT :most
    """
)
# What `package_delete` does: the state of the package and of its memberships, and no more collaborators.
_DELETED = sa.text(
    """
    WITH gone AS (
        UPDATE aivision_record SET state = 'deleted', content_hash = '', indexed = :indexed
        WHERE package_id = ANY(:ids)
        RETURNING package_id
    ), members AS (
        UPDATE member SET state = 'deleted' WHERE table_id = ANY(:ids) AND state = 'active'
    ), collaborators AS (
        DELETE FROM package_member WHERE package_id = ANY(:ids)
    )
    UPDATE package p SET state = 'deleted' FROM gone WHERE p.id = gone.package_id
    """
)
_BATCH = 500


class Deletion:
    """Deletes what has been gone from a source for long enough, in a user's name."""

    def __init__(self, source: str, user: str, calls: HookCalls) -> None:
        """user: a name. calls: of other plugins' hooks."""
        self._source, self._user, self._calls = source, user, calls
        # What CKAN could not delete in this run stays due.
        self._left: list[str] = []
        self._user_id: str = model.User.get(user).id
        self._stored = StoredPackages(calls)
        self._labels = get_permission_labels()
        self._activities = activities_kept()
        # A setting of CKAN's: what is deleted may stay in the index, marked.
        self._leaves_index = bool(toolkit.config.get("ckan.search.remove_deleted_packages", True))

    def due(self, now: datetime.datetime) -> Iterator[list[str]]:
        """Deletes all whose days have passed, and gives the ids of the packages of each batch once that is committed.

        now: UTC without a time zone. What CKAN's own action deleted, hooks and all, is not among the ids.
        """
        values = {"source": self._source, "before": now - grace(), "most": _BATCH}
        while True:
            with model.meta.engine.begin() as connection:
                found = connection.execute(_DUE, {**values, "left": self._left}).all()
                there = [row.package_id for row in found if row.there]
                forms = self._stored.forms(connection, there, state="deleted")
            if not found:
                return
            self._delete_singly([id for id in there if id not in forms])
            self._delete([row.package_id for row in found if row.package_id not in self._left], forms, now)
            yield list(forms)

    def _delete(self, ids: list[str], forms: dict[str, Forms], now: datetime.datetime) -> None:
        if self._leaves_index:
            # First from the index: a crash in between leaves them due, and they are taken again.
            _remove_from_index(ids)
        with model.meta.engine.begin() as connection:
            connection.execute(_DELETED, {"ids": ids, "indexed": self._leaves_index})
            history.note_deleted(connection, ids, now.date())
            if self._activities and forms:
                rows = [self._activity(form, now) for form in forms.values()]
                statements.execute(connection, statements.ACTIVITIES, rows)
        if not self._leaves_index:
            index_outstanding(self._source, self._calls)

    def _activity(self, form: Forms, now: datetime.datetime) -> dict[str, Any]:
        labels = self._labels.get_dataset_labels(as_entity(form.default))
        return package_activity("deleted package", form.custom, self._user_id, self._user, labels, now)

    def _delete_singly(self, ids: Sequence[str]) -> None:
        for id in ids:
            if not self._calls.guarded(None, "of a package", "package_delete", functools.partial(self._delete_one, id)):
                self._left.append(id)

    def _delete_one(self, id: str) -> None:
        toolkit.get_action("package_delete")({"user": self._user, "ignore_auth": True}, {"id": id})


def _remove_from_index(ids: Sequence[str]) -> None:
    site = toolkit.config.get("ckan.site_id")
    make_connection().delete(q=f'+site_id:"{site}" +id:({" OR ".join(ids)})', commit=True)
