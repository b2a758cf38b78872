"""The UK Cross-Government Metadata Exchange Model: organisations of GOV.UK, and the same in JSON, YAML and RDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pyshacl
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from tests.corpora import OWN
from tests.serialise.conftest import EVERYTHING, read
from tests.serialise.json_standards import ABOUT

from ckanext.aivision.normalise import frequencies, licences, media_types
from ckanext.aivision.record import Agent, Dataset, Distribution, Term
from ckanext.aivision.serialise.json_standards.documents import DOCUMENTS
from ckanext.aivision.serialise.json_standards.uk_model import to_uk_model
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS
from ckanext.aivision.validation.json_schema import schemas

DCT, DCAT = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#"
GOV_UK = "https://www.gov.uk/government/organisations/"
VALID = msgspec.structs.replace(
    EVERYTHING,
    publisher=Agent(name="Her Majesty's Revenue and Customs"),
    creator=[Agent(name="Defra", identifier=f"{GOV_UK}department-for-environment-food-rural-affairs")],
    access_rights=Term("public", "public", "id"),
    issued=None,
    accrual_periodicity=frequencies.clean("Annual"),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Her Majesty's Revenue and Customs", "hm-revenue-customs"),
        ("HMRC", "hm-revenue-customs"),
        ("HM Land Registry", "land-registry"),
        ("Environment Agency", "environment-agency"),
        # Councils have no page in the list of GOV.UK.
        ("Glasgow City Council", "Glasgow City Council"),
        ("River wardens", "River wardens"),
    ],
)
def test_a_publisher_is_named_as_on_gov_uk_if_our_tables_know_it(name: str, expected: str) -> None:
    record, *_ = to_uk_model(msgspec.structs.replace(VALID, publisher=Agent(name=name)))
    assert record["publisher"] == expected


def test_a_complete_record_is_valid() -> None:
    checked = schemas("uk-metadata-exchange")
    for record in to_uk_model(VALID):
        assert list(checked.errors(record["type"].removeprefix("dcat:"), record, "$")) == []


def test_a_file_has_the_licence_of_its_dataset_and_the_media_type_of_its_format() -> None:
    item = Distribution(title="Levels", download_url="https://rivers.gov.uk/a", format=media_types.from_format("CSV"))
    dataset = msgspec.structs.replace(VALID, license=licences.clean("uk-ogl"), distribution=[item])
    _, part = to_uk_model(dataset)
    ogl = licences.info("OGL-UK-3.0")
    assert ogl is not None
    assert (part["licence"], part["mediaType"]) == (ogl.uri, "text/csv")


@pytest.mark.parametrize("word", ["WMS", "Esri REST", "abacus"])
def test_a_service_or_an_unknown_format_gets_no_media_type(word: str) -> None:
    item = Distribution(title="Map", access_url="https://rivers.gov.uk/wms", format=media_types.from_format(word))
    _, part = to_uk_model(msgspec.structs.replace(VALID, distribution=[item]))
    assert part["mediaType"] == word


def triples(syntax: str, *records: Dataset) -> set[tuple[str, str, str]]:
    text = b"".join(DOCUMENTS[f"uk-metadata-exchange.{syntax}"].write(records, ABOUT))
    return {
        (str(quad.subject), quad.predicate.value, getattr(quad.object, "value", ""))
        for quad in parse(text, FORMATS[syntax])
    }


def values(name: str, **fields: Any) -> list[str]:
    found = triples("ttl", msgspec.structs.replace(VALID, **fields))
    return sorted(value for _, predicate, value in found if predicate == name)


def test_rdf_has_the_properties_of_the_models_own_context() -> None:
    assert values(f"{DCT}publisher") == [f"{GOV_UK}hm-revenue-customs"]
    assert values(f"{DCT}accrualPeriodicity") == ["http://purl.org/cld/freq/annual"]
    licences_named = ("CC-BY-4.0", "OGL-UK-3.0")
    assert values(f"{DCT}license") == sorted(found.uri for name in licences_named if (found := licences.info(name)))
    assert values("https://w3id.org/co-cddo/ukgov-metadata-exchange-model/securityClassification") == ["OFFICIAL"]
    assert values("http://www.w3.org/2006/vcard/ns#hasEmail") == ["data@rivers.example.gov"]


@pytest.mark.parametrize(
    ("identifier", "node"),
    [
        ("https://doi.org/10.5555/river", "https://doi.org/10.5555/river"),
        ("7509bbb5-ce6a-4801-8d77-b72c58d46180", "urn:uuid:7509bbb5-ce6a-4801-8d77-b72c58d46180"),
        ("levels 7", "https://rivers.example.gov/data.json#levels%207"),
    ],
)
def test_a_dataset_is_at_its_own_address_or_one_of_the_document(identifier: str, node: str) -> None:
    found = triples("nt", msgspec.structs.replace(VALID, identifier=identifier))
    assert {subject for subject, name, _ in found if name == f"{DCAT}distribution"} == {f"<{node}>"}
    others = {value for _, name, value in found if name == f"{DCT}identifier"}
    assert others == (set() if node == identifier else {identifier})


def test_all_syntaxes_say_the_same_of_several_datasets() -> None:
    both = [VALID, msgspec.structs.replace(VALID, identifier="other")]
    counts = {syntax: len(triples(syntax, *both)) for syntax in ("ttl", "xml", "jsonld", "nt")}
    assert len(set(counts.values())) == 1


def test_dates_and_sizes_have_their_types() -> None:
    text = b"".join(DOCUMENTS["uk-metadata-exchange.ttl"].write([VALID], ABOUT))
    found = {quad.object for quad in parse(text, RdfFormat.TURTLE)}
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert Literal("2026-11-01", datatype=NamedNode(f"{xsd}date")) in found
    assert Literal("1234", datatype=NamedNode(f"{xsd}integer")) in found


@pytest.mark.parametrize("syntax", ["ttl", "xml", "jsonld", "nt"])
def test_our_harvester_reads_the_rdf(syntax: str, tmp_path: Path) -> None:
    path = tmp_path / f"records.{syntax}"
    path.write_bytes(b"".join(DOCUMENTS[f"uk-metadata-exchange.{syntax}"].write([VALID], ABOUT)))
    (found,) = read(path, "dcat-rdf", "GB")
    for field in ("identifier", "title", "description", "version", "modified"):
        assert getattr(found, field) == getattr(VALID, field), field
    assert sorted(found.keyword) == sorted(VALID.keyword)
    assert (found.license and found.license.id) == "OGL-UK-3.0"
    assert found.accrual_periodicity is not None
    assert found.accrual_periodicity.id == "R/P1Y"
    assert [(item.title, item.download_url) for item in found.distribution] == [
        (item.title, item.download_url) for item in VALID.distribution
    ]


def test_records_that_a_source_wrote_in_the_model_are_given_out_in_rdf_too(samples_of_the_model: list[Dataset]) -> None:
    for dataset in samples_of_the_model:
        titles = {value for _, name, value in triples("ttl", dataset) if name == f"{DCT}title"}
        assert dataset.title in titles


@pytest.fixture
def samples_of_the_model() -> list[Dataset]:
    folder = OWN / "uk-metadata-exchange" / "valid"
    return [record for path in sorted(folder.iterdir()) for record in read(path, "uk-metadata-exchange", "GB")]


def test_credentials_stay_masked_in_rdf() -> None:
    address = "https://rivers.example.gov/l.csv?api_key=s3cretS3CRET0123456789"
    item = msgspec.structs.replace(VALID.distribution[0], download_url=address)
    dataset = msgspec.structs.replace(VALID, distribution=[item])
    assert "s3cret" not in json.dumps(sorted(triples("ttl", dataset)))


def test_a_complete_record_conforms_to_the_models_own_shapes(standards: Path) -> None:
    shapes = rdflib.Graph().parse(standards / "uk-metadata-exchange" / "shapes.ttl")
    text = b"".join(DOCUMENTS["uk-metadata-exchange.ttl"].write([VALID], ABOUT))
    given = rdflib.Graph().parse(data=text.decode(), format="turtle")
    conforms, _, report = pyshacl.validate(given, shacl_graph=shapes, inference="none")
    assert conforms, report
