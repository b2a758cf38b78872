"""The index brought up to date with what was committed and did not reach it, as after a crash."""

from __future__ import annotations

import ckan.lib.search as search
import ckan.logic as logic
import ckan.model as model

from ckanext.aivision.catalogue import statements
from ckanext.aivision.catalogue.documents import Document, Documents
from ckanext.aivision.catalogue.evaluations import index_fields
from ckanext.aivision.catalogue.indexing import Indexing
from ckanext.aivision.catalogue.stored import Forms, StoredPackages, as_entity

_BATCH = 250


def index_outstanding(source: str) -> list[str]:
    """Indexes what the ledger of a source notes as not indexed, and returns the ids of its packages. Commits.

    Raises ServiceError where Solr does not take documents.
    """
    ids: list[str] = list(model.Session.execute(statements.UNINDEXED, {"source": source}).scalars())
    if ids:
        stored, documents, indexing = StoredPackages(), Documents(), Indexing()
        for start in range(0, len(ids), _BATCH):
            _index(ids[start : start + _BATCH], stored, documents, indexing)
        indexing.commit()
    model.Session.commit()
    return ids


def _index(ids: list[str], stored: StoredPackages, documents: Documents, indexing: Indexing) -> None:
    with model.meta.engine.connect() as connection:
        forms = stored.forms(connection, ids)
    active = {id: form for id, form in forms.items() if form.default["state"] == "active"}
    if active:
        indexing.add([_document(form, documents) for form in active.values()])
    apart = [id for id in ids if id not in active]
    for id in apart:
        _index_singly(id)
    if apart:
        search.commit()
        model.Session.execute(statements.INDEXED, {"ids": apart})
        model.Session.commit()


def _index_singly(id: str) -> None:
    """By CKAN's own way, which knows what becomes of a deleted package, and of an edited one."""
    try:
        logic.index_update_package({"ignore_auth": True}, id, defer_commit=True)
    except logic.NotFound:
        search.clear(id)


def _document(form: Forms, documents: Documents) -> Document:
    ours = index_fields(form.evaluation) if form.evaluation is not None else {}
    return documents.document(form.default, form.custom, as_entity(form.default), ours)
