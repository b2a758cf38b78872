"""The contents of one document of a catalogue: its datasets, its list, its standard and its next page (Hydra)."""

from __future__ import annotations

from typing import Any, NamedTuple

from ckanext.aivision.harvesters.parsing.rdf_graph import Graph, Node, text_in, values_of
from ckanext.aivision.normalise.geography.address_countries import country_of_address
from ckanext.aivision.normalise.geography.countries import code_of

_ROLES = {
    "dcat:Dataset": "dataset",
    "dcat:DatasetSeries": "member",
    "dcat:DataService": "member",
    "dcat:Catalog": "catalogue",
}
_PAGES = ("foaf:homepage", "foaf:mbox", "schema:url")
_PAGING = ("hydra:next", "hydra:nextPage", "hydra:totalItems")


class Catalogue(NamedTuple):
    """datasets: subject -> its properties: what is a dataset by its type or is listed as one.

    listed: subjects that catalogues list, in their order. others: those among them that are series or catalogues.
    members: how many resources of a catalogue there are, series and services among them. views: subjects that speak of
    pages. standards: what catalogues say they conform to. country: that they say they are of; empty if none.
    is_one: whether there is a catalogue or a part of one.
    """

    datasets: dict[str, Node]
    listed: dict[str, None]
    others: set[str]
    members: int
    views: dict[str, Node]
    standards: list[str]
    country: str
    is_one: bool


def survey(graph: Graph) -> Catalogue:
    """What a document holds. A node of which only the type is told is a mention of a dataset, no description."""
    nodes = graph.nodes
    found, others = dict[str, Node](), set[str]()
    listed, views, standards = dict[str, None](), dict[str, Node](), list[str]()
    catalogues, country = 0, ""
    for key, node in nodes.items():
        roles = _roles(node)
        if "dcat:dataset" in node:
            listed.update((item["@id"], None) for item in values_of(node, "dcat:dataset") if _is_named(item))
        if "catalogue" in roles:
            catalogues += 1
            country = country or _country(graph, key, node)
            standards += (_standard(graph, item) for item in values_of(node, "dct:conformsTo"))
        elif "dataset" in roles and len(node) > 1:
            found[key] = node
        elif "member" in roles and "foaf:isPrimaryTopicOf" in node:
            # A catalogue of this software gives out what it has of a service or a series (`origin`).
            found[key] = node
        elif "member" in roles:
            others.add(key)
        if any(name in node for name in _PAGING):
            views[key] = node
    for key in listed:
        if key not in found and key not in others and key in nodes and _roles(nodes[key]) <= {None}:
            found[key] = nodes[key]
    is_one = bool(catalogues or found or others or listed or views)
    return Catalogue(found, listed, others, len(found) + len(others), views, standards, country, is_one)


def _country(graph: Graph, key: str, node: Node) -> str:
    """The country that a catalogue names as its place (dct:spatial), or that its addresses or its publisher's tell."""
    places = (code_of(text_in(item)) for item in values_of(node, "dct:spatial"))
    publishers = [text_in(item) for item in values_of(node, "dct:publisher")]
    nodes = [node, *(graph.nodes.get(name, {}) for name in publishers)]
    pages = [text_in(item) for one in nodes for name in _PAGES for item in values_of(one, name)]
    return next(filter(None, (*places, *map(country_of_address, (*pages, *publishers, key)))), "")


def _roles(node: Node) -> set[str | None]:
    types = node.get("@type")
    return {_ROLES.get(types)} if type(types) is str else {_ROLES.get(name) for name in types or ()}


def _is_named(value: Any) -> bool:
    return type(value) is dict and "@id" in value


def _standard(graph: Graph, value: Any) -> str:
    """The IRI of a standard and its title."""
    named = graph.nodes.get(text_in(value), {})
    return " ".join((text_in(value), *(text_in(title) for title in values_of(named, "dct:title"))))
