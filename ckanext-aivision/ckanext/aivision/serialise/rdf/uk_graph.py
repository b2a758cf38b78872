"""Records of the UK Cross-Government Metadata Exchange Model as triples, as its own context and shapes have them."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from pyoxigraph import NamedNode, Triple

from ckanext.aivision.harvesters.mapping.values import as_list
from ckanext.aivision.harvesters.protocols.uk_metadata_exchange.model import organisations
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.serialise.rdf.graph import Graph, Resource, iri

_GOV_UK = "https://www.gov.uk/government/organisations/"
_FREQUENCY = "http://purl.org/cld/freq/"
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLASS = re.compile(r"(?:dcat:|http://www\.w3\.org/ns/dcat#)(Dataset|DataService|Distribution)")


class _Row(NamedTuple):
    member: str
    property: str
    kind: str


class _Writing(NamedTuple):
    """base: the address of the document, under which what has no address of its own stands."""

    graph: Graph
    base: str


_Kind = Callable[[_Writing, Resource, str, Any], None]


def uk_triples(records: Iterable[Mapping[str, Any]], base: str, label: str) -> Iterator[Triple]:
    """The triples of a dataset and its distributions. Never raises on a record's content.

    records: as `to_uk_model` gives them. base: the address of the document. label: what the labels of blank nodes begin
    with, which must differ between the datasets of a document.
    """
    to = _Writing(Graph(label, typed=False), base)
    for record in records:
        name = str(record.get("identifier") or "")
        node = node_of(name, base)
        kind = _CLASS.fullmatch(str(record.get("type")))
        subject = to.graph.resource(node, f"dcat:{kind[1]}" if kind else "dcat:Resource")
        if node.value != name and (kind is None or kind[1] != "Distribution"):
            subject.text("dct:identifier", name)
        _write(to, subject, record)
    return to.graph.triples()


def node_of(name: str, base: str) -> NamedNode:
    """The node of an identifier: itself if it is an IRI, a UUID as such (RFC 9562), else one under the document."""
    address = iri(name)
    if address is not None:
        return address
    try:
        return NamedNode(f"urn:uuid:{uuid.UUID(name)}" if len(name) == _LENGTH_OF_UUID else "")
    except ValueError:
        return NamedNode(f"{base}#{quote(name.encode('utf-8', 'replace'), safe='')}")


_LENGTH_OF_UUID = 36


def _write(to: _Writing, subject: Resource, record: Mapping[str, Any]) -> None:
    for row in _table():
        for value in as_list(record.get(row.member)):
            if value not in (None, ""):
                _KINDS[row.kind](to, subject, row.property, value)


@functools.cache
def _table() -> tuple[_Row, ...]:
    return tuple(
        _Row(row["member"], row["property"], row["kind"]) for row in rows("uk-metadata-exchange-rdf", "serialise")
    )


def _text(to: _Writing, subject: Resource, name: str, value: Any) -> None:
    subject.text(name, str(value))


def _address(to: _Writing, subject: Resource, name: str, value: Any) -> None:
    subject.address(name, str(value))


def _node(to: _Writing, subject: Resource, name: str, value: Any) -> None:
    subject.add(name, node_of(str(value), to.base))


def _organisation(to: _Writing, subject: Resource, name: str, value: Any) -> None:
    subject.address(name, f"{_GOV_UK}{value}" if value in organisations() else str(value))


def _frequency(to: _Writing, subject: Resource, name: str, value: Any) -> None:
    word = str(value)
    subject.address(name, word.replace("freq:", _FREQUENCY, 1) if word.startswith("freq:") else word)


def _date(to: _Writing, subject: Resource, name: str, value: Any) -> None:
    subject.text(name, str(value), "xsd:date" if _DATE.fullmatch(str(value)) else "")


def _number(to: _Writing, subject: Resource, name: str, value: Any) -> None:
    subject.text(name, str(value), "xsd:integer" if str(value).isdecimal() else "")


def _contact(to: _Writing, subject: Resource, name: str, value: Any) -> None:
    if not isinstance(value, Mapping):
        return subject.text(name, str(value))
    node = to.graph.blank("vcard:Kind")
    subject.add(name, node.node)
    return _write(to, node, value)


_KINDS: dict[str, _Kind] = {
    "address": _address,
    "contact": _contact,
    "date": _date,
    "frequency": _frequency,
    "node": _node,
    "number": _number,
    "organisation": _organisation,
    "text": _text,
}
