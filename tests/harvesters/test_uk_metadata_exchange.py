"""Records of the UK Cross-Government Metadata Exchange Model: what becomes of them and what is told of their faults."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.corpora import OWN
from tests.examples import share_of

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import Harvest, open_source
from ckanext.aivision.harvesters.protocols.uk_metadata_exchange import dataset as uk_metadata_exchange
from ckanext.aivision.harvesters.protocols.uk_metadata_exchange.dataset import DATASET, DISTRIBUTION, SERVICE
from ckanext.aivision.harvesters.protocols.uk_metadata_exchange.model import CLASSES, organisations, values
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.normalise import access_rights, frequencies
from ckanext.aivision.record import Agent, Dataset, Harvested, Term
from ckanext.aivision.scoring.rubric import load

Read = Callable[..., list[Harvested]]
KIND = "uk-metadata-exchange"

CSV: dict[str, Any] = {
    "identifier": "https://files.water.gov.uk/levels.csv",
    "type": "dcat:Distribution",
    "title": "Levels as CSV",
    "licence": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "mediaType": "text/csv",
    "byteSize": 14330000,
    "downloadURL": "https://files.water.gov.uk/levels.csv",
}
RECORD: dict[str, Any] = {
    "identifier": "https://water.gov.uk/levels",
    "type": "dcat:Dataset",
    "title": "Weekly river levels",
    "summary": "Levels at 120 stations.",
    "description": "Levels at 120 stations, in metres above datum.",
    "keyword": ["rivers", "levels"],
    "theme": ["https://www.data.gov.uk/search?filters%5Btopic%5D=Environment", "http://eurovoc.europa.eu/5431"],
    "licence": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "version": "2023-02",
    "accessRights": "COMMERCIAL",
    "securityClassification": "OFFICIAL",
    "issued": "2022-02-01",
    "modified": "2023-02-01",
    "contactPoint": {"contactName": "River desk", "email": "rivers@water.gov.uk"},
    "creator": ["ordnance-survey"],
    "publisher": "department-for-work-pensions",
    "updateFrequency": "freq:monthly",
    "distribution": ["https://files.water.gov.uk/levels.csv", "levels-as-xlsx"],
}
SERVICE_RECORD: dict[str, Any] = {
    **{key: value for key, value in RECORD.items() if key not in ("updateFrequency", "distribution")},
    "identifier": "levels-api",
    "type": "dcat:DataService",
    "serviceType": "REST",
    "serviceStatus": "LIVE",
    "endpointURL": "https://api.water.gov.uk/",
    "endpointDescription": "https://api.water.gov.uk/docs",
    "servesData": ["https://water.gov.uk/levels"],
}


def codes(record: Harvested) -> list[tuple[str, str]]:
    return [(problem.code, problem.where.rpartition(".")[2]) for problem in record.problems]


@pytest.fixture
def dataset(read: Read) -> Dataset:
    (record,) = read(yaml.safe_dump(RECORD), "levels.yaml")
    assert record.problems == []
    assert record.dataset is not None
    return record.dataset


def test_every_member_has_its_field(dataset: Dataset) -> None:
    for field, expected in {
        "identifier": RECORD["identifier"],
        "title": RECORD["title"],
        "description": RECORD["description"],
        "keyword": RECORD["keyword"],
        "version": "2023-02",
        "contact_point": [Agent(name="River desk", email="rivers@water.gov.uk")],
        "accrual_periodicity": Term("freq:monthly", "R/P1M", "uri"),
        "access_rights": Term("COMMERCIAL", "restricted", "label"),
        "security_classification": Term("OFFICIAL", "OFFICIAL", "id"),
        "license": Term(RECORD["licence"], "OGL-UK-3.0", "uri"),
        "country": "GB",
        "profile": KIND,
        "raw": RECORD,
    }.items():
        assert getattr(dataset, field) == expected, field
    assert dataset.modified is not None
    assert dataset.modified.value == datetime.date(2023, 2, 1)
    assert [term.id is not None for term in dataset.theme] == [True, False]


def test_an_organisation_of_the_model_has_the_address_of_its_page(dataset: Dataset) -> None:
    page = "https://www.gov.uk/government/organisations/"
    assert dataset.publisher == Agent("department-for-work-pensions", identifier=f"{page}department-for-work-pensions")
    assert dataset.creator == [Agent("ordnance-survey", identifier=f"{page}ordnance-survey")]


def test_a_distribution_that_stands_elsewhere_is_known_by_its_name_and_address(dataset: Dataset) -> None:
    assert [(item.identifier, item.url) for item in dataset.distribution] == [
        (CSV["identifier"], CSV["identifier"]),
        ("levels-as-xlsx", None),
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    "write", [yaml.safe_dump_all, yaml.safe_dump, json.dumps], ids=["documents", "one list", "a list in JSON"]
)
def test_a_distribution_in_the_same_file_is_put_in_its_place(
    read: Read, order: tuple[int, int], write: Callable[[Any], str]
) -> None:
    (record,) = read(write([(RECORD, CSV)[index] for index in order]), "levels.yaml")
    assert record.dataset is not None
    assert record.problems == []
    first, _ = record.dataset.distribution
    assert (first.title, first.byte_size, first.download_url) == (CSV["title"], 14_330_000, CSV["downloadURL"])
    # Who looks for changes must see those of the distribution.
    assert record.raw["distribution"] == [CSV, "levels-as-xlsx"]


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize("order", ["dataset first", "distribution first", "shared"])
def test_a_data_set_and_its_distribution_find_each_other_wherever_a_large_file_is_parted(
    read: Read, monkeypatch: pytest.MonkeyPatch, before: int, order: str
) -> None:
    monkeypatch.setattr(uk_metadata_exchange, "TOGETHER", 4)
    others = [{**RECORD, "identifier": f"other-{number}", "distribution": []} for number in range(before + 4)]
    first, second = ({**RECORD, "identifier": name, "distribution": [CSV["identifier"]]} for name in ("one", "two"))
    found = {"dataset first": [first, CSV], "distribution first": [CSV, first], "shared": [first, CSV, second]}[order]
    spread = [record for pair in zip(found, others[before:], strict=False) for record in pair]
    records = read(json.dumps([*others[:before], *spread, *others[before + len(found) :]]), "levels.json")
    told = {record.identifier: record.raw["distribution"] for record in records}
    assert len(records) == len(told) == len(others) + len(found) - 1
    assert [placed for placed in told.values() if placed] == [[CSV]] * (len(found) - 1)


def test_a_distribution_that_no_data_set_names_is_a_record_of_its_own(read: Read) -> None:
    (record,) = read(yaml.safe_dump(CSV))
    assert record.dataset is not None
    assert (record.dataset.type, record.dataset.profile) == ("distribution", f"{KIND}-distribution")
    assert [item.media_type and item.media_type.id for item in record.dataset.distribution] == ["text/csv"]


def test_a_service_is_reached_at_its_endpoint(read: Read) -> None:
    (record,) = read(yaml.safe_dump(SERVICE_RECORD))
    assert record.dataset is not None
    assert record.problems == []
    assert (record.dataset.type, record.dataset.profile) == ("service", f"{KIND}-service")
    assert record.dataset.described_by == "https://api.water.gov.uk/docs"
    assert record.dataset.serves_dataset == ["https://water.gov.uk/levels"]
    assert [(item.access_url, item.format and item.format.id) for item in record.dataset.distribution] == [
        ("https://api.water.gov.uk/", "API")
    ]


@pytest.mark.parametrize("level", ["SECRET", "TOP_SECRET"])
def test_metadata_that_are_secret_stay_where_they_are(read: Read, level: str) -> None:
    (record,) = read(yaml.safe_dump({**RECORD, "securityClassification": level}))
    assert record.dataset is None
    assert codes(record) == [("not-public", "securityClassification")]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"updateFrequency": "freq:madeUp"}, ("value-not-of-model", "updateFrequency")),
        ({"updateFrequency": None}, ("mandatory-missing", "updateFrequency")),
        ({"accessRights": "SENSITIVE"}, ("value-not-of-model", "accessRights")),
        ({"modified": "2023-01-30T12:12:12"}, ("value-not-of-model", "modified")),
        ({"type": "Dataset"}, ("value-not-of-model", "type")),
        ({"publisher": "ministry-of-silly-walks"}, ("value-not-of-model", "publisher")),
        ({"contactPoint": {"contactName": "A", "email": "a at b.uk"}}, ("value-not-of-model", "email")),
        ({"contactPoint": {"email": "a@b.uk"}}, ("mandatory-missing", "contactName")),
        ({"summary": "x" * 251}, ("value-not-of-model", "summary")),
        ({"spatial": "Wales"}, ("member-unknown", "spatial")),
        ({"distribution": [{"identifier": "test:value"}]}, ("distribution-embedded", "distribution")),
    ],
)
def test_a_departure_from_the_model_is_a_warning(
    read: Read, members: dict[str, Any], expected: tuple[str, str]
) -> None:
    (record,) = read(yaml.safe_dump({**RECORD, **members}))
    assert record.dataset is not None
    assert codes(record) == [expected]


def test_a_file_on_the_web_is_known_by_its_content(serve: Callable[..., str], harvest: Callable[..., Harvest]) -> None:
    body = yaml.safe_dump_all([RECORD, SERVICE_RECORD]).encode()

    def answer(request: Any) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    reading = harvest(f"{serve(answer)}/catalogue")
    assert [record.identifier for record in reading] == [RECORD["identifier"], "levels-api"]
    assert (reading.source.kind, reading.source.country) == (KIND, "GB")


def test_a_misspelt_member_is_told_with_what_is_meant(read: Read) -> None:
    record = {("license" if key == "licence" else key): value for key, value in RECORD.items()}
    (found,) = read(yaml.safe_dump(record))
    assert codes(found) == [("mandatory-missing", "licence"), ("member-unknown", "license")]
    assert "did you mean `licence`?" in found.problems[1].message


def test_a_key_that_stands_twice_and_a_document_that_is_no_yaml_are_told(read: Read) -> None:
    text = f"{yaml.safe_dump(RECORD)}title: Again\n---\nidentifier: [\n---\n{yaml.safe_dump(SERVICE_RECORD)}"
    first, second, third = read(text)
    assert [problem.code for problem in first.problems] == ["member-repeated"]
    assert first.dataset is not None
    assert first.dataset.title == RECORD["title"]
    assert [(problem.code, problem.where) for problem in second.problems] == [("record-not-yaml", "document 2: $")]
    assert third.dataset is not None


@pytest.mark.parametrize("text", ["<html></html>", "", "  \n", '{"identifier": "a",\n"title":'])
def test_what_is_no_yaml_at_all_is_refused_with_what_it_is(opened: Callable[..., Harvest], text: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(opened(text, kind=KIND))
    assert "\n" not in str(caught.value)


class TestTheModel:
    @pytest.fixture
    def schema(self) -> dict[str, Any]:
        folder = resources.files("ckanext.aivision.config") / "standards" / "uk-metadata-exchange"
        text = (folder / "schema.json").read_text(encoding="utf-8")
        definitions: dict[str, Any] = json.loads(text)["$defs"]
        return definitions

    def test_classes_have_the_members_of_the_schema(self, schema: dict[str, Any]) -> None:
        for name, members in CLASSES.items():
            assert members.required == set(schema[name]["required"])
            assert members.required | members.optional == set(schema[name]["properties"])

    def test_vocabularies_have_the_values_of_the_schema(self, schema: dict[str, Any]) -> None:
        assert organisations() == set(schema["OrganisationValues"]["enum"])
        for member, name in {
            "accessRights": "AccessRightsValues",
            "updateFrequency": "FrequencyValues",
            "securityClassification": "SecurityClassificationValues",
            "serviceStatus": "ServiceStatusValues",
            "serviceType": "ServiceTypeValues",
        }.items():
            assert values(member) == set(schema[name]["enum"])

    def test_every_value_of_the_model_is_known_to_ours(self) -> None:
        assert all(access_rights.clean(value).id for value in values("accessRights"))
        assert all(frequencies.clean(value).id for value in values("updateFrequency"))

    @pytest.mark.parametrize(
        ("profile", "name", "rows"),
        [
            ("", "Dataset", DATASET),
            ("-service", "DataService", SERVICE),
            ("-distribution", "Distribution", DATASET),
        ],
    )
    def test_profiles_carry_what_the_schema_has_a_place_for(
        self, schema: dict[str, Any], profile: str, name: str, rows: Any
    ) -> None:
        fields = {row.field for row in rows.values() if row.key in schema[name]["properties"]}
        of_distributions = {f"distribution.{row.field}" for row in DISTRIBUTION.values() if row.field != "identifier"}
        if name == "DataService":
            of_distributions = {"distribution.format", "distribution.described_by"}
        expected = {"identifier", "title", "distribution", "distribution.access_url"} | fields | of_distributions
        assert load().profiles[f"{KIND}{profile}"] == expected


def examples(standards: Path, kind: str) -> list[Path]:
    return sorted((standards / "uk-metadata-exchange" / "examples").glob(f"*/{kind}/*.yaml"))


@pytest.mark.parametrize("path", sorted((OWN / "uk-metadata-exchange").glob("*/*.yaml")), ids=lambda path: path.name)
def test_our_own_examples_have_problems_if_they_break_the_model(path: Path) -> None:
    with Session() as session:
        (record,) = open_source(resolve(str(path)), session)
    assert record.dataset is not None
    assert bool(record.problems) == (path.parent.name == "invalid")


def test_every_valid_example_is_a_record_without_a_problem(standards: Path) -> None:
    paths = examples(standards, "valid")
    assert len(paths) == 12
    for path in paths:
        with Session() as session:
            (record,) = open_source(resolve(str(path)), session)
        if path.parts[-3] == "ContactPoint":
            # A contact is no dataset; what there is to say of it is only that.
            assert codes(record) == [("not-a-dataset", "document 1: $")]
        else:
            assert record.dataset is not None, path
            assert record.problems == [], path


def test_every_invalid_example_is_a_record_with_problems_or_refused(standards: Path) -> None:
    paths = examples(standards, "invalid")
    assert len(paths) == 20
    for path in paths:
        with Session() as session:
            (record,) = open_source(resolve(str(path), kind=KIND), session)
        assert record.problems, path
        assert (record.dataset is None) == (path.parts[-3] == "ContactPoint"), path


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(
    sorted({name for members in CLASSES.values() for name in (*members.required, *members.optional)})
)
ANY_RECORD = st.dictionaries(
    MEMBERS, JSON | st.lists(st.dictionaries(MEMBERS, JSON, max_size=3), max_size=2), max_size=9
)


def check(harvest: Harvest) -> None:
    with contextlib.suppress(SourceError):
        for record in harvest:
            assert (record.dataset is None) == any(problem.severity == "error" for problem in record.problems)
            # What cannot be written is not read.
            assert msgspec.json.encode(record)


@pytest.mark.long
@settings(max_examples=share_of(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    found=st.lists(
        ANY_RECORD | ANY_RECORD.map(lambda record: {**record, "identifier": "a", "title": "b"}) | JSON, max_size=4
    )
)
def test_any_members_give_records_or_refusals(opened: Callable[..., Harvest], found: list[Any]) -> None:
    for text in (json.dumps(found), yaml.safe_dump_all(found)):
        check(opened(text, kind=KIND))
        check(opened(text))


@pytest.mark.long
@settings(max_examples=share_of(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=100) | st.text("-:[]{}&*!<|>'\"#%?, \nab~", max_size=80),
    cut=st.integers(0, 700),
    raw=st.binary(),
)
def test_any_text_gives_records_refusals_or_a_source_error(
    opened: Callable[..., Harvest], text: str, cut: int, raw: bytes
) -> None:
    whole = yaml.safe_dump(RECORD)
    inserted = (whole[:cut] + text + whole[cut:]).encode("utf-8", "surrogatepass")
    for content in (text.encode("utf-8", "surrogatepass"), inserted, raw, inserted[:cut] + raw):
        check(opened(content, kind=KIND))
        check(opened(content))
