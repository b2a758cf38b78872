"""What is read of ISO 19115 metadata, field by field; the golden samples show whole records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.harvesters.iso_documents import code, dated, record, text
from tests.harvesters.protocols.samples import HERE, sample_of

from ckanext.aivision.record import Dataset, Harvested, Term

Read = Callable[..., list[Harvested]]
INSPIRE = "http://inspire.ec.europa.eu/metadata-codelist"
OGL = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def anchor(name: str, written: str, leads: str) -> str:
    return f'<gmd:{name}><gmx:Anchor xlink:href="{leads}">{written}</gmx:Anchor></gmd:{name}>'


def legal(*inside: str) -> str:
    block = f"<gmd:MD_LegalConstraints>{''.join(inside)}</gmd:MD_LegalConstraints>"
    return f"<gmd:resourceConstraints>{block}</gmd:resourceConstraints>"


def party(name: str, role: str, mail: str = "", kind: str = "pointOfContact") -> str:
    contact = f"<gmd:contactInfo><gmd:CI_Contact><gmd:address><gmd:CI_Address>{text('electronicMailAddress', mail)}"
    closed = "</gmd:CI_Address></gmd:address></gmd:CI_Contact></gmd:contactInfo>"
    inner = f"{text('organisationName', name)}{contact}{closed}{code('role', role)}"
    return f"<gmd:{kind}><gmd:CI_ResponsibleParty>{inner}</gmd:CI_ResponsibleParty></gmd:{kind}>"


def online(url: str, *inside: str) -> str:
    linkage = f"<gmd:linkage><gmd:URL>{url}</gmd:URL></gmd:linkage>{''.join(inside)}"
    return f"<gmd:onLine><gmd:CI_OnlineResource>{linkage}</gmd:CI_OnlineResource></gmd:onLine>"


def distributed(*options: str, formats: tuple[str, ...] = ()) -> str:
    named = "".join(
        f"<gmd:distributionFormat><gmd:MD_Format>{text('name', name)}</gmd:MD_Format></gmd:distributionFormat>"
        for name in formats
    )
    given = f"<gmd:MD_DigitalTransferOptions>{''.join(options)}</gmd:MD_DigitalTransferOptions>"
    whole = f"{named}<gmd:transferOptions>{given}</gmd:transferOptions>"
    return f"<gmd:distributionInfo><gmd:MD_Distribution>{whole}</gmd:MD_Distribution></gmd:distributionInfo>"


@pytest.fixture
def taken(read: Read) -> Callable[..., tuple[Dataset, list[tuple[str, str]]]]:
    """A record with some more inside it, as a dataset with its warnings and what they quote."""

    def take(**more: Any) -> tuple[Dataset, list[tuple[str, str]]]:
        (found,) = read(record(**more), "river.xml")
        assert found.dataset is not None, found.problems
        return found.dataset, [(problem.code, problem.seen) for problem in found.problems]

    return take


Taken = Callable[..., tuple[Dataset, list[tuple[str, str]]]]


@pytest.mark.parametrize(
    ("inside", "licence", "access"),
    [
        (
            legal(code("useConstraints", "otherRestrictions"), anchor("otherConstraints", "OGL", OGL)),
            "OGL-UK-3.0",
            None,
        ),
        (legal(code("useConstraints", "license"), text("otherConstraints", OGL)), "OGL-UK-3.0", None),
        (legal(text("useLimitation", "Open Government Licence v3.0")), "OGL-UK-3.0", None),
        (legal(text("useLimitation", "Open Government Licence, not for commercial use")), "restricted", None),
        (legal(anchor("otherConstraints", "Not for commercial use", OGL)), "restricted", None),
        (legal(code("accessConstraints", "otherRestrictions"), text("otherConstraints", OGL)), "OGL-UK-3.0", None),
        (
            legal(
                code("accessConstraints", "otherRestrictions"),
                anchor("otherConstraints", "none", f"{INSPIRE}/LimitationsOnPublicAccess/noLimitations"),
            ),
            None,
            "public",
        ),
        (
            legal(
                code("accessConstraints", "otherRestrictions"),
                anchor("otherConstraints", "", f"{INSPIRE}/LimitationsOnPublicAccess/INSPIRE_Directive_Article13_1b"),
            ),
            None,
            "restricted",
        ),
        (legal(code("accessConstraints", "restricted")), None, "restricted"),
        (legal(code("classification", "confidential")), None, "non-public"),
        (legal(code("useConstraints", "otherRestrictions")), None, None),
    ],
)
def test_a_constraint_is_of_use_or_of_access(
    taken: Taken, inside: str, licence: str | None, access: str | None
) -> None:
    dataset, _ = taken(inside=inside)
    assert (dataset.license.id if dataset.license else None) == licence
    assert (dataset.access_rights.id if dataset.access_rights else None) == access


def test_each_statement_on_use_and_access_is_kept_with_where_it_leads(taken: Taken) -> None:
    dataset, _ = taken(
        inside=legal(text("useLimitation", "Say where it is from")) + legal(anchor("otherConstraints", "OGL", OGL))
    )
    assert dataset.rights == ["Say where it is from", f"OGL ({OGL})"]


def test_the_latest_revision_is_the_modification_and_the_publication_the_issue(taken: Taken) -> None:
    dates = [
        ("2019", "creation"),
        ("2020-02-01", "publication"),
        ("2024-01-01", "revision"),
        ("2025-01-01", "revision"),
    ]
    dataset, _ = taken(cited="".join(dated(*one) for one in dates))
    found = [moment.original for moment in (dataset.issued, dataset.modified) if moment is not None]
    assert found == ["2020-02-01", "2025-01-01"]


def test_a_date_of_no_known_type_is_told(taken: Taken) -> None:
    dataset, warnings = taken(cited=dated("2024-05-01", "sometime"))
    assert (dataset.issued, dataset.modified) == (None, None)
    assert warnings == [("value-unreadable", "2024-05-01, sometime")]
    assert dataset.unread == {"issued": "2024-05-01, sometime"}


@pytest.mark.parametrize("reason", ["missing", "inapplicable", "unknown", "withheld"])
def test_a_nil_is_no_value(taken: Taken, reason: str) -> None:
    nil = f'<gmd:abstract gco:nilReason="{reason}"><gco:CharacterString/></gmd:abstract>'
    dataset, warnings = taken(inside=nil)
    assert (dataset.description, dataset.unread, warnings) == (None, {}, [])


@pytest.mark.parametrize(
    ("roles", "publisher"),
    [
        (["pointOfContact", "owner", "publisher"], "publisher"),
        (["pointOfContact", "custodian", "owner"], "owner"),
        (["distributor", "pointOfContact"], "distributor"),
        (["user", "pointOfContact"], "pointOfContact"),
    ],
)
def test_who_publishes_is_told_by_roles(taken: Taken, roles: list[str], publisher: str) -> None:
    dataset, _ = taken(inside="".join(party(f"The {role}", role) for role in roles))
    assert dataset.publisher is not None
    assert dataset.publisher.name == f"The {publisher}"


def test_whom_to_ask_is_the_point_of_contact_or_else_who_can_be_written_to(taken: Taken) -> None:
    owner, asked = party("Owner", "owner", "o@river.example.uk"), party("Desk", "pointOfContact", "d@river.example.uk")
    assert [one.name for one in taken(inside=owner + asked)[0].contact_point] == ["Desk"]
    assert [one.name for one in taken(inside=owner)[0].contact_point] == ["Owner"]
    assert [
        one.email for one in taken(around=party("", "pointOfContact", "m@river.example.uk", "contact"))[0].contact_point
    ] == ["m@river.example.uk"]


@pytest.mark.parametrize(
    ("function", "url", "is_file"),
    [
        ("download", "https://river.example.uk/levels", True),
        ("order", "https://river.example.uk/levels", True),
        ("offlineAccess", "https://river.example.uk/levels", True),
        ("information", "https://river.example.uk/levels.csv", False),
        ("search", "https://river.example.uk/levels", False),
        ("", "https://river.example.uk/levels.csv", True),
        ("", "https://river.example.uk/wms?service=WMS&amp;request=GetCapabilities", True),
        ("", "https://river.example.uk/about", False),
    ],
)
def test_a_link_is_a_file_or_a_page_by_its_function_or_its_look(
    taken: Taken, function: str, url: str, is_file: bool
) -> None:
    dataset, _ = taken(around=distributed(online(url, code("function", function) if function else "")))
    assert (len(dataset.distribution), len(dataset.page)) == (int(is_file), int(not is_file))
    assert (dataset.landing_page is not None) == (not is_file and not function)


def test_a_format_of_one_file_is_that_files_and_others_are_told(taken: Taken) -> None:
    link = online("https://river.example.uk/levels", code("function", "download"))
    (file,) = taken(around=distributed(link, formats=("GML",)))[0].distribution
    assert file.format == Term("GML", "GML", "label")
    _, warnings = taken(around=distributed(link, formats=("GML", "CSV")))
    assert warnings == [("value-unused", "CSV")]


def test_a_link_without_an_address_is_told(taken: Taken) -> None:
    _, warnings = taken(around=distributed(online("", text("name", "Levels"), code("function", "download"))))
    assert warnings == [("item-without-address", "Levels, download")]


def test_each_address_of_mail_of_a_party_is_kept(taken: Taken) -> None:
    mails = "".join(text("electronicMailAddress", f"{name}@river.example.uk") for name in ("a", "b"))
    inside = party("Survey", "pointOfContact").replace(text("electronicMailAddress", ""), mails)
    assert [one.email for one in taken(inside=inside)[0].contact_point] == ["a@river.example.uk", "b@river.example.uk"]


def test_formats_without_a_link_are_files_without_an_address(taken: Taken) -> None:
    dataset, _ = taken(around=distributed(formats=("GML", "CSV")))
    assert [(file.url, file.format.id if file.format else "") for file in dataset.distribution] == [
        (None, "GML"),
        (None, "CSV"),
    ]


@pytest.mark.parametrize(
    ("system", "ring", "form"),
    [
        ("urn:ogc:def:crs:EPSG::4326", "54 -1 54 0 55 0 54 -1", "geometry"),
        ("http://www.opengis.net/def/crs/EPSG/0/27700", "1 2 3 4 5 6 1 2", "text"),
        ("", "-1 54 0 54 0 55 -1 54", "geometry"),
    ],
)
def test_a_polygon_is_read_in_its_system_or_told(taken: Taken, system: str, ring: str, form: str) -> None:
    named = f' srsName="{system}"' if system else ""
    line = f"<gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing>"
    inner = f"<gml:Polygon{named}><gml:exterior>{line}</gml:exterior></gml:Polygon>"
    shape = f"<gmd:EX_BoundingPolygon><gmd:polygon>{inner}</gmd:polygon></gmd:EX_BoundingPolygon>"
    extent = f"<gmd:EX_Extent><gmd:geographicElement>{shape}</gmd:geographicElement></gmd:EX_Extent>"
    dataset, warnings = taken(inside=f"<gmd:extent>{extent}</gmd:extent>")
    (place,) = dataset.spatial
    assert place.form == form
    assert [problem for problem, _ in warnings] == (["place-unread"] if form == "text" else [])


def test_an_area_that_is_left_out_is_no_extent(taken: Taken) -> None:
    left_out = "<gmd:extentTypeCode><gco:Boolean>false</gco:Boolean></gmd:extentTypeCode>"
    named = f"<gmd:MD_Identifier>{text('code', 'Wales')}</gmd:MD_Identifier>"
    name = f"<gmd:geographicIdentifier>{named}</gmd:geographicIdentifier>"
    area = f"<gmd:EX_GeographicDescription>{left_out}{name}</gmd:EX_GeographicDescription>"
    extent = f"<gmd:EX_Extent><gmd:geographicElement>{area}</gmd:geographicElement></gmd:EX_Extent>"
    dataset, warnings = taken(inside=f"<gmd:extent>{extent}</gmd:extent>")
    assert (dataset.spatial, warnings) == ([], [("value-unreadable", "false, Wales")])


@pytest.mark.parametrize(
    ("level", "kind", "profile"),
    [
        ("dataset", None, "iso-19115"),
        ("nonGeographicDataset", None, "iso-19115"),
        ("series", "series", "iso-19115"),
        ("service", "service", "iso-19115-service"),
        ("software", "software", "iso-19115"),
    ],
)
def test_a_record_says_what_it_is_of(taken: Taken, level: str, kind: str | None, profile: str) -> None:
    dataset, _ = taken(around=code("hierarchyLevel", level))
    assert (dataset.type, dataset.profile) == (kind, profile)


def test_a_record_without_an_identifier_of_its_own_is_known_by_that_of_its_resource(read: Read) -> None:
    cited = f"<gmd:identifier><gmd:MD_Identifier>{text('code', 'levels-7')}</gmd:MD_Identifier></gmd:identifier>"
    (found,) = read(record(identifier="", cited=cited), "river.xml")
    assert (found.identifier, [problem.code for problem in found.problems]) == ("levels-7", ["fileIdentifier-missing"])


def aggregated(kind: str, identifier: str) -> str:
    inner = f"<gmd:aggregateDataSetIdentifier><gmd:MD_Identifier>{text('code', identifier)}</gmd:MD_Identifier>"
    whole = f"{inner}</gmd:aggregateDataSetIdentifier>{code('associationType', kind)}"
    return (
        f"<gmd:aggregationInfo><gmd:MD_AggregateInformation>{whole}</gmd:MD_AggregateInformation></gmd:aggregationInfo>"
    )


@pytest.mark.parametrize(
    ("more", "series"),
    [
        ({"around": text("parentIdentifier", "rivers")}, "rivers"),
        ({"inside": aggregated("largerWorkCitation", "rivers")}, "rivers"),
        ({"inside": aggregated("crossReference", "rivers")}, None),
        ({"inside": aggregated("crossReference", "lakes") + aggregated("series", "rivers")}, "rivers"),
        ({"around": text("parentIdentifier", "rivers"), "inside": aggregated("series", "lakes")}, "rivers"),
    ],
)
def test_what_a_dataset_is_part_of_is_its_series(taken: Taken, more: dict[str, str], series: str | None) -> None:
    assert taken(**more)[0].in_series == series


def quality(inside: str) -> str:
    return f"<gmd:dataQualityInfo><gmd:DQ_DataQuality>{inside}</gmd:DQ_DataQuality></gmd:dataQualityInfo>"


def conformance(title: str, passed: str) -> str:
    cited = f"<gmd:specification><gmd:CI_Citation>{text('title', title)}</gmd:CI_Citation></gmd:specification>"
    said = (
        f"<gmd:pass><gco:Boolean>{passed}</gco:Boolean></gmd:pass>" if passed else '<gmd:pass gco:nilReason="unknown"/>'
    )
    result = f"<gmd:result><gmd:DQ_ConformanceResult>{cited}{said}</gmd:DQ_ConformanceResult></gmd:result>"
    return f"<gmd:report><gmd:DQ_DomainConsistency>{result}</gmd:DQ_DomainConsistency></gmd:report>"


@pytest.mark.parametrize(
    ("passed", "conforms", "told"),
    [("true", ["Rules"], "Rules: conformant"), ("false", [], "Rules: not conformant"), ("", [], None)],
)
def test_data_conform_to_what_a_report_says_they_do(
    taken: Taken, passed: str, conforms: list[str], told: str | None
) -> None:
    dataset, _ = taken(around=quality(conformance("Rules", passed)))
    assert (dataset.conforms_to, dataset.quality) == (conforms, told)


@pytest.mark.parametrize(
    ("lineage", "provenance", "sources"),
    [
        (text("statement", "By gauge"), "By gauge", []),
        (
            f"<gmd:processStep><gmd:Step>{text('description', 'Cleaned')}</gmd:Step></gmd:processStep>",
            "Cleaned",
            [],
        ),
        (f"<gmd:source><gmd:LI_Source>{text('description', 'Gauges')}</gmd:LI_Source></gmd:source>", None, ["Gauges"]),
    ],
)
def test_the_lineage_is_a_statement_or_else_its_steps(
    taken: Taken, lineage: str, provenance: str | None, sources: list[str]
) -> None:
    dataset, _ = taken(around=quality(f"<gmd:lineage><gmd:LI_Lineage>{lineage}</gmd:LI_Lineage></gmd:lineage>"))
    assert (dataset.provenance, dataset.derived_from) == (provenance, sources)


def test_no_country_is_guessed(taken: Taken) -> None:
    assert taken()[0].country == ""
    assert taken(inside=party("Survey", "owner", "ask@rivers.example.gov.uk"))[0].country == "GB"


def package(**extras: Any) -> dict[str, Any]:
    """The first record of the sample, as data.gov.uk gives out what it has harvested of such records."""
    return {
        "id": "6f1c3c1e-8a6a-4a0e-9c3f-2f5c9b7d1a01",
        "title": "Depths of Whitby harbour, surveyed by multibeam sonar",
        "notes": "Depths below chart datum on a grid of two metres, from a survey each autumn. Soundings within a "
        "metre of the quay are left out.",
        "organization": {"title": "Whitby Harbour Authority"},
        "tags": [{"name": name} for name in ("Elevation", "bathymetry", "harbours")],
        "resources": [
            {"url": "https://harbours.example.gov.uk/data/whitby-depths.zip", "format": "GeoTIFF"},
            {"url": "https://maps.example.gov.uk/geoserver/wms?service=WMS&request=GetCapabilities", "format": "WMS"},
        ],
        "extras": [{"key": key.replace("_", "-"), "value": value} for key, value in extras.items()]
        + [{"key": "access_constraints", "value": '["no limitations to public access"]'}],
    }


def test_the_same_facts_are_read_as_from_the_gemini_extras_of_data_gov_uk(read: Read) -> None:
    dates = '[{"type": "creation", "value": "2019-05-01"}, {"type": "publication", "value": "2020-01-15"}, '
    dates += '{"type": "revision", "value": "2025-11-20"}]'
    extras = {
        "dataset_reference_date": dates,
        "frequency_of_update": "annually",
        "licence": f'["{OGL}"]',
        "bbox_west_long": "-0.62",
        "bbox_south_lat": "54.48",
        "bbox_east_long": "-0.60",
        "bbox_north_lat": "54.50",
        "temporal_extent_begin": "2019-09-01",
        "contact_email": "data@harbours.example.gov.uk",
        "spatial_reference_system": "http://www.opengis.net/def/crs/EPSG/0/27700",
        "metadata_language": "eng",
    }
    (by_ckan,) = read(package(**extras), "package.json", kind="ckan")
    sample = sample_of(HERE / "iso")
    assert sample is not None
    by_iso = read(sample.read_bytes(), "sample.xml")[0]
    facts = [_facts(found.dataset) for found in (by_iso, by_ckan) if found.dataset is not None]
    assert facts[0] == facts[1]


def _facts(dataset: Dataset) -> dict[str, Any]:
    """What both forms have a place for."""
    terms = (dataset.license, dataset.access_rights, dataset.accrual_periodicity, *dataset.language)
    return {
        "identity": (dataset.identifier, dataset.title, dataset.description, dataset.keyword),
        "terms": [term.id if term is not None else None for term in terms],
        "dates": [moment.value if moment is not None else None for moment in (dataset.issued, dataset.modified)],
        "begins": [period.start for period in dataset.temporal],
        "box": [place.bbox for place in dataset.spatial if place.bbox is not None],
        "publisher": dataset.publisher.name if dataset.publisher is not None else None,
        "contact": [agent.email for agent in dataset.contact_point],
        "system": dataset.conforms_to[-1],
        "files": [(file.url, file.format.id if file.format else None) for file in dataset.distribution],
    }
