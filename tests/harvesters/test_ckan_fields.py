"""Which member of a CKAN package becomes which field, in all generations of data.gov.uk's own fields."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest

from ckanext.aivision.record import Agent, Dataset, Harvested

Read = Callable[..., list[Harvested]]

CORE: dict[str, Any] = {
    "id": "5b1c4f2e-0000-4000-8000-000000000001",
    "name": "river-levels",
    "title": "River levels at gauging stations",
    "notes": "Levels every 15 minutes, in metres.",
    "url": "https://rivers.gov.uk/levels",
    "type": "dataset",
    "state": "active",
    "private": False,
    "license_id": "uk-ogl",
    "license_title": "UK Open Government Licence (OGL)",
    "author": "River team",
    "author_email": "rivers@agency.gov.uk",
    "maintainer": None,
    "maintainer_email": None,
    "version": "2.1",
    "metadata_created": "2019-05-01T10:00:00.123456",
    "metadata_modified": "2024-03-02T11:00:00.654321",
    "organization": {"id": "8f0c", "name": "river-agency", "title": "River Agency", "is_organization": True},
    "tags": [{"name": "rivers", "display_name": "rivers"}, {"name": "levels", "display_name": "levels"}],
    "groups": [{"name": "environment", "title": "Environment"}],
    "extras": [],
    "resources": [
        {
            "id": "r1",
            "name": "Levels 2023",
            "description": "One row a station and quarter of an hour",
            "url": "https://rivers.gov.uk/levels-2023.csv",
            "format": "CSV",
            "mimetype": "text/csv",
            "size": 190492,
            "hash": "9e107d9d372bb6826bd81d3542a419d6",
            "created": "2023-01-02T00:00:00",
            "last_modified": "2024-01-15T00:00:00",
            "datastore_active": True,
            "schema": {"fields": [{"name": "station"}, {"name": "level"}]},
        },
        {"id": "r2", "name": "About", "url": "https://rivers.gov.uk/about.html", "format": "HTML", "size": ""},
    ],
}


@pytest.fixture
def package(read: Read) -> Callable[..., Dataset]:
    """A dataset from CORE with other members, and with extras."""

    def from_members(extras: dict[str, Any] | None = None, **members: Any) -> Dataset:
        listed = [{"key": key, "value": value} for key, value in (extras or {}).items()]
        (harvested,) = read(json.dumps({**CORE, "extras": listed, **members}), "one.ckan.ndjson", profile="data-gov-uk")
        assert [problem for problem in harvested.problems if problem.severity == "error"] == []
        assert harvested.dataset is not None
        return harvested.dataset

    return from_members


class TestCore:
    def test_text_is_taken_as_written(self, package: Callable[..., Dataset]) -> None:
        dataset = package()
        assert dataset.identifier == CORE["id"]
        assert (dataset.title, dataset.description) == (CORE["title"], CORE["notes"])
        assert (dataset.landing_page, dataset.version) == (CORE["url"], "2.1")
        assert dataset.keyword == ["rivers", "levels"]
        assert (dataset.profile, dataset.country) == ("data-gov-uk", "GB")

    def test_the_publisher_is_the_organisation(self, package: Callable[..., Dataset]) -> None:
        assert package().publisher == Agent(name="River Agency", identifier="8f0c")

    def test_the_dates_of_the_record_are_not_those_of_the_data(self, package: Callable[..., Dataset]) -> None:
        dataset = package(resources=[])
        assert dataset.metadata_issued is not None
        assert dataset.metadata_issued.value == datetime.date(2019, 5, 1)
        assert dataset.metadata_modified is not None
        assert dataset.metadata_modified.value == datetime.date(2024, 3, 2)
        assert (dataset.issued, dataset.modified) == (None, None)

    def test_the_data_changed_when_the_last_file_did(self, package: Callable[..., Dataset]) -> None:
        modified = package().modified
        assert modified is not None
        assert modified.value == datetime.date(2024, 1, 15)

    def test_a_resource_has_its_address_type_size_checksum_and_columns(self, package: Callable[..., Dataset]) -> None:
        csv, page = package().distribution
        assert (csv.access_url, csv.download_url) == (CORE["resources"][0]["url"],) * 2
        assert (csv.identifier, csv.title) == ("r1", "Levels 2023")
        assert csv.format is not None
        assert csv.media_type is not None
        assert (csv.format.id, csv.media_type.id) == ("CSV", "text/csv")
        assert csv.byte_size == 190492
        assert (csv.checksum, csv.checksum_algorithm) == (CORE["resources"][0]["hash"], "MD5")
        assert csv.columns == ["station", "level"]
        assert csv.datastore_active
        assert (page.access_url, page.download_url, page.byte_size) == ("https://rivers.gov.uk/about.html", None, None)

    @pytest.mark.parametrize(
        ("written", "checksum", "algorithm"),
        [
            ("sha256:" + "ab" * 32, "ab" * 32, "SHA-256"),
            ("AB" * 20, "ab" * 20, "SHA-1"),
            ("", None, None),
            ("not a checksum", None, None),
        ],
    )
    def test_a_checksum_tells_its_algorithm_by_its_length(
        self, package: Callable[..., Dataset], written: str, checksum: str | None, algorithm: str | None
    ) -> None:
        (resource,) = package(resources=[{"id": "r", "url": "https://a.uk/a.csv", "hash": written}]).distribution
        assert (resource.checksum, resource.checksum_algorithm) == (checksum, algorithm)

    def test_a_package_without_a_title_goes_by_its_name_with_a_warning(self, read: Read) -> None:
        (harvested,) = read(json.dumps({**CORE, "title": " "}), "one.ckan.ndjson")
        assert harvested.dataset is not None
        assert harvested.dataset.title == "river-levels"
        assert [(p.code, p.severity) for p in harvested.problems] == [("title-missing", "warning")]

    @pytest.mark.parametrize(
        ("member", "value", "code"),
        [
            ("private", True, "not-public"),
            ("state", "deleted", "not-active"),
            ("state", "draft", "not-active"),
            ("type", "harvest", "not-a-dataset"),
        ],
    )
    def test_what_is_no_public_data_set_is_refused_with_the_reason(
        self, read: Read, member: str, value: Any, code: str
    ) -> None:
        (harvested,) = read(json.dumps({**CORE, member: value}), "one.ckan.ndjson")
        assert harvested.dataset is None
        assert [(p.code, p.where) for p in harvested.problems] == [(code, f"line 1.{member}")]


class TestOrganisationFields:
    """Published by organisations on data.gov.uk itself: fields at the top level."""

    def test_rhythm_contact_theme_and_period_stand_at_the_top_level(self, package: Callable[..., Dataset]) -> None:
        dataset = package(
            **{
                "update_frequency": "annual",
                "theme-primary": "Environment",
                "theme-secondary": ["Transport"],
                "contact-name": "Data desk",
                "contact-email": "desk@agency.gov.uk",
                "foi-name": "",
                "foi-email": "foi@agency.gov.uk",
                "temporal_coverage-from": "2010-04-01",
                "temporal_coverage-to": "2015-03-31",
                "date_released": "2011-10-27",
                "date_updated": "2016-03-24",
                "geographic_coverage": "100000: England",
                "groups": [],
            }
        )
        assert dataset.accrual_periodicity is not None
        assert (dataset.accrual_periodicity.original, dataset.accrual_periodicity.id) == ("annual", "R/P1Y")
        assert [term.original for term in dataset.theme] == ["Environment", "Transport"]
        assert dataset.contact_point == [
            Agent(name="Data desk", email="desk@agency.gov.uk"),
            Agent(name="River team", email="rivers@agency.gov.uk"),
            Agent(email="foi@agency.gov.uk"),
        ]
        assert [(p.start, p.end) for p in dataset.temporal] == [(datetime.date(2010, 4, 1), datetime.date(2015, 3, 31))]
        assert dataset.issued is not None
        assert dataset.issued.value == datetime.date(2011, 10, 27)
        assert dataset.modified is not None
        assert dataset.modified.value == datetime.date(2016, 3, 24)
        assert [place.original for place in dataset.spatial] == ["100000: England"]

    @pytest.mark.parametrize("unpublished", [True, "true"])
    def test_an_unpublished_data_set_is_not_public(self, package: Callable[..., Dataset], unpublished: Any) -> None:
        access = package(unpublished=unpublished).access_rights
        assert access is not None
        assert access.id == "non-public"


class TestLicences:
    @pytest.mark.parametrize(
        ("members", "original", "id"),
        [
            ({"license_id": "notspecified", "license_title": "Open Government Licence v3.0"}, None, "OGL-UK-3.0"),
            ({"license_id": "", "license_title": "Ask the river team"}, "Ask the river team", None),
            ({"license_id": "uk-ogl", "license_title": "Ask the river team"}, "uk-ogl", "OGL-UK-3.0"),
        ],
    )
    def test_a_statement_that_names_a_licence_goes_before_one_that_does_not(
        self, package: Callable[..., Dataset], members: dict[str, Any], original: str | None, id: str | None
    ) -> None:
        licence = package(**members).license
        assert licence is not None
        assert licence.id == id
        assert licence.original == (original or members["license_title"])


class TestHarvestedFromCkanAndDcat:
    def test_they_stand_in_extras(self, package: Callable[..., Dataset]) -> None:
        dataset = package(
            {
                "UpdateFrequency": "Monthly",
                "data_issued": "2017-01-17T11:22:20.000Z",
                "data_modified": "2017-02-23T10:11:38.000Z",
                "dcat_publisher_name": "River Trust",
                "guid": "7509bbb5",
                "theme-secondary": '["Transport"]',
            },
            organization=None,
        )
        assert dataset.accrual_periodicity is not None
        assert dataset.accrual_periodicity.id == "R/P1M"
        assert dataset.issued is not None
        assert dataset.issued.value == datetime.date(2017, 1, 17)
        assert dataset.modified is not None
        assert dataset.modified.value == datetime.date(2017, 2, 23)
        assert dataset.publisher == Agent(name="River Trust")
        assert dataset.other_identifier == ["7509bbb5"]
        assert "Transport" in [term.original for term in dataset.theme]


GEMINI: dict[str, Any] = {
    "access_constraints": '["There are no public access constraints to this data."]',
    "licence": '["Open Government Licence v3.0", "Contains river data"]',
    "bbox-west-long": "-6.236",
    "bbox-south-lat": "49.943",
    "bbox-east-long": "2.072",
    "bbox-north-lat": "55.816",
    "spatial": '{"type":"Polygon","coordinates":[[[2,49],[2,55],[-6,55],[-6,49],[2,49]]]}',
    "dataset-reference-date": (
        '[{"type": "creation", "value": "2004-01-01"}, {"type": "revision", "value": "2018-04-30"}]'
    ),
    "frequency-of-update": "quarterly",
    "responsible-party": "River Authority (pointOfContact)",
    "spatial-reference-system": "http://www.opengis.net/def/crs/EPSG/0/27700",
    "temporal-extent-begin": "2002-01-14",
    "temporal-extent-end": "2020-03-31",
    "resource-type": "dataset",
}


class TestGemini:
    def test_terms_stand_as_json_in_a_string(self, package: Callable[..., Dataset]) -> None:
        dataset = package(GEMINI, license_id="", license_title="")
        assert dataset.license is not None
        assert dataset.license.id == "OGL-UK-3.0"
        assert dataset.rights == [
            "There are no public access constraints to this data.",
            "Open Government Licence v3.0",
            "Contains river data",
        ]

    @pytest.mark.parametrize(
        ("constraints", "id"),
        [
            ('["There are no public access constraints to this data."]', "public"),
            ('["No restriction on public access."]', "public"),
            ('["otherRestrictions", "no limitations"]', "public"),
            ('["Subject to PSMA licence terms"]', None),
            ('["http://publications.europa.eu/resource/authority/access-right/RESTRICTED"]', "restricted"),
        ],
    )
    def test_statements_on_access_are_known_by_their_words(
        self, package: Callable[..., Dataset], constraints: str, id: str | None
    ) -> None:
        access = package({"access_constraints": constraints}).access_rights
        assert access is not None
        assert access.id == id

    @pytest.mark.parametrize("empty", ["[]", "", '[""]', None])
    def test_empty_statements_say_nothing(self, package: Callable[..., Dataset], empty: Any) -> None:
        dataset = package({"access_constraints": empty, "licence": empty}, license_id=None, license_title=None)
        assert (dataset.access_rights, dataset.license, dataset.rights) == (None, None, [])

    def test_place_period_rhythm_and_dates_are_read(self, package: Callable[..., Dataset]) -> None:
        dataset = package(GEMINI)
        assert [(place.form, place.bbox) for place in dataset.spatial] == [
            ("bbox", (-6.236, 49.943, 2.072, 55.816)),
            ("geometry", None),
        ]
        assert [(p.start, p.end) for p in dataset.temporal] == [
            (datetime.date(2002, 1, 14), datetime.date(2020, 3, 31))
        ]
        assert dataset.accrual_periodicity is not None
        assert dataset.accrual_periodicity.id == "R/P3M"
        assert dataset.issued is not None
        assert dataset.modified is not None
        assert (dataset.issued.original, dataset.modified.original) == ("2004-01-01", "2018-04-30")
        assert dataset.conforms_to == ["http://www.opengis.net/def/crs/EPSG/0/27700"]

    @pytest.mark.parametrize(
        "party", ["River Authority (pointOfContact)", '[{"name": "River Authority", "roles": ["pointOfContact"]}]']
    )
    def test_the_responsible_party_publishes_where_no_organisation_does(
        self, package: Callable[..., Dataset], party: str
    ) -> None:
        assert package({"responsible-party": party}, organization=None).publisher == Agent(name="River Authority")

    def test_an_open_period_given_as_lists_is_read(self, package: Callable[..., Dataset]) -> None:
        (period,) = package(**{"temporal_coverage-from": ["1995-01-01"], "temporal_coverage-to": []}).temporal
        assert (period.start, period.end, period.open_end) == (datetime.date(1995, 1, 1), None, True)

    @pytest.mark.parametrize("packed", ['["\\ud800"]', "[" * 5000 + "]" * 5000, '["a"', '[{"a": NaN}]', "[1e999]"])
    def test_json_in_a_string_that_is_none_harms_nothing(self, package: Callable[..., Dataset], packed: str) -> None:
        dataset = package({"licence": packed, "access_constraints": packed})
        for text in dataset.rights:
            text.encode()


class TestLines:
    def test_a_line_that_is_no_json_is_refused_and_the_rest_goes_on(self, read: Read) -> None:
        lines = [json.dumps({**CORE, "id": "a"}), '{"id": "b", ', "", json.dumps({**CORE, "id": "c"}), "[1] 2"]
        records = read("\n".join(lines), "dump.ckan.ndjson")
        assert [(r.where, r.dataset is not None) for r in records] == [
            ("line 1", True),
            ("line 2", False),
            ("line 4", True),
            ("line 5", False),
        ]
        assert records[1].problems[0].code == "record-not-json"

    def test_a_dump_of_windows_line_ends_is_read(self, read: Read) -> None:
        lines = [json.dumps({**CORE, "id": number}) for number in ("a", "b")]
        assert [r.identifier for r in read("\r\n".join(lines) + "\r\n", "dump.ckan.ndjson")] == ["a", "b"]

    @pytest.mark.parametrize("number", [1, 7])
    def test_a_package_on_many_lines_is_one_record(self, read: Read, number: int) -> None:
        (harvested,) = read(json.dumps(CORE, indent=number), "one.json")
        assert harvested.identifier == CORE["id"]


@pytest.mark.parametrize(("of_file", "of_data"), [("2024-12-16", None), ("2024-12-15", "2024-12-15")])
def test_the_date_of_the_record_in_each_of_its_files_tells_nothing_of_the_data(
    package: Callable[..., Dataset], of_file: str, of_data: str | None
) -> None:
    file = {"url": "https://rivers.example.gov/a.csv", "last_modified": of_file}
    found = package(metadata_modified="2024-12-16", resources=[file]).modified
    assert (found.original if found is not None else None) == of_data


@pytest.mark.parametrize(("key", "value"), [("metadata-language", "eng"), ("language", "en")])
def test_the_language_may_be_told_in_either_extra(read: Read, key: str, value: str) -> None:
    (harvested,) = read([{**CORE, "extras": [{"key": key, "value": value}]}])
    assert harvested.dataset is not None
    assert [language.id for language in harvested.dataset.language] == ["en"]
