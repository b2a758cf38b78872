"""The records of packages with the addresses that ckanext-dcat gives them, for RDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from ckanext.dcat.utils import catalog_uri, dataset_uri, resource_uri
from pyoxigraph import NamedNode

from ckanext.aivision.catalogue.evaluations import evaluation_store
from ckanext.aivision.catalogue.observations.observations import observed
from ckanext.aivision.catalogue.tables.package_record import read_package
from ckanext.aivision.catalogue.tables.public_contacts import public_record
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.view import view
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.ckan_values import objects
from ckanext.aivision.serialise.rdf.catalogue import Catalogue, Entry
from ckanext.aivision.serialise.rdf.evaluation_graph import Evaluated
from ckanext.aivision.serialise.rdf.graph import iri

_FILES = sa.text(
    """
    SELECT package_id, id FROM resource
    WHERE package_id = ANY(:ids) AND state = 'active' ORDER BY package_id, position
    """
)


def entries(
    package_ids: Sequence[str], packages: Mapping[str, Mapping[str, Any]], whole: bool = False
) -> Iterator[Entry]:
    """The datasets of packages that the asking user may read, with their evaluations, in their order.

    packages: those that are at hand, by their ids, as package_show gives them. The others are read from the database.
    whole: whether all of an evaluation is given out, or a summary.
    """
    files, evaluations = files_of(package_ids), evaluated(package_ids)
    for package_id, dataset in datasets(package_ids, packages):
        public = public_record(dataset, package_id)
        entry = to_entry(public, packages.get(package_id) or {"id": package_id}, files.get(package_id, []))
        found = evaluations.get(package_id)
        if found is not None and whole:
            found = _with_all(found, dataset)
        yield entry._replace(evaluated=found)


def with_evaluation(entry: Entry, package_id: str) -> Entry:
    """A dataset with all of its evaluation, if it has one yet."""
    found = evaluated([package_id]).get(package_id)
    return entry if found is None else entry._replace(evaluated=_with_all(found, entry.dataset))


def evaluated(package_ids: Sequence[str]) -> dict[str, Evaluated]:
    """The summaries of the evaluations of packages, by id; without those that have none yet."""
    rubric = toolkit.url_for("aivision_evaluations.rubric", qualified=True, locale="default")
    return {
        id: Evaluated(NamedNode(_evaluation_iri(id)), rubric, evaluation, whole=False)
        for id, evaluation in evaluation_store.find_all(package_ids).items()
    }


def _evaluation_iri(package_id: str) -> str:
    address: str = toolkit.url_for("aivision_evaluations.evaluation", name=package_id, qualified=True, locale="default")
    return address


def _with_all(found: Evaluated, dataset: Dataset) -> Evaluated:
    return found._replace(lenses=_lenses(dataset, found.evaluation), whole=True)


def _lenses(dataset: Dataset, evaluation: Evaluation) -> dict[str, float | None]:
    """The scores through the lenses, but for the first, which are our own dimensions."""
    criteria, seen = load().at(evaluation.beyond), observed([dataset])[0]
    return {name: view(load_lens(name), evaluation.results, criteria, dataset, seen).score for name in names()[1:]}


def entry_of(package: Mapping[str, Any]) -> Entry:
    """A package that need not be in the database, or is there in another form."""
    stored = package.get("id") and model.Package.get(package["id"])
    if stored:
        for found in entries([stored.id], {stored.id: package}, whole=True):
            return found
    files = [str(item["id"]) for item in objects(package.get("resources")) if item.get("id")]
    return to_entry(read_package(package), package, files)


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


def files_of(package_ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the resources of packages, in their order, by the id of the package."""
    found: dict[str, list[str]] = {}
    for package_id, id in model.Session.execute(_FILES, {"ids": list(package_ids)}):
        found.setdefault(package_id, []).append(id)
    return found
