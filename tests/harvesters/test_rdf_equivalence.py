"""The same document read by us and by ckanext-dcat (euro_dcat_ap_3): field by field the same, or on purpose not.

Where the two differ, a test says how and why.
"""

from __future__ import annotations

import gzip
import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.corpora import CORPORA, OWN, REAL, files_of_corpora
from tests.portal import portal_of, serve
from tests.processes import run_python

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.normalise import media_types
from ckanext.aivision.record import Dataset

pytestmark = pytest.mark.long
_READ_BY_CKANEXT_DCAT = """
import json
import sys
from pathlib import Path
from ckanext.dcat.processors import RDFParser

parser = RDFParser(profiles=["euro_dcat_ap_3"])
parser.parse(Path(sys.argv[1]).read_text(), _format=sys.argv[2])
print(json.dumps(list(parser.datasets())))
"""
# Every property at once, as a good DCAT-AP catalogue has them.
RICH = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix locn: <http://www.w3.org/ns/locn#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix gsp: <http://www.opengis.net/ont/geosparql#> . @prefix eu: <http://publications.europa.eu/resource/authority/> .
@prefix ex: <https://example.gov.uk/> .
ex:a a dcat:Dataset ; dct:title "River levels"@en , "Pegelstände"@de ; dct:description "Of every gauge"@en ;
  dct:identifier "river-1" ; dcat:keyword "river" , "level" ; dcat:landingPage ex:landing ; dcat:version "2.1" ;
  dcat:contactPoint [ a vcard:Organization ; vcard:fn "Rivers desk" ; vcard:hasEmail <mailto:desk@example.gov.uk> ] ;
  dct:publisher ex:p ; dct:issued "2020-01-02"^^xsd:date ; dct:modified "2021-03-04T05:06:07Z"^^xsd:dateTime ;
  dct:accrualPeriodicity eu:frequency\\/DAILY ; dct:language eu:language\\/ENG , eu:language\\/CYM ;
  dcat:theme eu:data-theme\\/ENVI ; dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2019-01-01"^^xsd:date ;
  dcat:endDate "2019-12-31"^^xsd:date ] ; dct:spatial [ a dct:Location ; skos:prefLabel "Edinburgh" ;
  locn:geometry '''{"type": "Point", "coordinates": [-3.2, 55.9]}''' ] ; dct:accessRights eu:access-right\\/PUBLIC ;
  dcat:distribution ex:d1 , [ a dcat:Distribution ; dct:title "Page" ; dcat:accessURL ex:page ; dct:format "HTML" ] .
ex:p a foaf:Organization ; foaf:name "Rivers Unit" ; foaf:homepage <https://rivers.example.gov.uk> ;
  foaf:mbox <mailto:unit@example.gov.uk> .
ex:d1 a dcat:Distribution ; dct:title "Table" ; dct:description "All gauges" ; dcat:accessURL ex:data ;
  dcat:downloadURL <https://example.gov.uk/levels.csv> ; dcat:byteSize "1024"^^xsd:nonNegativeInteger ;
  dct:format "CSV" ; dcat:mediaType "text/csv" ; dct:license <http://creativecommons.org/licenses/by/4.0/> ;
  dct:issued "2020-01-02"^^xsd:date ; dct:modified "2020-02-03"^^xsd:date .
"""
DOCUMENTS = [
    "rich",
    "harbors",
    *files_of_corpora("dcat/*.jsonld*"),
    *([pytest.param("gsa", marks=[pytest.mark.corpus, pytest.mark.nightly])] if REAL in CORPORA else []),
]


class Pair(NamedTuple):
    """A dataset as we read it, and as ckanext-dcat does."""

    ours: Dataset
    theirs: dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rdf")


@pytest.fixture(scope="module", params=DOCUMENTS)
def pairs(request: pytest.FixtureRequest, folder: Path) -> list[Pair]:
    """All datasets of a document, read both ways."""
    path = write_document(request.param, folder)
    with Session() as session:
        records = list(open_source(resolve(str(path)), session))
    ours = {str(record.raw["@id"]): record.dataset for record in records if record.dataset is not None}
    theirs = {extra(found, "uri"): found for found in _theirs(path)}
    assert ours.keys() == theirs.keys()
    assert ours
    return [Pair(ours[key], theirs[key]) for key in ours]


def write_document(name: str | Path, folder: Path) -> Path:
    """A document of RDF, by its name here or as a file of a corpus."""
    if isinstance(name, Path):
        path = folder / name.name.removesuffix(".gz")
        path.write_bytes(gzip.decompress(name.read_bytes()) if name.suffix == ".gz" else name.read_bytes())
    elif name == "rich":
        path = folder / "rich.ttl"
        path.write_text(RICH)
    else:
        path = folder / f"{name}.jsonld"
        corpus = OWN if name == "harbors" else REAL
        # The first page; alone it is a catalogue of a hundred at most.
        with (
            serve(portal_of(corpus)) as base,
            urllib.request.urlopen(f"{base}/catalog/{name}.jsonld", timeout=60) as answer,
        ):
            document = json.load(answer)
        document["@graph"] = [node for node in document["@graph"] if "hydra:totalItems" not in node]
        path.write_text(json.dumps(document))
    return path


def _theirs(path: Path) -> list[dict[str, Any]]:
    """What ckanext-dcat reads, in a separate process: where CKAN has a schema, it puts fields in other places."""
    language = "ttl" if path.suffix == ".ttl" else "json-ld"
    done = run_python("-c", _READ_BY_CKANEXT_DCAT, path, language)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def extra(theirs: dict[str, Any], key: str) -> str:
    return next((str(item["value"]) for item in theirs["extras"] if item["key"] == key), "").strip()


def listed(theirs: dict[str, Any], key: str) -> list[str]:
    return sorted(json.loads(extra(theirs, key) or "[]"))


def text(value: Any) -> str:
    """What a field says; of a term or a moment, as it was written."""
    return str(getattr(value, "original", value) or "").strip()


def first(values: list[Any], name: str) -> str:
    return text(getattr(values[0], name)) if values else ""


def mailbox(theirs: dict[str, Any]) -> str:
    written = extra(theirs, "contact_email")
    return "" if written.startswith("http") else written


def period(dataset: Dataset) -> tuple[str, str]:
    begin, _, end = dataset.temporal[0].original.partition("/") if dataset.temporal else ("", "", "")
    return begin, end


FIELDS: dict[str, tuple[Callable[[Dataset], Any], Callable[[dict[str, Any]], Any]]] = {
    "title": (lambda ours: ours.title, lambda theirs: theirs["title"].strip()),
    "notes": (lambda ours: text(ours.description), lambda theirs: theirs.get("notes", "").strip()),
    # They split every keyword at its commas; we do where one text holds all keywords, for `Tees, River` is one.
    "tags": (
        lambda ours: {part.strip() for word in ours.keyword for part in word.split(",")},
        # An empty keyword is none.
        lambda theirs: {tag["name"].strip() for tag in theirs["tags"]} - {""},
    ),
    "url": (lambda ours: text(ours.landing_page), lambda theirs: theirs.get("url", "")),
    "version": (lambda ours: text(ours.version), lambda theirs: theirs.get("version", "")),
    "identifier": (lambda ours: ours.identifier, lambda theirs: extra(theirs, "identifier")),
    "contact_name": (lambda ours: first(ours.contact_point, "name"), lambda theirs: extra(theirs, "contact_name")),
    # The address of a web page is no mailbox.
    "contact_email": (lambda ours: first(ours.contact_point, "email"), lambda theirs: mailbox(theirs)),
    "contact_uri": (lambda ours: first(ours.contact_point, "identifier"), lambda theirs: extra(theirs, "contact_uri")),
    "publisher_url": (lambda ours: first([ours.publisher], "url"), lambda theirs: extra(theirs, "publisher_url")),
    "publisher_email": (lambda ours: first([ours.publisher], "email"), lambda theirs: extra(theirs, "publisher_email")),
    "issued": (lambda ours: text(ours.issued), lambda theirs: extra(theirs, "issued")),
    # rdflib writes UTC its own way; we keep the publisher's.
    "modified": (lambda ours: text(ours.modified), lambda theirs: extra(theirs, "modified").replace("+00:00", "Z")),
    "frequency": (lambda ours: text(ours.accrual_periodicity), lambda theirs: extra(theirs, "frequency")),
    "language": (lambda ours: sorted(map(text, ours.language)), lambda theirs: listed(theirs, "language")),
    "theme": (lambda ours: sorted(map(text, ours.theme)), lambda theirs: listed(theirs, "theme")),
    "access_rights": (lambda ours: text(ours.access_rights), lambda theirs: extra(theirs, "access_rights")),
    "temporal": (period, lambda theirs: (extra(theirs, "temporal_start"), extra(theirs, "temporal_end"))),
    "spatial": (lambda ours: first(ours.spatial, "original"), lambda theirs: extra(theirs, "spatial")),
}


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_of_a_data_set_is_the_same(pairs: list[Pair], field: str) -> None:
    ours, theirs = FIELDS[field]
    assert [ours(pair.ours) for pair in pairs] == [theirs(pair.theirs) for pair in pairs]


def format_key(*written: Any) -> str | None:
    """A format, told by the media type first.

    They write CKAN's label of it over the format (`XLSX` under application/vnd.ms-excel becomes `XLS`); we keep both.
    """
    return next((key for item in written if (key := media_types.from_format(text(item)).id)), None)


RESOURCE: dict[str, tuple[Callable[[Any], Any], Callable[[dict[str, Any]], Any]]] = {
    "name": (lambda ours: text(ours.title), lambda theirs: theirs.get("name", "").strip()),
    "description": (lambda ours: text(ours.description), lambda theirs: theirs.get("description", "").strip()),
    "download_url": (lambda ours: text(ours.download_url), lambda theirs: theirs.get("download_url", "")),
    "format": (
        lambda ours: format_key(ours.media_type, ours.format),
        lambda theirs: format_key(theirs.get("mimetype"), theirs.get("format")),
    ),
    "size": (lambda ours: ours.byte_size, lambda theirs: theirs.get("size")),
    "license": (lambda ours: text(ours.license), lambda theirs: theirs.get("license", "")),
    "issued": (lambda ours: text(ours.issued), lambda theirs: theirs.get("issued", "")),
    "modified": (lambda ours: text(ours.modified), lambda theirs: theirs.get("modified", "")),
    "mimetype": (lambda ours: text(ours.media_type), lambda theirs: theirs.get("mimetype", "")),
}


def in_order(values: Any) -> list[str]:
    return sorted(map(repr, values))


@pytest.mark.parametrize("field", RESOURCE)
def test_each_field_of_the_resources_is_the_same(pairs: list[Pair], field: str) -> None:
    ours, theirs = RESOURCE[field]
    for pair in pairs:
        # RDF has no order: the values of all resources are held against each other.
        assert in_order(map(ours, pair.ours.distribution)) == in_order(map(theirs, pair.theirs["resources"]))


def test_addresses_are_the_same_but_for_those_under_a_misspelt_property(pairs: list[Pair]) -> None:
    """ArcGIS Hub writes dcat:accessUrl for dcat:accessURL: ckanext-dcat finds no address there, and we do."""
    for pair in pairs:
        addresses = [text(item.access_url) for item in pair.ours.distribution]
        written = [url for item in pair.ours.raw.get("dcat:distribution", ()) for url in item.get("dcat:accessUrl", ())]
        if written:
            assert in_order(filter(None, addresses)) == in_order(written)
            assert not any(item["url"] for item in pair.theirs["resources"])
        else:
            assert in_order(addresses) == in_order(item.get("access_url", "") for item in pair.theirs["resources"])
            assert in_order(text(item.url) for item in pair.ours.distribution) == in_order(
                item["url"] for item in pair.theirs["resources"]
            )


def test_publishers_are_the_same_but_for_those_given_as_a_text(pairs: list[Pair]) -> None:
    """A publisher that is a mere text is no foaf:Agent: ckanext-dcat has an empty name, we have the text."""
    for pair in pairs:
        ours, theirs = pair.ours.publisher, extra(pair.theirs, "publisher_name")
        if any(isinstance(value, str) for value in pair.ours.raw.get("dct:publisher", ())):
            assert (bool(first([ours], "name")), theirs) == (True, "")
        else:
            assert first([ours], "name") == theirs
            assert first([ours], "identifier") == extra(pair.theirs, "publisher_uri")


def test_a_licence_of_the_data_set_itself_is_read_as_well_as_one_of_its_files(pairs: list[Pair]) -> None:
    """ckanext-dcat knows only licences of distributions that CKAN's register has; DCAT has them on either."""
    for pair in pairs:
        stated = pair.ours.raw.get("dct:license", [])
        assert text(pair.ours.license) == (stated[0]["@id"] if stated else "")
        of_files = {item.license.id for item in pair.ours.distribution if item.license is not None}
        assert bool(pair.theirs["license_id"]) <= bool(of_files)
