"""The rubric as triples: what the metrics of evaluations are (DQV), their dimensions, and those of the lenses.

A criterion is a dqv:Metric in one of our dimensions (dqv:Dimension). A lens is a category (dqv:Category), its groups
are dimensions in it, and a criterion that answers one is related to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from ckanext.aivision import __version__
from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.schema import Lens, Subgroup
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Criterion, Rubric
from ckanext.aivision.serialise.rdf.evaluation_graph import measures
from ckanext.aivision.serialise.rdf.graph import Resource, term

_CATEGORY, _OVERALL = "readiness", "overall"
_TITLES = {"score": "Score", "coverage": "Coverage", "grade": "Grade"}


class _Scheme:
    """The resources of the document, in their order."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.resources: list[Resource] = []

    def node(self, fragment: str) -> NamedNode:
        return NamedNode(f"{self.base}#{fragment}")

    def add(self, fragment: str, kind: str, label: str, definition: str = "") -> Resource:
        made = Resource(self.node(fragment), kind)
        made.text("skos:prefLabel", label)
        made.text("skos:definition", " ".join(definition.split()))
        made.add("skos:inScheme", NamedNode(self.base))
        self.resources.append(made)
        return made

    def metric(self, fragment: str, measure: str, label: str, dimension: str, definition: str = "") -> Resource:
        row = measures()[measure]
        made = self.add(fragment, "dqv:Metric", label, definition or row.text)
        made.add("dqv:expectedDataType", term(row.datatype))
        made.add("dqv:inDimension", self.node(dimension))
        return made


def rubric_triples(rubric: Rubric, base: str, site: str = "") -> Iterator[Triple]:
    """The rubric of this installation. base: the IRI of the document. site: the address of the pages of criteria."""
    scheme = _Scheme(base)
    _write_head(scheme, rubric)
    _write_own(scheme, rubric, site)
    for name in names()[1:]:
        _write_lens(scheme, load_lens(name), {row.id for row in rubric.everything})
    for resource in scheme.resources:
        yield from resource.triples


def _write_head(scheme: _Scheme, rubric: Rubric) -> None:
    head = Resource(NamedNode(scheme.base), "skos:ConceptScheme")
    head.add("rdf:type", term("dct:Standard"))
    head.text("dct:title", "Rubric of the evaluation of datasets for use with AI")
    head.text("dcat:version", rubric.version)
    scheme.resources.append(head)
    software = Resource(scheme.node("software"), "prov:SoftwareAgent")
    software.text("rdfs:label", f"ckanext-aivision {__version__}")
    scheme.resources.append(software)


def _write_own(scheme: _Scheme, rubric: Rubric, site: str) -> None:
    scheme.add(_CATEGORY, "dqv:Category", "Readiness of the metadata for use with AI")
    _dimension(scheme, _OVERALL, "All dimensions", _CATEGORY)
    for measure, label in _TITLES.items():
        scheme.metric(measure, measure, label, _OVERALL)
    for gate in rubric.gates:
        scheme.metric(f"gate-{gate.id}", "gate", gate.label, _OVERALL, gate.fix)
    for id in DIMENSIONS:
        _dimension(scheme, f"dimension-{id}", id.capitalize(), _CATEGORY)
        scheme.metric(id, "dimension", f"Score of the dimension {id}", f"dimension-{id}")
    for row in rubric.everything:
        _write_criterion(scheme, row, site)


def _write_criterion(scheme: _Scheme, row: Criterion, site: str) -> None:
    made = scheme.metric(row.id, "criterion", row.question, f"dimension-{row.dimension}", row.rule or row.reason)
    made.text("dct:identifier", row.id)
    made.text("dct:description", " ".join(row.reason.split()))
    for code in row.sources:
        made.address("dct:source", cite(code).url)
    if site:
        made.add("rdfs:seeAlso", NamedNode(f"{site.rstrip('/')}/{row.id}"))


def _write_lens(scheme: _Scheme, lens: Lens, criteria: set[str]) -> None:
    category = f"framework-{lens.name}"
    made = scheme.add(category, "dqv:Category", lens.title, lens.note)
    made.address("dct:source", lens.address)
    _dimension(scheme, f"{category}-all", f"{lens.title}: all groups", category)
    scheme.metric(f"lens-{lens.name}", "lens", f"Score through {lens.title}", f"{category}-all")
    for group in lens.groups:
        for one in (group, *group.groups):
            _write_group(scheme, one, category, criteria)


def _write_group(scheme: _Scheme, group: Subgroup, category: str, criteria: set[str]) -> None:
    fragment = f"{category}-{group.id}"
    made = _dimension(scheme, fragment, group.title, category, group.question)
    made.address("dct:source", cite(group.clause).url)
    for row in group.rows:
        if row.criterion in criteria:
            made.add("skos:related", scheme.node(row.criterion))


def _dimension(scheme: _Scheme, fragment: str, label: str, category: str, definition: str = "") -> Resource:
    made = scheme.add(fragment, "dqv:Dimension", label, definition)
    made.add("dqv:inCategory", scheme.node(category))
    return made
