"""Addresses that a standard allows and nobody can fetch: `javascript:void(0)` and `http://localhost/` are whole URIs.

They are warnings, by the rule that the evaluation uses (`normalise.web.addresses.fault`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from ckanext.aivision.harvesters.mapping.table import describe_value
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.validation.findings import Finding, Steps, format_path, general, joined

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

# Members of DCAT-US and of the UK model that hold the address of data or of a page about them.
_MEMBERS = frozenset(
    (
        *("downloadURL", "accessURL", "landingPage", "describedBy", "references", "page", "homepage"),
        *("endpointURL", "endpointDescription"),
    )
)
_DCAT = "http://www.w3.org/ns/dcat#"
_PROPERTIES = ("downloadURL", "accessURL", "landingPage", "endpointURL", "endpointDescription")
_DEEPEST = 12
_MOST = 100


def find_unfit_addresses(value: Any, where: str, known: Collection[str]) -> Iterator[Finding]:
    """A warning for each address of a record that cannot be fetched from the public Internet.

    value: JSON types. where: its place. known: the places that an error was found at already.
    """
    count = 0
    for steps, text in _addresses(value, ()):
        place = joined(where, format_path(steps))
        if place in known or not (fault := addresses.fault(text)):
            continue
        count += 1
        if count > _MOST:
            return
        yield _warning(general(steps), place, text, fault)


def find_unfit_in_graph(
    graph: Graph, record_of: Callable[[Node], tuple[Node, str]], name: Callable[[Node], str]
) -> Iterator[tuple[Node, Finding]]:
    """The same for a graph, each with the node of its record.

    record_of: gives the record of a node and the way to it. name: what messages call a record.
    """
    # It takes a while to load, and a document in JSON does without.
    from rdflib import BNode, URIRef

    for term in _PROPERTIES:
        for subject, value in graph.subject_objects(URIRef(_DCAT + term)):
            if not isinstance(value, BNode) and (fault := addresses.fault(str(value).strip())):
                record, way = record_of(subject)
                yield record, _warning(f"{way} dcat:{term}".strip(), name(record), str(value), fault)


def _warning(field: str, where: str, text: str, fault: str) -> Finding:
    """The finding of one address. fault: of normalise.web.addresses."""
    message = "must be an address that anybody can fetch from the public Internet"
    fix = f"write such an address, or leave it out ({fault})"
    return Finding("public-address", "warning", field, where, message, fix, describe_value(text))


def _addresses(value: Any, steps: Steps, member: str = "") -> Iterator[tuple[Steps, str]]:
    if isinstance(value, str):
        if member in _MEMBERS and value.strip():
            yield steps, value.strip()
    elif isinstance(value, dict) and len(steps) < _DEEPEST:
        for key, inner in value.items():
            yield from _addresses(inner, (*steps, key), member if key == "@id" else key)
    elif isinstance(value, list) and len(steps) < _DEEPEST:
        for index, inner in enumerate(value):
            yield from _addresses(inner, (*steps, index), member)
