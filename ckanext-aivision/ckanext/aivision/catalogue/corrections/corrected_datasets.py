"""The corrected datasets of an organization, for whoever sends the corrections to the publisher."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.corrected_records import corrected_record
from ckanext.aivision.catalogue.corrections.correction_store import Correction
from ckanext.aivision.catalogue.corrections.package_fields import apply_values
from ckanext.aivision.catalogue.corrections.source_package import source_package
from ckanext.aivision.normalise.web.credentials import mask_record
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.json_patch import Operation, write_patch
from ckanext.aivision.serialise.json_standards import dcat_us
from ckanext.aivision.serialise.json_standards.uk_model import NAME as UK_MODEL
from ckanext.aivision.serialise.json_standards.uk_model import to_uk_model

_PIECE = 100
CKAN = "ckan"


class Corrected(NamedTuple):
    """A harvested dataset with its corrections. source: its record as the source gave it. dataset: corrected."""

    package_id: str
    name: str
    source: Dataset
    dataset: Dataset
    corrections: Sequence[Correction]

    @property
    def standard(self) -> str:
        """The standard that its source speaks: one of DCAT-US, the UK model, or CKAN for all others."""
        for name in dcat_us.NATIVE:
            if dcat_us.is_native(self.source, name):
                return name
        return UK_MODEL if self.source.profile.startswith(UK_MODEL) else CKAN

    def patch(self) -> list[Operation]:
        """What to change in the source's record, as a JSON Patch (RFC 6902) of its record in `standard`."""
        return write_patch(*(_to_standard(self, dataset) for dataset in (self.source, self.dataset)))


def corrected_datasets(organization_id: str) -> Iterator[Corrected]:
    """The organization's datasets that have corrections, in the order of their names; drafts and deleted ones not."""
    corrections = correction_store.of_organization(organization_id)
    names = _names(list(corrections))
    ids = sorted(names, key=lambda id: names[id])
    for start in range(0, len(ids), _PIECE):
        piece = ids[start : start + _PIECE]
        records = correction_store.source_records(piece)
        for id in piece:
            if id in records:
                # What was stored before credentials were masked may hold some.
                raw = mask_record(records[id].raw, "$")[0]
                source = msgspec.structs.replace(records[id], raw=raw)
                dataset = corrected_record(source, id, corrections[id])
                yield Corrected(id, names[id], source, dataset, corrections[id])


def corrected_package(item: Corrected) -> dict[str, Any]:
    """The package of a corrected dataset in CKAN's fields and those of our form."""
    return _package(item, item.corrections)


def _package(item: Corrected, corrections: Sequence[Correction]) -> dict[str, Any]:
    before = source_package(item.source, item.package_id)
    package = apply_values(before, {found.key: found.pair.value for found in corrections})
    resources = [{key: value for key, value in file.items() if key != "id"} for file in package["resources"]]
    return {"name": item.name, **package, "resources": resources}


def _names(package_ids: Sequence[str]) -> dict[str, str]:
    package = model.Package
    query = sa.select(package.id, package.name).where(package.id.in_(package_ids), package.state == "active")
    return {row.id: row.name for row in model.Session.execute(query)}


def _to_standard(item: Corrected, dataset: Dataset) -> Any:
    standard = item.standard
    if standard in dcat_us.NATIVE:
        return dcat_us.to_dcat_us(dataset, standard)[1]
    if standard == UK_MODEL:
        return to_uk_model(msgspec.structs.replace(dataset, raw={}))
    corrections = () if dataset is item.source else item.corrections
    return {key: value for key, value in _package(item, corrections).items() if key != "name"}
