"""A dataset's own triples as one tree of JSON: its concise bounded description, the same in every run.

The tree is JSON-LD in form: compact names, lists of values; a text is text, another literal is `@value` with its
`@language` or `@type`, an IRI is `@id`. What the dataset is described with (distributions, contacts, publisher, ...)
stands inside it, so that a blank node needs no label. Values of a property have no order in RDF: they are sorted.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ckanext.aivision.harvesters.parsing.rdf_graph import Graph, values_of

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
        """Dataset -> the catalogue's record of it (dcat:CatalogRecord)."""
        return {
            topic["@id"]: key
            for key, node in self._nodes.items()
            if "foaf:primaryTopic" in node
            for topic in values_of(node, "foaf:primaryTopic")
            if type(topic) is dict and "@id" in topic
        }

    def _tree(self, key: str, path: tuple[str, ...], floor: int) -> tuple[Tree, bool]:
        """A node's tree, and whether it holds no other."""
        if (shared := self._shared.get(key)) is not None:
            return shared, False
        tree: Tree = {} if key.startswith("_:") else {"@id": key}
        flat = True
        for name, values in self._nodes[key].items():
            if type(values) is not list:
                self._left -= 1
                if type(values) is dict and "@id" in values:
                    values = self._inside(name, values, path, floor)
                    flat = flat and len(values) == 1
                tree[name] = [values]
                continue
            self._left -= len(values)
            if self._left < floor:
                raise TooMuch
            inside = [
                self._inside(name, value, path, floor) if type(value) is dict and "@id" in value else value
                for value in values
            ]
            flat = flat and not any(type(value) is dict and len(value) != 1 for value in inside)
            tree[name] = _in_order(inside)
        if self._left < floor:
            raise TooMuch
        if flat and "@id" in tree:
            self._shared[key] = tree
        return tree, flat

    def _inside(self, name: str, value: Tree, path: tuple[str, ...], floor: int) -> Tree:
        """The tree of a node that belongs inside; only the name of another, and nothing of a blank one."""
        key = value["@id"]
        blank = key.startswith("_:")
        if (blank or name in _EMBEDDED) and key in self._nodes and key not in path and len(path) < MAX_DEPTH:
            return self._tree(key, (*path, key), floor)[0]
        return {} if blank else value


def _in_order(values: list[Any]) -> list[Any]:
    """Values sorted by their JSON; a statement that stands twice is one."""
    if all(type(value) is str for value in values):
        return sorted(set(values))
    by_text = {_encoded(value): value for value in values}
    return [by_text[text] for text in sorted(by_text)]
