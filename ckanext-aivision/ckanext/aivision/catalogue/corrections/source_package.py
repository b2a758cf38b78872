"""The package that a record of the ledger makes: what a harvested dataset says without corrections."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.catalogue.corrections.package_fields import Fields, correctable_fields
from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT
from ckanext.aivision.catalogue.tables.moments import now
from ckanext.aivision.catalogue.tables.rows import to_rows
from ckanext.aivision.catalogue.tables.type_schema import dataset_fields, resource_fields
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.package import to_package

# What the stored row has of a file otherwise than `to_package` gives it.
_OF_ROW = ("id", "url", "format", "mimetype")


def source_package(dataset: Dataset, package_id: str) -> dict[str, Any]:
    """The package of a record, as it is stored under this id: its files have their ids, formats and media types."""
    return with_resource_ids(to_package(dataset), package_id)


def with_resource_ids(package: dict[str, Any], package_id: str) -> dict[str, Any]:
    """A package of `to_package` whose files have the ids, formats and media types that they are stored with."""
    rows = to_rows(package, package_id, "", "", "", now()).resources
    resources = [
        {**item, **{name: row[name] for name in _OF_ROW}} for item, row in zip(package["resources"], rows, strict=True)
    ]
    return {**package, "resources": resources}


def current_fields() -> Fields:
    """The fields of this site's dataset form; none where ckanext-scheming has no form for datasets."""
    return correctable_fields(dataset_fields(DEFAULT), resource_fields(DEFAULT))
