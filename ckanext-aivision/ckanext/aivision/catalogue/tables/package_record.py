"""The record of a package, whatever schema the site has for its datasets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.tables.field_map import find_field_map, form_fields, mapped
from ckanext.aivision.catalogue.tables.type_schema import dataset_fields
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.protocols.ckan import KIND
from ckanext.aivision.harvesters.protocols.ckan.package import CKAN
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import COUNTRIES, Dataset
from ckanext.aivision.serialise.form_packages import mark_uploads
from ckanext.aivision.serialise.package import from_package

# What our own reading always has, and what says something of the reading and not of the dataset.
_KEPT = frozenset(
    ("identifier", "title", "profile", "source", "raw", "country", "metadata_issued", "metadata_modified")
)
_UNKNOWN = "XX"
_SETTING = "ckanext.aivision.country"
# The extras of an organization that its new datasets begin with (`catalogue.organization_defaults`).
DEFAULT_OF_ORGANIZATION = "aivision_default_"
COUNTRY_OF_ORGANIZATION = f"{DEFAULT_OF_ORGANIZATION}country"
# A package without these is public; it is evaluated before it is.
_PUBLIC = {"private": False, "state": "active", "type": "dataset"}


def read_package(package: Mapping[str, Any]) -> Dataset:
    """The record of a package of package_show. Never raises on a field's content.

    Where datasets have our form, its fields are read, and what the form does not know (extras of an earlier schema)
    fills those that it leaves empty. Where they have another schema, or none, the package is read as one that is
    harvested from a CKAN portal, from whatever fields there are; the site's field map says more of them. Raises
    UsageError if that file is wrong.
    """
    if has_our_form(str(package.get("type") or "dataset")):
        record = from_package(package)
        if package.get("extras") and (found := _as_harvested(package)) is not None:
            record = _filled(record, found)
    else:
        package = mapped(package, find_field_map())
        record = from_package(package)
        if (found := _as_harvested(package)) is not None:
            record = _filled(msgspec.structs.replace(found, raw={}, identifier=record.identifier), record)
    record = mark_uploads(record, package)
    if record.country not in COUNTRIES:
        record = msgspec.structs.replace(record, country=stated_country(package))
    return record


def has_our_form(package_type: str) -> bool:
    """Whether the schema of a type has all fields of ours: it is ours, or one that ours has been merged into."""
    return form_fields().keys() <= {field["field_name"] for field in dataset_fields(package_type)}


def _as_harvested(package: Mapping[str, Any]) -> Dataset | None:
    """The record that a harvest from this site would make; None where it would refuse the package."""
    source = Source(name="", url="", kind=KIND.name, profile=KIND.profile, country=_UNKNOWN)
    return harvested(Entry("package", {**package, **_PUBLIC}), source, CKAN).dataset


def _filled(first: Dataset, second: Dataset) -> Dataset:
    """The first reading, with fields of the second where it has nothing."""
    fields = {
        field: value
        for field in Dataset.__struct_fields__
        if field not in _KEPT and not getattr(first, field) and (value := getattr(second, field))
    }
    return msgspec.structs.replace(first, **fields)


def stated_country(package: Mapping[str, Any]) -> str:
    """The country that a dataset states, or else its organization, or else the site; XX where none does."""
    group = model.Group.get(str(package["owner_org"])) if package.get("owner_org") else None
    of_group = (group.extras or {}).get(COUNTRY_OF_ORGANIZATION) if group is not None else None
    stated = package.get("country") or of_group or toolkit.config.get(_SETTING)
    return stated if isinstance(stated, str) and stated in COUNTRIES else _UNKNOWN
