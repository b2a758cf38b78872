"""Triples as documents in Turtle, RDF/XML, JSON-LD and N-Triples, whole or in pieces, in constant memory."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph
from pyoxigraph import BlankNode, RdfFormat, Triple

from ckanext.aivision.serialise.rdf import json_ld
from ckanext.aivision.serialise.rdf.graph import PREFIXES, term

# The ends of addresses and the names of ckanext-dcat -> the syntax, and its media type.
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "xml": RdfFormat.RDF_XML,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "n3": RdfFormat.N3,
}
MEDIA_TYPES = {
    "ttl": "text/turtle",
    "xml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
_PIECE = 4096  # triples
_MARK = Triple(BlankNode("first"), term("rdf:type"), term("rdf:type"))


def document(triples: Iterable[Triple], format: RdfFormat) -> bytes:
    """A document of all triples. The same triples give the same document."""
    return b"".join(pieces(triples, format))


def pieces(triples: Iterable[Triple], format: RdfFormat) -> Iterator[bytes]:
    """A document piece by piece: what is held of it in memory does not grow with the number of triples."""
    left = iter(triples)
    batches = iter(lambda: list(itertools.islice(left, _PIECE)), [])
    yield from joined(_bodies(batches, format), format)


def _bodies(batches: Iterable[Sequence[Triple]], format: RdfFormat) -> Iterator[bytes]:
    for number, batch in enumerate(batches):
        yield body(batch, format, whole=not number and len(batch) < _PIECE)


def joined(bodies: Iterable[bytes], format: RdfFormat) -> Iterator[bytes]:
    """A document of bodies that were written before. Those that have the same blank nodes speak of the same things."""
    begin, between, end = _frame(format)
    yield begin
    separator = b""
    for written in bodies:
        yield separator + written
        separator = between
    yield end


def body(batch: Sequence[Triple], format: RdfFormat, whole: bool) -> bytes:
    """Some triples, at least one, without what stands once around all of a document.

    whole: whether nothing else in the document speaks of their blank nodes.
    """
    if format == RdfFormat.JSON_LD:
        return json_ld.nodes(batch, whole)
    written = pyoxigraph.serialize(batch, format=format, prefixes=PREFIXES) or b""
    before, after = _lengths(format)
    alone = written[before : len(written) - after]
    # XML reads a carriage return that is written as such as a line feed (XML 1.0, 2.11).
    return alone.replace(b"\r", b"&#13;") if format == RdfFormat.RDF_XML else alone


@functools.cache
def _lengths(format: RdfFormat) -> tuple[int, int]:
    """How many bytes stand before and after the triples, in whichever order the namespaces come."""
    written = pyoxigraph.serialize([_MARK], format=format, prefixes=PREFIXES) or b""
    if format == RdfFormat.RDF_XML:
        return written.index(b">\n\t<") + 2, len(b"</rdf:RDF>")
    return written.index(b"_:first"), 0


@functools.cache
def _frame(format: RdfFormat) -> tuple[bytes, bytes, bytes]:
    """What a document begins with, what stands between two pieces, and what it ends with."""
    if format == RdfFormat.RDF_XML:
        names = "".join(f' xmlns:{prefix}="{iri}"' for prefix, iri in sorted(PREFIXES.items()))
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>\n'.encode(), b"", b"</rdf:RDF>\n"
    if format == RdfFormat.JSON_LD:
        return json_ld.beginning(), b",\n", b"\n]}\n"
    if format == RdfFormat.N_TRIPLES:
        return b"", b"", b""
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(PREFIXES.items())).encode(), b"", b""
