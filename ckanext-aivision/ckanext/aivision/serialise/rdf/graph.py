"""Triples of one record, subject by subject, over pyoxigraph's terms; and what may stand in them at all."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from requests.utils import requote_uri

from ckanext.aivision.normalise.text import repaired

Node: TypeAlias = NamedNode | BlankNode
Value: TypeAlias = NamedNode | BlankNode | Literal

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcat-us": "http://data.resources.gov/ontology/dcat-us#",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": "http://www.w3.org/ns/oa#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "org": "http://www.w3.org/ns/org#",
    "pod": "https://project-open-data.cio.gov/v1.1/schema#",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "ukgov": "https://w3id.org/co-cddo/ukgov-metadata-exchange-model/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Schemes of addresses that are given out as IRIs. Any other (`javascript:`, `EPSG:`) stays a text.
_SCHEME = re.compile(r"(?:https?|ftps?)://[^\s/?#]|(?:mailto|urn|doi|info|ark|hdl|s3|tag|gs):\S", re.IGNORECASE)
_LONGEST_IRI = 8192
# Characters that XML 1.0 (2.2) cannot hold, in any form.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@functools.lru_cache(1024)
def term(name: str) -> NamedNode:
    """The IRI of a compact name (`dct:title`)."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


@functools.lru_cache(16384)
def iri(written: str) -> NamedNode | None:
    """An address as an IRI (RFC 3987), absolute and of a scheme that leads somewhere; None if it is none.

    What an IRI may not hold, such as a space, is percent-encoded.
    """
    address = written.strip()
    if len(address) > _LONGEST_IRI or _SCHEME.match(address) is None:
        return None
    try:
        return NamedNode(address)
    except ValueError:
        pass
    try:
        return NamedNode(requote_uri(repaired(address)))
    except (ValueError, UnicodeError):
        return None


def clean(text: str) -> str:
    """A text that every RDF syntax can hold: without lone surrogates and control characters."""
    if text.isascii() and text.isprintable():
        return text
    return _NO_XML.sub("", repaired(text))


def literal(text: str, datatype: str = "") -> Literal:
    """A text as a literal. datatype: its compact name."""
    return Literal(clean(text), datatype=term(datatype)) if datatype else Literal(clean(text))


class Resource:
    """A subject and what is said of it."""

    __slots__ = ("node", "triples")

    def __init__(self, node: Node, kind: str = "") -> None:
        """kind: the compact name of its class."""
        self.node = node
        self.triples: list[Triple] = []
        if kind:
            self.add("rdf:type", term(kind))

    def add(self, name: str, value: Value) -> None:
        self.triples.append(Triple(self.node, term(name), value))

    def text(self, name: str, text: str | None, datatype: str = "") -> None:
        """Adds a text, unless it is empty."""
        if text and (cleaned := literal(text, datatype)).value:
            self.add(name, cleaned)

    def address(self, name: str, written: str | None) -> None:
        """Adds an address as an IRI, or as a text where it is none."""
        if written:
            found = iri(written)
            self.add(name, found) if found is not None else self.text(name, written)


class Graph:
    """The resources of one record, in the order in which they were added.

    label: what the labels of its blank nodes begin with, which tells them from those of other records in a document.
    typed: whether the classes of terms that have an address are stated; a document says each once.
    """

    def __init__(self, label: str, typed: bool) -> None:
        self._label, self._typed = label, typed
        self._resources: list[Resource] = []
        self._classes: dict[NamedNode, dict[str, None]] = {}

    def resource(self, node: Node, kind: str = "") -> Resource:
        made = Resource(node, kind)
        self._resources.append(made)
        return made

    def blank(self, kind: str = "") -> Resource:
        return self.resource(BlankNode(f"{self._label}n{len(self._resources)}"), kind)

    def state_class(self, node: NamedNode, kind: str) -> None:
        if self._typed and kind:
            self._classes.setdefault(node, {})[kind] = None

    def triples(self) -> Iterator[Triple]:
        for resource in self._resources:
            yield from resource.triples
        for node, kinds in self._classes.items():
            for kind in kinds:
                yield Triple(node, term("rdf:type"), term(kind))
