"""A dataset in schema.org, for search engines (Google, Dataset structured data)."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.ckan_values import text
from ckanext.aivision.serialise.web import context
from ckanext.aivision.serialise.web.catalogued import Catalogued
from ckanext.aivision.serialise.web.columns import columns_of, variables
from ckanext.aivision.serialise.web.described import as_list, dataset_node, file_node
from ckanext.aivision.serialise.web.files import files_of
from ckanext.aivision.serialise.web.node import put

# Google reads descriptions of 50 to 5,000 characters.
_LONGEST_DESCRIPTION = 5000


def to_schema_org(dataset: Dataset, catalogued: Catalogued) -> dict[str, Any]:
    """The dataset as a JSON-LD object. What the record does not say is not in it; never raises on a field's content."""
    node = dataset_node(dataset, catalogued, "schema_org")
    description = text(dataset.description) or ""
    if len(description) > _LONGEST_DESCRIPTION:
        node["dct:description"] = description
        node["description"] = description[: _LONGEST_DESCRIPTION - 1].rstrip() + "…"
    files = files_of(dataset, catalogued)
    nodes = [file_node(file, "schema_org") for file in files]
    put(node, "distribution", [{"@type": "DataDownload", **item} for item in nodes if "contentUrl" in item])
    put(
        node,
        "dcat:distribution",
        [{"@type": "dcat:Distribution", **item} for item in nodes if "contentUrl" not in item],
    )
    put(node, "variableMeasured", [item for file in files for item in variables(columns_of(file, catalogued))])
    as_list(node, "keywords", "distribution", "dcat:distribution", "variableMeasured")
    return {"@context": context.SCHEMA_ORG, **node}
