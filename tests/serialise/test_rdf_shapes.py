"""What is given out conforms to the shapes of its standard, but for what the source itself does not say."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from tests.serialise.conftest import EVERYTHING
from tests.serialise.round_trip import entries
from tests.serialise.test_rdf_records import VALUES, own_records

from ckanext.aivision.harvesters.parsing import rdf_text
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.rdf.catalogue import dataset_triples
from ckanext.aivision.serialise.rdf.mapping import STANDARDS, Standard
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, document
from ckanext.aivision.validation.shapes import checked_graph
from ckanext.aivision.validation.standards import find_standard

NAMES: dict[Standard, str] = {"dcat-ap-3": "dcat-ap-3", "dcat-us-3": "dcat-us-3-rdf"}
# What a standard requires and only the source can know. An address that is none counts as missing.
LACKS = {
    "dct:description": "sh:minCount",
    "dct:publisher": "sh:minCount",
    "dcat:contactPoint": "sh:minCount",
    "dcat:endpointURL": "sh:minCount",
    "dcat:contactPoint vcard:fn": "sh:minCount",
    "dcat:contactPoint vcard:hasEmail": "sh:minCount",
    "dct:publisher foaf:name": "sh:minCount",
    "dct:publisher skos:prefLabel": "sh:minCount",
    "dcat:distribution dcat:accessURL": "sh:minCount",
    # A word for a theme or a type, from no list that anybody publishes.
    "dcat:theme skos:inScheme": "sh:minCount",
    "dct:type skos:inScheme": "sh:minCount",
    # DCAT-US 3 allows one creator.
    "dct:creator": "sh:maxCount",
}
COMPLETE = msgspec.structs.replace(EVERYTHING, type=None)


def errors(records: list[Dataset], standard: Standard) -> tuple[int, Counter[tuple[str, str, str]]]:
    """The number of records that conform, and the others' errors: field, rule, message."""
    given = entries(records)
    triples = (
        triple for number, entry in enumerate(given) for triple in dataset_triples(entry, standard, f"d{number}")
    )
    shown = rdf_text.document(document(triples, FORMATS["ttl"]), FORMATS["ttl"], "", "records.ttl")
    found: Counter[tuple[str, str, str]] = Counter()
    wrong = set()
    for checked in checked_graph(shown, find_standard(NAMES[standard])):
        for finding in checked.findings:
            if finding.level == "error":
                found[finding.field, finding.rule, finding.message] += 1
                wrong.add(checked.where)
    return len(given) - len(wrong), found


@pytest.mark.long
@pytest.mark.parametrize("standard", STANDARDS)
def test_a_complete_record_conforms(standard: Standard) -> None:
    assert errors([COMPLETE], standard) == (1, Counter())


@pytest.mark.long
@pytest.mark.parametrize("standard", STANDARDS)
def test_what_does_not_conform_is_what_the_source_lacks(standard: Standard) -> None:
    records = [msgspec.structs.replace(record, identifier=name) for name, record in VALUES.items()]
    check(*errors([*records, *own_records()], standard), standard)


@pytest.mark.corpus
@pytest.mark.long
@pytest.mark.parametrize("standard", STANDARDS)
def test_real_records_conform_but_for_what_they_lack(standard: Standard, corpus_records: list[Dataset]) -> None:
    for start in range(0, len(corpus_records), 50):
        check(*errors(corpus_records[start : start + 50], standard), standard)


def check(conforming: int, found: Counter[tuple[str, str, str]], standard: Standard) -> None:
    assert conforming > 0
    assert {key: number for key, number in found.items() if LACKS.get(key[0]) != key[1]} == {}, standard
