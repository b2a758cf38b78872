"""The evaluation that a dataset would have if what is typed into its form were saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import ckan.model as model

from ckanext.aivision.catalogue.evaluations.evaluation_store import evaluate_all, today
from ckanext.aivision.catalogue.tables import records
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load


class Drafted(NamedTuple):
    """Evaluations that are kept nowhere: of a draft, and of the stored dataset if it was harvested."""

    evaluation: Evaluation
    unchanged: Evaluation | None


def evaluate_draft(typed: Mapping[str, Any], package_id: str = "") -> Drafted:
    """The evaluation of a dataset with these fields. Takes what `draft_record` takes.

    What is stored of a harvested dataset is of its source's own record, which the form does not change: a draft of it
    is compared with the dataset as the form shows it, with its corrections.
    """
    stored = records.find_package(package_id) if package_id else None
    source = records.source_record(package_id) if stored is not None else None
    drafts = [_record(stored, typed, source)]
    if source is not None:
        drafts.append(_record(stored, {}, source))
    evaluation, *unchanged = evaluate_all(drafts, load(), today())
    return Drafted(evaluation, unchanged[0] if unchanged else None)


def draft_record(typed: Mapping[str, Any], package_id: str = "") -> Dataset:
    """The record of a dataset with these fields.

    typed: fields of a package as `package_create` takes them. package_id: of a stored dataset, whose other fields stay
    as they are, and whose link checks and file profiles count. Whoever calls has checked that it may be read.
    """
    stored = records.find_package(package_id) if package_id else None
    return _record(stored, typed, records.source_record(package_id) if stored is not None else None)


def _record(stored: Mapping[str, Any] | None, typed: Mapping[str, Any], source: Dataset | None) -> Dataset:
    package = {**(stored or {}), **typed}
    if "tag_string" in typed:
        names = str(typed["tag_string"]).split(",")
        package["tags"] = [{"name": name.strip()} for name in names if name.strip()]
    package["organization"] = _organization(package)
    return records.of_package(package, source)


def _organization(package: Mapping[str, Any]) -> dict[str, Any] | None:
    """The organization that is chosen, as package_show gives it."""
    owner, stored = package.get("owner_org"), package.get("organization")
    if not isinstance(owner, str) or not owner:
        return None
    if isinstance(stored, dict) and owner in (stored.get("id"), stored.get("name")):
        return stored
    found = model.Group.get(owner)
    return {"id": found.id, "name": found.name, "title": found.title} if found is not None else None
