"""What one document of a catalogue holds: its data sets, what it lists, its standard, and where it goes on (Hydra)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pyoxigraph

from ckanext.aivision.harvesters.rdf_graph import Graph, Node, Object, key_of

_ROLES = {
    "http://www.w3.org/ns/dcat#Dataset": "dataset",
    "http://www.w3.org/ns/dcat#DatasetSeries": "member",
    "http://www.w3.org/ns/dcat#DataService": "member",
    "http://www.w3.org/ns/dcat#Catalog": "catalogue",
}
_ROLES |= {iri.replace("http:", "https:", 1): role for iri, role in _ROLES.items()}
_PAGING = ("hydra:next", "hydra:nextPage", "hydra:totalItems")


class Catalogue(NamedTuple):
    """datasets: subject -> its properties: what is a data set by its type or is listed as one.

    listed: subjects that catalogues list, in their order. members: how many resources of a catalogue there are, series
    and services among them. views: subjects that speak of pages. standards: what catalogues say they conform to.
    """

    datasets: dict[str, Node]
    listed: dict[str, None]
    members: int
    views: dict[str, Node]
    standards: list[str]


def survey(graph: Graph) -> Catalogue:
    """What a document holds. A node of which only the type is told is a mention of a data set, no description."""
    nodes = graph.nodes
    found, members = dict[str, Node](), 0
    listed, views, standards = dict[str, None](), dict[str, Node](), list[str]()
    for key, node in nodes.items():
        roles = {_ROLES.get(item.value) for item in node.get("@type", ())}
        if "dcat:dataset" in node:
            listed.update((key_of(item), None) for item in _named(node["dcat:dataset"]))
        if "catalogue" in roles:
            standards += (_standard(graph, item) for item in node.get("dct:conformsTo", ()))
        elif "dataset" in roles and len(node) > 1:
            found[key] = node
        members += "dataset" in roles or "member" in roles
        if any(name in node for name in _PAGING):
            views[key] = node
    for key in listed:
        if key not in found and key in nodes and "@type" not in nodes[key]:
            found[key] = nodes[key]
            members += 1
    return Catalogue(found, listed, members, views, standards)


def _named(objects: Iterable[Object]) -> list[Object]:
    return [item for item in objects if type(item) is not pyoxigraph.Literal]


def _standard(graph: Graph, term: Object) -> str:
    """The IRI of a standard, or its title."""
    titles = graph.nodes.get(key_of(term), {}).get("dct:title", ())
    return " ".join((term.value, *(title.value for title in titles)))
