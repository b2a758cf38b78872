"""Evaluations in RDF: what was found is there as it was found, and nobody takes it for what a publisher says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import NamedNode
from tests.serialise.conftest import EVERYTHING
from tests.serialise.round_trip import CATALOGUE, SITE, comparable, entries, read_again
from tests.serialise.test_rdf_records import own_records

from ckanext.aivision import evaluate
from ckanext.aivision.harvesters.parsing import rdf_text
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.lenses.load import names
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.rdf.catalogue import Entry, catalogue_triples, dataset_triples
from ckanext.aivision.serialise.rdf.evaluation_graph import Evaluated, evaluation_triples, measures
from ckanext.aivision.serialise.rdf.mapping import STANDARDS, Standard
from ckanext.aivision.serialise.rdf.rubric_graph import rubric_triples
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, document
from ckanext.aivision.validation.shapes import checked_graph
from ckanext.aivision.validation.standards import find_standard

DQV = rdflib.Namespace("http://www.w3.org/ns/dqv#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
SCHEMA = rdflib.Namespace("http://schema.org/")
RUBRIC = f"{SITE}/best-practice/rubric"
DATASET = rdflib.URIRef(f"{SITE}/dataset/0")
LENSES = {"fair": 51.5, "mqa": None}


def evaluated(record: Dataset, node: NamedNode, whole: bool = True) -> Evaluated:
    return Evaluated(NamedNode(f"{node.value}/evaluation"), RUBRIC, evaluate(record), LENSES, whole)


def with_evaluations(records: list[Dataset]) -> list[Entry]:
    return [entry._replace(evaluated=evaluated(entry.dataset, entry.node)) for entry in entries(records)]


def graph(triples: Iterator[Any]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=document(triples, FORMATS["ttl"]))


@pytest.fixture(scope="module")
def found() -> tuple[Evaluation, rdflib.Graph]:
    """An evaluation, and its graph."""
    whole = evaluated(EVERYTHING, NamedNode(str(DATASET)))
    return whole.evaluation, graph(evaluation_triples(whole, NamedNode(str(DATASET))))


def value(shown: rdflib.Graph, metric: str) -> Any:
    """The value that is measured of the dataset by a metric; None if there is none."""
    measured = shown.value(None, DQV.isMeasurementOf, rdflib.URIRef(f"{RUBRIC}#{metric}"))
    assert measured is None or shown.value(measured, DQV.computedOn) == DATASET
    literal = shown.value(measured, DQV.value) if measured is not None else None
    return literal.toPython() if literal is not None else None  # type: ignore[attr-defined]


@pytest.mark.long
def test_score_grade_dimensions_lenses_and_every_result_are_as_found(found: tuple[Evaluation, rdflib.Graph]) -> None:
    evaluation, shown = found
    assert float(value(shown, "score")) == evaluation.score
    assert (value(shown, "grade"), float(value(shown, "coverage"))) == (evaluation.grade, evaluation.coverage)
    assert {id: float(value(shown, id)) for id in DIMENSIONS} == {
        id: score.score for id, score in evaluation.dimensions.items()
    }
    assert (float(value(shown, "lens-fair")), value(shown, "lens-mqa")) == (51.5, None)
    assert {row.criterion: value(shown, row.criterion) for row in evaluation.results} == {
        row.criterion: row.result for row in evaluation.results
    }
    for row in evaluation.results:
        measured = shown.value(None, DQV.isMeasurementOf, rdflib.URIRef(f"{RUBRIC}#{row.criterion}"))
        number = shown.value(measured, SCHEMA.value)
        assert (None if number is None else float(number)) == row.value
        assert str(shown.value(measured, rdflib.RDFS.comment) or "") == row.evidence


@pytest.mark.long
def test_a_gate_that_limits_the_grade_is_there_with_its_limit_and_no_other() -> None:
    closed = Dataset(identifier="1", title="Levels", profile="dcat-us-1.1", country="US")
    whole = evaluated(closed, NamedNode(str(DATASET)))
    shown = graph(evaluation_triples(whole, NamedNode(str(DATASET))))
    gates = {row.id: value(shown, f"gate-{row.id}") for row in load().gates}
    assert {id: limit for id, limit in gates.items() if limit} == {
        hit.gate: hit.limit for hit in whole.evaluation.gates
    }
    assert whole.evaluation.gates


def test_it_says_of_which_day_it_is_and_what_it_was_made_from(found: tuple[Evaluation, rdflib.Graph]) -> None:
    evaluation, shown = found
    node = shown.value(DATASET, DQV.hasQualityMetadata)
    assert str(shown.value(node, DCT.date)) == evaluation.reference_date.isoformat()
    assert str(shown.value(node, DCT.conformsTo)) == RUBRIC
    activity = shown.value(node, PROV.wasGeneratedBy)
    assert "metadata alone" in str(shown.value(activity, DCT.description))
    assert set(shown.objects(activity, PROV.used)) == {DATASET, rdflib.URIRef(RUBRIC)}


def test_a_summary_has_what_the_table_says(found: tuple[Evaluation, rdflib.Graph]) -> None:
    short = graph(evaluation_triples(evaluated(EVERYTHING, NamedNode(str(DATASET)), False), NamedNode(str(DATASET))))
    assert float(value(short, "score")) == found[0].score
    assert all(value(short, row.criterion) is None for row in found[0].results)
    assert {row.measure for row in measures().values() if not row.summary} == {"lens", "criterion"}


@pytest.mark.long
@pytest.mark.parametrize("syntax", ["ttl", "xml", "jsonld", "nt"])
@pytest.mark.parametrize("standard", STANDARDS)
def test_a_record_that_is_read_with_its_evaluation_is_the_same_and_has_the_same_results(
    standard: Standard, syntax: str, tmp_path: Path
) -> None:
    given = with_evaluations([EVERYTHING, *own_records()])
    written = document(catalogue_triples(CATALOGUE, given, standard), FORMATS[syntax])
    back = read_again(written, syntax, tmp_path)
    assert [comparable(record) for record in back] == [comparable(entry.dataset) for entry in given]
    for record, entry in zip(back, given, strict=True):
        there = entry.evaluated.evaluation if entry.evaluated is not None else None
        again = evaluate(record, today=there.reference_date if there is not None else None)
        assert there is not None
        assert (again.score, [row.value for row in again.results]) == (
            there.score,
            [row.value for row in there.results],
        )


def test_ckanext_dcat_s_parser_takes_nothing_of_it_for_the_dataset(ckan: Any) -> None:
    from ckanext.dcat.processors import RDFParser

    def parsed(entry: Entry) -> Any:
        parser = RDFParser(profiles=["euro_dcat_ap_3"])
        parser.parse(document(dataset_triples(entry, "dcat-ap-3"), FORMATS["ttl"]).decode(), "ttl")
        return unordered(list(parser.datasets()))

    (alone,) = entries([EVERYTHING])
    assert parsed(with_evaluations([EVERYTHING])[0]) == parsed(alone)


def unordered(value: Any) -> Any:
    """A package without the order of its lists, which RDF does not have, and without the names of blank nodes."""
    if isinstance(value, dict):
        return {key: unordered(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted((unordered(one) for one in value), key=repr)
    if isinstance(value, str) and value[:1] == "[":
        return unordered(json.loads(value))
    return re.sub(r"\bn[0-9a-f]{32}b\d+\b", "_:node", value) if isinstance(value, str) else value


@pytest.mark.long
@pytest.mark.parametrize("standard", STANDARDS)
def test_it_conforms_to_the_shapes(standard: Standard) -> None:
    (entry,) = with_evaluations([EVERYTHING])
    names_of = {"dcat-ap-3": "dcat-ap-3", "dcat-us-3": "dcat-us-3-rdf"}
    alone = entry._replace(evaluated=None)
    assert errors(entry, standard, names_of[standard]) == errors(alone, standard, names_of[standard])


def errors(entry: Entry, standard: Standard, shapes: str) -> list[tuple[str, str]]:
    text = document(dataset_triples(entry, standard), FORMATS["ttl"])
    shown = rdf_text.document(text, FORMATS["ttl"], "", "records.ttl")
    return [
        (finding.field, finding.rule)
        for checked in checked_graph(shown, find_standard(shapes))
        for finding in checked.findings
        if finding.level == "error"
    ]


@pytest.fixture(scope="module")
def rubric() -> rdflib.Graph:
    return graph(rubric_triples(load(), RUBRIC, f"{SITE}/best-practice/criteria"))


@pytest.mark.long
def test_every_metric_of_an_evaluation_is_described_with_a_dimension_and_a_category(
    found: tuple[Evaluation, rdflib.Graph], rubric: rdflib.Graph
) -> None:
    metrics = set(found[1].objects(None, DQV.isMeasurementOf))
    metrics |= {rdflib.URIRef(f"{RUBRIC}#lens-{name}") for name in names()[1:]}
    metrics |= {rdflib.URIRef(f"{RUBRIC}#gate-{gate.id}") for gate in load().gates}
    for metric in metrics:
        assert (metric, rdflib.RDF.type, DQV.Metric) in rubric, metric
        (dimension,) = rubric.objects(metric, DQV.inDimension)
        category = rubric.value(dimension, DQV.inCategory)
        assert (category, rdflib.RDF.type, DQV.Category) in rubric
        assert len(list(rubric.objects(metric, DQV.expectedDataType))) == 1


def test_the_criteria_of_a_lens_are_related_to_its_groups(rubric: rdflib.Graph) -> None:
    skos = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
    known = {row.id for row in load().everything}
    related = {str(one).partition("#")[2] for one in rubric.objects(None, skos.related)}
    assert related
    assert related <= known
