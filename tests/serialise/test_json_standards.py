"""A record in DCAT-US 1.1 and 3.0 and in the UK exchange model, and back: the same record, and the same results."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import parse
from tests.corpora import OWN
from tests.examples import share_of
from tests.serialise.conftest import EVERYTHING, read
from tests.serialise.json_standards import ABOUT, carried, leaves, repeats_an_address, written_and_read

from ckanext.aivision.normalise import dates, frequencies, licences, media_types
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Agent, Dataset, Distribution, Term
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.json_standards import vocabulary
from ckanext.aivision.serialise.json_standards.documents import DOCUMENTS
from ckanext.aivision.serialise.json_standards.places import NAMES, table
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS as SYNTAXES
from ckanext.aivision.validation.json_schema import schemas

ON = datetime.date(2026, 11, 24)
FORMS = {document.standard: form for form, document in DOCUMENTS.items() if form.endswith(".json")}
DCAT_US = ("dcat-us-1.1", "dcat-us-3")
FOLDERS = [
    ("us", "dcat-us", "US"),
    ("uk", "ckan", "GB"),
    ("dcat", "dcat-rdf", "GB"),
    ("dcat-us-3", "dcat-us", "US"),
    ("uk-metadata-exchange/valid", "uk-metadata-exchange", "GB"),
    ("uk-metadata-exchange/invalid", "uk-metadata-exchange", "GB"),
]


@pytest.fixture(scope="session")
def own_records() -> list[Dataset]:
    """All records of our own corpus, and one that has everything."""
    files = [(path, kind, country) for name, kind, country in FOLDERS for path in sorted((OWN / name).iterdir())]
    found = [record for path, kind, country in files for record in read(path, kind, country)]
    return [*found, EVERYTHING]


def results(dataset: Dataset) -> dict[str, tuple[str, float | None]]:
    return {row.criterion: (row.result, row.value) for row in evaluate(dataset, load(), ON).results}


def without_own(dataset: Dataset) -> Dataset:
    """The record of an edited dataset: what the source wrote is not at hand any more."""
    return msgspec.structs.replace(dataset, raw={})


def differences(records: list[Dataset], standard: str) -> Iterator[tuple[str, str, Any, Any]]:
    """Criteria whose result is another after the way through a standard."""
    for dataset in records:
        before, after = carried(dataset, standard), written_and_read(dataset, FORMS[standard])
        old, new = results(before), results(msgspec.structs.replace(after, profile=dataset.profile))
        yield from ((dataset.identifier, name, old[name], new[name]) for name in old if old[name] != new[name])
        old_score, new_score = (
            evaluate(one, load(), ON).score for one in (before, msgspec.structs.replace(after, profile=dataset.profile))
        )
        if old_score != new_score:
            yield dataset.identifier, "score", old_score, new_score


@pytest.mark.parametrize("standard", NAMES)
def test_every_field_has_its_place_or_a_reason_why_it_has_none(standard: str) -> None:
    places = table(standard)
    for part, names, prefix in (
        (places.dataset, Dataset.__struct_fields__, ""),
        (places.distribution, Distribution.__struct_fields__, "distribution."),
    ):
        placed = {place.field for place in part.places}
        for name in set(names) - {"distribution", "unread"}:
            assert (name in placed) != (f"{prefix}{name}" in places.lost), f"{prefix}{name}"


@pytest.mark.long
@pytest.mark.parametrize("standard", DCAT_US)
def test_every_field_of_a_record_is_found_again(standard: str, own_records: list[Dataset]) -> None:
    for dataset in own_records:
        for written in (dataset, without_own(dataset)):
            read_back = written_and_read(written, FORMS[standard])
            read_back = msgspec.structs.replace(read_back, profile=dataset.profile)
            assert carried(read_back, standard) == carried(dataset, standard), dataset.identifier


@pytest.mark.long
@pytest.mark.parametrize("standard", NAMES)
def test_our_own_records_are_evaluated_alike_before_and_after(standard: str, own_records: list[Dataset]) -> None:
    assert list(differences(own_records, standard)) == []
    assert list(differences([without_own(dataset) for dataset in own_records], standard)) == []


@pytest.mark.long
@pytest.mark.parametrize("standard", NAMES)
def test_records_of_the_corpus_are_evaluated_alike_before_and_after(
    standard: str, corpus_records: list[Dataset]
) -> None:
    records = [without_own(dataset) for dataset in corpus_records if not repeats_an_address(dataset)]
    assert len(records) >= 24
    assert list(differences(records, standard)) == []


@pytest.mark.long
@pytest.mark.parametrize("standard", NAMES)
def test_what_makes_an_output_invalid_is_what_the_source_lacks(standard: str, own_records: list[Dataset]) -> None:
    """Nothing is left out to be valid: a required member in the source's own words may be none of the standard's."""
    places = table(standard)
    checked = schemas(places.standard)
    for dataset in map(without_own, own_records):
        document = json.loads(b"".join(DOCUMENTS[FORMS[standard]].write([dataset], ABOUT)))
        for record in document["dataset"] if isinstance(document, dict) else document:
            part = "dataset" if isinstance(document, dict) else record["type"].removeprefix("dcat:")
            for found in checked.errors(part, record, "$"):
                if found.rule != "required":
                    value = record[found.where.removeprefix("$.").partition(".")[0].partition("[")[0]]
                    assert set(leaves(value)) <= set(leaves(msgspec.to_builtins(dataset))), found


@pytest.mark.long
def test_a_record_with_everything_is_valid_but_for_what_no_form_asks_for() -> None:
    lacking = {}
    for standard in NAMES:
        document = json.loads(b"".join(DOCUMENTS[FORMS[standard]].write([EVERYTHING], ABOUT)))
        record = document["dataset"][0] if isinstance(document, dict) else document[0]
        part = "dataset" if isinstance(document, dict) else "Dataset"
        lacking[standard] = sorted(found.where for found in schemas(table(standard).standard).errors(part, record, "$"))
    # Neither the river office nor its team is an organisation on GOV.UK, and `restricted` and a month
    # alone are no values of the model.
    assert lacking == {
        "dcat-us-1.1": [],
        "dcat-us-3": [],
        "uk-metadata-exchange": ["$.accessRights", "$.creator[0]", "$.issued", "$.publisher"],
    }


@pytest.mark.parametrize("standard", NAMES)
def test_no_value_is_invented(standard: str, own_records: list[Dataset]) -> None:
    """Each text of the output is one of the record, as it is or as the standard writes it."""
    places = table(standard)
    words = {text for part in (places.dataset, places.distribution) for text in leaves(part.always)}
    words |= {
        word
        for part in (places.dataset, places.distribution)
        for place in part.places
        for word in place.values.values()
    }
    words |= {
        "dcat:CatalogRecord",
        "vcard:Contact",
        "org:Organization",
        "Organization",
        "Agent",
        "Kind",
        "PeriodOfTime",
    }
    words |= {"Location", "Document", "Standard", "Relationship", "http://www.w3.org/ns/prov#wasDerivedFrom"}
    words |= {found.uri for found in licences.all_licences()}
    words |= {row["media_type"] for row in rows("formats")}
    for dataset in map(without_own, own_records):
        held = set(leaves(msgspec.to_builtins(dataset)))
        document = json.loads(b"".join(DOCUMENTS[FORMS[standard]].write([dataset], ABOUT)))
        for record in document["dataset"] if isinstance(document, dict) else document:
            for text in set(leaves(record)) - held - words:
                bare = text.removeprefix("mailto:").removesuffix("Z")
                is_part = any(bare in one or bare.replace("-", " ") in one.lower() for one in held)
                is_period = all(day in held for day in re.split("/|\n\n", bare))
                is_name = re.search(r"distribution-\d+", bare) is not None
                assert is_part or is_period or is_name, f"{dataset.identifier}: {text}"


def test_a_harvested_record_is_what_its_source_said() -> None:
    (path, *_) = sorted((OWN / "us").iterdir())
    records = read(path, "dcat-us", "US")
    document = json.loads(b"".join(DOCUMENTS["dcat-us.json"].write(records, ABOUT)))
    assert document["dataset"] == [dataset.raw for dataset in records]


def test_series_and_services_of_dcat_us_3_stand_in_their_own_lists(own_records: list[Dataset]) -> None:
    records = [dataset for dataset in own_records if dataset.profile.startswith("dcat-us-3")]
    document = json.loads(b"".join(DOCUMENTS["dcat-us-3.json"].write(records, ABOUT)))
    for listed, profile in (("service", "dcat-us-3.0-service"), ("datasetSeries", "dcat-us-3.0-series")):
        assert document[listed] == [dataset.raw for dataset in records if dataset.profile == profile]


@pytest.mark.parametrize(
    ("field", "value", "member", "expected"),
    [
        ("license", licences.clean("OGL3"), "license", licences.info("OGL-UK-3.0")),
        ("license", licences.clean("Free for research"), "license", None),
        ("accrual_periodicity", frequencies.clean("Annual"), "accrualPeriodicity", "R/P1Y"),
        ("accrual_periodicity", frequencies.clean("updated every year in March"), "accrualPeriodicity", None),
        ("modified", dates.moment("24 November 2026"), "modified", "2026-11-24"),
        ("next_update", dates.moment("2026-12-24"), "nextUpdateDate", "2026-12-24"),
        ("access_rights", Term("Restricted", "restricted", "label"), "accessLevel", "restricted public"),
    ],
)
def test_the_standards_word_stands_in_its_member_and_the_sources_beside_it(
    field: str, value: Any, member: str, expected: Any
) -> None:
    dataset = msgspec.structs.replace(EVERYTHING, **{field: value})
    (record,) = json.loads(b"".join(DOCUMENTS["dcat-us.json"].write([dataset], ABOUT)))["dataset"]
    assert record.get(member) == getattr(expected, "uri", expected)
    if record.get(member) != value.original:
        assert record["aivision:sourceValues"][member] == value.original
    assert getattr(written_and_read(dataset, "dcat-us.json"), field) == value


def test_next_update_date_is_written_in_dcat_us_3_and_read_again() -> None:
    (record,) = json.loads(b"".join(DOCUMENTS["dcat-us-3.json"].write([EVERYTHING], ABOUT)))["dataset"]
    assert record["nextUpdateDate"] == "2026-12-01"
    assert written_and_read(EVERYTHING, "dcat-us-3.json").next_update == EVERYTHING.next_update


def test_what_describes_data_has_its_media_type_inside_in_dcat_us_3() -> None:
    (record,) = json.loads(b"".join(DOCUMENTS["dcat-us-3.json"].write([EVERYTHING], ABOUT)))["dataset"]
    for described in (record["describedBy"], record["distribution"][0]["describedBy"]):
        assert (described["accessURL"], described["mediaType"]) == (EVERYTHING.described_by, "text/csv")


def test_a_contact_without_a_name_does_not_make_the_others_invalid() -> None:
    both = [*EVERYTHING.contact_point, Agent(email="foi@rivers.example.gov")]
    dataset = msgspec.structs.replace(EVERYTHING, contact_point=both)
    for form, standard in (("dcat-us.json", "dcat-us-1.1-non-federal"), ("dcat-us-3.json", "dcat-us-3")):
        (record,) = json.loads(b"".join(DOCUMENTS[form].write([dataset], ABOUT)))["dataset"]
        assert list(schemas(standard).errors("dataset", record, "$")) == []
        assert written_and_read(dataset, form).contact_point == both


def test_codes_of_federal_agencies_are_kept_where_another_standard_is_read_from() -> None:
    raw = {"bureauCode": ["010:12"], "programCode": ["010:001"], "primaryITInvestmentUII": "010-000000123"}
    dataset = msgspec.structs.replace(EVERYTHING, raw=raw)
    for form in ("dcat-us.json", "dcat-us-3.json"):
        (record,) = json.loads(b"".join(DOCUMENTS[form].write([dataset], ABOUT)))["dataset"]
        assert {key: record[key] for key in raw} == raw


def test_the_countries_of_a_mixed_catalogue_come_back(tmp_path: Path) -> None:
    both = [msgspec.structs.replace(EVERYTHING, identifier=country, country=country) for country in ("GB", "US", "XX")]
    path = tmp_path / "data.json"
    path.write_bytes(b"".join(DOCUMENTS["dcat-us.json"].write(both, ABOUT)))
    assert [dataset.country for dataset in read(path, "dcat-us", "US")] == ["GB", "US", "XX"]


def test_a_distribution_that_two_datasets_call_alike_stays_with_its_own(tmp_path: Path) -> None:
    address = "https://rivers.example.gov/levels"
    both = [
        Dataset(
            identifier=name,
            title=name,
            profile="ckan",
            country="GB",
            distribution=[Distribution(title=f"{name} {part}", access_url=address) for part in "ab"],
        )
        for name in ("Thames", "Severn")
    ]
    path = tmp_path / "records.json"
    path.write_bytes(b"".join(DOCUMENTS["uk-metadata-exchange.json"].write(both, ABOUT)))
    titles = [item.title for dataset in read(path, "uk-metadata-exchange", "GB") for item in dataset.distribution]
    assert titles == ["Thames a", "Thames b", "Severn a", "Severn b"]


def test_yaml_has_the_same_records_as_json() -> None:
    records = [EVERYTHING, msgspec.structs.replace(EVERYTHING, identifier="other")]
    written = {
        form: b"".join(DOCUMENTS[f"uk-metadata-exchange.{form}"].write(records, ABOUT)) for form in ("json", "yaml")
    }
    assert yaml.safe_load(written["yaml"]) == json.loads(written["json"])
    assert yaml.safe_load(b"".join(DOCUMENTS["uk-metadata-exchange.yaml"].write([], ABOUT))) == []


def test_credentials_stay_masked() -> None:
    address = "https://rivers.example.gov/l.csv?api_key=s3cretS3CRET0123456789"
    dataset = msgspec.structs.replace(EVERYTHING, landing_page=address)
    for document in DOCUMENTS.values():
        assert b"s3cret" not in b"".join(document.write([dataset], ABOUT))


anything = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
agents = st.builds(Agent, name=anything, email=anything, url=anything, identifier=anything)


@pytest.mark.long
@settings(max_examples=share_of(150), deadline=None)
@given(texts=st.lists(anything, max_size=4), word=anything, agent=agents, size=st.integers(-5, 2**70))
def test_no_text_of_a_record_stops_a_document(texts: list[str], word: str, agent: Agent, size: int) -> None:
    item = Distribution(
        identifier=word, access_url=word, download_url=word, byte_size=size, license=Term(word), columns=texts
    )
    dataset = msgspec.structs.replace(
        EVERYTHING,
        identifier=word,
        title=word,
        keyword=texts,
        rights=texts,
        page=texts,
        publisher=agent,
        creator=[agent],
        contact_point=[agent],
        language=[Term(word)],
        temporal=[found] if (found := dates.period(word)) else [],
        unread={"modified": word, "theme": word},
        distribution=[item, item],
    )
    for form, document in DOCUMENTS.items():
        text = b"".join(document.write([dataset], ABOUT))
        ending = form.rpartition(".")[2]
        if ending in SYNTAXES:
            assert list(parse(text, SYNTAXES[ending]))
        else:
            assert yaml.safe_load(text) if ending == "yaml" else json.loads(text)


def test_a_record_keeps_the_profile_of_its_first_source(tmp_path: Path) -> None:
    """What its format has no field for stays unknown, and is no fault, however often it is given out."""
    dataset = msgspec.structs.replace(EVERYTHING, profile="data-gov-uk")
    for form in ("dcat-us.json", "dcat-us-3.json"):
        again = written_and_read(dataset, form)
        assert again.profile == "data-gov-uk"
        # Our own record of another catalogue's is not what a source of DCAT-US wrote.
        native = msgspec.structs.replace(again, profile="dcat-us-3.0")
        (record,) = json.loads(b"".join(DOCUMENTS["dcat-us-3.json"].write([native], ABOUT)))["dataset"]
        assert record["@type"] == "Dataset"


def test_a_profile_that_does_not_exist_is_that_of_the_document(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    record = {"identifier": "levels", "title": "Levels", "aivision:profile": "rivers-9"}
    path.write_text(json.dumps({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [record]}))
    assert [dataset.profile for dataset in read(path, "dcat-us", "US")] == ["dcat-us-1.1"]


def test_every_term_of_our_own_has_a_meaning() -> None:
    """The context declares the prefix, and its namespace leads to what each term means."""
    places = [
        row for name in DCAT_US for part in (table(name).dataset, table(name).distribution) for row in part.places
    ]
    own = {row.member.removeprefix("aivision:") for row in places if row.member.startswith("aivision:")}
    found = vocabulary.vocabulary("https://rivers.example.gov/aivision/vocabulary#")
    assert {term["@id"] for term in found["@graph"]} == {f"aivision:{name}" for name in {*own, "sourceValues"}}
    document = json.loads(b"".join(DOCUMENTS["dcat-us-3.json"].write([], ABOUT)))
    assert document["@context"]["aivision"] == found["@context"]["aivision"]
    prefixes = {row.member.partition(":")[0] for row in places if ":" in row.member}
    assert prefixes - document["@context"].keys() == set()


def test_a_media_type_of_a_format_is_not_taken_for_the_sources() -> None:
    """DCAT-US 1.1 demands one beside a download address."""
    item = Distribution(download_url="https://rivers.example.gov/a", format=media_types.from_format("CSV"))
    dataset = msgspec.structs.replace(EVERYTHING, distribution=[item])
    (record,) = json.loads(b"".join(DOCUMENTS["dcat-us.json"].write([dataset], ABOUT)))["dataset"]
    assert record["distribution"][0]["mediaType"] == "text/csv"
    assert record["distribution"][0]["aivision:sourceValues"] == {"mediaType": None}
    assert written_and_read(dataset, "dcat-us.json").distribution[0].media_type is None
