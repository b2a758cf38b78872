"""How DCAT in RDF is recognised and read."""

from __future__ import annotations

from collections.abc import Container

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known
from ckanext.aivision.harvesters.parsing import rdf_text
from ckanext.aivision.harvesters.parsing.entries import Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.dcat_rdf import KIND
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.sources.source import Source

_GRAPH = Shape((), "graph")


class DcatRdf(Protocol):
    """A document is a graph."""

    def recognise(self, head: Head) -> Shape | None:
        return _GRAPH if rdf_text.format_of(head) is not None else None

    def stated_shape(self, head: Head) -> Shape:
        return _GRAPH

    def reader(
        self, source: Source, session: Session, seen: Container[str] = (), known: Known = NOTHING_KNOWN
    ) -> Reader:
        # Few commands read RDF; the others must not wait for its readers.
        from ckanext.aivision.harvesters.protocols.dcat_rdf.graph_reader import GraphReader

        return GraphReader(source, session)


PROTOCOL = DcatRdf(KIND)
