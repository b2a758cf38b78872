"""Nobody is told that a value is not given which is given: the evidence quotes it, and says why it does not count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.records import shortest_record
from tests.scoring.conftest import result_of

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset, PeriodOfTime
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.rubric import load

ODD = (
    "quarterlyish",
    "see website",
    r"\\server\share",
    "0201-01-01",
    "Type: unknown/other",
    "££",
    "\N{SNOWMAN}\N{WINE GLASS}",
    "n/a",
    "-",
)
# Fields that say something of many subjects, or of whether a criterion applies at all.
SHARED = {"title", "description", "rights", "distribution", "access_rights", "access_procedure", "landing_page"}
LISTS = {"keyword", "theme", "contact_point", "spatial", "temporal", "page", "conforms_to", "derived_from"}
LISTS |= {"other_identifier"}
FIELDS = sorted(
    {field for row in load().criteria for field in row.needs} - SHARED - {"described_by_type", "country", "profile"}
)
# Criteria that several fields answer alike.
ALSO = {
    "collection-described": ("preprocessing", "provenance"),
    "source-described": ("derived_from",),
    "version-stated": ("version_notes",),
    "uses-described": ("unsuitable_uses",),
    "personal-data-addressed": ("personal_data_measures", "system_of_records"),
    "maintenance-stated": ("system_of_records",),
    "ai-use-terms-stated": ("ai_use_terms",),
    "data-dictionary-linked": ("described_by",),
    "issued-stated": ("metadata_issued",),
    "modified-stated": ("metadata_modified",),
}
URL = "https://rivers.gov.uk/levels.csv"


def untrue(dataset: Dataset, field: str, text: str) -> list[str]:
    """The criteria about a field that say that it is not given, and do not quote what is written."""
    results = evaluate(dataset, load(), ON).results
    return [
        f"{found.criterion}: {found.evidence}"
        for found in results
        if ("not given" in found.evidence or "has no field" in found.evidence) and text not in found.evidence
        if found.field.replace("distribution[].", "distribution.") == field or field in ALSO.get(found.criterion, ())
    ]


def of_distribution(dataset: Dataset, field: str, text: str) -> list[str]:
    return untrue(dataset, f"distribution.{field}", text)


def written(field: str, profile: str, text: str) -> Dataset:
    if field == "temporal":
        return msgspec.structs.replace(record(profile=profile), temporal=[PeriodOfTime(text)])
    return record(profile=profile, **{field: [text] if field in LISTS else text})


@pytest.mark.parametrize("profile", ["aivision", "ckan", "dcat-us-1.1"])
@pytest.mark.parametrize("field", FIELDS)
def test_what_is_written_in_a_field_is_quoted_where_it_does_not_count(field: str, profile: str) -> None:
    for text in ODD:
        assert untrue(written(field, profile, text), field, text) == [], text


@pytest.mark.parametrize("field", ["media_type", "format", "license", "described_by", "checksum", "title"])
def test_what_is_written_of_a_distribution_is_quoted_where_it_does_not_count(field: str) -> None:
    for text in ODD:
        assert of_distribution(record(distribution=[{"download_url": URL, field: text}]), field, text) == [], text


def harvested(path: Path, document: Any) -> Iterator[Dataset]:
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    with Session() as session:
        for item in open_source(resolve(str(path)), session):
            assert item.dataset is not None
            yield item.dataset


DCAT_US = {
    "accrual_periodicity": "accrualPeriodicity",
    "issued": "issued",
    "modified": "modified",
    "temporal": "temporal",
    "theme": "theme",
    "license": "license",
    "described_by": "describedBy",
    "conforms_to": "conformsTo",
    "page": "references",
    "publisher": "publisher",
    "contact_point": "contactPoint",
    "spatial": "spatial",
    "quality": "dataQuality",
}


@pytest.mark.parametrize("field", DCAT_US)
def test_what_a_dcat_us_record_writes_is_quoted(tmp_path: Path, field: str) -> None:
    for text in ODD:
        (dataset,) = harvested(tmp_path / "data.json", {"dataset": [shortest_record(**{DCAT_US[field]: text})]})
        assert untrue(dataset, field, text) == [], text


CKAN = {
    "accrual_periodicity": "update_frequency",
    "issued": "data_issued",
    "modified": "data_modified",
    "temporal": "temporal_coverage-from",
    "theme": "theme-primary",
    "spatial": "bbox-north-lat",
    "contact_point": "contact-email",
    "license": "licence",
    "version": "version",
    "provenance": "lineage",
    "collection": "collection_method",
    "quality": "data_quality",
    "bibliographic_citation": "citation",
}


@pytest.mark.parametrize("field", CKAN)
def test_what_a_ckan_package_writes_is_quoted(tmp_path: Path, field: str) -> None:
    for text in ODD:
        package = {"id": "p", "name": "p", "title": "River levels", "extras": [{"key": CKAN[field], "value": text}]}
        answer = {"success": True, "result": {"count": 1, "results": [package]}}
        (dataset,) = harvested(tmp_path / "packages.json", answer)
        assert untrue(dataset, field, text) == [], text


@pytest.mark.parametrize("text", [*ODD, "1.2 MB"])
@pytest.mark.parametrize(("field", "key"), [("byte_size", "size"), ("checksum", "hash"), ("media_type", "mimetype")])
def test_what_a_ckan_resource_writes_is_quoted(tmp_path: Path, field: str, key: str, text: str) -> None:
    package = {"id": "p", "name": "p", "title": "River levels", "resources": [{"url": URL, "format": "CSV", key: text}]}
    answer = {"success": True, "result": {"count": 1, "results": [package]}}
    (dataset,) = harvested(tmp_path / "packages.json", answer)
    assert of_distribution(dataset, field, text) == []


RDF = {
    "accrual_periodicity": "dct:accrualPeriodicity",
    "issued": "dct:issued",
    "modified": "dct:modified",
    "temporal": "dct:temporal",
    "theme": "dcat:theme",
    "license": "dct:license",
    "publisher": "dct:publisher",
    "contact_point": "dcat:contactPoint",
    "spatial": "dct:spatial",
    "conforms_to": "dct:conformsTo",
    "page": "foaf:page",
    "provenance": "dct:provenance",
    "distribution": "dcat:distribution",
}
TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix ex: <https://rivers.gov.uk/> .
ex:a a dcat:Dataset ; dct:title "River levels" ; %s %s .
"""


@pytest.mark.parametrize("field", RDF)
def test_what_an_rdf_literal_writes_is_quoted(tmp_path: Path, field: str) -> None:
    for text in ODD:
        (dataset,) = harvested(tmp_path / "data.ttl", TURTLE % (RDF[field], json.dumps(text, ensure_ascii=False)))
        assert untrue(dataset, field, text) == [], text


@pytest.mark.parametrize("field", ["temporal", "issued", "accrual_periodicity", "license"])
def test_what_is_not_written_is_not_given(field: str) -> None:
    """The border: silence is called what it is."""
    evidence = [found.evidence for found in evaluate(record(), load(), ON).results if found.field == field]
    assert any("not given" in text for text in evidence)


BNG = "<http://www.opengis.net/def/crs/EPSG/0/27700> POINT(529090 179645)"
PLACE = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix ex: <https://rivers.gov.uk/> .
ex:a a dcat:Dataset ; dct:title "River levels" ; dct:spatial [ dcat:centroid "%s" %s ] .
"""


@pytest.mark.parametrize(("name", "value"), [("", 0.0), ('; skos:prefLabel "Sheffield"', 0.9)])
def test_a_place_in_a_system_that_is_not_read_counts_by_its_name_alone(tmp_path: Path, name: str, value: float) -> None:
    path = tmp_path / "data.ttl"
    path.write_text(PLACE % (BNG, name), encoding="utf-8")
    with Session() as session:
        (item,) = open_source(resolve(str(path)), session)
    assert item.dataset is not None
    found = result_of("spatial-coverage-stated", item.dataset)
    assert found.value == value
    assert [(problem.code, problem.seen) for problem in item.problems] == [("place-unread", BNG)]
    assert name or found.evidence.startswith(BNG)


def test_a_gate_quotes_what_stands_in_the_place_of_an_address_or_a_licence() -> None:
    dataset = record(distribution=[{"download_url": "available on request", "license": "n/a"}])
    said = {hit.gate: hit.evidence for hit in evaluate(dataset, load(), ON).gates}
    assert "available on request" in said["nothing-to-download"]
    assert "n/a" in said["licence-missing"]
    silent = {hit.gate: hit.evidence for hit in evaluate(record(), load(), ON).gates}
    assert silent["nothing-to-download"].endswith("not given")
    assert silent["licence-missing"].endswith("not given")
