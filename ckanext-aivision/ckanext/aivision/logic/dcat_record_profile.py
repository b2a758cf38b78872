"""Our serialiser as profiles of ckanext-dcat: other profiles add to them, and `ckan dcat` runs them.

Its harvesters read with the same profiles as it writes with, so these read as its own do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import pyoxigraph
from ckanext.dcat.profiles import DCATUS3Profile, EuropeanDCATAP3Profile
from ckanext.dcat.profiles.base import RDFProfile
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ckanext.aivision.catalogue.rdf.addresses import catalogue, entry_of
from ckanext.aivision.serialise.rdf.catalogue import catalogue_triples, dataset_triples
from ckanext.aivision.serialise.rdf.graph import PREFIXES
from ckanext.aivision.serialise.rdf.mapping import Standard


class _RecordProfile(RDFProfile):
    """Adds the triples of a dataset's record, or of the catalogue."""

    STANDARD: ClassVar[Standard]
    # Of ckanext-dcat.
    READER: ClassVar[type[RDFProfile]]

    def __init__(self, graph: Graph, dataset_type: str = "dataset", compatibility_mode: bool = False) -> None:
        """As ckanext-dcat makes a profile."""
        super().__init__(graph, dataset_type, compatibility_mode)
        self._dataset_type = dataset_type

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> dict[str, Any]:
        """Fills a package with what the graph says of a dataset. Returns it."""
        reader = self.READER(self.g, self._dataset_type, self.compatibility_mode)
        read: dict[str, Any] = reader.parse_dataset(dataset_dict, dataset_ref)
        return read

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """dataset_dict: as package_show gives it. dataset_ref: the dataset's node."""
        entry = entry_of(dataset_dict)
        self._add(dataset_triples(entry._replace(node=pyoxigraph.NamedNode(str(dataset_ref))), self.STANDARD))

    def graph_from_catalog(self, catalog_dict: dict[str, Any] | None, catalog_ref: URIRef) -> None:
        """catalog_dict: what ckanext-dcat knows of the catalogue; its title counts before the site's."""
        site, given = catalogue(), catalog_dict or {}
        named = site._replace(
            title=str(given.get("title") or site.title), description=str(given.get("description") or site.description)
        )
        self._add(catalogue_triples(named, (), self.STANDARD))

    def _add(self, triples: Iterable[pyoxigraph.Triple]) -> None:
        for prefix, namespace in PREFIXES.items():
            self.g.bind(prefix, namespace)
        blank: dict[str, BNode] = {}
        for triple in triples:
            subject, value = _node(triple.subject, blank), _node(triple.object, blank)
            self.g.add((subject, URIRef(triple.predicate.value), value))


def _node(term: Any, blank: dict[str, BNode]) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return blank.setdefault(term.value, BNode())
    datatype = term.datatype.value
    is_text = datatype == PREFIXES["xsd"] + "string"
    return Literal(term.value, datatype=None if is_text else URIRef(datatype), normalize=False)


class DcatApProfile(_RecordProfile):
    """DCAT-AP 3."""

    STANDARD = "dcat-ap-3"
    READER = EuropeanDCATAP3Profile


class DcatUsProfile(_RecordProfile):
    """DCAT-US 3."""

    STANDARD = "dcat-us-3"
    READER = DCATUS3Profile
