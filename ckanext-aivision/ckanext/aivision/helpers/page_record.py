"""The record of the dataset whose page is made, and its corrections: read once for all parts of the page."""

from __future__ import annotations

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.correction_store import Correction
from ckanext.aivision.catalogue.tables import records
from ckanext.aivision.record import Dataset


def applying_corrections(package_id: str) -> list[Correction]:
    """The corrections of a dataset that apply."""
    kept: dict[str, list[Correction]] = toolkit.request.environ.setdefault("aivision.corrections", {})
    if package_id not in kept:
        kept[package_id] = correction_store.of_dataset(package_id)
    return kept[package_id]


def own_record(package_id: str) -> Dataset | None:
    """The record of a dataset without corrections; None if there is none."""
    kept: dict[str, Dataset | None] = toolkit.request.environ.setdefault("aivision.record", {})
    if package_id not in kept:
        kept[package_id] = records.find_dataset(package_id)
    return kept[package_id]
