"""Datasets as schema.org and Croissant."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from ckan.plugins import toolkit
from ckanext.dcat.utils import dataset_uri

from ckanext.aivision.catalogue.observations import file_profiles
from ckanext.aivision.catalogue.observations.observations import observed
from ckanext.aivision.catalogue.tables import records
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.observations.observations import Observed
from ckanext.aivision.serialise.ckan_values import objects
from ckanext.aivision.serialise.package import PROFILE
from ckanext.aivision.serialise.web.catalogued import Catalogued, form_fields
from ckanext.aivision.serialise.web.croissant import to_croissant
from ckanext.aivision.serialise.web.schema_org import to_schema_org

__all__ = ["aivision_croissant_show", "aivision_schema_org_show"]

_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@toolkit.side_effect_free
def aivision_croissant_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A dataset in Croissant 1.1 with RAI 1.0.

    It has what the record says, and what looks at its files have shown: columns and checksums.

    :param id: the id or name of the dataset
    :returns: a JSON-LD object
    :raises NotFound: if there is no such dataset
    """
    return _show("aivision_croissant_show", to_croissant, context, data_dict)


@toolkit.side_effect_free
def aivision_schema_org_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A dataset in schema.org, as it is in its page for search engines.

    :param id: the id or name of the dataset
    :returns: a JSON-LD object
    :raises NotFound: if there is no such dataset
    """
    return _show("aivision_schema_org_show", to_schema_org, context, data_dict)


def _show(
    action: str, write: Callable[[Dataset, Catalogued], dict[str, Any]], context: Any, data_dict: dict[str, Any]
) -> dict[str, Any]:
    id = toolkit.get_or_bust(data_dict, "id")
    if not isinstance(id, str) or "\0" in id:
        raise toolkit.ValidationError({"id": [toolkit._("Use the id or the name of a dataset")]})
    toolkit.check_access(action, context, {"id": id})
    package = toolkit.get_action("package_show")(dict(context), {"id": id})
    # Entries of our registers and other extensions' types are no datasets of ours.
    if package["type"] != "dataset":
        raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))
    for _, dataset in records.datasets([package["id"]]):
        record = _without_own_identifier(dataset, package)
        return write(record, _catalogued(record, package))
    raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))


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
        form=form_fields(package),
    )


def _public(seen: Observed) -> Observed:
    files = seen.files
    public = {url: file_profiles.without_flags(profile) for url, profile in files.items()} if files else files
    return msgspec.structs.replace(seen, files=public)
