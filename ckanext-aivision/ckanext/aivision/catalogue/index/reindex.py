"""Index datasets that were committed but did not reach the index, for example after a crash."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ckan.lib.search as search
import ckan.logic as logic
import ckan.model as model

from ckanext.aivision.catalogue.hook_calls import HookCalls
from ckanext.aivision.catalogue.index.package_show import Shown
from ckanext.aivision.catalogue.index.search_fields import Fields, index_fields
from ckanext.aivision.catalogue.index.solr import Indexing
from ckanext.aivision.catalogue.index.solr_documents import Document, Documents
from ckanext.aivision.catalogue.index.stored_packages import Forms, StoredPackages, as_entity
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.compare.table.facets import facets_of
from ckanext.aivision.record import Dataset

BATCH = 250


def index_outstanding(
    source: str, calls: HookCalls, indexed: Callable[[Sequence[Shown]], None] = lambda packages: None
) -> list[str]:
    """Indexes what the ledger of a source notes as not indexed, and returns the ids of its packages. Commits.

    calls: of other plugins' hooks. indexed: hears of packages, by CKAN's own schema, once Solr has them.
    Raises ServiceError if Solr does not take documents.
    """
    ids: list[str] = list(model.Session.execute(statements.UNINDEXED, {"source": source}).scalars())
    if ids:
        reindexing = Reindexing(calls)
        for start in range(0, len(ids), BATCH):
            indexed(reindexing.index(ids[start : start + BATCH]))
        reindexing.commit()
    model.Session.commit()
    return ids


class Reindexing:
    """Indexes packages as they stand in the database."""

    def __init__(self, calls: HookCalls) -> None:
        """calls: of other plugins' hooks."""
        self._stored, self._documents, self._indexing = StoredPackages(calls), Documents(calls), Indexing()

    def index(self, ids: list[str]) -> list[Shown]:
        """Hands packages to Solr, and gives those that are as they were harvested, by CKAN's own schema.

        ids: BATCH or so. The others go CKAN's own way, one by one. Commits the session.
        """
        with model.meta.engine.connect() as connection:
            forms = self._stored.forms(connection, ids)
        active = {id: form for id, form in forms.items() if form.default["state"] == "active"}
        if active:
            records = dict(datasets(list(active)))
            self._indexing.add([self._document(form, records.get(id)) for id, form in active.items()])
        apart = [id for id in ids if id not in active]
        if apart:
            # Packages are written beside CKAN's session, which may hold them as they were.
            model.Session.expire_all()
            for id in apart:
                _index_singly(id)
            search.commit()
            model.Session.execute(statements.INDEXED, {"ids": apart})
            model.Session.commit()
        return [form.default for form in active.values()]

    def commit(self) -> None:
        """Makes what was handed over searchable, and notes it in the ledger."""
        self._indexing.commit()

    def _document(self, form: Forms, dataset: Dataset | None) -> Document:
        ours: Fields = {}
        if form.evaluation is not None and dataset is not None:
            ours = index_fields(form.evaluation, facets_of(dataset))
        return self._documents.document(form.default, form.custom, as_entity(form.default), ours)


def _index_singly(id: str) -> None:
    """By CKAN's own way, which knows what becomes of a deleted package, and of an edited one."""
    try:
        logic.index_update_package({"ignore_auth": True}, id, defer_commit=True)
    except logic.NotFound:
        search.clear(id)
