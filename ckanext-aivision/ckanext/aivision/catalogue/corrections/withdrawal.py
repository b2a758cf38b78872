"""Take one correction of a dataset back."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.package_fields import Key, apply_values
from ckanext.aivision.catalogue.corrections.source_package import source_package
from ckanext.aivision.catalogue.tables.records import find_package

# What no source states.
_OF_CATALOGUE = ("id", "name", "owner_org", "private", "state")


def withdraw(package_id: str, key: Key) -> dict[str, Any]:
    """The package as `package_update` takes it, with all corrections but one.

    key: of a correction that applies.
    """
    source = correction_store.source_records([package_id])[package_id]
    others = {item.key: item.pair.value for item in correction_store.of_dataset(package_id) if item.key != key}
    stored = find_package(package_id) or {}
    kept: dict[str, Any] = {
        name: stored[name] for name in ("id", "name", "owner_org", "private", "state") if name in stored
    }
    return {**apply_values(source_package(source, package_id), others), **kept}
