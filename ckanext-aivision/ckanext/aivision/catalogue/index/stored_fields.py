"""The fields of the search index of a package as it is stored, for CKAN's own way of indexing one."""

from __future__ import annotations

from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.index.search_fields import Fields, index_fields
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.compare.table.facets import facets_of


def stored_fields(package_id: str) -> Fields:
    """What our plugin adds to a package's document; nothing where it has no evaluation."""
    evaluation = evaluations.find(package_id)
    if evaluation is None:
        return {}
    return next((index_fields(evaluation, facets_of(dataset)) for _, dataset in datasets([package_id])), {})
