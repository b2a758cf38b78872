"""An RDF document as a graph in memory: subject -> predicate -> objects, in one pass over pyoxigraph's parser."""

from __future__ import annotations

import contextlib
import gc
import itertools
import re
import time
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import pyoxigraph
from requests.utils import requote_uri

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing.decoding import GUESSED
from ckanext.aivision.harvesters.parsing.rdf_text import Document, Format, xml_fault

# A page has no more triples than this: some 100,000 datasets, and 2 GB of memory.
MOST_TRIPLES = 5_000_000
_LONGEST = 600  # seconds that one document may take
_BATCH = 16384

# Namespaces by the prefix that DCAT-AP and DCAT-US write them with. Several spellings of one namespace have one prefix.
_NAMESPACES = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "http://www.w3.org/2001/XMLSchema#": "xsd",
    "http://www.w3.org/2002/07/owl#": "owl",
    "http://www.w3.org/ns/dcat#": "dcat",
    "https://www.w3.org/ns/dcat#": "dcat",
    "http://purl.org/dc/terms/": "dct",
    "https://purl.org/dc/terms/": "dct",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "http://www.w3.org/2006/vcard/ns#": "vcard",
    "http://www.w3.org/ns/adms#": "adms",
    "https://www.w3.org/ns/adms#": "adms",
    "http://www.w3.org/2004/02/skos/core#": "skos",
    "http://schema.org/": "schema",
    "https://schema.org/": "schema",
    "http://www.w3.org/2006/time#": "time",
    "http://www.w3.org/ns/locn#": "locn",
    "http://www.opengis.net/ont/geosparql#": "gsp",
    "http://spdx.org/rdf/terms#": "spdx",
    "http://www.w3.org/ns/prov#": "prov",
    "http://www.w3.org/ns/dqv#": "dqv",
    "http://www.w3.org/ns/oa#": "oa",
    "http://www.w3.org/ns/org#": "org",
    "http://www.w3.org/ns/csvw#": "csvw",
    "http://www.w3.org/ns/odrl/2/": "odrl",
    "http://www.w3.org/ns/hydra/core#": "hydra",
    "http://mlcommons.org/croissant/RAI/": "rai",
    "http://mlcommons.org/croissant/": "cr",
    "http://data.europa.eu/r5r/": "dcatap",
    "http://data.resources.gov/ontology/dcat-us#": "dcat-us",
    "https://resources.data.gov/ontology/dcat-us#": "dcat-us",
    "http://resources.data.gov/ontology/dcat-us#": "dcat-us",
    "https://project-open-data.cio.gov/v1.1/schema#": "pod",
    "http://www.w3.org/2007/05/powder-s#": "wdrs",
}
_LOCAL = re.compile(r"^(.*[/#])([^/#]+)$", re.DOTALL)

# A subject's properties by compact name: a value, or a list of several. A value is a text, or an object with `@id` (an
# IRI, or `_:` and a label), or with `@value` and its `@language` or `@type`. Those of `@type` are compact names.
Node: TypeAlias = dict[str, Any]


class Graph(NamedTuple):
    """nodes: subject (an IRI, or `_:` and a label) -> its properties.

    triples: how many there are. clean: whether no text needs mending (`repair.repaired`).
    """

    nodes: dict[str, Node]
    triples: int
    clean: bool


def values_of(node: Node, name: str) -> list[Any]:
    """The values of a property; none where it is absent."""
    values = node.get(name)
    if values is None:
        return []
    return values if type(values) is list else [values]


def text_in(value: Any) -> str:
    """The text of a literal, or an IRI."""
    return str(value) if type(value) is str else str(value.get("@value", value.get("@id", "")))


def _compact(iri: str) -> str:
    match = _LOCAL.match(iri)
    prefix = _NAMESPACES.get(match[1]) if match is not None else None
    return f"{prefix}:{match[2]}" if prefix is not None and match is not None else iri


def parse(document: Document) -> Graph:
    """The graph of a document. Raises SourceError with the line where it is no RDF, or too much of it.

    Named graphs count as one with the rest. IRIs are taken as they are: a space in one of them is no reason to read
    no other (`lenient`).
    """
    nodes: dict[str, Node] = {}
    triples = 0
    deadline = time.monotonic() + _LONGEST
    collecting = gc.isenabled()
    # Nothing of a graph is garbage while it grows, and looking for some takes longer than growing it.
    gc.disable()
    try:
        with parsed(document) as quads:
            while batch := _add(nodes, quads):
                triples += batch
                if triples > MOST_TRIPLES:
                    raise SourceError(
                        f"{document.name}: more than {MOST_TRIPLES:,} triples in one document; give the catalogue in "
                        "pages"
                    )
                if time.monotonic() > deadline:
                    raise SourceError(
                        f"{document.name}: reading it takes longer than {_LONGEST} s; split it into pages"
                    )
    finally:
        if collecting:
            gc.enable()
    nodes.pop("", None)  # Statements about statements.
    marks = (GUESSED.encode(), b"\\u0000", b"\\U00000000", b"\0")
    return Graph(nodes, triples, not any(mark in document.body for mark in marks))


@contextlib.contextmanager
def parsed(document: Document) -> Iterator[Iterator[pyoxigraph.Quad]]:
    """The quads of a document, while they are taken in. What the parser raises becomes a SourceError with the line."""
    try:
        yield iter(pyoxigraph.parse(document.body, document.format, base_iri=_base(document.url), lenient=True))
    except SyntaxError as error:
        raise SourceError(_describe_syntax_error(document, error)) from error
    except (ValueError, OSError) as error:
        raise SourceError(f"{document.name}: cannot be read as RDF ({error}); fix the file at the source") from error


def _add(nodes: dict[str, Node], quads: Iterator[Any]) -> int:  # noqa: PLR0912 - see below
    """Takes the next triples into the graph; how many.

    One loop without calls: a call for each triple would cost as much as the parser does. Its values are plain, so that
    the garbage collector need not watch them.
    """
    iri, blank, literal = pyoxigraph.NamedNode, pyoxigraph.BlankNode, pyoxigraph.Literal
    count = 0
    for quad in itertools.islice(quads, _BATCH):
        count += 1
        subject, found = quad.subject, quad.object
        kind = type(subject)
        key = subject.value if kind is iri else f"_:{subject.value}" if kind is blank else ""
        name = compact[quad.predicate.value]
        kind = type(found)
        value: Any
        if name == "@type":
            value = compact[found.value] if kind is iri else ""
        elif kind is literal:
            value = found.value
            if (language := found.language) is not None:
                value = {"@value": value, "@language": language}
            elif (datatype := compact[found.datatype.value]) != "xsd:string":
                value = {"@value": value, "@type": datatype}
        elif kind is iri:
            value = {"@id": found.value}
        else:
            value = {"@id": f"_:{found.value}"} if kind is blank else ""
        node = nodes.get(key)
        if node is None:
            nodes[key] = {name: value}
        elif name not in node:
            node[name] = value
        elif type(values := node[name]) is list:
            values.append(value)
        else:
            node[name] = [values, value]
    return count


class _Names(dict[str, str]):
    """IRIs of predicates, classes and data types as `prefix:name` where their namespace is one that DCAT uses.

    There are few, and each comes many thousand times. Others stay as they are; rdf:type is JSON-LD's `@type`.
    """

    def __missing__(self, iri: str) -> str:
        if iri == "http://www.w3.org/1999/02/22-rdf-syntax-ns#type":
            name = "@type"
        else:
            # A relative IRI may look like a keyword of JSON-LD.
            name = f"<{iri}>" if iri.startswith("@") else _compact(iri)
        if len(self) < 10_000:
            self[iri] = name
        return name


compact = _Names()


def _base(url: str) -> str | None:
    """What relative IRIs are resolved against (RFC 3986, 5.1.3); those of a file stay as they are written."""
    address = requote_uri(url) if url else ""
    try:
        pyoxigraph.NamedNode(address)
    except ValueError:
        return None
    return address


def _describe_syntax_error(document: Document, error: SyntaxError) -> str:
    """A fault of the parser in the words of someone who has to mend it."""
    message = str(error.msg)
    if "LoadDocumentCallback" in message:
        return (
            f"{document.name}: its JSON-LD context is another document, and none is fetched on a document's word; give "
            "the catalogue with its context written out, or as Turtle or RDF/XML"
        )
    line, advice = error.lineno, ""
    if document.format is Format.RDF_XML and not line:
        line, advice = xml_fault(document.body)
    place = f" at line {line:,}" if line else ""
    names = {Format.RDF_XML: "RDF/XML", Format.JSON_LD: "JSON-LD", Format.N3: "N3", Format.N_QUADS: "N-Quads"}
    what = names.get(document.format, "Turtle")
    detail = re.sub(r"^Parser error at line [\d ,]+(?:(?:between columns|column) [\d and]+)?:\s*", "", message)
    detail = re.sub(r"^(?:Error while escaping character )?at (?:range )?\d+\.\.\d+: ", "", " ".join(detail.split()))[
        :200
    ]
    detail = f"{detail}; {advice}" if advice else detail
    return f"{document.name} is not readable as {what}{place}: {detail}. Fix the file at the source"
