"""JSON-LD is compact: prefixes for people, its context in the document for programs, and the same triples."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Literal, NamedNode, RdfFormat, Triple, parse
from pyoxigraph import Dataset as Graph
from tests.examples import share_of
from tests.serialise.conftest import EVERYTHING
from tests.serialise.round_trip import entries, give

from ckanext.aivision.serialise.rdf.catalogue import dataset_triples
from ckanext.aivision.serialise.rdf.syntaxes import document, pieces

(ENTRY,) = entries([EVERYTHING])


def graph(text: bytes, format: RdfFormat) -> Graph:
    found = Graph(parse(text, format))
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def shown() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(document(dataset_triples(ENTRY, "dcat-ap-3"), RdfFormat.JSON_LD))
    return found


def test_names_are_compact_and_the_context_is_in_the_document() -> None:
    found = shown()
    assert found["@context"]["dcat"] == "http://www.w3.org/ns/dcat#"
    dataset = found["@graph"][0]
    assert (dataset["@id"], dataset["dct:title"]) == (ENTRY.node.value, EVERYTHING.title)
    assert "dcat:Dataset" in dataset["@type"]
    assert dataset["dct:issued"] == {"@value": "2001-05", "@type": "xsd:gYearMonth"}


def test_what_has_no_address_stands_within_what_it_belongs_to() -> None:
    dataset = shown()["@graph"][0]
    assert dataset["dct:publisher"]["foaf:name"] == "River office"
    assert dataset["dct:publisher"]["org:subOrganizationOf"]["foaf:name"] == "Department of Water"
    assert "@id" not in dataset["dct:publisher"]


def test_it_has_the_same_triples_as_any_other_syntax() -> None:
    triples = list(dataset_triples(ENTRY, "dcat-ap-3"))
    compact, plain = (graph(document(triples, format), format) for format in (RdfFormat.JSON_LD, RdfFormat.N_TRIPLES))
    assert compact == plain


@pytest.mark.long
def test_a_long_document_in_pieces_has_the_same_triples() -> None:
    records = [msgspec.structs.replace(EVERYTHING, identifier=str(number)) for number in range(80)]
    compact = {str(quad) for quad in parse(give(records, "dcat-ap-3", "jsonld"), RdfFormat.JSON_LD)}
    plain = {str(quad) for quad in parse(give(records, "dcat-ap-3", "nt"), RdfFormat.N_TRIPLES)}
    assert len(compact) == len(plain) > 4096 * 2


nodes = st.sampled_from([NamedNode("https://rivers.example.gov/1"), *(BlankNode(name) for name in "abcd")])
names = st.sampled_from(
    [NamedNode("http://purl.org/dc/terms/title"), NamedNode("http://purl.org/dc/terms/a/b"), NamedNode("urn:x:y")]
)
texts = st.builds(Literal, st.text(st.characters(exclude_categories=("Cs",)), max_size=8))


@pytest.mark.long
@settings(max_examples=share_of(300), deadline=None)
@given(st.lists(st.builds(Triple, nodes, names, nodes | texts), max_size=12))
def test_any_triples_come_back(triples: list[Triple]) -> None:
    """Circles, nodes that several lead to, and nodes that none leads to."""
    text = b"".join(pieces(triples, RdfFormat.JSON_LD))
    assert graph(text, RdfFormat.JSON_LD) == graph(document(triples, RdfFormat.N_TRIPLES), RdfFormat.N_TRIPLES)
