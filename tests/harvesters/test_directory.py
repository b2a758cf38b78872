"""Directories as sources: saved catalogues in the order of their names, and harvests read back as they were."""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from ckanext.aivision.catalogue.harvest.directory_store import DirectoryStore
from ckanext.aivision.catalogue.harvest.run_harvest import run_harvest
from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import Harvest, open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.rubric import load

Make = Callable[..., dict[str, Any]]

NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc)
PACKAGE = {"id": "p1", "title": "Rivers", "resources": [], "owner_org": "x"}
UK = {
    "identifier": "uk-1",
    "type": "dcat:Dataset",
    "title": "Levels",
    "licence": "OGL",
    "updateFrequency": "freq:daily",
}


def opened(folder: Path, limit: int | None = None, **stated: str) -> Harvest:
    return open_source(resolve(str(folder), **stated), Session(), limit)


@pytest.fixture
def folder(tmp_path: Path, make: Make) -> Path:
    """A directory of one file of each form, and others that are no metadata."""
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "c.data.json").write_text(json.dumps({"dataset": [make(1)]}))
    (folder / "a.data.json.gz").write_bytes(gzip.compress(json.dumps({"dataset": [make(2), make(3)]}).encode()))
    (folder / "b.ckan.ndjson.gz").write_bytes(gzip.compress(json.dumps(PACKAGE).encode() + b"\n"))
    (folder / "d.yaml").write_text(yaml.safe_dump(UK))
    (folder / "README.md").write_text("Saved on Monday")
    (folder / ".hidden.json").write_text("{")
    (folder / "inside.json").mkdir()
    return folder


def test_saved_catalogues_of_any_kind_are_read_in_the_order_of_their_names(folder: Path) -> None:
    harvest = opened(folder)
    found = [(r.where, r.dataset.identifier, r.dataset.profile, r.dataset.country) for r in harvest if r.dataset]
    assert found == [
        ("a.data.json.gz: $.dataset[0]", "agency-2", "dcat-us-1.1", ""),
        ("a.data.json.gz: $.dataset[1]", "agency-3", "dcat-us-1.1", ""),
        ("b.ckan.ndjson.gz: line 1", "p1", "ckan", ""),
        ("c.data.json: $.dataset[0]", "agency-1", "dcat-us-1.1", ""),
        ("d.yaml: document 1: $", "uk-1", "uk-metadata-exchange", "GB"),
    ]
    assert harvest.complete
    assert (harvest.source.name, harvest.source.kind) == (str(folder), "dcat-us")


def test_every_data_set_names_the_directory_as_its_source(folder: Path) -> None:
    assert {r.dataset.source for r in opened(folder) if r.dataset} == {str(folder)}


def test_an_identifier_that_comes_in_two_files_is_refused_the_second_time(folder: Path, make: Make) -> None:
    (folder / "e.json").write_text(json.dumps({"dataset": [make(1), make(9)]}))
    refusals = [(r.where, r.problems[0].code) for r in opened(folder) if r.dataset is None]
    assert refusals == [("e.json: $.dataset[0]", "identifier-repeated")]


def test_parts_and_wholes_may_stand_in_different_files(folder: Path, make: Make) -> None:
    (folder / "e.json").write_text(json.dumps({"dataset": [make(5, isPartOf="agency-1"), make(6, isPartOf="gone")]}))
    harvest = opened(folder)
    list(harvest)
    assert [(remark.code, remark.seen) for remark in harvest.remarks] == [
        ("collection-missing", "agency-6 in gone"),
        ("country-unknown", "agency-2, agency-3, p1"),
    ]


def test_a_file_that_cannot_be_read_costs_no_other_and_leaves_the_reading_incomplete(folder: Path) -> None:
    (folder / "b2.json").write_text('{"dataset": [{"identifier": "x", "title": "y"}, ')
    (folder / "b3.json").write_bytes(b"\xef\xbb\xbf" + b'{"dataset": []}')
    harvest = opened(folder)
    records: list[Any] = []
    with pytest.raises(SourceError, match=r"1 files could not be read to the end: b2\.json"):
        records.extend(harvest)
    assert [r.identifier for r in records] == ["agency-2", "agency-3", "p1", "x", None, "agency-1", "uk-1"]
    assert [(p.code, p.where) for r in records for p in r.problems if r.dataset is None] == [
        ("file-unreadable", "b2.json")
    ]
    assert [(remark.code, remark.where) for remark in harvest.remarks] == [
        ("byte-order-mark", "b3.json: $"),
        ("country-unknown", "$"),
    ]
    assert not harvest.complete


def test_a_limit_counts_over_all_files(folder: Path) -> None:
    harvest = opened(folder, limit=3)
    assert len(list(harvest)) == 3
    assert not harvest.complete


def test_a_directory_without_metadata_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no saved metadata"):
        list(opened(tmp_path))


def one_of(corpus: Path) -> Path:
    """A catalogue of the corpus: our lakes, or those of the Office of Personnel Management."""
    (path,) = [*(corpus / "us").glob("lakes.*"), *(corpus / "us").glob("opm.*")]
    return path


class TestHarvests:
    @pytest.fixture
    def harvested(self, tmp_path: Path, corpus: Path) -> Path:
        """What `aivision harvest --into` writes of a real catalogue."""
        into = tmp_path / "into"
        source = resolve(str(one_of(corpus)))
        with Session() as session:
            run_harvest(source, open_source(source, session), DirectoryStore(into, source.name), load(), NOW)
        return into

    def test_every_record_is_read_back_as_it_was_written(self, harvested: Path, corpus: Path) -> None:
        with Session() as session:
            there = [r.dataset for r in open_source(resolve(str(one_of(corpus))), session)]
        harvest = opened(harvested)
        assert [r.dataset for r in harvest] == there
        assert len(there) >= 5
        assert harvest.complete
        assert (harvest.source.kind, harvest.source.country) == ("dcat-us", "US")

    def test_what_the_user_states_goes_before_what_was_written(self, harvested: Path) -> None:
        found = [r.dataset for r in opened(harvested, country="GB", profile="ckan")]
        assert {(dataset.country, dataset.profile) for dataset in found if dataset} == {("GB", "ckan")}

    def test_a_line_that_is_no_record_costs_no_other(self, tmp_path: Path) -> None:
        dataset = Dataset(identifier="a", title="b", profile="ckan", country="GB", raw={"id": "a"})
        whole = msgspec.json.encode(dataset)
        (tmp_path / "datasets.ndjson").write_bytes(whole[:-9] + b"\n[]\n\xff\n" + whole + b"\n")
        (tmp_path / "run.json").write_text("{}")
        records = list(opened(tmp_path))
        assert [(r.where, r.dataset == dataset) for r in records] == [(f"line {n}", n == 4) for n in (1, 2, 3, 4)]
        assert [[p.code for p in r.problems] for r in records] == [["record-not-json"]] * 3 + [[]]

    def test_an_account_that_is_none_is_the_users_mistake(self, tmp_path: Path) -> None:
        (tmp_path / "datasets.ndjson").write_text("")
        (tmp_path / "run.json").write_text("[")
        with pytest.raises(UsageError, match=r"run\.json"):
            list(opened(tmp_path))
