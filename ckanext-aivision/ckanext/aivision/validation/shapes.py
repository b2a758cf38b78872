"""RDF documents against SHACL shapes. A graph is checked as a whole, because a shape can depend on other nodes."""

from __future__ import annotations

import collections
import contextlib
import difflib
import functools
import itertools
import logging
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyoxigraph
import pyshacl
from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.mapping.table import describe_value
from ckanext.aivision.harvesters.parsing.rdf_graph import compact, parsed
from ckanext.aivision.harvesters.parsing.rdf_text import Document
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.validation.findings import Checked, Finding, Level
from ckanext.aivision.validation.public_addresses import find_unfit_in_graph
from ckanext.aivision.validation.standards import Standard, content, default, find_standard

# Checking takes half a millisecond a triple, and the report some kilobytes a finding.
MOST_TRIPLES = 200_000

_SH = Namespace("http://www.w3.org/ns/shacl#")
_DCT = Namespace("http://purl.org/dc/terms/")
_RECORDS = ("dcat:Dataset", "dcat:DatasetSeries", "dcat:DataService", "dcat:Catalog", "dcat:CatalogRecord")
_LEVELS: dict[Node | None, Level] = {_SH.Warning: "warning", _SH.Info: "note"}
_MOST_STEPS, _MOST_ABOVE = 6, 1000  # from a node up to its record
_ALIKE = 0.9  # two names that are taken for one, 0 to 1

# Constraint -> what it asks, with the parameter of the shape that holds it (SHACL, 4).
_ASKED = {
    "sh:MinCount": ("minCount", "is missing", "add it"),
    "sh:MaxCount": ("maxCount", "appears more than {} times", "leave one"),
    "sh:Class": ("class", "must be a {}", "state it with rdf:type"),
    "sh:Datatype": ("datatype", "must be a literal of the type {}", "write it with that type"),
    "sh:NodeKind": ("nodeKind", "must be {}", "use its IRI, or a node that describes it"),
    "sh:MinLength": ("minLength", "must have at least {} characters", "write more"),
    "sh:MaxLength": ("maxLength", "must have at most {} characters", "write less"),
    "sh:Pattern": ("pattern", "must be text like {}", "write it so"),
    "sh:In": ("in", "must be one of the standard's values", "take one of them"),
    "sh:UniqueLang": ("uniqueLang", "has two values in one language", "keep one for each language"),
    "sh:Closed": ("closed", "is not a property that the standard has here", "take it out"),
    "sh:Or": ("or", "must be {}", "give one of them"),
    "sh:Xone": ("xone", "must be {}", "give one of them"),
    "sh:Node": ("node", "must be {}", "describe it as one"),
    "sh:HasValue": ("hasValue", "must have the value {}", "add it"),
}
# Parameter of a shape that is one of several -> how to say it, the most telling first.
_ALTERNATIVES = {
    "datatype": "a literal of the type {}",
    "class": "a {}",
    "targetClass": "a {}",
    "node": "{}",
    "nodeKind": "{}",
    "in": "one of the standard's values",
}
_NODE_KINDS: dict[Node | None, str] = {
    _SH.IRI: "an IRI",
    _SH.BlankNode: "a node without a name",
    _SH.Literal: "a literal",
    _SH.BlankNodeOrIRI: "an IRI or a separate node",
    _SH.BlankNodeOrLiteral: "a separate node or a literal",
    _SH.IRIOrLiteral: "an IRI or a literal",
}


class _Data(NamedTuple):
    """graph: of a document. order: its subjects in the order in which they came."""

    graph: Graph
    order: dict[Node, int]

    def record_of(self, node: Node) -> tuple[Node, str]:
        """The dataset, service or catalogue that a node belongs to, or the node; the properties between them."""
        level, seen = {node: ""}, {node}
        for _ in range(_MOST_STEPS):
            for one, path in level.items():
                if any(kind in _RECORDS for kind in self.kinds(one)):
                    return one, path
            above = (
                (one, name, path) for one, path in level.items() for one, name in self.graph.subject_predicates(one)
            )
            level = {
                one: f"{compact[str(name)]} {path}".strip()
                for one, name, path in itertools.islice(above, _MOST_ABOVE)
                if one not in seen
            }
            seen.update(level)
        return node, ""

    def kinds(self, node: Node) -> list[str]:
        """The classes of a node by their short names."""
        return sorted(compact[str(kind)] for kind in self.graph.objects(node, RDF.type))

    def part(self, node: Node) -> str:
        """The class that tells best what a node is."""
        kinds = self.kinds(node)
        return next((kind for kind in kinds if kind in _RECORDS), kinds[0] if kinds else "node")

    def name(self, node: Node) -> str:
        """A node in words: blank nodes by number, because their labels differ at each reading."""
        return describe_value(f"_:{self.order.get(node, 0)}" if isinstance(node, BNode) else str(node))

    def label(self, node: Node) -> str:
        """What tells one blank node from others: its title, or else any text or address that it has."""
        texts = sorted(str(value) for value in self.graph.objects(node) if not isinstance(value, BNode))
        return describe_value(str(self.graph.value(node, _DCT.title) or next(iter(texts), "")))


def checked_graph(document: Document, chosen: Standard | None) -> Iterator[Checked]:
    """The records of an RDF document, each with what is found in it and in the nodes that belong to it.

    chosen: the standard that somebody has named.
    Raises SourceError if it is no RDF, or has too many triples.
    """
    standard = chosen or default("dcat-rdf")
    assert standard is not None
    found: dict[Node, list[Finding]] = collections.defaultdict(list)
    with _quiet():
        data = _read(document)
        findings = _Teller(data, _shapes(standard.name), standard).findings()
        unfit = find_unfit_in_graph(data.graph, data.record_of, data.name)
        for record, finding in itertools.chain(findings, unfit):
            found[record].append(finding)
    nodes = [node for node in {**data.order, **dict.fromkeys(found)} if node in found or _is_record(data, node)]
    if not nodes:
        raise SourceError(f"{document.name}: describes no dataset, service or catalogue in DCAT; check the file")
    for node in nodes:
        identifier = str(data.graph.value(node, _DCT.identifier) or (node if isinstance(node, URIRef) else ""))
        ordered = sorted(set(found.get(node, ())), key=lambda one: (one.level, one.field, one.message, one.seen))
        name, part = data.name(node), data.part(node)
        yield Checked(document.name, standard.name, part, name, describe_value(identifier), tuple(ordered))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps rdflib from logging, with a trace each, the literals and IRIs that are not as their types say."""
    logger = logging.getLogger("rdflib")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _is_record(data: _Data, node: Node) -> bool:
    return any(kind in _RECORDS for kind in data.kinds(node))


def _read(document: Document) -> _Data:
    graph, order = Graph(bind_namespaces="none"), dict[Node, int]()
    with parsed(document) as quads:
        for count, quad in enumerate(quads, 1):
            if count > MOST_TRIPLES:
                raise SourceError(
                    f"{document.name}: more than {MOST_TRIPLES:,} triples, too many to check at once; split the "
                    "catalogue into pages"
                )
            if isinstance(quad.subject, pyoxigraph.Triple) or isinstance(quad.object, pyoxigraph.Triple):
                continue  # Statements about statements.
            subject = _node(quad.subject)
            order.setdefault(subject, len(order) + 1)
            graph.add((subject, URIRef(quad.predicate.value), _node(quad.object)))
    for row in rows("subclasses"):
        graph.add((URIRef(row["class"]), RDFS.subClassOf, URIRef(row["of"])))
    return _Data(graph, order)


def _node(term: Any) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = None if compact[term.datatype.value] == "xsd:string" else URIRef(term.datatype.value)
    return Literal(term.value, datatype=datatype, normalize=False)


@functools.cache
def _shapes(name: str) -> Graph:
    graph = Graph()
    for file in find_standard(name).files:
        graph.parse(data=content(file), format="turtle")
    return graph


class _Teller:
    """Tells in plain words what SHACL finds in a document."""

    def __init__(self, data: _Data, shapes: Graph, standard: Standard) -> None:
        self._data, self._shapes, self._standard = data, shapes, standard

    def findings(self) -> Iterator[tuple[Node, Finding]]:
        """Each finding with the node of its record."""
        # What a document names is data: nothing of it is loaded, run or inferred.
        _, report, _ = pyshacl.validate(
            self._data.graph, shacl_graph=self._shapes, inference="none", advanced=False, do_owl_imports=False, js=False
        )
        assert isinstance(report, Graph)
        results = [_Result.of(report, node) for node in report.subjects(RDF.type, _SH.ValidationResult)]
        # A text in place of a resource has no class either; that is reported once.
        no_resource = {(one.focus, one.path, one.value) for one in results if one.constraint == "sh:NodeKind"}
        for one in results:
            told = self._is_any(one) or (one.focus, one.path, one.value) in no_resource
            if one.constraint != "sh:Class" or not told:
                yield self._finding(one)

    def _is_any(self, one: _Result) -> bool:
        """Whether a class is asked for that every resource has (RDF Schema, 2.1)."""
        return self._parameter(one.shape, "class") == "rdfs:Resource" and not isinstance(one.value, Literal)

    def _finding(self, one: _Result) -> tuple[Node, Finding]:
        data = self._data
        record, way = data.record_of(one.focus)
        parameter, message, fix = _ASKED.get(one.constraint, ("", "", ""))
        asked = self._parameter(one.shape, parameter) if parameter else ""
        message = message.format(asked) if message else self._own_message(one)
        level = one.level
        if one.constraint == "sh:Class" and isinstance(one.value, URIRef) and one.value not in data.order:
            level, message, fix = "note", f"{message}, and the document does not say what it is", ""
        if one.constraint == "sh:MinCount":
            fix = self._misspelt(one) or fix
        path = compact[str(one.path)] if isinstance(one.path, URIRef) else ""
        field = " ".join(part for part in (way, path) if part) or data.part(one.focus)
        seen = data.name(one.value) if one.value is not None and not isinstance(one.value, BNode) else ""
        if isinstance(one.value, BNode):
            seen = data.label(one.value)
        elif isinstance(one.focus, BNode) and not seen:
            seen = data.label(one.focus)
        fix = self._standard.advice.get(field, fix)
        rule = f"sh:{parameter}" if parameter else one.constraint
        return record, Finding(rule, level, field, data.name(record), message, fix, seen)

    def _parameter(self, shape: Node | None, name: str) -> str:
        value = self._shapes.value(shape, _SH[name]) if shape is not None else None
        if name in ("or", "xone") and value is not None:
            return " or ".join(dict.fromkeys(map(self._alternative, Collection(self._shapes, value))))
        if name == "node" and value is not None:
            return self._alternative(value)
        if value in _NODE_KINDS:
            return _NODE_KINDS[value]
        return describe_value(compact[str(value)]) if isinstance(value, URIRef) else describe_value(str(value or ""))

    def _alternative(self, shape: Node) -> str:
        """What a shape asks first of all of a node, in words."""
        for name, words in _ALTERNATIVES.items():
            if value := self._parameter(shape, name):
                return words.format(value)
        return "a node that conforms to another shape of the standard"

    def _own_message(self, one: _Result) -> str:
        """What the shape itself says; else what the checker does, without the node, which it writes out whole."""
        own = self._shapes.value(one.shape, _SH.message) if one.shape is not None else None
        return describe_value(re.split(r"\s\[|\n", str(own or one.message or "does not conform to the standard"))[0])

    def _misspelt(self, one: _Result) -> str:
        wanted = compact[str(one.path)]
        names = {compact[str(name)] for name in self._data.graph.predicates(one.focus)} - {wanted}
        there = {name.lower(): name for name in names}
        close = difflib.get_close_matches(wanted.lower(), there, 1, _ALIKE)
        return f"there is `{there[close[0]]}`: write `{wanted}`" if close else ""


class _Result(NamedTuple):
    """A validation result (SHACL, 3.6.2). constraint: by its short name, `sh:MinCount`."""

    focus: Node
    path: Node | None
    value: Node | None
    constraint: str
    shape: Node | None
    level: Level
    message: str

    @classmethod
    def of(cls, report: Graph, node: Node) -> _Result:
        focus = report.value(node, _SH.focusNode)
        assert focus is not None
        component = str(report.value(node, _SH.sourceConstraintComponent) or "")
        return cls(
            focus,
            report.value(node, _SH.resultPath),
            report.value(node, _SH.value),
            f"sh:{component.rpartition('#')[2].removesuffix('ConstraintComponent')}",
            report.value(node, _SH.sourceShape),
            _LEVELS.get(report.value(node, _SH.resultSeverity), "error"),
            str(report.value(node, _SH.resultMessage) or ""),
        )
