"""An evaluation as triples of the Data Quality Vocabulary, as config/serialise/dqv.csv says.

The evaluation is a resource of its own (dqv:QualityMetadata), to which the dataset has one link. Its measurements lead
to the dataset (dqv:computedOn) and not the other way: a reader of the dataset's own properties does not take what we
say of its metadata for what its publisher says of the data.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.serialise.rdf.graph import Resource, literal, term

_LOOKED_AT = {
    (): "Judged from the metadata alone.",
    ("links",): "Judged from the metadata and the links.",
    ("content",): "Judged from the metadata and the content of files.",
    ("links", "content"): "Judged from the metadata, the links and the content of files.",
}


class Measure(NamedTuple):
    """A row of the table. summary: whether documents of many datasets have it too."""

    measure: str
    metric: str
    datatype: str
    summary: bool
    text: str


class Evaluated(NamedTuple):
    """An evaluation to be given out. node: its IRI. rubric: the IRI of the rubric's document, without a fragment.

    lenses: the score through each lens, None where nothing is known. whole: whether all is written, or a summary.
    """

    node: NamedNode
    rubric: str
    evaluation: Evaluation
    lenses: Mapping[str, float | None] = {}
    whole: bool = True


@functools.cache
def measures() -> dict[str, Measure]:
    """What is measured, by its name, in the table's order."""
    return {
        row["measure"]: Measure(row["measure"], row["metric"], row["datatype"], row["catalogue"] == "yes", row["text"])
        for row in rows("dqv", "serialise")
    }


def evaluation_triples(found: Evaluated, dataset: NamedNode) -> Iterator[Triple]:
    """The evaluation of a dataset, and the dataset's link to it. Never raises on a text's content."""
    measurements = _measurements(found, dataset)
    yield Triple(dataset, term("dqv:hasQualityMetadata"), found.node)
    yield from _about(found, dataset, measurements)
    for measurement in measurements:
        yield from measurement.triples


def _measurements(found: Evaluated, dataset: NamedNode) -> list[Resource]:
    made = []
    for measure, id, value, more in _values(found):
        row = measures()[measure]
        if value is None or not (found.whole or row.summary):
            continue
        metric = row.metric.format(id=id)
        subject = Resource(NamedNode(f"{found.node.value}#{metric}"), "dqv:QualityMeasurement")
        subject.add("dqv:isMeasurementOf", NamedNode(f"{found.rubric}#{metric}"))
        subject.add("dqv:computedOn", dataset)
        subject.add("dqv:value", _typed(value, row.datatype))
        for name, text in more.items() if found.whole else ():
            subject.text(name, text, "xsd:decimal" if name == "schema:value" else "")
        made.append(subject)
    return made


def _about(found: Evaluated, dataset: NamedNode, measurements: Sequence[Resource]) -> list[Triple]:
    evaluation = found.evaluation
    subject = Resource(found.node, "dqv:QualityMetadata")
    subject.add("rdf:type", term("prov:Entity"))
    subject.text("dct:date", evaluation.reference_date.isoformat(), "xsd:date")
    subject.add("dct:conformsTo", NamedNode(found.rubric))
    subject.text("dcat:version", evaluation.rubric_version)
    activity = Resource(NamedNode(f"{found.node.value}#activity"), "prov:Activity")
    subject.add("prov:wasGeneratedBy", activity.node)
    activity.add("prov:used", dataset)
    activity.add("prov:used", NamedNode(found.rubric))
    activity.add("prov:wasAssociatedWith", NamedNode(f"{found.rubric}#software"))
    activity.text("dct:description", _LOOKED_AT.get(evaluation.beyond, _LOOKED_AT[()]))
    for measurement in measurements:
        subject.add("dct:hasPart", measurement.node)
    return [*subject.triples, *activity.triples]


_Value = tuple[str, str, float | str | None, Mapping[str, str]]


def _values(found: Evaluated) -> Iterator[_Value]:
    """What is measured, the id that it is of, its value, and what is said beside it."""
    evaluation = found.evaluation
    yield "score", "", evaluation.score, {}
    yield "coverage", "", evaluation.coverage, {}
    yield "grade", "", evaluation.grade, {}
    for hit in evaluation.gates:
        yield "gate", hit.gate, hit.limit, {"rdfs:comment": hit.evidence}
    for id, dimension in evaluation.dimensions.items():
        yield "dimension", id, dimension.score, {}
    for id, score in found.lenses.items():
        yield "lens", id, score, {}
    for result in evaluation.results:
        number = {} if result.value is None else {"schema:value": _decimal(result.value)}
        yield "criterion", result.criterion, result.result, {**number, "rdfs:comment": result.evidence}


def _typed(value: float | str, datatype: str) -> Literal:
    return literal(value if isinstance(value, str) else _decimal(value), "" if datatype == "xsd:string" else datatype)


def _decimal(value: float) -> str:
    """A number without an exponent, as xsd:decimal has it, in the form that RDF libraries write again."""
    written = f"{value:.4f}".rstrip("0")
    return f"{written}0" if written.endswith(".") else written
