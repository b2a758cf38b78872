"""What a description of a stored dataset is made of: its record, and what the catalogue knows beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from ckan.plugins import toolkit
from ckanext.dcat.utils import dataset_uri

from ckanext.aivision.catalogue.observations import file_profiles
from ckanext.aivision.catalogue.observations.observations import observed
from ckanext.aivision.catalogue.tables.dataset_types import is_dataset
from ckanext.aivision.catalogue.tables.public_contacts import public_record
from ckanext.aivision.catalogue.tables.records import find_dataset
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.observations.observations import Observed
from ckanext.aivision.serialise.ckan_values import objects
from ckanext.aivision.serialise.package import PROFILE
from ckanext.aivision.serialise.web.catalogued import Catalogued, read_form_fields

_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def parts(
    package: Mapping[str, Any], find_record: Callable[[str], Dataset | None] = find_dataset
) -> tuple[Dataset, Catalogued] | None:
    """The record of a package and what is known of it, for the writers of `serialise.web`.

    package: as package_show gives it to whoever asks, who may therefore see all of this. None if it is no dataset of
    ours (an entry of a register, another extension's type), or is gone. find_record: by the package's id.
    """
    if not is_dataset(package.get("type")):
        return None
    dataset = find_record(package["id"])
    if dataset is None:
        return None
    record = public_record(_without_own_identifier(dataset, package), package["id"])
    return record, _catalogued(record, package)


def _without_own_identifier(dataset: Dataset, package: Mapping[str, Any]) -> Dataset:
    """The record without the organization's name in addresses: it is ours and identifies the publisher nowhere else."""
    if dataset.publisher is None or dataset.profile != PROFILE or objects(package.get("publisher")):
        return dataset
    publisher = msgspec.structs.replace(dataset.publisher, identifier=None)
    return msgspec.structs.replace(dataset, publisher=publisher)


def _catalogued(dataset: Dataset, package: Mapping[str, Any]) -> Catalogued:
    page = toolkit.url_for("dataset.read", id=package["name"], qualified=True, locale="default")
    iri = dataset_uri(package)
    return Catalogued(
        id=iri if _IRI.fullmatch(iri) else page,
        page=page,
        catalogue=toolkit.config.get("ckan.site_title") or "",
        catalogue_url=toolkit.url_for("home.index", qualified=True, locale="default"),
        observed=_public(observed([dataset])[0]),
        form=read_form_fields(package),
    )


def _public(seen: Observed) -> Observed:
    files = seen.files
    public = {url: file_profiles.without_flags(profile) for url, profile in files.items()} if files else files
    return msgspec.structs.replace(seen, files=public)
