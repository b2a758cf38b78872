"""DCAT in RDF to the record: DCAT-AP 1 to 3 and DCAT-US 3, property by property."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from typing import Any

import msgspec
import pyoxigraph
import pytest

from ckanext.aivision.harvesters.mapping.content_hash import content_hash
from ckanext.aivision.record import Agent, Dataset, Harvested, Location, PeriodOfTime

PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix gsp: <http://www.opengis.net/ont/geosparql#> .
@prefix locn: <http://www.w3.org/ns/locn#> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix rai: <http://mlcommons.org/croissant/RAI/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix time: <http://www.w3.org/2006/time#> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix us: <http://data.resources.gov/ontology/dcat-us#> .
@prefix eu: <http://publications.europa.eu/resource/authority/> . @prefix ex: <https://example.gov.uk/> .
"""
MINIMAL = 'ex:a a dcat:Dataset ; dct:title "River levels"'
Of = Callable[..., Dataset]


@pytest.fixture
def read_turtle(read: Callable[..., list[Harvested]]) -> Callable[[str], list[Harvested]]:
    return lambda statements: read(PREFIXES + statements, "catalogue.ttl")


@pytest.fixture
def of(read_turtle: Callable[[str], list[Harvested]]) -> Of:
    """The dataset ex:a with these properties, and other statements behind it."""

    def dataset(properties: str, others: str = "") -> Dataset:
        (found,) = read_turtle(f"{MINIMAL} ; {properties} . {others}")
        assert found.dataset is not None
        assert found.dataset.profile == "dcat-ap"
        return found.dataset

    return dataset


def test_texts_are_taken_in_english_first_then_without_a_language(of: Of) -> None:
    assert of('dct:description "Auf Deutsch"@de , "In English"@en-GB').description == "In English"
    assert of('dct:description "Auf Deutsch"@de , "Plain"').description == "Plain"
    assert of('dct:description "Auf Deutsch"@de').description == "Auf Deutsch"
    assert of('dcat:keyword "Fluss"@de , "river"@en , "level"').keyword == ["level", "river"]


def test_a_publisher_has_its_name_addresses_and_the_organisations_above(of: Of) -> None:
    found = of(
        "dct:publisher ex:p",
        """ex:p a org:Organization ; skos:prefLabel "Rivers Unit" ; foaf:mbox <mailto:r@example.gov.uk> ;
        foaf:homepage <https://rivers.example.gov.uk> ; org:subOrganizationOf [ foaf:name "Water Department" ] .""",
    ).publisher
    assert found == Agent(
        "Rivers Unit",
        "r@example.gov.uk",
        "https://rivers.example.gov.uk",
        "https://example.gov.uk/p",
        ["Water Department"],
    )
    assert of('dct:publisher "Rivers Unit"').publisher == Agent("Rivers Unit")


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ('[ a vcard:Individual ; vcard:fn "Desk" ; vcard:hasEmail <mailto:d@a.uk> ]', Agent("Desk", "d@a.uk")),
        ('[ a vcard:Organization ; vcard:fn "Desk" ; vcard:hasEmail "d@a.uk" ]', Agent("Desk", "d@a.uk")),
        ('[ vcard:hasFN [ vcard:hasValue "Desk" ] ; vcard:hasEmail [ vcard:hasValue <mailto:d@a.uk> ] ]',
         Agent("Desk", "d@a.uk")),
        ('[ vcard:fn "Desk" ; vcard:hasURL <https://a.uk/form> ]', Agent("Desk", url="https://a.uk/form")),
        ("<mailto:d@a.uk>", Agent(email="d@a.uk")),
        ('"d@a.uk"', Agent(email="d@a.uk")),
    ],
)  # fmt: skip
def test_contacts_are_read_in_every_form_of_vcard(of: Of, contact: str, expected: Agent) -> None:
    assert of(f"dcat:contactPoint {contact}").contact_point == [expected]
    assert of(f"adms:contactPoint {contact}").contact_point == [expected]


@pytest.mark.parametrize(
    "period",
    [
        'dcat:startDate "2019-01-01"^^xsd:date ; dcat:endDate "2019-12-31"^^xsd:date',
        'schema:startDate "2019-01-01" ; schema:endDate "2019-12-31"',
        'time:hasBeginning [ time:inXSDDate "2019-01-01" ] ; '
        'time:hasEnd [ time:inXSDDateTimeStamp "2019-12-31T00:00:00Z" ]',
        'time:hasBeginning [ time:inXSDgYear "2019" ] ; time:hasEnd [ time:inXSDgYear "2019" ]',
    ],
)  # fmt: skip
def test_a_period_is_read_in_the_words_of_dcat_schema_org_and_owl_time(of: Of, period: str) -> None:
    (found,) = of(f"dct:temporal [ a dct:PeriodOfTime ; {period} ]").temporal
    assert (found.start, found.end) == (datetime.date(2019, 1, 1), datetime.date(2019, 12, 31))


def test_a_period_may_be_a_text_or_open(of: Of) -> None:
    (text,) = of('dct:temporal "2019/2020"').temporal
    assert (text.start, text.end) == (datetime.date(2019, 1, 1), datetime.date(2020, 12, 31))
    (opened,) = of('dct:temporal [ dcat:startDate "2019-05-01"^^xsd:date ]').temporal
    assert opened == PeriodOfTime("2019-05-01/..", datetime.date(2019, 5, 1), None, True)


GEOJSON = '{"type": "Polygon", "coordinates": [[[-4,55],[-3,55],[-3,56],[-4,56],[-4,55]]]}'


@pytest.mark.parametrize(
    ("place", "form", "bbox"),
    [
        ('[ dcat:bbox "POLYGON((-4 55,-3 55,-3 56,-4 56,-4 55))"^^gsp:wktLiteral ]', "bbox", (-4, 55, -3, 56)),
        (f"[ dcat:bbox '''{GEOJSON}''' ]", "bbox", (-4, 55, -3, 56)),
        ('[ dcat:bbox "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POLYGON((-4 55,-3 55,-3 56,-4 56,-4 55))" ]',
         "bbox", (-4, 55, -3, 56)),
        ('[ locn:geometry "POLYGON((-4 55,-3 55,-3 56,-4 55))"^^gsp:wktLiteral ]', "geometry", None),
        (f"[ locn:geometry '''{GEOJSON}''' ]", "geometry", None),
        ('[ dcat:centroid "POINT(-4 55)"^^gsp:wktLiteral ]', "geometry", None),
        ('[ gsp:hasGeometry [ gsp:asWKT "POINT(-4 55)" ] ]', "geometry", None),
        ("<http://sws.geonames.org/2635167/>", "uri", None),
        ("eu:country\\/GBR", "uri", None),
        ('[ skos:prefLabel "Edinburgh"@en ]', "text", None),
        ('"Edinburgh"', "text", None),
    ],
)  # fmt: skip
def test_places_are_read_as_boxes_geometries_gazetteer_iris_and_names(of: Of, place: str, form: str, bbox: Any) -> None:
    (found,) = of(f"dct:spatial {place}").spatial
    assert (found.form, found.bbox) == (form, bbox)


def test_the_bounding_box_of_dcat_us_3_is_a_place(of: Of) -> None:
    sides = ("west", "east", "north", "south")
    degrees = dict(zip(sides, (-77.1, -76.9, 39.0, 38.8), strict=True))
    directions = {"west": "Longitude", "east": "Longitude", "north": "Latitude", "south": "Latitude"}
    box = " ; ".join(f"us:{side}Bounding{directions[side]} {degrees[side]}" for side in sides)
    assert of(f"us:geographicBoundingBox [ {box} ]").spatial == [
        Location("-77.1,38.8,-76.9,39.0", "bbox", (-77.1, 38.8, -76.9, 39.0))
    ]


@pytest.mark.parametrize(
    ("properties", "field", "expected"),
    [
        ("dct:language eu:language\\/ENG , <http://lexvo.org/id/iso639-3/cym>", "language", ["cy", "en"]),
        ("dcat:theme eu:data-theme\\/ENVI", "theme", ["ENVI"]),
        ('dcat:theme ex:t . ex:t skos:prefLabel "Science and technology"@en', "theme", ["TECH"]),
        ("dct:accrualPeriodicity eu:frequency\\/QUARTERLY", "accrual_periodicity", "R/P3M"),
        ("dct:accrualPeriodicity <http://purl.org/cld/freq/monthly>", "accrual_periodicity", "R/P1M"),
        ('dct:accrualPeriodicity "R/P1Y"', "accrual_periodicity", "R/P1Y"),
        ('dct:accrualPeriodicity [ rdfs:label "weekly" ]', "accrual_periodicity", "R/P1W"),
        ("dct:license eu:licence\\/CC_BY_4_0", "license", "CC-BY-4.0"),
        ('dct:license [ rdfs:label "UK Open Government Licence v3.0" ]', "license", "OGL-UK-3.0"),
        ("dct:accessRights eu:access-right\\/PUBLIC", "access_rights", "public"),
        ("dct:accessRights eu:access-right\\/NON_PUBLIC", "access_rights", "non-public"),
        ('dct:accessRights [ a dct:RightsStatement ; rdfs:label "restricted" ]', "access_rights", "restricted"),
    ],
)
def test_terms_of_vocabularies_are_known_by_iri_or_label(of: Of, properties: str, field: str, expected: Any) -> None:
    found = getattr(of(properties), field)
    assert [term.id for term in found] == expected if isinstance(expected, list) else found.id == expected


@pytest.mark.parametrize(
    ("properties", "field", "expected"),
    [
        ('dct:issued "2020-05-01T10:00:00"^^xsd:dateTime', "issued.value", datetime.date(2020, 5, 1)),
        ('dct:modified "2020"^^xsd:gYear', "modified.precision", "year"),
        ("dcat:landingPage <https://a.uk/x>", "landing_page", "https://a.uk/x"),
        ("foaf:page <https://a.uk/doc> ; dct:references <https://a.uk/more>", "page", ["https://a.uk/doc", "https://a.uk/more"]),
        ("dct:conformsTo ex:s", "conforms_to", ["https://example.gov.uk/s"]),
        ('dct:rights [ a dct:RightsStatement ; rdfs:label "Crown copyright" ]', "rights", ["Crown copyright"]),
        ("dcat:inSeries ex:s", "in_series", "https://example.gov.uk/s"),
        ('owl:versionInfo "1" ; dcat:version "2"', "version", "2"),
        ('owl:versionInfo "1"', "version", "1"),
        ('adms:versionNotes "New gauges"', "version_notes", "New gauges"),
        ('adms:identifier [ skos:notation "10.1000/182" ]', "other_identifier", ["10.1000/182"]),
        ('dct:provenance [ rdfs:label "From gauges" ]', "provenance", "From gauges"),
        ("dct:source ex:s ; prov:wasDerivedFrom ex:t", "derived_from", ["https://example.gov.uk/t", "https://example.gov.uk/s"]),
        ('dqv:hasQualityAnnotation [ oa:hasBody [ oa:bodyValue "Checked by hand" ] ]', "quality", "Checked by hand"),
        ('rai:dataBiases "Rain is under-reported"', "biases", "Rain is under-reported"),
        ('rai:dataLimitations "No floods"', "limitations", "No floods"),
        ('dcat:spatialResolutionInMeters 10.0', "spatial_resolution", "10.0"),
        ('dcat:temporalResolution "P1D"^^xsd:duration', "temporal_resolution", "P1D"),
        ("us:describedBy [ dcat:accessURL <https://a.uk/d.csv> ]", "described_by", "https://a.uk/d.csv"),
        ('us:describedBy [ dcat:mediaType "text/csv" ]', "described_by_type", "text/csv"),
        ('us:describedBy "https://a.uk/d.csv"', "described_by_type", None),
    ],
)  # fmt: skip
def test_each_property_has_its_field(of: Of, properties: str, field: str, expected: Any) -> None:
    found: Any = of(properties)
    for name in field.split("."):
        found = getattr(found, name)
    assert found == expected


def test_a_distribution_has_its_addresses_type_size_licence_and_checksum(of: Of) -> None:
    (found,) = of(
        "dcat:distribution ex:d",
        """ex:d a dcat:Distribution ; dct:title "Table" ; dcat:accessURL <https://a.uk/x> ;
        dcat:byteSize "1024.0"^^xsd:decimal ;
        dcat:downloadURL <https://a.uk/x.csv> ; dcat:mediaType <http://www.iana.org/assignments/media-types/text/csv> ;
        dct:format eu:file-type\\/CSV ; dct:license <http://creativecommons.org/licenses/by/4.0/> ;
        spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue "AB12"^^xsd:hexBinary ] .""",
    ).distribution
    assert (found.identifier, found.title) == ("https://example.gov.uk/d", "Table")
    assert (found.access_url, found.download_url, found.byte_size) == ("https://a.uk/x", "https://a.uk/x.csv", 1024)
    assert [term and term.id for term in (found.media_type, found.format, found.license)] == [
        "text/csv",
        "CSV",
        "CC-BY-4.0",
    ]
    assert (found.checksum, found.checksum_algorithm) == ("ab12", "SHA-256")


def test_a_distribution_behind_a_service_has_the_services_address(of: Of) -> None:
    service = "[ a dcat:DataService ; dcat:endpointURL <https://a.uk/wfs> ]"
    (found,) = of(f"dcat:distribution [ dcat:accessService {service} ]").distribution
    assert found.access_url == "https://a.uk/wfs"


def test_the_catalogues_record_tells_when_the_metadata_changed(of: Of) -> None:
    record = 'ex:r a dcat:CatalogRecord ; foaf:primaryTopic ex:a ; dct:modified "2021-02-03"^^xsd:date .'
    found = of('dct:description "x"', record)
    assert found.metadata_modified is not None
    assert found.metadata_modified.value == datetime.date(2021, 2, 3)
    assert found.modified is None


def test_the_identifier_is_the_publishers_own_else_the_iri(of: Of) -> None:
    stated = of('dct:identifier "river-1"')
    assert (stated.identifier, stated.other_identifier) == ("river-1", ["https://example.gov.uk/a"])
    assert of('dct:description "x"').identifier == "https://example.gov.uk/a"


def test_an_identifier_that_several_data_sets_share_gives_way_to_their_iris(
    read_turtle: Callable[[str], list[Harvested]],
) -> None:
    records = read_turtle(
        "".join(f'ex:{name} a dcat:Dataset ; dct:title "{name}" ; dct:identifier "1" . ' for name in "ab")
    )
    assert [record.identifier for record in records] == ["https://example.gov.uk/a", "https://example.gov.uk/b"]
    assert {record.problems[0].code for record in records} == {"identifier-shared"}


def test_a_blank_data_set_has_its_identifier_or_a_reported_hash_of_its_content(
    read_turtle: Callable[[str], list[Harvested]],
) -> None:
    stated, hashed = read_turtle(
        '[] a dcat:Dataset ; dct:title "A" ; dct:identifier "a" . [] a dcat:Dataset ; dct:title "B" .'
    )
    assert (stated.identifier, stated.problems) == ("a", [])
    assert hashed.identifier is not None
    assert hashed.identifier.startswith("sha256:")
    assert [problem.code for problem in hashed.problems] == ["identifier-missing"]
    again = read_turtle('[] dct:title "B" ; a dcat:Dataset .')
    assert again[0].identifier == hashed.identifier


def test_a_data_set_without_a_title_is_refused_and_the_others_are_taken(
    read_turtle: Callable[[str], list[Harvested]],
) -> None:
    first, second = read_turtle(f'ex:b a dcat:Dataset ; dct:description "x" . {MINIMAL} .')
    assert first.dataset is None
    assert (first.problems[0].code, first.problems[0].where) == (
        "title-missing",
        "<https://example.gov.uk/b> dct:title",
    )
    assert second.dataset is not None


def test_a_mention_of_another_data_set_is_no_record(read_turtle: Callable[[str], list[Harvested]]) -> None:
    assert len(read_turtle(f"{MINIMAL} ; dct:relation ex:b . ex:b a dcat:Dataset .")) == 1


def test_a_data_set_that_is_listed_and_not_described_is_refused_by_name(
    read_turtle: Callable[[str], list[Harvested]],
) -> None:
    records = read_turtle(f"ex:c a dcat:Catalog ; dcat:dataset ex:a , ex:gone . {MINIMAL} .")
    assert [(record.identifier, record.dataset is None) for record in records] == [
        ("https://example.gov.uk/a", False),
        ("https://example.gov.uk/gone", True),
    ]
    assert records[1].problems[0].code == "record-not-described"


def test_series_and_services_of_a_catalogue_are_no_data_sets(read_turtle: Callable[[str], list[Harvested]]) -> None:
    records = read_turtle(
        f"""ex:c a dcat:Catalog ; dcat:dataset ex:a , ex:s , ex:untyped ; dcat:service ex:w .
        {MINIMAL} ; dcat:inSeries ex:s .
        ex:s a dcat:DatasetSeries ; dct:title "Series" . ex:w a dcat:DataService ; dct:title "Service" .
        ex:untyped dct:title "Listed" ."""
    )
    assert [(record.identifier, record.dataset is not None) for record in records] == [
        ("https://example.gov.uk/a", True),
        ("https://example.gov.uk/untyped", True),
    ]


FULL = """ex:a a dcat:Dataset ; dct:title "River levels"@en , "Pegel"@de ; dcat:keyword "b" , "a" , "c" ;
dcat:contactPoint [ vcard:fn "Desk" ; vcard:hasEmail <mailto:d@a.uk> ] , [ vcard:fn "Other" ] ;
dct:publisher ex:p ; dcat:distribution [ dct:title "One" ; dcat:accessURL ex:one ] , [ dct:title "Two" ] .
ex:p a foaf:Agent ; foaf:name "Rivers Unit" . """


@pytest.mark.parametrize("form", ["TURTLE", "RDF_XML", "JSON_LD", "N_TRIPLES", "TRIG", "N3"])
def test_a_record_is_the_same_in_every_serialisation_order_and_naming_of_blank_nodes(
    read: Callable[..., list[Harvested]], form: str
) -> None:
    rdf = getattr(pyoxigraph.RdfFormat, form)
    quads = list(pyoxigraph.parse(PREFIXES + FULL, pyoxigraph.RdfFormat.TURTLE, rename_blank_nodes=True))
    (expected,) = read(PREFIXES + FULL, "catalogue.ttl")
    random.Random(form).shuffle(quads)
    triples = [quad.triple for quad in quads]
    document = pyoxigraph.serialize(triples, format=rdf)
    (found,) = read(document, f"catalogue.{rdf.file_extension}")
    assert content_hash(found.raw) == content_hash(expected.raw)
    assert found.dataset is not None
    assert expected.dataset is not None
    assert msgspec.structs.replace(found.dataset, source="") == msgspec.structs.replace(expected.dataset, source="")


def test_the_raw_record_holds_the_data_sets_own_triples_with_what_describes_it(of: Of) -> None:
    raw = of("dct:publisher ex:p ; dct:relation ex:b", 'ex:p foaf:name "P" . ex:b dct:title "B" .').raw
    assert raw == {
        "@id": "https://example.gov.uk/a",
        "@type": ["dcat:Dataset"],
        "dct:title": ["River levels"],
        "dct:publisher": [{"@id": "https://example.gov.uk/p", "foaf:name": ["P"]}],
        "dct:relation": [{"@id": "https://example.gov.uk/b"}],
    }


def test_blank_nodes_that_lead_round_in_a_circle_end(of: Of) -> None:
    raw = of("dct:publisher _:x", "_:x foaf:knows _:y . _:y foaf:knows _:x .").raw
    assert raw["dct:publisher"] == [{"foaf:knows": [{"foaf:knows": [{}]}]}]


@pytest.mark.long
def test_a_record_that_would_grow_without_bound_is_refused_and_the_others_are_taken(
    read_turtle: Callable[[str], list[Harvested]],
) -> None:
    doubling = "".join(f"_:n{level} dct:a _:n{level + 1} ; dct:b _:n{level + 1} . " for level in range(30))
    wide = " , ".join(f'"{number}"' for number in range(30))
    statements = (
        f'{MINIMAL} ; dct:publisher _:n0 . {doubling} _:n14 dct:c {wide} . ex:b a dcat:Dataset ; dct:title "B" .'
    )
    first, second = read_turtle(statements)
    assert (first.dataset, first.problems[0].code) == (None, "too-many-values")
    assert second.dataset is not None


def test_a_catalogue_that_conforms_to_dcat_us_3_has_its_profile(read_turtle: Callable[[str], list[Harvested]]) -> None:
    for standard in ('[ a dct:Standard ; dct:title "DCAT-US 3.0" ]', "<https://resources.data.gov/dcat-us/v3.0>"):
        (found,) = read_turtle(f"ex:c a dcat:Catalog ; dct:conformsTo {standard} . {MINIMAL} .")
        assert found.dataset is not None
        assert found.dataset.profile == "dcat-us-3.0"
