"""DCAT-US 3.0 catalogues: editions told apart; services, series, catalogue records and catalogues in any order."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.corpora import files_of_corpora
from tests.examples import share_of

from ckanext.aivision.catalogue.harvest.plan import Change, plan
from ckanext.aivision.catalogue.harvest.source_ledger import Entry, Ledger
from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import Harvest, open_source
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.protocols.dcat_us.data_json import DcatUsCatalogues
from ckanext.aivision.harvesters.sources.source import Source, resolve
from ckanext.aivision.record import Harvested

Read = Callable[..., list[Harvested]]
Opened = Callable[..., Harvest]

STANDARD = {"@type": "Standard", "title": "DCAT-US 3.0"}
KIND = {"@type": "Kind", "fn": "River desk", "hasEmail": "mailto:rivers@water.gov"}


def dataset(name: str, **members: Any) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "identifier": name,
        "title": f"Levels of {name}",
        "description": "Metres above datum.",
        "contactPoint": KIND,
        **members,
    }


def series(name: str, *members: Any, **more: Any) -> dict[str, Any]:
    own = {"@type": "DatasetSeries", "@id": name, "title": f"Series {name}", "description": "One dataset a year."}
    return {**own, "seriesMember": list(members), **more}


def service(name: str, **members: Any) -> dict[str, Any]:
    own = {"@type": "DataService", "identifier": name, "title": f"API {name}", "contactPoint": [KIND]}
    return {**own, "endpointURL": ["https://api.water.gov"], "publisher": {"name": "Water Office"}, **members}


def summaries(harvest: Harvest) -> list[tuple[str, str | None, str | None, str | None]]:
    """(place, identifier, profile, series) of each record."""
    return [
        (r.where, r.identifier, getattr(r.dataset, "profile", None), getattr(r.dataset, "in_series", None))
        for r in harvest
    ]


class TestEditions:
    @pytest.mark.parametrize(
        "catalogue",
        [
            {"conformsTo": STANDARD},
            {"conformsTo": "https://resources.data.gov/dcat-us/3.0.0/"},
            {"@context": ["https://resources.data.gov/dcat-us/3.0.0/context.jsonld"]},
            {"@type": "Catalog"},
            {"service": []},
            {"@type": "dcat:Catalog", "conformsTo": STANDARD},
        ],
    )
    def test_a_catalogue_tells_that_it_is_of_3(self, read: Read, catalogue: dict[str, Any]) -> None:
        (found,) = read({**catalogue, "dataset": [{"identifier": "a", "title": "b"}]})
        assert found.dataset is not None
        assert found.dataset.profile == "dcat-us-3.0"

    @pytest.mark.parametrize(
        ("record", "profile"),
        [
            ({"@type": "Dataset"}, "dcat-us-3.0"),
            ({"otherIdentifier": []}, "dcat-us-3.0"),
            ({"conformsTo": [STANDARD]}, "dcat-us-3.0"),
            ({"@type": "dcat:Dataset"}, "dcat-us-1.1"),
            ({"@type": "Dataset", "accessLevel": "public"}, "dcat-us-1.1"),
            ({"@type": "DataService"}, "dcat-us-3.0-service"),
            ({}, "dcat-us-1.1"),
        ],
    )
    def test_where_the_catalogue_is_silent_the_record_tells(
        self, read: Read, record: dict[str, Any], profile: str
    ) -> None:
        (found,) = read({"dataset": [{"identifier": "a", "title": "b", **record}]})
        assert found.dataset is not None
        assert found.dataset.profile == profile

    def test_the_search_has_records_of_both_editions(self, read: Read) -> None:
        results = [{"dcat": dataset("three")}, {"dcat": {"identifier": "one", "title": "b", "accessLevel": "public"}}]
        found = read({"results": results})
        assert [r.dataset and r.dataset.profile for r in found] == ["dcat-us-3.0", "dcat-us-1.1"]

    def test_a_profile_that_somebody_names_goes_before_what_the_record_shows(self, read: Read) -> None:
        (found,) = read({"conformsTo": STANDARD, "dataset": [dataset("a")]}, profile="aivision")
        assert found.dataset is not None
        assert found.dataset.profile == "aivision"


MEMBERS: dict[str, Any] = {
    "dataset": [dataset("one")],
    "service": [service("api", servesDataset=[dataset("served")])],
    "datasetSeries": [series("years", dataset("2023"), "2024", first=dataset("2023"))],
    "catalog": [{"catalog": [{"dataset": [dataset("deep")]}], "dataset": [dataset("inner")]}],
}


class TestCatalogues:
    @pytest.mark.parametrize("order", itertools.permutations(MEMBERS))
    def test_every_record_comes_once_whatever_the_order_of_the_file(self, read: Read, order: tuple[str, ...]) -> None:
        found = read({member: MEMBERS[member] for member in order})
        assert sorted(str(r.identifier) for r in found) == sorted(
            ("one", "api", "served", "years", "2023", "inner", "deep")
        )
        assert [r.problems for r in found] == [[]] * 7

    def test_members_of_a_series_are_in_it_and_come_after_it(self, opened: Opened) -> None:
        document = {"datasetSeries": [series("years", dataset("2023"), dataset("2024"), last=dataset("2024"))]}
        assert summaries(opened(document)) == [
            ("$.datasetSeries[0]", "years", "dcat-us-3.0-series", None),
            ("$.datasetSeries[0].seriesMember[0]", "2023", "dcat-us-3.0", "years"),
            ("$.datasetSeries[0].seriesMember[1]", "2024", "dcat-us-3.0", "years"),
        ]

    @pytest.mark.parametrize("order", [("dataset", "datasetSeries"), ("datasetSeries", "dataset")])
    def test_a_member_that_is_listed_too_comes_once_and_that_is_told(self, opened: Opened, order: Any) -> None:
        members = {"dataset": [dataset("2023")], "datasetSeries": [series("years", dataset("2023"))]}
        harvest = opened({member: members[member] for member in order})
        records = list(harvest)
        assert sorted(str(r.identifier) for r in records) == ["2023", "years"]
        assert all(r.dataset is not None and not r.problems for r in records)
        remarks = {(p.code, p.seen) for p in harvest.remarks if p.code != "country-unknown"}
        assert remarks == {("dataset-embedded-and-listed", "2023")}
        assert len([p for p in harvest.remarks if p.code == "dataset-embedded-and-listed"]) == 1

    def test_two_records_of_one_identifier_in_the_list_are_a_fault_as_ever(self, read: Read) -> None:
        first, second = read({"conformsTo": STANDARD, "dataset": [dataset("a"), dataset("a")]})
        assert first.dataset is not None
        assert [p.code for p in second.problems] == ["identifier-repeated"]

    def test_a_single_object_counts_as_a_list_of_one_and_null_as_none(self, read: Read) -> None:
        found = read({"dataset": [], "service": service("api"), "datasetSeries": None, "catalog": {"dataset": None}})
        assert [r.identifier for r in found] == ["api"]

    @pytest.mark.parametrize("member", ["service", "datasetSeries", "catalog"])
    def test_what_is_no_record_is_refused_and_the_rest_goes_on(self, read: Read, member: str) -> None:
        found = read({"@type": "Catalog", member: [7, None], "dataset": [dataset("a")]})
        assert [[p.code for p in r.problems] for r in found] == [["record-not-object"], ["record-not-object"], []]

    def test_catalogues_inside_each_other_without_end_are_refused(self, opened: Opened) -> None:
        document: dict[str, Any] = {"dataset": [dataset("deepest")]}
        for _ in range(40):
            document = {"catalog": [document]}
        with pytest.raises(SourceError, match="more than 32 nested catalogues"):
            list(opened(document, kind="dcat-us"))


CATALOG_RECORD = {"@type": "CatalogRecord", "primaryTopic": "one", "issued": ["2024-01"], "modified": "2024-06-15"}


class TestCatalogRecords:
    @pytest.mark.parametrize("topic", ["one", {"@id": "https://water.gov/id/one"}])
    def test_one_that_comes_before_its_data_set_dates_its_entry(self, opened: Opened, topic: Any) -> None:
        record = {**CATALOG_RECORD, "primaryTopic": topic}
        harvest = opened({"record": [record], "dataset": [dataset("one", **{"@id": "https://water.gov/id/one"})]})
        (found,) = harvest
        assert found.dataset is not None
        assert found.dataset.metadata_issued is not None
        assert found.dataset.metadata_modified is not None
        assert (found.dataset.metadata_issued.original, found.dataset.metadata_modified.original) == (
            "2024-01",
            "2024-06-15",
        )
        assert harvest.remarks == []

    def test_those_that_come_too_late_are_about_nothing_or_name_nothing_are_counted(self, opened: Opened) -> None:
        lost = [{**CATALOG_RECORD, "primaryTopic": f"lost {n}"} for n in range(2)]
        unusable: list[Any] = [{"modified": "2024"}, 7, None, {}, {"primaryTopic": []}]
        harvest = opened({"dataset": [dataset("one")], "record": [CATALOG_RECORD, *lost, *unusable]})
        list(harvest)
        assert [(p.code, p.message.split()[0]) for p in harvest.remarks] == [
            *[("catalog-record-without-topic", "a")] * 3,
            ("catalog-record-without-topic", "2"),
            ("catalog-record-late", "1"),
            ("catalog-record-orphan", "2"),
        ]

    def test_what_is_mended_in_one_is_told_of_the_source(self, opened: Opened) -> None:
        record = {**CATALOG_RECORD, "modified": "2024\ud800"}
        harvest = opened({"record": [record], "dataset": [dataset("one")]})
        (found,) = harvest
        assert msgspec.json.encode(found)
        assert [(p.code, p.where) for p in harvest.remarks] == [("character-repaired", "$.record[0].modified")]

    @pytest.mark.parametrize("member", ["issued", "modified"])
    def test_one_whose_dates_alone_change_changes_its_data_set(self, opened: Opened, member: str) -> None:
        """What is known is read no further, and its catalogue record is not told as late."""

        def read(known: dict[str, str], **dates: str) -> tuple[list[Change], Harvest]:
            harvest = opened({"record": [{**CATALOG_RECORD, **dates}], "dataset": [dataset("one"), dataset("two")]})
            harvest.known = known
            ledger = Ledger((identifier, Entry(content_hash)) for identifier, content_hash in known.items())
            return list(plan(harvest, ledger)), harvest

        first, _ = read({})
        known = {str(change.harvested.identifier): change.content_hash for change in first}
        again, harvest = read(known)
        assert [(change.kind, change.harvested.unchanged) for change in again] == [("unchanged", True)] * 2
        assert harvest.remarks == []
        later, _ = read(known, **{member: "2026-01-01"})
        assert [change.kind for change in later] == ["changed", "unchanged"]

    def test_a_member_that_moves_to_another_series_is_changed(self, opened: Opened) -> None:
        def read(name: str) -> dict[str, str]:
            harvest = opened({"datasetSeries": [series(name, dataset("one"))]})
            return {str(change.harvested.identifier): change.content_hash for change in plan(harvest, {})}

        assert read("years")["one"] == read("years")["one"] != read("decades")["one"]

    def test_a_reading_that_was_cut_does_not_call_them_orphans(self, opened: Opened) -> None:
        harvest = opened({"record": [CATALOG_RECORD], "dataset": [dataset("zero"), dataset("one")]}, limit=1)
        list(harvest)
        assert harvest.remarks == []


EXPECTED = {
    # Our own.
    "invalid.json": ["None identifier-missing", "bare mandatory-missing", "stakes"],
    "series.json": [
        "outlines/2021",
        "series/outlines series",
        "outlines/2022 in series/outlines",
        "remark dataset-embedded-and-listed",
    ],
    "services.json": ["services/melt service", "melt", "remark catalog-record-late", "remark catalog-record-orphan"],
    # Of the corpus of real metadata.
    "dcatus3_0.json": ["datasets/one", "datasets/two", "datasets/three", "NCDC-CLIMATE-OBS-2024"],
    "dcatus3_0_invalid.json": ["datasets/invalid mandatory-missing", "datasets/valid"],
    "dcatus3_0_nested_catalog.json": ["datasets/nested-parent", "datasets/nested-child", "datasets/nested-grandchild"],
    "dcatus3_0_no_identifier.json": ["None identifier-missing"],
    "dcatus3_0_record_no_id.json": ["datasets/one", "remark catalog-record-late"],
    "dcatus3_0_series_member_also_top_level.json": [
        "datasets/annual-report-2023",
        "series/annual-report series",
        "datasets/annual-report-2024 in series/annual-report",
        "remark dataset-embedded-and-listed",
    ],
    "dcatus3_0_series_with_members.json": [
        "series/annual-report series",
        "datasets/annual-report-2023 in series/annual-report",
        "datasets/annual-report-2024 in series/annual-report",
    ],
    "dcatus3_0_service_no_identifier.json": ["datasets/one", "None identifier-missing"],
    "dcatus3_0_service_serves_dataset.json": ["services/one service", "datasets/served-by-service-one"],
    "dcatus3_0_warning.json": [
        "datasets/warning-one dates-out-of-order",
        "datasets/warning-two media-type-unknown",
        "datasets/warning-three",
    ],
    "dcatus3_0_with_records.json": ["datasets/one", "remark catalog-record-late", "remark catalog-record-orphan"],
    "dcatus3_0_with_services.json": ["datasets/one", "services/one service", "services/two service"],
}


def summary(harvest: Harvest) -> Iterator[str]:
    for record in harvest:
        found, words = record.dataset, [str(record.identifier)]
        if found is not None:
            words += [found.type or "", f"in {found.in_series}" if found.in_series else ""]
        words += [problem.code for problem in record.problems]
        text = " ".join(word for word in words if word)
        yield re.sub(r"https://(?:glaciers\.)?example\.gov/", "", text)
    yield from (f"remark {problem.code}" for problem in harvest.remarks)


@pytest.mark.parametrize("path", files_of_corpora("dcat-us-3/*.json"))
def test_each_small_catalogue_of_the_corpora_gives_what_stands_in_it(path: Path) -> None:
    with Session() as session:
        assert list(summary(open_source(resolve(str(path)), session))) == EXPECTED[path.name]


@pytest.mark.long
def test_a_catalogue_inside_another_is_read_in_constant_memory(peak: Callable[[Callable[[], object]], int]) -> None:
    def chunks(records: int) -> Iterator[str]:
        yield '{"catalog": [{"service": ['
        for number in range(records):
            yield ("," if number else "") + json.dumps(service(str(number), description=f"{number} " * 2000))
        yield "]}]}"

    def read(records: int) -> None:
        source = Source(name="agency", url="/x", kind="dcat-us")
        assert sum(1 for _ in DcatUsCatalogues(source).read(JsonText(chunks(records), "agency"))) == records

    read(10)
    assert peak(lambda: read(1000)) < peak(lambda: read(100)) + 2_000_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
OTHERS = (
    "distribution servesDataset checksum byteSize accessService qualifiedRelation hasQualityMeasurement spatial "
    "temporal theme license rights accessRights accessRestriction cuiRestriction inSeries source provenance "
    "wasGeneratedBy conformsTo describedBy version otherIdentifier"
)
KEYS = sorted({*dataset("x"), *series("x"), *service("x"), *CATALOG_RECORD, *OTHERS.split()})
OBJECT = st.dictionaries(st.sampled_from(KEYS), JSON, max_size=8)
RECORD = st.dictionaries(st.sampled_from(KEYS), JSON | OBJECT | st.lists(OBJECT | JSON, max_size=3), max_size=8)
TAKEN = RECORD.map(lambda members: {**members, "@id": "https://a.gov/1", "title": "b"})
LISTS = st.dictionaries(
    st.sampled_from(["dataset", "service", "datasetSeries", "record"]),
    st.lists(TAKEN | RECORD | JSON, max_size=3) | JSON,
    min_size=1,
)


@pytest.mark.long
@settings(max_examples=share_of(200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(catalogue=LISTS, inner=st.lists(LISTS | JSON, max_size=2) | JSON)
def test_any_json_in_a_catalogue_gives_records_refusals_or_a_source_error(
    opened: Opened, catalogue: dict[str, Any], inner: Any
) -> None:
    harvest = opened({"conformsTo": STANDARD, "catalog": inner, **catalogue}, kind="dcat-us")
    with contextlib.suppress(SourceError):
        for record in harvest:
            assert (record.dataset is None) == any(problem.severity == "error" for problem in record.problems)
            # What cannot be written is not read.
            assert msgspec.json.encode(record)
    assert msgspec.json.encode(harvest.remarks)
    assert all(remark.message and remark.code for remark in harvest.remarks)
