"""The records of packages with the addresses that ckanext-dcat gives them, for RDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from ckanext.dcat.utils import catalog_uri, dataset_uri, resource_uri
from pyoxigraph import NamedNode

from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.ckan_values import objects
from ckanext.aivision.serialise.package import from_package
from ckanext.aivision.serialise.rdf.catalogue import Catalogue, Entry
from ckanext.aivision.serialise.rdf.graph import iri

_FILES = sa.text(
    """
    SELECT package_id, id FROM resource
    WHERE package_id = ANY(:ids) AND state = 'active' ORDER BY package_id, position
    """
)


def entries(package_ids: Sequence[str], packages: Mapping[str, Mapping[str, Any]]) -> Iterator[Entry]:
    """The datasets of packages that the asking user may read, in their order.

    packages: those that are at hand, by their ids, as package_show gives them. The others are read from the database.
    """
    files = _files(package_ids)
    for package_id, dataset in datasets(package_ids, packages):
        yield to_entry(dataset, packages.get(package_id) or {"id": package_id}, files.get(package_id, []))


def entry_of(package: Mapping[str, Any]) -> Entry:
    """A package that need not be in the database, or is there in another form."""
    stored = package.get("id") and model.Package.get(package["id"])
    if stored:
        for found in entries([stored.id], {stored.id: package}):
            return found
    files = [str(item["id"]) for item in objects(package.get("resources")) if item.get("id")]
    return to_entry(from_package(package), package, files)


def catalogue() -> Catalogue:
    """This site."""
    node = iri(catalog_uri())
    assert node is not None, "ckan.site_url is no web address"
    config = toolkit.config
    return Catalogue(
        node,
        str(config.get("ckan.site_title") or node.value),
        str(config.get("ckan.site_description") or ""),
        str(config.get("ckan.site_url") or ""),
    )


def to_entry(dataset: Dataset, package: Mapping[str, Any], files: Sequence[str]) -> Entry:
    """A dataset with its addresses. package: at least its id. files: the ids of its resources, in their order."""
    node = iri(dataset_uri(dict(package)))
    resources = {str(item.get("id")): item for item in objects(package.get("resources"))}
    named = (resource_uri({"package_id": package.get("id"), **resources.get(id, {}), "id": id}) for id in files)
    addresses = [address for name in named if (address := iri(name)) is not None]
    return Entry(dataset, node or NamedNode(f"{catalogue().node.value.rstrip('/')}/dataset/{package['id']}"), addresses)


def _files(package_ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for package_id, id in model.Session.execute(_FILES, {"ids": list(package_ids)}):
        found.setdefault(package_id, []).append(id)
    return found
