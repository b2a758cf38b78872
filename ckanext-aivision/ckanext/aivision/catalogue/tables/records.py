"""The record of a package: as its source gave it, or in the fields of the form where it was not harvested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.tables.package_record import read_package
from ckanext.aivision.model import record as record_table
from ckanext.aivision.record import Dataset

# A record of which the source's own is passed over: no criterion looks at it, and it is half of the text.
_ALONE = msgspec.defstruct(
    "Alone",
    [("raw", dict[str, Any], msgspec.field(default_factory=dict, name="no member's name"))],
    bases=(Dataset,),
    frozen=True,
    kw_only=True,
    omit_defaults=True,
)
_decode: Callable[[str], Dataset] = msgspec.json.Decoder(_ALONE).decode  # type: ignore[assignment]


def without_raw(text: str) -> Dataset:
    """The record in a ledger's `dataset`, without the source's own record."""
    return _decode(text)


def alone(dataset: Dataset) -> Dataset:
    """A record without the source's own record."""
    return msgspec.structs.replace(dataset, raw={})


def datasets(
    package_ids: Sequence[str], at_hand: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
) -> Iterator[tuple[str, Dataset]]:
    """Each package's id with its record, in the order given, without packages that CKAN no longer has.

    at_hand: packages by their ids, as package_show gives them, which need not be read from the database.
    Whoever calls has checked that they may be read. Every evaluation of a stored package is of this record: of a
    harvested dataset it is the source's own, whatever people here have corrected (`catalogue.corrections`).
    """
    columns, packages = record_table.c, model.Package.__table__
    query = (
        sa.select(columns.package_id, columns.dataset)
        .join(packages, packages.c.id == columns.package_id)
        .where(columns.package_id.in_(package_ids))
    )
    harvested = {row.package_id: row.dataset for row in model.Session.execute(query)}
    for package_id in package_ids:
        if package_id in harvested:
            yield package_id, without_raw(harvested[package_id])
        elif (package := _own_addresses(at_hand.get(package_id)) or find_package(package_id)) is not None:
            yield package_id, read_package(package)


def whole_record(package_id: str) -> Dataset | None:
    """The record of a package, with the source's own in it if it was harvested; None if CKAN has no such package.

    Whoever calls has checked that it may be read.
    """
    query = sa.select(record_table.c.dataset).where(record_table.c.package_id == package_id)
    text = model.Session.execute(query).scalar()
    if text is not None:
        return msgspec.json.decode(text, type=Dataset)
    package = find_package(package_id)
    return read_package(package) if package is not None else None


def of_package(package: Mapping[str, Any], source: Dataset | None = None) -> Dataset:
    """The record of a package in the form's fields, as it would be stored.

    source: the record that its source gave, if it was harvested.
    """
    return _with_source_dates(read_package(package), source)


def source_record(package_id: str) -> Dataset | None:
    """The record that the source of a harvested package gave, without the source's own in it; None for others."""
    query = sa.select(record_table.c.dataset).where(record_table.c.package_id == package_id)
    text = model.Session.execute(query).scalar()
    return without_raw(text) if text is not None else None


def harvested_ids(package_ids: Sequence[str]) -> set[str]:
    """Those of some packages that were harvested."""
    column = record_table.c.package_id
    return set(model.Session.execute(sa.select(column).where(column.in_(package_ids))).scalars())


def find_dataset(package_id: str) -> Dataset | None:
    """The record of a package, as `datasets` gives it; None if there is none."""
    return next((dataset for _, dataset in datasets([package_id])), None)


def find_package(package_id: str) -> dict[str, Any] | None:
    """A package as the database has it, also within a transaction that changes it; None if there is none.

    The search index is not asked: it may hold the package as it was, or its organisation under a former title.
    """
    context = {"ignore_auth": True, "use_cache": False}
    try:
        package: dict[str, Any] = toolkit.get_action("package_show")(context, {"id": package_id})
    except toolkit.ObjectNotFound:
        return None
    return _own_addresses(package)


def _own_addresses(package: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if package is None:
        return None
    return {**package, "resources": [with_own_address(resource) for resource in package.get("resources") or ()]}


def with_own_address(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource of package_show; that of an uploaded file with its address in the site's default language.

    CKAN puts the language of whoever asks into the address, and what is known of a file is kept by its address.
    """
    if resource.get("url_type") != "upload" or not resource.get("url"):
        return resource
    url = toolkit.url_for(
        "resource.download",
        id=resource["package_id"],
        resource_id=resource["id"],
        filename=resource["url"].rsplit("/")[-1],
        qualified=True,
        locale="default",
    )
    return {**resource, "url": url}


def _with_source_dates(dataset: Dataset, source_record: Dataset | None) -> Dataset:
    """The record of an edited package keeps the dates that the source gave its own record, which no form has."""
    if source_record is None:
        return dataset
    return msgspec.structs.replace(
        dataset,
        metadata_issued=source_record.metadata_issued,
        metadata_modified=source_record.metadata_modified,
    )
