"""Template helpers: corrections of harvested datasets in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.package_fields import Pair
from ckanext.aivision.catalogue.corrections.words import correction_row, field_label
from ckanext.aivision.catalogue.evaluations.corrected import evaluate_corrected
from ckanext.aivision.catalogue.tables.public_contacts import public_values
from ckanext.aivision.helpers.page_record import applying_corrections
from ckanext.aivision.scoring.results import Evaluation

__all__ = [
    "aivision_corrected_evaluation",
    "aivision_corrections",
    "aivision_field_label",
    "aivision_organization_corrections",
]


def aivision_corrections(package: Mapping[str, Any], can_edit: bool) -> list[dict[str, Any]]:
    """The corrections of a dataset: resource, field, label, file (its title), source and value in words, made.

    can_edit: whether the reader may edit it, who is also given reason and author, and those that a harvest dropped
    (outcome, ended).
    """
    id = package["id"]
    found = correction_store.of_dataset(id, with_ended=True) if can_edit else applying_corrections(id)
    if not can_edit:
        # Before they are put into words, which may end within an address.
        pairs = public_values([list(item.pair) for item in found], package)
        found = [item._replace(pair=Pair(*pair)) for item, pair in zip(found, pairs, strict=True)]
    return [correction_row(item, package, can_edit) for item in found]


def aivision_corrected_evaluation(package_id: str) -> Evaluation | None:
    """The evaluation of a dataset with its corrections; None if it has none. Worked out once per page."""
    kept: dict[str, Evaluation | None] = toolkit.request.environ.setdefault("aivision.corrected", {})
    if package_id not in kept:
        kept[package_id] = evaluate_corrected(package_id) if applying_corrections(package_id) else None
    return kept[package_id]


def aivision_organization_corrections(organization_id: str) -> int:
    """The number of corrections that apply to an organization's datasets."""
    return correction_store.count_of_organization(organization_id)


def aivision_field_label(resource: str, field: str) -> str:
    """The label of a field of the form. resource: the id of a file; empty for a field of the dataset."""
    return field_label(resource, field)
