"""A dataset in Croissant 1.1 with RAI 1.0, for machine learning (https://docs.mlcommons.org/croissant/)."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.web import context
from ckanext.aivision.serialise.web.catalogued import Catalogued
from ckanext.aivision.serialise.web.columns import columns_of, record_set, variables
from ckanext.aivision.serialise.web.described import as_list, dataset_node, file_node
from ckanext.aivision.serialise.web.files import files_of, is_live
from ckanext.aivision.serialise.web.identifiers import Identifiers
from ckanext.aivision.serialise.web.node import Node, listed, put

CROISSANT_VERSION = "http://mlcommons.org/croissant/1.1"
RAI_VERSION = "http://mlcommons.org/croissant/RAI/1.0"


def to_croissant(dataset: Dataset, catalogued: Catalogued) -> dict[str, Any]:
    """The dataset as a JSON-LD object that mlcroissant loads. What the record does not say is not in it; never raises
    on a field's content.

    Files that cannot be a FileObject without a claim of our own are in `dcat:distribution`.
    """
    node = dataset_node(dataset, catalogued, "croissant")
    versions = [CROISSANT_VERSION, *([RAI_VERSION] if any(key.startswith("rai:") for key in node) else [])]
    # First, because readers take the first version that they know.
    node["conformsTo"] = [*versions, *listed(node.pop("conformsTo", None))]
    live = is_live(dataset)
    if live is not None:
        node["isLiveDataset"] = live
    _write_files(node, dataset, catalogued)
    as_list(node, "keywords", "distribution", "dcat:distribution", "variableMeasured", "recordSet")
    return {"@context": context.CROISSANT, **node}


def _write_files(node: Node, dataset: Dataset, catalogued: Catalogued) -> None:
    ids = Identifiers()
    found: dict[str, list[Node]] = {}
    for file in files_of(dataset, catalogued):
        members = file_node(file, "croissant")
        columns = columns_of(file, catalogued)
        rows: Node | None = None
        if file.is_file_object:
            id = ids.take(addresses.file_name(file.url or ""), "file")
            found.setdefault("distribution", []).append({"@type": "cr:FileObject", "@id": id, "name": id, **members})
            rows = record_set(file, id, columns, ids)
        else:
            found.setdefault("dcat:distribution", []).append({"@type": "dcat:Distribution", **members})
        if rows is not None:
            found.setdefault("recordSet", []).append(rows)
            columns = [column for column in columns if not column.in_file]
        found.setdefault("variableMeasured", []).extend(variables(columns))
    for member, nodes in found.items():
        put(node, member, nodes)
