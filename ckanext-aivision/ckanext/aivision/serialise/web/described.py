"""A record's fields at their properties, by the table of `config/serialise/web.csv`."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.record import Dataset, Distribution, Moment, Term
from ckanext.aivision.serialise import federal
from ckanext.aivision.serialise.ckan_values import day
from ckanext.aivision.serialise.web.catalogued import Catalogued
from ckanext.aivision.serialise.web.files import File, write_file
from ckanext.aivision.serialise.web.node import Node, listed, put, typed
from ckanext.aivision.serialise.web.property_table import Owner, Standard, places_of
from ckanext.aivision.serialise.web.values import KINDS, named, words

# The form's choices that say all there is to say (ODRL 2.2, Policy; TDM Reservation Protocol).
_POLICIES = {
    "allowed": ("odrl:permission", "odrl:Permission"),
    "not-allowed": ("odrl:prohibition", "odrl:Prohibition"),
}
_MINING = {"@id": "tdm:mine"}


def dataset_node(dataset: Dataset, catalogued: Catalogued, standard: Standard) -> Node:
    """A dataset with all its fields but its files."""
    node: Node = {"@type": "sc:Dataset" if standard == "croissant" else "Dataset", "@id": catalogued.id}
    _write_fields(node, dataset, "dataset", standard)
    node["url"] = catalogued.page
    for member, codes in federal.codes_of(dataset).items():
        put(node, f"pod:{member}", [code for written in codes for code in words(written)])
    put(node, "usageInfo", _usage(dataset.ai_use_terms, dataset.ai_use))
    if catalogued.catalogue or catalogued.catalogue_url:
        catalogue = {"name": catalogued.catalogue, "url": catalogued.catalogue_url}
        node["includedInDataCatalog"] = typed("DataCatalog", catalogue)
    return node


def file_node(file: File, standard: Standard) -> Node:
    """A distribution with all its fields but its columns; its type is for whoever knows where it goes."""
    node: Node = {}
    _write_fields(node, file.item, "file", standard)
    write_file(node, file, standard)
    return node


def _write_fields(node: Node, subject: Dataset | Distribution, owner: Owner, standard: Standard) -> None:
    for place in places_of(owner):
        value = getattr(subject, place.field)
        path = place.path(standard)
        if not path or value is None or value == [] or value == {}:
            continue
        if place.value == "named":
            put(node, path, [named(place.field, item) for item in _named_words(value)])
        elif (write := KINDS.get(place.value)) is not None:
            written = write(value)
            put(node, path, written.values)
            put(node, place.words or path, written.words)


def _named_words(value: Any) -> list[str]:
    if isinstance(value, Moment):
        return words(day(value) or value.original)
    return words(value.original if isinstance(value, Term) else str(value))


def _usage(terms: str | None, choice: str | None) -> list[Node]:
    """Terms of use for AI in words, and as a rule of ODRL where the form's choice is one."""
    said = words(terms)
    policy = _POLICIES.get(choice or "")
    if policy is None:
        return [typed("CreativeWork", {"description": said[0]})] if said else []
    member, rule = policy
    offer: Node = {"@type": ["CreativeWork", "odrl:Offer"], member: typed(rule, {"odrl:action": _MINING})}
    return [offer | ({"description": said[0]} if said else {})]


def as_list(node: Node, *members: str) -> None:
    """Makes members lists that readers expect to be lists, if there is one value or more."""
    for member in members:
        if member in node:
            node[member] = listed(node[member])
