"""Write datasets through CKAN's own actions, one by one, if their packages have groups or relationships."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import ckan.logic as logic
import ckan.model as model
import msgspec
from ckan.plugins import toolkit
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.apply_at_harvest import Review
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.harvest.store import Evaluated, Refusal
from ckanext.aivision.catalogue.hook_calls import HookCalls
from ckanext.aivision.catalogue.sources.duplicates import fingerprint
from ckanext.aivision.catalogue.tables.names import package_name
from ckanext.aivision.catalogue.tables.rows import package_id
from ckanext.aivision.catalogue.writer.organizations import Organizations
from ckanext.aivision.errors import Problem
from ckanext.aivision.model import record as record_table
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.package import to_package


class SingleWriter:
    """Writes records of one source in the session's transaction, each committed and indexed by itself."""

    def __init__(self, source: str, user: str, calls: HookCalls) -> None:
        self._source, self._user = source, user
        self._organizations = Organizations(user, activities=False, calls=calls)
        self._review = Review()

    def context(self, **more: Any) -> Any:
        """An action's context in the writer's name."""
        return {"user": self._user, "ignore_auth": True, **more}

    def write(self, items: Sequence[Evaluated]) -> list[Refusal]:
        """Gives the records that CKAN does not take, with its reasons."""
        refusals = []
        for item in items:
            try:
                self._write_one(item)
                model.Session.commit()
            except Exception as error:  # noqa: BLE001 - a plugin's hook raises anything, and takes the action along
                model.Session.rollback()
                harvested = item.change.harvested
                message = f"CKAN rejects this record: {_reason(error)}; fix it at the source"
                problem = Problem("catalogue-refused", harvested.where, message, "error")
                refusals.append(Refusal(harvested.identifier, problem, item.change.kind, harvested.raw))
        return refusals

    def _write_one(self, item: Evaluated) -> None:
        dataset = item.change.harvested.dataset
        if dataset is None or item.evaluation is None:
            raise ValueError("a refused record cannot be written")
        name = package_name(dataset.title, self._source, dataset.identifier)
        package = {**to_package(dataset), "owner_org": self._organizations.of([dataset])[0]}
        # The evaluation is of the source's own record, so the plugin must not make one of the package.
        evaluated = {"aivision_evaluation": item.evaluation, "aivision_record": dataset}
        context = self.context(return_id_only=True, **evaluated)
        existing = model.Package.get(item.change.package_id or name)
        if existing is None:
            stored = package_id(self._source, dataset.identifier)
            toolkit.get_action("package_create")(context, package | {"id": stored, "name": name})
        else:
            stored = existing.id
            package = self._with_corrections(package, stored)
            package |= {"id": stored, "name": existing.name, "state": "active"}
            toolkit.get_action("package_update")(context, package)
        if evaluations.find(stored) != item.evaluation:
            # CKAN calls no hook where the package is still the same; what it has no place for may be another.
            evaluations.save(stored, item.evaluation, dataset)
        self._note_in_ledger(dataset, item.change.content_hash, stored)
        # CKAN indexed the package before the ledger had its record, which says more of formats and publishers.
        logic.index_update_package({"ignore_auth": True}, stored)

    def _with_corrections(self, package: dict[str, Any], stored: str) -> dict[str, Any]:
        corrections = self._review.find([stored]).get(stored)
        if not corrections:
            return package
        reviewed = self._review.apply(package, stored, corrections)
        correction_store.end(model.Session, reviewed.ended)
        return reviewed.package

    def _note_in_ledger(self, dataset: Dataset, content_hash: str, stored: str) -> None:
        values = {
            "content_hash": content_hash,
            "package_id": stored,
            "dataset": msgspec.json.encode(dataset).decode(),
            "indexed": True,
            "state": "active",
            "gone_since": None,
            "missing_in": None,
            "fingerprint": fingerprint(dataset),
            "last_changed": datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None),
        }
        key = {"source": self._source, "identifier": dataset.identifier}
        statement = insert(record_table).values(**key, **values)
        model.Session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def _reason(error: Exception) -> str:
    if isinstance(error, logic.ValidationError):
        return "; ".join(f"{field}: {problem}" for field, problem in error.error_summary.items())
    name = "" if isinstance(error, logic.ActionError) else f"{type(error).__name__}: "
    return f"{name}{error}".splitlines()[0]
