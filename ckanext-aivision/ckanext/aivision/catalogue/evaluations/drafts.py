"""The evaluation that a dataset would have if what is typed into its form were saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model

from ckanext.aivision.catalogue.evaluations.evaluation_store import evaluate_all, today
from ckanext.aivision.catalogue.tables import records
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load


def evaluate_draft(typed: Mapping[str, Any], package_id: str = "") -> Evaluation:
    """The evaluation of a dataset with these fields, which is kept nowhere. Takes what `draft_record` takes."""
    return evaluate_all([draft_record(typed, package_id)], load(), today())[0]


def draft_record(typed: Mapping[str, Any], package_id: str = "") -> Dataset:
    """The record of a dataset with these fields.

    typed: fields of a package as `package_create` takes them. package_id: of a stored dataset, whose other fields stay
    as they are, and whose link checks and file profiles count. Whoever calls has checked that it may be read.
    """
    stored = records.find_package(package_id) if package_id else None
    package = {**(stored or {}), **typed}
    if "tag_string" in typed:
        names = str(typed["tag_string"]).split(",")
        package["tags"] = [{"name": name.strip()} for name in names if name.strip()]
    package["organization"] = _organization(package)
    return records.of_package(package, package_id)


def _organization(package: Mapping[str, Any]) -> dict[str, Any] | None:
    """The organization that is chosen, as package_show gives it."""
    owner, stored = package.get("owner_org"), package.get("organization")
    if not isinstance(owner, str) or not owner:
        return None
    if isinstance(stored, dict) and owner in (stored.get("id"), stored.get("name")):
        return stored
    found = model.Group.get(owner)
    return {"id": found.id, "name": found.name, "title": found.title} if found is not None else None
