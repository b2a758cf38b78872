"""Keep what a save changes of a harvested dataset as corrections, so that the next harvest does not take it back."""

from __future__ import annotations

import ckan.model as model

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.package_fields import Key, find_differences, read_values
from ckanext.aivision.catalogue.corrections.source_package import current_fields, source_package
from ckanext.aivision.catalogue.tables.records import find_package


def note_save(package_id: str, user: str, reason: str = "") -> list[Key]:
    """Compares a package that was just saved with its source, within the save's transaction.

    user: the name of who saved. reason: why, as they wrote it. Returns what is corrected now and was not, or was
    corrected otherwise; nothing for a dataset that was not harvested.
    """
    model.Session.flush()
    record = correction_store.source_records([package_id]).get(package_id)
    fields = current_fields()
    if record is None or not fields.dataset:
        return []
    package = find_package(package_id)
    if package is None or package.get("type") != "dataset":
        return []
    source = read_values(source_package(record, package_id), fields)
    author = model.User.get(user) if user else None
    found = find_differences(source, read_values(package, fields))
    return correction_store.keep(package_id, found, author.id if author is not None else "", reason)
