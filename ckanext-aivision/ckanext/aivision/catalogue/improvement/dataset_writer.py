"""Write many datasets through CKAN's own actions: each committed by itself with its evaluation, all indexed together.

`package_patch` spends most of its time on the search index and on reading the dataset again and again. What decides
(rights, validators, hooks of other plugins) is CKAN's own here; the evaluation is made of what was just read, and Solr
gets documents by the batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import ckan.lib.search as search
import ckan.logic as logic
import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.hook_calls import HookCalls
from ckanext.aivision.catalogue.improvement.patches import merged
from ckanext.aivision.catalogue.index.search_fields import index_fields
from ckanext.aivision.catalogue.index.solr import Indexing
from ckanext.aivision.catalogue.index.solr_documents import Document, Documents
from ckanext.aivision.catalogue.posted_form import CHECKED
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.compare.table.facets import facets_of
from ckanext.aivision.errors import ServiceError
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load

# In an action's context: the evaluation comes from whoever calls.
EVALUATION_FOLLOWS = "aivision_evaluation_follows"
_TO_INDEX = sa.text("INSERT INTO aivision_unindexed VALUES (:id) ON CONFLICT DO NOTHING")
_INDEXED = sa.text("DELETE FROM aivision_unindexed WHERE package_id = ANY(:ids)")


class Written(NamedTuple):
    """A dataset as it now is, within the session's transaction."""

    package: dict[str, Any]
    evaluation: Evaluation
    is_new: bool


class DatasetWriter:
    """Writes in a user's name. Commit after each dataset, and call `index` after some; both are the caller's."""

    def __init__(self, user: str) -> None:
        self._user = user
        self._documents, self._indexing = Documents(HookCalls()), Indexing()
        self._waiting: list[Document] = []
        # Ids of those that wait, and of those that only CKAN's own way does justice to.
        self._ids: list[str] = []
        self._apart: list[str] = []

    def read(self, id: str) -> dict[str, Any]:
        """A dataset that nobody else can change until the transaction ends, if the user may edit it.

        Raises ObjectNotFound and NotAuthorized.
        """
        toolkit.check_access("package_patch", self._context(), {"id": id})
        shown = self._context(for_update=True, use_cache=False)
        package: dict[str, Any] = toolkit.get_action("package_show")(shown, {"id": id})
        return package

    def update(self, original: dict[str, Any], values: Mapping[str, Any]) -> Written:
        """Gives a dataset that was read other values, as `package_patch` does.

        Raises ValidationError and NotAuthorized; the session's transaction is then over.
        """
        context = self._context(original_package=original, **self._deferred())
        toolkit.get_action("package_update")(context, merged(original, values))
        return self._complete(original["id"], is_new=False)

    def create(self, package: dict[str, Any]) -> Written:
        """Creates a dataset. Raises ValidationError and NotAuthorized; the session's transaction is then over."""
        id = toolkit.get_action("package_create")(self._context(**self._deferred()), package)
        return self._complete(id, is_new=True)

    def index(self) -> None:
        """Makes searchable what was written and committed. Raises ServiceError if Solr does not take it."""
        if self._waiting:
            self._indexing.add(self._waiting)
        for id in self._apart:
            logic.index_update_package({"ignore_auth": True}, id, defer_commit=True)
        try:
            search.commit()
        except search.SearchIndexError as error:
            raise ServiceError(f"Solr does not commit: {str(error)[:500]}; see its log") from error
        model.Session.execute(_INDEXED, {"ids": self._ids})
        model.Session.commit()
        self._waiting, self._ids, self._apart = [], [], []

    def _complete(self, id: str, is_new: bool) -> Written:
        model.Session.flush()
        default, package = logic.package_show_default_and_custom_schemas(self._context(), id)
        ((_, dataset),) = datasets([id], {id: package})
        evaluation = evaluations.evaluate_all([dataset], load(), evaluations.today())[0]
        evaluations.save(id, evaluation, dataset)
        model.Session.execute(_TO_INDEX, {"id": id})
        self._ids.append(id)
        if _needs_own_way(default):
            self._apart.append(id)
        else:
            ours = index_fields(evaluation, facets_of(dataset))
            self._waiting.append(self._documents.document(default, package, model.Package.get(id), ours))
        return Written(package, evaluation, is_new)

    def _context(self, **more: Any) -> Any:
        return {"user": self._user, "model": model, "session": model.Session, **more}

    def _deferred(self) -> dict[str, Any]:
        return {"defer_commit": True, "return_id_only": True, EVALUATION_FOLLOWS: True, CHECKED: True}


def _needs_own_way(package: Mapping[str, Any]) -> bool:
    """Whether `Documents` lacks something of a package: it is made for harvested ones."""
    related = any(package.get(name) for name in ("groups", "relationships_as_subject", "relationships_as_object"))
    return related or any(tag.get("vocabulary_id") for tag in package.get("tags") or ())
