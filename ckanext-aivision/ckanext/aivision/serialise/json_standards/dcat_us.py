"""The record in DCAT-US 1.1 and 3.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.protocols.dcat_us.extensions import CATALOG_RECORD, PROFILE, SOURCE_VALUES
from ckanext.aivision.harvesters.protocols.dcat_us.v1_1 import DCAT_US
from ckanext.aivision.harvesters.protocols.dcat_us.v3 import DCAT_US_3
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.serialise import federal
from ckanext.aivision.serialise.json_standards.compose import Composer, composers

_READERS: dict[str, Mapper] = {"dcat-us-1.1": DCAT_US, "dcat-us-3": DCAT_US_3}
# Profiles of records that are given out as their source wrote them, by the table's name.
NATIVE = {
    "dcat-us-1.1": ("dcat-us-1.1",),
    "dcat-us-3": ("dcat-us-3.0", "dcat-us-3.0-service", "dcat-us-3.0-series"),
}
_LISTS = {"dcat-us-3.0-service": "service", "dcat-us-3.0-series": "datasetSeries"}


def to_dcat_us(dataset: Dataset, name: str) -> tuple[str, dict[str, Any]]:
    """The list of a catalogue that a dataset belongs to (`dataset`, `service` or `datasetSeries`), and its record.

    name: `dcat-us-1.1` or `dcat-us-3`. A record whose source speaks the same edition is what the source said.
    """
    if is_native(dataset, name):
        return _LISTS.get(dataset.profile, "dataset"), _native(dataset, name)
    return "dataset", _composed(dataset, name)


def is_native(dataset: Dataset, name: str) -> bool:
    """Whether the source's own record is of this edition. An edited dataset has none of its own.

    A record that another catalogue of this software gave out has the profile of its first source, and was written by
    us.
    """
    raw = dataset.raw
    if PROFILE in raw:
        return False
    return dataset.profile in NATIVE[name] and "title" in raw and ("identifier" in raw or "@id" in raw)


def _native(dataset: Dataset, name: str) -> dict[str, Any]:
    """The source's record, with what its catalogue says of it elsewhere: the dates of its entry, and its series."""
    if not dataset.beside:
        return dataset.raw
    record = {**dataset.raw, **_catalog_record(dataset)}
    if dataset.in_series and "inSeries" not in record and "isPartOf" not in record:
        record["isPartOf"] = dataset.in_series
    return record


def _catalog_record(dataset: Dataset) -> dict[str, Any]:
    dates = {"issued": dataset.metadata_issued, "modified": dataset.metadata_modified}
    stated = {member: moment.original for member, moment in dates.items() if moment is not None}
    return {CATALOG_RECORD: {"@type": "dcat:CatalogRecord", **stated}} if stated else {}


def _composed(dataset: Dataset, name: str) -> dict[str, Any]:
    of_dataset, of_distribution = composers(name)
    record = _with_described_type(of_dataset.compose(dataset))
    record |= {key: dataset.raw[key] for key in federal.MEMBERS if dataset.raw.get(key) not in (None, "", [])}
    _write_bureau(record, dataset)
    record |= _catalog_record(dataset)
    if dataset.distribution:
        record["distribution"] = [_with_described_type(of_distribution.compose(item)) for item in dataset.distribution]
    elif written := dataset.unread.get("distribution"):
        record[SOURCE_VALUES] = {"distribution": written}
    fields = _READERS[name].build(record, "$", [])
    for item, written_item, read in zip(
        dataset.distribution, record.get("distribution", ()), fields.get("distribution", ()), strict=False
    ):
        _add_source_values(of_distribution, item, written_item, _fields_of(read))
    _add_source_values(of_dataset, dataset, record, fields)
    return record


def _with_described_type(record: dict[str, Any]) -> dict[str, Any]:
    """In 3.0 a description is a distribution, which has its media type inside it."""
    if isinstance(described := record.get("describedBy"), dict) and "describedByType" in record:
        record["describedBy"] = {**described, "mediaType": record.pop("describedByType")}
    return record


def _write_bureau(record: dict[str, Any], dataset: Dataset) -> None:
    """A publisher that is identified by its bureau has the code in `bureauCode` alone, as DCAT-US 1.1 writes it."""
    publisher = record.get("publisher")
    code = dataset.publisher.identifier if dataset.publisher is not None else None
    if federal.is_bureau(code) and isinstance(publisher, dict):
        record.setdefault(federal.BUREAU, [code])
        publisher.pop("notation", None)


def _add_source_values(
    composer: Composer, value: Dataset | Distribution, written: dict[str, Any], fields: Mapping[str, Any]
) -> None:
    own = {**written.get(SOURCE_VALUES, {}), **composer.source_values(value, dict(fields), written)}
    if own:
        written[SOURCE_VALUES] = own


def _fields_of(item: Distribution) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Distribution.__struct_fields__}
