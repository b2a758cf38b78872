"""No value is dropped without a word: it is in the record, or a warning quotes it. In every field of every reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.protocols.ckan.extras import FACTS
from ckanext.aivision.harvesters.protocols.dcat_us import v1_1, v3
from ckanext.aivision.harvesters.protocols.uk_metadata_exchange import dataset as uk
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Harvested

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
Read = Callable[[bytes, str], list[Harvested]]

# Values that hardly any field expects; and one of two that can be read beside one that cannot.
ODD: dict[str, Any] = {
    "text": "ZZQX 9",
    "an object": {"odd": "ZZQX 9"},
    "objects": [{"odd": "ZZQX 9"}],
    "one of two": ["Good", {"odd": "ZZQX 9"}],
    "two": ["Good", "ZZQX 9"],
    "a number": 987654321,
}
# A switch of our own documents, which is on or says nothing.
SWITCHES = ("aivision:datastoreActive",)
# It lists parties in several roles, of which the first that has a name is taken.
SEVERAL_PARTIES = ("responsible-party",)


@pytest.fixture
def read(tmp_path: Any) -> Read:
    def reader(content: bytes, name: str) -> list[Harvested]:
        (tmp_path / name).write_bytes(content)
        with Session() as session:
            return list(open_source(resolve(str(tmp_path / name)), session))

    return reader


def told_of(record: Harvested) -> str:
    """Everything that is known of a record, but for the record as it came."""
    assert record.dataset is not None, record.problems
    kept = msgspec.structs.replace(record.dataset, raw=None)
    return json.dumps([msgspec.to_builtins(kept), msgspec.to_builtins(record.problems)])


def members() -> Iterator[tuple[str, str, str]]:
    for edition, table in (("1.1", v1_1), ("3.0", v3)):
        yield from ((edition, "dataset", key) for key in table.DATASET if key not in SWITCHES)
        yield from ((edition, "file", key) for key in table.DISTRIBUTION if key not in SWITCHES)
    yield from (("ckan", "dataset", key) for key in ("notes", "tags", "groups", "organization", "license_id", "url"))
    yield from (("ckan", "file", key) for key in ("name", "description", "url", "mimetype", "format", "size", "hash"))
    keys = {part for fact in FACTS for key in fact.keys for part in (key if isinstance(key, tuple) else (key,))}
    yield from (("ckan", "extra", key) for key in sorted(keys - set(SEVERAL_PARTIES)))
    yield from (("uk", "dataset", key) for key in uk.DATASET)


def document(form: str, part: str, key: str, values: dict[str, Any]) -> bytes:
    """A document with one record for each of the values, which its member has."""
    if form == "uk":
        record = {"title": "Trees", "updateFrequency": "daily", "licence": "OGL"}
        return json.dumps([{**record, "identifier": name, key: odd} for name, odd in values.items()]).encode()
    if form == "ckan":
        where = {"dataset": lambda odd: {key: odd}, "file": lambda odd: {"resources": [{"name": "a", key: odd}]}}
        where["extra"] = lambda odd: {"extras": [{"key": key, "value": odd}]}
        packages = [
            {"id": name, "title": "Trees", "num_resources": 1, **where[part](odd)} for name, odd in values.items()
        ]
        return json.dumps(packages).encode()
    standard = {"1.1": "https://project-open-data.cio.gov/v1.1/schema", "3.0": "https://resources.data.gov/dcat-us/3.0"}
    records = [
        {"identifier": name, "title": "Trees", **({key: odd} if part == "dataset" else {"distribution": [{key: odd}]})}
        for name, odd in values.items()
    ]
    return json.dumps({"conformsTo": standard[form], "dataset": records}).encode()


@pytest.mark.long
@pytest.mark.parametrize(("form", "part", "key"), list(members()))
def test_a_value_of_json_is_read_or_quoted(form: str, part: str, key: str, read: Read) -> None:
    for record in read(document(form, part, key, ODD), "records.json"):
        assert record.dataset is not None
        written = ODD[record.dataset.identifier]
        wanted = "987654321" if written == 987654321 else "ZZQX 9"
        assert wanted in told_of(record), (form, part, key, written)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("dct:temporal", '"2020-01-01/2021-01-01", [ a dct:PeriodOfTime ; dcat:startDate "ZZQX 9" ]'),
        ("dct:temporal", '"ZZQX 9"'),
        ("dct:modified", '"2020-01-01", "ZZQX 9"'),
        ("dct:license", "<https://creativecommons.org/licenses/by/4.0/>, <https://town.gov.uk/ZZQX-9>"),
        ("dct:accrualPeriodicity", '"monthly", "ZZQX 9"'),
        ("dct:publisher", '"Town", "ZZQX 9"'),
        ("dct:accessRights", '[ rdfs:label "ZZQX 9" ]'),
        ("dcat:landingPage", "<https://town.gov.uk/1>, <https://town.gov.uk/ZZQX-9>"),
        ("dct:spatial", '"ZZQX 9", "Alton"'),
        ("dcat:distribution", '"ZZQX 9"'),
        ("dcat:distribution", '[ a dcat:Distribution ; dcat:byteSize "ZZQX 9" ]'),
        ("dcat:distribution", '[ a dcat:Distribution ; dct:format "CSV", "ZZQX 9" ]'),
    ],
)
def test_a_value_of_rdf_is_read_or_quoted(name: str, values: str, read: Read) -> None:
    text = f'{PREFIXES}<https://town.gov.uk/1> a dcat:Dataset ; dct:title "Trees" ; {name} {values} .'
    [record] = read(text.encode(), "records.ttl")
    assert "ZZQX" in told_of(record)


def test_texts_in_other_languages_are_no_values_that_were_left_out(read: Read) -> None:
    titles = '"Trees"@en, "Coed"@cy'
    text = f"{PREFIXES}<https://town.gov.uk/1> a dcat:Dataset ; dct:title {titles} ; dct:description {titles} ."
    [record] = read(text.encode(), "records.ttl")
    assert record.problems == []


@pytest.mark.parametrize(
    "text",
    [
        {"en": "Trees of the town", "cy": "Coed y dref"},
        {"cy": "Coed y dref", "en-GB": "Trees of the town"},
        [{"@language": "cy", "@value": "Coed y dref"}, {"@language": "en", "@value": "Trees of the town"}],
        json.dumps({"cy": "Coed y dref", "en": "Trees of the town"}),
    ],
)
def test_of_texts_by_language_the_english_one_is_read(text: Any, read: Read) -> None:
    for form, title, description in (("ckan", "title", "notes"), ("1.1", "title", "description")):
        if form == "1.1" and isinstance(text, str):
            continue  # JSON in a string is a form of CKAN's.
        content = json.loads(document(form, "dataset", description, {"a": text}))
        [raw] = content if form == "ckan" else content["dataset"]
        raw[title] = text
        [record] = read(json.dumps(content).encode(), "records.json")
        assert record.dataset is not None
        assert (record.dataset.title, record.dataset.description) == ("Trees of the town", "Trees of the town")
        assert "Coed y dref" in json.dumps(record.dataset.raw)


def test_keywords_by_language_are_the_english_ones(read: Read) -> None:
    words = {"cy": ["coed"], "en": ["trees", "parks"]}
    [record] = read(document("1.1", "dataset", "keyword", {"a": words}), "records.json")
    assert record.dataset is not None
    assert record.dataset.keyword == ["trees", "parks"]
    [package] = read(document("ckan", "dataset", "keywords", {"a": words}), "packages.json")
    assert package.dataset is not None
    assert package.dataset.keyword == ["trees", "parks"]


def test_an_object_whose_names_are_no_languages_is_none(read: Read) -> None:
    [record] = read(document("1.1", "dataset", "publisher", {"a": {"name": "Town", "id": "t1"}}), "records.json")
    assert record.dataset is not None
    assert record.dataset.publisher is not None
    assert record.dataset.publisher.name == "Town"


@pytest.mark.parametrize(
    ("titles", "kept", "left_out"),
    [
        (("Trees", "Parks"), "Trees", "title: Parks"),
        (("Trees", ""), "Trees", "title"),
        (("", "Parks"), "Parks", "title"),
        (("Trees", "Trees"), "Trees", "title"),
    ],
)
def test_of_a_name_that_stands_twice_the_filled_value_is_read(
    titles: tuple[str, str], kept: str, left_out: str, read: Read
) -> None:
    first, second = map(json.dumps, titles)
    members = f'"title": {first}, "identifier": "a", "title": {second}'
    lines = f"title: {first}\nidentifier: a\nupdateFrequency: daily\ntitle: {second}\n"
    for content, name in ((f'{{"dataset": [{{{members}}}]}}', "data.json"), (lines, "uk.yaml")):
        [record] = read(content.encode(), name)
        assert record.dataset is not None
        assert record.dataset.title == kept
        assert [one.seen for one in record.problems if one.code == "member-repeated"] == [left_out]


def test_of_an_extra_that_stands_twice_the_filled_value_is_read(read: Read) -> None:
    extras = [("update_frequency", ""), ("update_frequency", "monthly"), ("update_frequency", "daily")]
    package = {"id": "a", "title": "Trees", "resources": [], "extras": [{"key": k, "value": v} for k, v in extras]}
    [record] = read(json.dumps([package]).encode(), "packages.json")
    assert record.dataset is not None
    assert record.dataset.accrual_periodicity is not None
    assert record.dataset.accrual_periodicity.original == "monthly"
    assert [one.seen for one in record.problems if one.code == "member-repeated"] == ["daily"]


def test_extras_as_one_object_are_read(read: Read) -> None:
    package = {"id": "a", "title": "Trees", "resources": [], "extras": {"update_frequency": "monthly"}}
    [record] = read(json.dumps([package]).encode(), "packages.json")
    assert record.dataset is not None
    assert record.dataset.accrual_periodicity is not None
    assert record.problems == []
