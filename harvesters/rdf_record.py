"""A data set's own triples as one tree of JSON: its concise bounded description, the same in every run.

The tree is JSON-LD in form: compact names, lists of values; a text is text, another literal is `@value` with its
`@language` or `@type`, an IRI is `@id`. What the data set is described with (distributions, contacts, publisher, ...)
stands inside it, so that a blank node needs no label. Values of a property have no order in RDF: they are sorted.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pyoxigraph

from ckanext.aivision.harvesters.rdf_graph import Graph, Object, compact, key_of

# Deeper than any real description; a chain of blank nodes may be of any length.
MAX_DEPTH = 16
# Values of one record, and how many times all triples of a document may be written out in its records.
MOST_VALUES = 200_000
_MOST_COPIES = 30
_SPARE = 1_000_000

# Properties whose value belongs to the description though it has a name of its own.
_EMBEDDED = frozenset(
    (
        *(
            "adms:contactPoint",
            "adms:identifier",
            "adms:sample",
            "adms:status",
        ),
        *(
            "dcat:distribution",
            "dcat:contactPoint",
            "dcat:accessService",
            "dcat:landingPage",
            "dcat:theme",
            "dcat:mediaType",
            "dcat:bbox",
            "dcat:centroid",
        ),
        *(
            "dcat-us:describedBy",
            "dcat-us:geographicBoundingBox",
            "dcat-us:accessRestriction",
            "dcat-us:useRestriction",
        ),
        *(
            "dct:publisher",
            "dct:creator",
            "dct:contributor",
            "dct:license",
            "dct:rights",
            "dct:accessRights",
            "dct:temporal",
            "dct:spatial",
            "dct:format",
            "dct:language",
            "dct:accrualPeriodicity",
            "dct:conformsTo",
            "dct:provenance",
            "dct:type",
            "dct:subject",
        ),
        *(
            "dqv:hasQualityAnnotation",
            "dqv:hasQualityMeasurement",
        ),
        *(
            "foaf:page",
            "foaf:isPrimaryTopicOf",
        ),
        *("gsp:hasGeometry",),
        *("locn:geometry",),
        *("oa:hasBody",),
        *("odrl:hasPolicy",),
        *("org:subOrganizationOf",),
        *(
            "prov:wasGeneratedBy",
            "prov:actedOnBehalfOf",
        ),
        *(
            "schema:creator",
            "schema:publisher",
        ),
        *("spdx:checksum",),
        *(
            "time:hasBeginning",
            "time:hasEnd",
        ),
        *(
            "vcard:hasEmail",
            "vcard:hasTelephone",
            "vcard:hasURL",
            "vcard:hasFN",
            "vcard:hasUID",
        ),
        *("wdrs:describedby",),
    )
)

Tree = dict[str, Any]

_encoded = msgspec.json.Encoder(order="sorted").encode


class TooMuch(Exception):
    """A record with more values than any reader needs."""


class Describer:
    """Writes the records of one graph."""

    def __init__(self, graph: Graph) -> None:
        self._nodes = graph.nodes
        self._left = _SPARE + _MOST_COPIES * graph.triples
        self._topics = self._records()
        # Publishers and contacts stand in many records; those that hold no other node are the same in all.
        self._shared: dict[str, Tree] = {}

    def describe(self, key: str) -> Tree:
        """The tree of a subject, an IRI or `_:label`. Raises TooMuch."""
        floor = max(0, self._left - MOST_VALUES)
        tree, _ = self._tree(key, (key,), floor)
        record = self._topics.get(key)
        if record is None or record == key:
            return tree
        described, _ = self._tree(record, (key, record), floor)
        return {**tree, "foaf:isPrimaryTopicOf": [described]}

    def _records(self) -> dict[str, str]:
        """Data set -> the catalogue's record of it (dcat:CatalogRecord)."""
        return {
            key_of(topic): key
            for key, node in self._nodes.items()
            for topic in node.get("foaf:primaryTopic", ())
            if not isinstance(topic, pyoxigraph.Literal)
        }

    def _tree(self, key: str, path: tuple[str, ...], floor: int) -> tuple[Tree, bool]:
        """A node's tree, and whether it holds no other."""
        if (shared := self._shared.get(key)) is not None:
            return shared, False
        tree: Tree = {} if key.startswith("_:") else {"@id": key}
        flat = True
        for name, objects in self._nodes[key].items():
            self._left -= len(objects)
            if self._left < floor:
                raise TooMuch
            values = []
            for found in objects:
                if type(found) is pyoxigraph.Literal:
                    values.append(_literal(found))
                elif name == "@type":
                    values.append(compact[found.value])
                elif (inner := self._inner(name, found, path)) is None:
                    values.append({"@id": found.value} if type(found) is pyoxigraph.NamedNode else {})
                else:
                    flat = False
                    values.append(self._tree(inner, (*path, inner), floor)[0])
            tree[name] = values if len(values) == 1 else _in_order(values)
        if flat and "@id" in tree:
            self._shared[key] = tree
        return tree, flat

    def _inner(self, name: str, found: Object, path: tuple[str, ...]) -> str | None:
        """The key of a node that belongs inside; None for one that is only named."""
        if type(found) is pyoxigraph.NamedNode:
            key = found.value
            if name not in _EMBEDDED:
                return None
        else:
            key = f"_:{found.value}"
        return key if key in self._nodes and key not in path and len(path) < MAX_DEPTH else None


def _literal(found: pyoxigraph.Literal) -> Any:
    if (language := found.language) is not None:
        return {"@value": found.value, "@language": language}
    datatype = compact[found.datatype.value]
    return found.value if datatype == "xsd:string" else {"@value": found.value, "@type": datatype}


def _in_order(values: list[Any]) -> list[Any]:
    """Values sorted by their JSON; a statement that stands twice is one."""
    if all(type(value) is str for value in values):
        return sorted(set(values))
    by_text = {_encoded(value): value for value in values}
    return [by_text[text] for text in sorted(by_text)]
