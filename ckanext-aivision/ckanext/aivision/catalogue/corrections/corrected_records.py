"""Records with the corrections of people here in them, for whoever asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import ckan.model as model

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.correction_store import Correction
from ckanext.aivision.catalogue.corrections.package_fields import apply_values
from ckanext.aivision.catalogue.corrections.source_package import source_package
from ckanext.aivision.catalogue.tables.public_contacts import public_record
from ckanext.aivision.catalogue.tables.public_records import public_pieces
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.json_standards.corrected_record import correct_record


def corrected_record(source: Dataset, package_id: str, corrections: Sequence[Correction]) -> Dataset:
    """The record of a harvested dataset with corrections. source: with the source's own record."""
    if not corrections:
        return source
    before = source_package(source, package_id)
    after = apply_values(before, {item.key: item.pair.value for item in corrections})
    return correct_record(source, before, after)


def find_corrected(package_id: str) -> Dataset | None:
    """The corrected record of a dataset; None if it has no corrections."""
    corrections = correction_store.of_dataset(package_id)
    source = correction_store.source_records([package_id]).get(package_id) if corrections else None
    return corrected_record(source, package_id, corrections) if source is not None else None


def public_records(**filters: Any) -> Iterator[Dataset]:
    """The records of the public datasets with their corrections. filters: as of `public_pieces`."""
    for piece in public_pieces(**filters):
        corrections = correction_store.of_datasets([id for id, _ in piece])
        # What was read opened a transaction, and a slow reader keeps none open.
        model.Session.rollback()
        for id, dataset in piece:
            yield public_record(corrected_record(dataset, id, corrections.get(id, ())), id)
