"""Prepare evaluated records for storage: rows, index documents and activities. Writes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import ckan.model as model

from ckanext.aivision.catalogue.corrections.apply_at_harvest import Review
from ckanext.aivision.catalogue.corrections.correction_store import Ended
from ckanext.aivision.catalogue.harvest.store import Evaluated
from ckanext.aivision.catalogue.hook_calls import HookCalls
from ckanext.aivision.catalogue.index.package_show import with_default_schema
from ckanext.aivision.catalogue.index.search_fields import index_fields
from ckanext.aivision.catalogue.index.show_hooks import ShowHooks
from ckanext.aivision.catalogue.index.solr_documents import Document, Documents
from ckanext.aivision.catalogue.index.stored_packages import ShownOrganizations, as_entity, current_schema
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.moments import now
from ckanext.aivision.catalogue.tables.names import package_name
from ckanext.aivision.catalogue.tables.rows import Rows, package_id, tag_id, to_rows
from ckanext.aivision.catalogue.writer.activities import activities_kept, package_activity
from ckanext.aivision.catalogue.writer.organizations import Organizations
from ckanext.aivision.catalogue.writer.run_activity import dropped_activity
from ckanext.aivision.compare.table.facets import facets_of
from ckanext.aivision.serialise.package import to_package


class Prepared(NamedTuple):
    """One dataset, ready to be stored. evaluated: what it was made of. existed: its package is there already.

    ended: corrections that are dropped with it. activities: the rows of the activity stream.
    """

    evaluated: Evaluated
    rows: Rows
    tag_ids: dict[str, str]
    organization_id: str
    existed: bool
    document: Document
    activities: Sequence[dict[str, Any]]
    ended: Sequence[Ended] = ()


class _Existing(NamedTuple):
    id: str
    name: str
    metadata_created: datetime.datetime
    creator_user_id: str
    entangled: bool


class Preparation:
    """Prepares batches of one source. It reads the database and makes what batches share: organisations and tags.

    Raises nothing of a record's: what `to_package` gives can be stored.
    """

    def __init__(self, source: str, user: str, calls: HookCalls) -> None:
        """user: the name of the user in whose name is written. calls: of other plugins' hooks."""
        self._source = source
        self._user_id: str = model.User.get(user).id
        self._user = user
        self._shown_organizations = ShownOrganizations()
        self._tags: dict[str, str] = {}
        self._documents = Documents(calls)
        self._show_hooks = ShowHooks(calls)
        self._schema = current_schema()
        self._activities = activities_kept()
        self._organizations = Organizations(user, self._activities, calls)
        self._review = Review()

    def prepared(self, batch: Sequence[Evaluated]) -> tuple[list[Prepared], list[Evaluated]]:
        """The new and changed records of a batch, ready; and those that only CKAN's own actions do justice to.

        The latter are those whose package somebody gave a group, a relationship or a file that is stored here.
        """
        ids = [item.change.package_id or package_id(self._source, _identifier(item)) for item in batch]
        names = [package_name(_dataset(item).title, self._source, _identifier(item)) for item in batch]
        packages = [to_package(_dataset(item)) for item in batch]
        owners = self._organizations.of([_dataset(item) for item in batch])
        self.learn_tags({tag["name"] for package in packages for tag in package.get("tags", ())})
        existing, created = self.find_existing(ids, names)
        corrected = self._review.find(sorted({known.id for known in existing.values()}))
        ready, apart = [], []
        for item, id, name, package, owner in zip(batch, ids, names, packages, owners, strict=True):
            known, ended = existing.get(id) or existing.get(name), list[Ended]()
            if known is not None and known.entangled:
                apart.append(item)
                continue
            if known is not None and known.id in corrected:
                package, ended, has_upload = self._review.apply(package, known.id, corrected[known.id])
                if has_upload:
                    apart.append(item)
                    continue
                self.learn_tags({tag["name"] for tag in package.get("tags", ())})
            ready.append(self._one(item, package, known, _Named(id, name, owner), created, ended))
        return ready, apart

    def _one(
        self,
        item: Evaluated,
        package: dict[str, Any],
        known: _Existing | None,
        named: _Named,
        created: Mapping[str, datetime.datetime],
        ended: Sequence[Ended],
    ) -> Prepared:
        at = now()
        rows = to_rows(package, (known or named).id, (known or named).name, named.owner, self._user_id, at)
        if known is not None:
            rows.package["metadata_created"] = known.metadata_created.isoformat()
            rows.package["creator_user_id"] = known.creator_user_id
        for resource in rows.resources:
            if (moment := created.get(resource["id"])) is not None:
                resource["created"] = moment.isoformat()
        default = with_default_schema(rows, self._tags, self._shown_organizations.of(named.owner))
        self._show_hooks.before_schema(default)
        custom = self._schema.of_package(default, rows.package["extras"])
        self._show_hooks.after_schema(custom)
        assert item.evaluation is not None
        ours = index_fields(item.evaluation, facets_of(_dataset(item)))
        document = self._documents.document(default, custom, as_entity(rows.package), ours)
        activities = []
        if self._activities:
            kind, labels = "new package" if known is None else "changed package", document["permission_labels"]
            activities = [package_activity(kind, custom, self._user_id, self._user, labels, at)]
            if ended:
                activities.append(dropped_activity(self._source, custom, ended, labels, at))
        tags = {name: self._tags[name] for name in rows.tags}
        return Prepared(item, rows, tags, named.owner, known is not None, document, activities, ended)

    def owners(self, batch: Sequence[Evaluated]) -> list[str]:
        """The ids of the organizations that the records of a prepared batch belong to."""
        return self._organizations.of([_dataset(item) for item in batch])

    def find_existing(
        self, ids: list[str], names: list[str]
    ) -> tuple[dict[str, _Existing], dict[str, datetime.datetime]]:
        """The packages that are there already by id and by name, and when their resources were made."""
        found: dict[str, _Existing] = {}
        rows = model.Session.execute(statements.EXISTING, {"ids": ids, "names": names}).all()
        for row in rows:
            found[row.id] = found[row.name] = _Existing(*row)
        if not rows:
            return found, {}
        resources = model.Session.execute(statements.EXISTING_RESOURCES, {"ids": [row.id for row in rows]})
        return found, {row.id: row.created for row in resources}

    def learn_tags(self, names: set[str]) -> None:
        """Makes the tags that lack, in a separate transaction: a batch taken back must not take them along."""
        new = sorted(names - self._tags.keys())
        if not new:
            return
        with model.meta.engine.begin() as connection:
            statements.execute(connection, statements.TAGS, [{"id": tag_id(name), "name": name} for name in new])
            self._tags.update((row.name, row.id) for row in connection.execute(statements.TAG_IDS, {"names": new}))


class _Named(NamedTuple):
    id: str
    name: str
    owner: str


def _dataset(item: Evaluated) -> Any:
    dataset = item.change.harvested.dataset
    if dataset is None:
        raise ValueError("a refused record cannot be written")
    return dataset


def _identifier(item: Evaluated) -> str:
    identifier: str = _dataset(item).identifier
    return identifier
