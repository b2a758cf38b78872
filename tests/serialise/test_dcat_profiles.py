"""What is given out in RDF says what the record says: its licence, and no date, licence or creator of our making."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import rdflib
from tests.corpora import OWN
from tests.serialise.conftest import EVERYTHING, Form, Package

from ckanext.aivision.normalise import dates, licences
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.package import from_package, to_package

DCT, RDF = rdflib.DCTERMS, rdflib.RDF
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SCHEMA, CROISSANT = rdflib.Namespace("http://schema.org/"), rdflib.Namespace("https://schema.org/")

ISSUED = (DCT.issued, SCHEMA.datePublished, CROISSANT.datePublished, SCHEMA.dateCreated, CROISSANT.dateCreated)
MODIFIED = (DCT.modified, SCHEMA.dateModified, CROISSANT.dateModified)
LICENCE = (DCT.license, SCHEMA.license, CROISSANT.license)
OGL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"

PATHS = {
    "Turtle": "/dataset/{name}.ttl",
    "RDF/XML": "/dataset/{name}.xml",
    "JSON-LD": "/dataset/{name}.jsonld",
    "N-Triples": "/dataset/{name}.nt",
    "our DCAT-US 3": "/dataset/{name}.ttl?profiles=aivision_dcat_us_3",
    "ours with another profile": "/dataset/{name}.ttl?profiles=aivision_dcat_ap_3,schemaorg",
    "DCAT-US 3": "/dataset/{name}.ttl?profiles=dcat_us_3",
    "DCAT-AP 3": "/dataset/{name}.ttl?profiles=euro_dcat_ap_3,schemaorg",
    "schema.org": "/dataset/{name}.ttl?profiles=schemaorg",
    "Croissant": "/dataset/{name}/croissant.jsonld",
    "catalogue": "/catalog.ttl?fq=name:{name}",
    "catalogue in N-Triples": "/catalog.nt?fq=name:{name}",
    "page": "/dataset/{name}",
}
OURS = ("Turtle", "RDF/XML", "JSON-LD", "N-Triples", "our DCAT-US 3", "catalogue", "catalogue in N-Triples")
IN_DCAT = (*OURS, "ours with another profile", "DCAT-US 3", "DCAT-AP 3")
IN_SCHEMA_ORG = ("ours with another profile", "DCAT-AP 3", "schema.org", "Croissant", "page")
FORMATS = {".xml": "xml", "jsonld": "json-ld"}

Given = Callable[[Package, str], rdflib.Graph]


@pytest.fixture
def given(ckan_application: Any) -> Given:
    """The graph that is given out of a package in one of the forms."""

    def graph(package: Package, form: str) -> rdflib.Graph:
        path = PATHS[form].format(name=package["name"])
        answer = ckan_application.test_client().get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        text = answer.get_data(as_text=True)
        assert "example.org/base" not in text
        found = rdflib.Graph()
        if form == "page":
            for script in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL):
                found.parse(data=script, format="json-ld")
            assert len(found)
            return found
        return found.parse(data=text, format=FORMATS.get(path[-6:].lstrip("a"), FORMATS.get(path[-4:], "turtle")))

    return graph


def nodes(graph: rdflib.Graph, package: Package) -> list[tuple[rdflib.term.Node, Package]]:
    """The dataset and its distributions, each with its fields."""
    kinds = (DCAT.Dataset, SCHEMA.Dataset, CROISSANT.Dataset)
    (dataset,) = {node for kind in kinds for node in graph.subjects(RDF.type, kind)}
    found = [(dataset, package)]
    for resource in package["resources"]:
        found += [(node, resource) for node in set(graph.subjects()) if str(node).endswith(resource["id"])]
    return found


def values(graph: rdflib.Graph, node: Any, terms: tuple[Any, ...]) -> set[str]:
    return {str(value) for term in terms for value in graph.objects(node, term)}


def address(words: str | None) -> str | None:
    """The address of a licence as a package or a resource names it."""
    term = licences.clean(words) if words else None
    known = licences.info(term.id) if term is not None and term.id else None
    return known.uri if known is not None and known.uri else None


def check_dates(graph: rdflib.Graph, package: Package) -> None:
    for node, fields in nodes(graph, package):
        for key, terms in (("issued", ISSUED), ("modified", MODIFIED)):
            stated = fields.get(key) or ""
            given = values(graph, node, terms)
            # A harvested date may have a time, which the form has no place for.
            assert {value[: len(stated)] for value in given} <= {stated} - {""}, (package["name"], node, key)
            if fields is package and stated:
                assert given


def check_licences(graph: rdflib.Graph, package: Package, form: str) -> None:
    known = address(package.get("license_id"))
    for node, fields in nodes(graph, package):
        said = values(graph, node, LICENCE)
        assert not {"No licence", "notspecified", "none", "Own or restricted terms", "Open; no licence named"} & said
        expected = known if fields is package else address(fields.get("license")) if fields.get("license") else known
        if form in IN_DCAT and expected:
            assert values(graph, node, (DCT.license,)) == {expected}, (package["name"], node)
            assert (rdflib.URIRef(expected), DCT.type, None) not in graph
        if form in IN_SCHEMA_ORG and known and fields is package:
            assert values(graph, node, LICENCE) == {known}


def check(graph: rdflib.Graph, package: Package, form: str) -> None:
    check_dates(graph, package)
    check_licences(graph, package, form)
    dataset = nodes(graph, package)[0][0]
    creators = {agent["name"] for agent in package.get("creator") or []}
    for schema in (SCHEMA, CROISSANT):
        named = {str(graph.value(agent, schema.name)) for agent in graph.objects(dataset, schema.creator)}
        assert named <= creators
    assert "customer service" not in {str(value) for value in graph.objects()}


FILE = {"url": "https://rivers.example.gov/levels.csv", "format": "CSV", "name": "Levels"}
PACKAGES: dict[str, Package] = {
    "nothing said": {"resources": [FILE]},
    "no files": {"license_id": "OGL-UK-3.0"},
    "dates of a day": {"issued": "2004-05-06", "modified": "2026-10-01", "resources": [FILE]},
    "dates of a year and a month": {"issued": "2004", "modified": "2026-10", "resources": [FILE]},
    "a date of a file": {"resources": [{**FILE, "issued": "2026", "modified": "2026-11-02"}, FILE]},
    "a licence": {"license_id": "OGL-UK-3.0", "resources": [FILE]},
    "a licence and another of a file": {
        "license_id": "OGL-UK-3.0",
        "resources": [{**FILE, "license": "CC-BY-4.0"}, FILE],
    },
    "a licence of a file alone": {"resources": [{**FILE, "license": CC_BY}, FILE]},
    "a file that names no licence": {"resources": [{**FILE, "license": "notspecified"}]},
    "own terms without words": {"license_id": "restricted", "resources": [FILE]},
    "open, and no licence named": {"license_id": "open-unnamed", "resources": [FILE]},
    "words for none": {"license_text": "No licence", "resources": [{**FILE, "license": "n/a"}]},
    "a creator": {"creator": [{"name": "Gauging team"}], "contact": [{"name": "Data desk"}], "resources": [FILE]},
    "every field": to_package(EVERYTHING),
}


@pytest.fixture(scope="module")
def made() -> list[Package]:
    """What `packages` has saved for the tests of this file."""
    return []


@pytest.fixture
def packages(made: list[Package], created: Any) -> list[Package]:
    if not made:
        made += [created(**fields) for fields in PACKAGES.values()]
    return made


@pytest.mark.parametrize("form", PATHS)
def test_nothing_is_given_out_that_the_record_does_not_say(form: str, packages: list[Package], given: Given) -> None:
    for package in packages:
        check(given(package, form), package, form)


@pytest.mark.parametrize("country", ["US", "GB"])
def test_nothing_is_given_out_that_a_harvested_record_does_not_say(
    country: str, corpus_records: list[Dataset], harvested: Any, given: Given
) -> None:
    records = [record for record in corpus_records if record.country == country]
    packages = harvested(records[:: max(1, len(records) // 10)])
    assert len(packages) >= 10
    assert any(address(package["license_id"]) for package in packages)
    for package in packages:
        for form in ("Turtle", "RDF/XML", "Croissant", "page"):
            check(given(package, form), package, form)


def test_a_dataset_saved_in_the_form_is_given_out_with_its_licence_and_without_a_date(
    ckan: Any, form: Form, given: Given, steward: dict[str, str]
) -> None:
    name = f"given-{uuid.uuid4().hex[:8]}"
    form.send("/dataset/new", title="River levels", name=name, country="GB", license_id="OGL-UK-3.0", private="False")
    package = ckan.get_action("package_patch")({"user": steward["name"]}, {"id": name, "state": "active"})
    for kind in PATHS:
        graph = given(package, kind)
        check(graph, package, kind)
        assert values(graph, nodes(graph, package)[0][0], LICENCE) == {OGL}


@pytest.mark.parametrize("form", IN_DCAT)
def test_own_terms_are_given_out_in_their_words(form: str, created: Any, given: Given) -> None:
    words = "Free for research at universities"
    package = created(license_id="restricted", license_text=words, resources=[FILE])
    graph = given(package, form)
    for node, _ in nodes(graph, package):
        (document,) = graph.objects(node, DCT.license)
        assert values(graph, document, (rdflib.RDFS.label,)) == {words}


def test_terms_given_out_are_harvested_again_as_they_were(created: Any, given: Given, tmp_path: Path) -> None:
    from tests.serialise.conftest import read

    path = tmp_path / "catalogue.ttl"
    for licence in ({"license_id": "OGL-UK-3.0"}, {"license_id": "restricted", "license_text": "Ask the river office"}):
        package = created(issued="2004", resources=[FILE], **licence)
        path.write_text(given(package, "Turtle").serialize(format="turtle"))
        (back,) = read(path, "dcat-rdf", "GB")
        there = from_package(package)
        assert back.license is not None
        assert there.license is not None
        assert (back.license.id, back.issued, back.modified) == (there.license.id, dates.moment("2004"), None)
        if there.license.id is None:
            assert back.license.original == there.license.original


def test_the_publisher_is_that_of_the_record(created: Any, given: Given) -> None:
    package = created(publisher=[{"name": "River board", "identifier": "GB-RIV"}], resources=[FILE])
    for form, schema in (("schema.org", SCHEMA), ("page", CROISSANT), ("Croissant", CROISSANT)):
        graph = given(package, form)
        # A page has two descriptions of one dataset.
        publishers = list(graph.objects(nodes(graph, package)[0][0], schema.publisher))
        assert len(publishers) == (2 if form == "page" else 1)
        for publisher in publishers:
            assert values(graph, publisher, (schema.name,)) == {"River board"}
            assert values(graph, publisher, (schema.identifier,)) == {"GB-RIV"}


def test_a_licence_of_another_register_is_given_out_by_its_address(ckan: Any) -> None:
    from ckanext.aivision.logic.dcat_profile import CorrectionProfile

    for id, url, expected in (
        ("uk-ogl", "", OGL),
        ("city-licence", "https://city.example.gov/licence", "https://city.example.gov/licence"),
        ("notspecified", "", None),
        ("other-closed", "", None),
    ):
        graph, node = rdflib.Graph(), rdflib.URIRef("https://city.example.gov/dataset/levels")
        graph.add((node, RDF.type, DCAT.Dataset))
        CorrectionProfile(graph).graph_from_dataset({"id": "levels", "license_id": id, "license_url": url}, node)
        assert values(graph, node, LICENCE) == ({expected} if expected else set())


def test_a_catalogue_in_pages_is_corrected_dataset_by_dataset(created: Any, ckan_application: Any) -> None:
    name = f"page-{uuid.uuid4().hex[:8]}"
    one = created(name=f"{name}-levels", issued="2004", license_id="OGL-UK-3.0", resources=[FILE])
    other = created(name=f"{name}-flows", resources=[FILE])
    answer = ckan_application.test_client().get(f"/catalog.ttl?fq=name:{name}*")
    graph = rdflib.Graph().parse(data=answer.get_data(as_text=True), format="turtle")
    found = {str(node).rsplit("/")[-1]: node for node in graph.subjects(RDF.type, DCAT.Dataset)}
    assert found.keys() == {one["id"], other["id"]}
    assert values(graph, found[one["id"]], ISSUED) == {"2004"}
    assert values(graph, found[other["id"]], (*ISSUED, *MODIFIED, *LICENCE)) == set()


def test_everything_is_replaced_where_a_date_of_the_record_is_less_exact(created: Any, given: Given) -> None:
    package = created(**to_package(msgspec.structs.replace(EVERYTHING, issued=dates.moment("2001"))))
    graph = given(package, "Turtle")
    assert values(graph, nodes(graph, package)[0][0], ISSUED) == {"2001"}


@pytest.mark.long
def test_a_creator_in_the_fields_of_another_form_is_left_as_it_is() -> None:
    from ckanext.aivision.logic.dcat_profile import CorrectionProfile

    graph, node, agent = rdflib.Graph(), rdflib.URIRef("https://city.example.gov/dataset/levels"), rdflib.BNode()
    graph.add((node, RDF.type, SCHEMA.Dataset))
    graph.add((node, SCHEMA.creator, agent))
    graph.add((agent, SCHEMA.name, rdflib.Literal("Gauging team")))
    package = {"id": "levels", "extras": [{"key": "creator_name", "value": "Gauging team"}]}
    CorrectionProfile(graph).graph_from_dataset(package, node)
    assert values(graph, agent, (SCHEMA.name,)) == {"Gauging team"}
    assert (node, SCHEMA.creator, agent) in graph


@pytest.mark.parametrize("profile", ["aivision_dcat_ap_3", "aivision_dcat_us_3"])
def test_harvesters_of_ckanext_dcat_read_datasets_with_our_profiles_too(ckan: Any, profile: str) -> None:
    from ckanext.dcat.processors import RDFParser

    parser = RDFParser(profiles=[profile])
    parser.parse((OWN / "dcat" / "moorland.ttl").read_text("utf-8"), _format="turtle")
    read = {package["title"]: package for package in parser.datasets()}
    assert set(read) == {"Rainfall at upland gauges", "Grit bins"}
    assert [file["name"] for file in read["Rainfall at upland gauges"]["resources"]] == ["Daily totals"]
