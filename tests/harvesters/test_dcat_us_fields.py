"""Which member of a DCAT-US 1.1 record becomes which field of the dataset."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from ckanext.aivision.record import Agent, Dataset, Harvested

Read = Callable[..., list[Harvested]]

RECORD: dict[str, Any] = {
    "@type": "dcat:Dataset",
    "identifier": "https://doi.org/10.5555/river-levels",
    "title": "Weekly river levels",
    "description": "<p>Levels at 120 stations, in metres above datum.</p>",
    "keyword": ["hydrology", "rivers", "levels"],
    "theme": ["Climate"],
    "language": ["en-US"],
    "issued": "2019-04-01",
    "modified": "2025-01-15T09:30:00-05:00",
    "accrualPeriodicity": "R/P1W",
    "accessLevel": "restricted public",
    "rights": "Ask the station office for the coordinates",
    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    "temporal": "2010-01-01/2024-12-31",
    "spatial": "-125.0,24.0,-66.0,49.0",
    "bureauCode": ["010:12"],
    "programCode": ["010:000"],
    "publisher": {
        "name": "Water Office",
        "subOrganizationOf": {"name": "Geological Survey", "subOrganizationOf": {"name": "Interior"}},
    },
    "contactPoint": {"@type": "vcard:Contact", "fn": "River desk", "hasEmail": "mailto:rivers@water.gov"},
    "landingPage": "https://water.gov/rivers",
    "references": ["https://water.gov/rivers/method.pdf"],
    "conformsTo": "https://www.ogc.org/standard/waterml/",
    "describedBy": "https://water.gov/rivers/columns.json",
    "describedByType": "application/json",
    "isPartOf": "https://water.gov/series/levels",
    "citation": "Water Office (2025): Weekly river levels",
    "dataQuality": True,
    "collectionInstrument": "Pressure sensors, read every 15 minutes",
    "systemOfRecords": "https://water.gov/sorn/7",
    "creator": "Hydrology group",
    "distribution": [
        {
            "title": "Levels as CSV",
            "description": "One row a station and week",
            "downloadURL": "https://water.gov/rivers.csv",
            "mediaType": "text/csv",
            "describedBy": "https://water.gov/rivers/columns.json",
        },
        {"title": "API", "accessURL": "https://water.gov/api", "format": "API"},
    ],
}


@pytest.fixture
def dataset(read: Read) -> Dataset:
    (harvested,) = read({"dataset": [RECORD]})
    assert harvested.problems == []
    assert harvested.dataset is not None
    return harvested.dataset


def test_text_is_taken_as_written(dataset: Dataset) -> None:
    for field, member in {
        "identifier": "identifier",
        "title": "title",
        "description": "description",
        "keyword": "keyword",
        "landing_page": "landingPage",
        "page": "references",
        "described_by": "describedBy",
        "described_by_type": "describedByType",
        "in_series": "isPartOf",
        "bibliographic_citation": "citation",
        "collection": "collectionInstrument",
        "system_of_records": "systemOfRecords",
    }.items():
        assert getattr(dataset, field) == RECORD[member], field


def test_the_source_stands_in_every_data_set(dataset: Dataset) -> None:
    assert (dataset.profile, dataset.country) == ("dcat-us-1.1", "US")
    assert dataset.source.endswith("data.json")
    assert dataset.raw == RECORD


def test_terms_keep_the_original_beside_the_id(dataset: Dataset) -> None:
    assert dataset.license is not None
    assert (dataset.license.original, dataset.license.id) == (RECORD["license"], "CC0-1.0")
    assert dataset.accrual_periodicity is not None
    assert dataset.accrual_periodicity.id == "R/P1W"
    assert [(term.original, term.id) for term in dataset.language] == [("en-US", "en-US")]


def test_dates_periods_and_places_are_read(dataset: Dataset) -> None:
    assert dataset.issued is not None
    assert dataset.issued.value == datetime.date(2019, 4, 1)
    assert dataset.modified is not None
    assert dataset.modified.value == datetime.date(2025, 1, 15)
    assert [(p.start, p.end) for p in dataset.temporal] == [(datetime.date(2010, 1, 1), datetime.date(2024, 12, 31))]
    assert [place.bbox for place in dataset.spatial] == [(-125.0, 24.0, -66.0, 49.0)]


def test_the_publisher_has_its_place_in_the_hierarchy_and_its_bureau_code(dataset: Dataset) -> None:
    assert dataset.publisher == Agent(
        name="Water Office", identifier="010:12", sub_organization_of=["Geological Survey", "Interior"]
    )


def test_the_contact_has_an_address_without_mailto(dataset: Dataset) -> None:
    assert dataset.contact_point == [Agent(name="River desk", email="rivers@water.gov")]


@pytest.mark.parametrize(
    ("level", "id", "procedure"),
    [
        ("public", "public", None),
        ("restricted public", "restricted", RECORD["rights"]),
        ("non-public", "non-public", RECORD["rights"]),
        ("secret", None, None),
    ],
)
def test_rights_tell_how_to_get_what_is_not_public(
    read: Read, level: str, id: str | None, procedure: str | None
) -> None:
    (harvested,) = read({"dataset": [{**RECORD, "accessLevel": level}]})
    assert harvested.dataset is not None
    assert harvested.dataset.access_rights is not None
    assert harvested.dataset.access_rights.id == id
    assert harvested.dataset.rights == [RECORD["rights"]]
    assert harvested.dataset.access_procedure == procedure


@pytest.mark.parametrize(
    ("value", "quality"), [(True, "true"), (False, "false"), ("Checked by hand", "Checked by hand")]
)
def test_data_quality_is_text_whether_given_as_text_or_truth(read: Read, value: Any, quality: str) -> None:
    (harvested,) = read({"dataset": [{**RECORD, "dataQuality": value}]})
    assert harvested.dataset is not None
    assert harvested.dataset.quality == quality
    assert harvested.problems == []


def test_a_distribution_has_its_addresses_types_and_dictionary(dataset: Dataset) -> None:
    csv, api = dataset.distribution
    assert (csv.title, csv.description) == ("Levels as CSV", "One row a station and week")
    assert (csv.download_url, csv.access_url) == ("https://water.gov/rivers.csv", None)
    assert csv.media_type is not None
    assert csv.media_type.id == "text/csv"
    assert csv.described_by == "https://water.gov/rivers/columns.json"
    assert (api.download_url, api.access_url) == (None, "https://water.gov/api")
    assert api.format is not None
    assert api.format.original == "API"


@pytest.mark.parametrize("joined", ["hydrology, rivers, levels", ["hydrology, rivers, levels"]])
def test_keywords_joined_by_commas_are_several(read: Read, joined: Any) -> None:
    (harvested,) = read({"dataset": [{**RECORD, "keyword": joined}]})
    assert harvested.dataset is not None
    assert harvested.dataset.keyword == ["hydrology", "rivers", "levels"]


@pytest.mark.parametrize(
    ("contact", "agents"),
    [
        ({"fn": "Form", "hasEmail": "mailto:https://water.gov/ask"}, [Agent(name="Form", url="https://water.gov/ask")]),
        ([{"fn": "A"}, {"hasEmail": "b@water.gov"}], [Agent(name="A"), Agent(email="b@water.gov")]),
        ({"fn": "", "hasEmail": ""}, []),
        ("rivers@water.gov", [Agent(email="rivers@water.gov")]),
    ],
)
def test_contacts_are_read_in_the_forms_that_agencies_use(read: Read, contact: Any, agents: list[Agent]) -> None:
    (harvested,) = read({"dataset": [{**RECORD, "contactPoint": contact}]})
    assert harvested.dataset is not None
    assert harvested.dataset.contact_point == agents


@pytest.mark.parametrize("missing", sorted(set(RECORD) - {"identifier", "title"}))
def test_no_other_member_is_needed(read: Read, missing: str) -> None:
    (harvested,) = read({"dataset": [{key: value for key, value in RECORD.items() if key != missing}]})
    assert harvested.dataset is not None
    assert harvested.problems == []


def test_an_address_of_the_dataset_itself_is_a_distribution_where_there_is_no_other(read: Read) -> None:
    own = {**RECORD, "accessURL": "https://water.gov/rivers.csv", "format": "CSV"}
    without = {key: value for key, value in own.items() if key != "distribution"}
    for record, urls in ((without, ["https://water.gov/rivers.csv"]), (own, None)):
        (harvested,) = read({"dataset": [record]})
        assert harvested.dataset is not None
        found = [item.access_url for item in harvested.dataset.distribution]
        assert found == urls if urls else "https://water.gov/rivers.csv" not in found
