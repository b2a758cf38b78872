"""Which member of a DCAT-US 3.0 record becomes which field: objects, their texts, and lists of either."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from ckanext.aivision.record import Agent, Dataset, Harvested, Term

Read = Callable[..., list[Harvested]]

STANDARD = {"@type": "Standard", "title": "DCAT-US 3.0"}
RECORD: dict[str, Any] = {
    "@type": "Dataset",
    "@id": "https://water.gov/id/levels",
    "identifier": {"@type": "Identifier", "@id": "https://doi.org/10.5555/river-levels", "schemaAgency": "DataCite"},
    "otherIdentifier": [{"@type": "Identifier", "notation": "WL-7"}, "gauge-levels"],
    "title": "Weekly river levels",
    "description": "Levels at 120 stations, in metres above datum.",
    "keyword": ["hydrology", "rivers", "levels"],
    "theme": [
        {"@type": "Concept", "prefLabel": "Environment", "inScheme": {"title": "Data themes"}},
        {"@id": "http://publications.europa.eu/resource/authority/data-theme/TRAN", "prefLabel": "Rivers as roads"},
        "Hydrology",
    ],
    "language": "en",
    "issued": "2019-04-01",
    "modified": "2025-01-15T09:30:00-05:00",
    "accrualPeriodicity": "weekly",
    "publisher": {
        "@type": "Organization",
        "name": "Water Office",
        "subOrganizationOf": [{"name": "Geological Survey", "subOrganizationOf": [{"name": "Interior"}]}],
    },
    "creator": {"@type": "Agent", "name": "Hydrology group"},
    "contactPoint": [{"@type": "Kind", "fn": "River desk", "hasEmail": "mailto:rivers@water.gov"}],
    "rights": ["Ask the station office for the coordinates"],
    "accessRights": "Public access without restrictions",
    "temporal": [{"@type": "PeriodOfTime", "startDate": "2010-01-01", "endDate": "2024-12-31"}],
    "temporalResolution": "P1W",
    "spatial": {
        "@type": "Location",
        "prefLabel": "The lower 48",
        "bbox": {"type": "Polygon", "bbox": [-125, 24, -66, 49]},
    },
    "spatialResolutionInMeters": "30",
    "landingPage": {"@type": "Document", "title": "Levels", "accessURL": "https://water.gov/levels"},
    "page": [{"@type": "Document", "title": "Method", "downloadURL": "https://water.gov/levels/method.pdf"}],
    "conformsTo": [{"identifier": {"@id": "https://www.ogc.org/standard/waterml/"}}, {"title": "WMO"}],
    "describedBy": {"downloadURL": "https://water.gov/cols.json", "mediaType": "application/json"},
    "inSeries": [{"@type": "DatasetSeries", "@id": "https://water.gov/series/levels", "title": "Levels"}],
    "version": 2,
    "versionNotes": "Two stations added",
    "provenance": ["Pressure sensors, read every 15 minutes", "Averaged by week"],
    "source": [{"@type": "Dataset", "identifier": "raw-levels", "title": "Raw levels"}],
    "qualifiedRelation": [
        {"hadRole": "http://www.iana.org/assignments/relation/original", "relation": "https://water.gov/1990s"},
        {"hadRole": "isInputTo", "relation": "https://water.gov/model"},
    ],
    "wasGeneratedBy": [{"@type": "Activity", "label": "National gauge programme"}],
    "hasQualityMeasurement": [
        {"isMeasurementOf": {"inDimension": "https://w.gov/d#completeness"}, "value": "98.5", "unitMeasure": "percent"},
    ],
    "purpose": "To warn of floods",
    "liabilityStatement": "Levels under ice are too high by up to a metre",
}  # fmt: skip


def dataset_of(read: Read, **members: Any) -> Dataset:
    (harvested,) = read({"conformsTo": STANDARD, "dataset": [{**RECORD, **members}]})
    assert harvested.dataset is not None
    assert harvested.problems == []
    return harvested.dataset


@pytest.fixture
def dataset(read: Read) -> Dataset:
    return dataset_of(read)


def test_objects_are_told_by_their_address_or_name(dataset: Dataset) -> None:
    for field, expected in {
        "identifier": "https://doi.org/10.5555/river-levels",
        "other_identifier": ["WL-7", "gauge-levels"],
        "landing_page": "https://water.gov/levels",
        "page": ["https://water.gov/levels/method.pdf"],
        "conforms_to": ["https://www.ogc.org/standard/waterml/", "WMO"],
        "described_by": "https://water.gov/cols.json",
        "described_by_type": "application/json",
        "in_series": "https://water.gov/series/levels",
        "derived_from": ["raw-levels", "https://water.gov/1990s"],
        "collection": "National gauge programme",
        "quality": "completeness: 98.5 percent",
        "creator": [Agent(name="Hydrology group")],
        "contact_point": [Agent(name="River desk", email="rivers@water.gov")],
    }.items():
        assert getattr(dataset, field) == expected, field


def test_text_is_taken_as_written(dataset: Dataset) -> None:
    for field, expected in {
        "title": "Weekly river levels",
        "keyword": RECORD["keyword"],
        "rights": RECORD["rights"],
        "temporal_resolution": "P1W",
        "spatial_resolution": "30",
        "version": "2",
        "version_notes": "Two stations added",
        "provenance": "Pressure sensors, read every 15 minutes\nAveraged by week",
        "uses": "To warn of floods",
        "limitations": RECORD["liabilityStatement"],
        "type": None,
        "raw": RECORD,
    }.items():
        assert getattr(dataset, field) == expected, field


def test_concepts_are_told_by_an_address_of_a_vocabulary_or_else_by_their_label(dataset: Dataset) -> None:
    assert [term.original for term in dataset.theme] == ["Environment", RECORD["theme"][1]["@id"], "Hydrology"]
    assert dataset.theme[1].id == "TRAN"


def test_dates_periods_and_places_are_read(dataset: Dataset) -> None:
    assert dataset.modified is not None
    assert dataset.modified.value == datetime.date(2025, 1, 15)
    assert [(p.start, p.end) for p in dataset.temporal] == [(datetime.date(2010, 1, 1), datetime.date(2024, 12, 31))]
    assert [place.bbox for place in dataset.spatial] == [(-125.0, 24.0, -66.0, 49.0)]
    assert dataset.accrual_periodicity is not None
    assert dataset.accrual_periodicity.id == "R/P1W"


def test_the_publisher_has_its_place_in_the_hierarchy(dataset: Dataset) -> None:
    assert dataset.publisher == Agent(name="Water Office", sub_organization_of=["Geological Survey", "Interior"])


@pytest.mark.parametrize(
    ("place", "form"),
    [
        ({"bbox": "POLYGON((-125 24, -66 24, -66 50, -125 50, -125 24))"}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [-77, 38.9]}}, "geometry"),
        ({"centroid": "POINT (0.0 0.0)", "prefLabel": "Null Island"}, "geometry"),
        ({"prefLabel": "Continental United States"}, "text"),
        ({"@id": "http://sws.geonames.org/6252001/"}, "uri"),
    ],
)
def test_locations_are_read_in_each_form_of_the_schema(read: Read, place: Any, form: str) -> None:
    for spatial in (place, [place, place]):
        assert {found.form for found in dataset_of(read, spatial=spatial).spatial} == {form}


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("plain", "plain"),
        ({"@id": "https://a.gov/1", "notation": "N1"}, "https://a.gov/1"),
        ({"notation": "N1", "schemaAgency": "NCEI"}, "N1"),
    ],
)
def test_an_identifier_is_a_text_or_an_object(read: Read, identifier: Any, expected: str) -> None:
    assert dataset_of(read, identifier=identifier).identifier == expected


def test_the_address_of_a_record_stands_in_for_its_identifier_with_a_warning(read: Read) -> None:
    (harvested,) = read({"conformsTo": STANDARD, "dataset": [{**RECORD, "identifier": {"@type": "Identifier"}}]})
    assert harvested.identifier == "https://water.gov/id/levels"
    assert "identifier-missing" in [problem.code for problem in harvested.problems]


DISTRIBUTION: dict[str, Any] = {
    "@type": "Distribution",
    "identifier": {"@id": "https://water.gov/d/1"},
    "title": "Levels as CSV",
    "downloadURL": "https://water.gov/levels.csv.gz",
    "mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
    "format": {"prefLabel": "CSV"},
    "byteSize": "52428800",
    "checksum": {"@type": "Checksum", "algorithm": "SHA-256", "checksumValue": "AB" * 32},
    "license": {"@id": "https://creativecommons.org/publicdomain/zero/1.0/", "title": "CC0"},
    "modified": "2025-01-15",
    "conformsTo": [{"title": "RFC 4180"}],
    "describedBy": {"downloadURL": "https://water.gov/cols.json"},
}


class TestDistributions:
    def test_a_distribution_has_its_addresses_types_size_and_checksum(self, read: Read) -> None:
        (found,) = dataset_of(read, distribution=[DISTRIBUTION]).distribution
        assert (found.identifier, found.url) == ("https://water.gov/d/1", "https://water.gov/levels.csv.gz")
        assert (found.byte_size, found.checksum, found.checksum_algorithm) == (52_428_800, "ab" * 32, "SHA-256")
        assert [term.id for term in (found.media_type, found.format, found.license) if term] == [
            "text/csv",
            "CSV",
            "CC0-1.0",
        ]
        assert (found.conforms_to, found.described_by) == (["RFC 4180"], "https://water.gov/cols.json")

    def test_spdx_addresses_of_an_algorithm_are_its_name(self, read: Read) -> None:
        given = {"algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"}, "checksumValue": "0" * 64}
        (found,) = dataset_of(read, distribution=[{**DISTRIBUTION, "checksum": given}]).distribution
        assert found.checksum_algorithm == "sha256"

    def test_data_that_a_service_gives_out_are_reached_at_its_endpoint(self, read: Read) -> None:
        service = {
            "@type": "DataService",
            "endpointURL": ["https://api.water.gov/v1"],
            "endpointDescription": ["https://api.water.gov/openapi"],
        }
        (found,) = dataset_of(read, distribution=[{"title": "API", "accessService": [service]}]).distribution
        assert (found.access_url, found.described_by) == ("https://api.water.gov/v1", "https://api.water.gov/openapi")

    @pytest.mark.parametrize(
        ("member", "value", "code"),
        [
            ("mediaType", "notareal/type", "media-type-unknown"),
            ("byteSize", "about 50 MB", "byte-size-unreadable"),
        ],
    )
    def test_what_cannot_be_read_is_told(self, read: Read, member: str, value: str, code: str) -> None:
        distribution = [{**DISTRIBUTION, member: value}]
        (harvested,) = read({"conformsTo": STANDARD, "dataset": [{**RECORD, "distribution": distribution}]})
        assert [(p.code, p.where) for p in harvested.problems] == [(code, f"$.dataset[0].distribution[0].{member}")]


class TestRestrictions:
    def restricted(self, read: Read, **members: Any) -> Dataset:
        return dataset_of(read, accessRights=None, rights=None, distribution=[{"title": "Levels", **members}])

    def test_the_restriction_of_a_distribution_tells_the_level_and_the_way_to_the_data(self, read: Read) -> None:
        restriction = {
            "restrictionStatus": {"prefLabel": "Restricted - Partly"},
            "restrictionNote": "Write to the station office",
        }
        found = self.restricted(read, accessRestriction=[restriction])
        assert found.access_rights == Term("Restricted - Partly", "restricted", "label")
        assert found.access_procedure == "Write to the station office"

    def test_controlled_unclassified_information_is_restricted(self, read: Read) -> None:
        banner = {"cuiBannerMarking": "CUI//SP-CTI", "designationIndicator": "Controlled by: Water Office"}
        found = self.restricted(read, cuiRestriction=banner)
        assert found.access_rights == Term("CUI//SP-CTI", "restricted", "pattern")
        assert found.access_procedure == "Controlled by: Water Office"

    def test_restrictions_of_use_are_rights(self, read: Read) -> None:
        use = {"restrictionStatus": "Restricted - Fully", "specificRestriction": "Trademark", "restrictionNote": "Ask"}
        assert self.restricted(read, useRestriction=[use]).rights == ["Restricted - Fully: Trademark. Ask"]

    def test_what_the_data_set_says_of_itself_stays(self, read: Read) -> None:
        found = dataset_of(read, distribution=[{"accessRestriction": [{"restrictionStatus": "Restricted - Fully"}]}])
        assert found.access_rights is not None
        assert found.access_rights.id == "public"


def test_a_service_is_reached_at_its_endpoint_and_described_by_its_description(read: Read) -> None:
    service = {
        "@type": "DataService",
        "identifier": "levels-api",
        "title": "Levels API",
        "endpointURL": ["https://api.water.gov/v1"],
        "endpointDescription": ["https://api.water.gov/openapi.json"],
        "servesDataset": [{"@id": "https://water.gov/id/levels"}, "other"],
        "publisher": {"name": "Water Office"},
        "contactPoint": [{"fn": "River desk", "hasEmail": "mailto:rivers@water.gov"}],
    }
    (harvested,) = read({"service": [service]})
    assert harvested.dataset is not None
    assert harvested.problems == []
    assert (harvested.dataset.type, harvested.dataset.profile) == ("service", "dcat-us-3.0-service")
    assert harvested.dataset.described_by == "https://api.water.gov/openapi.json"
    assert harvested.dataset.serves_dataset == ["https://water.gov/id/levels", "other"]
    (endpoint,) = harvested.dataset.distribution
    assert (endpoint.access_url, endpoint.format and endpoint.format.id) == ("https://api.water.gov/v1", "API")


@pytest.mark.parametrize(
    "missing", sorted(set(RECORD) - {"identifier", "@id", "title", "@type", "description", "contactPoint"})
)
def test_no_other_member_is_needed(read: Read, missing: str) -> None:
    dataset_of(read, **{missing: None})


@pytest.mark.parametrize("missing", ["description", "contactPoint"])
def test_a_member_that_the_schema_requires_is_missed_with_a_warning(read: Read, missing: str) -> None:
    (harvested,) = read({"conformsTo": STANDARD, "dataset": [{**RECORD, missing: None}]})
    assert harvested.dataset is not None
    assert [(p.code, p.where) for p in harvested.problems] == [("mandatory-missing", f"$.dataset[0].{missing}")]
