"""`open_catalogue`: the same tables from a file, an address, a harvest and a snapshot."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import duckdb
import polars
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cli.conftest import aivision
from tests.compare.table.rows import entry, numbers

from ckanext.aivision import SourceError, UsageError, open_catalogue, read
from ckanext.aivision.api import record_table
from ckanext.aivision.compare.table.build import write_files
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.rubric import load

TODAY = datetime.date(2026, 11, 1)


@pytest.fixture
def harvest(tmp_path: Path, samples: Path) -> Path:
    """A directory of `aivision harvest --into`."""
    folder = tmp_path / "us"
    done = aivision("harvest", str(samples / "us.data.json"), "--into", str(folder))
    assert done.status == 0, done.err
    return folder


@pytest.fixture
def snapshots(tmp_path: Path) -> Path:
    """A folder of two snapshots, of which the newer has two datasets, and of one that is being built."""
    folder = tmp_path / "snapshots"
    results = numbers(*[1000] * len(load().criteria))
    for name, ids in (("20261101T000000Z", "a"), ("20261102T000000Z", "ab"), (".building-1", "abc")):
        (folder / name).mkdir(parents=True)
        write_files([entry(id)._replace(numbers=results) for id in ids], load().criteria, folder / name)
    return folder


def test_every_record_of_the_corpus_is_in_the_table_with_all_that_it_says(corpus: Path) -> None:
    path = sorted((corpus / "us").rglob("*data.json*"))[0]
    records = [record.dataset for record in read(path, limit=200) if record.dataset is not None]
    table = record_table.table(records)
    assert table.schema.names == list(Dataset.__struct_fields__)
    rows = table.to_pylist()
    assert [row["title"] for row in rows] == [record.title for record in records]
    assert [json.loads(row["raw"]) for row in rows] == [record.raw for record in records]
    assert [len(row["distribution"]) for row in rows] == [len(record.distribution) for record in records]
    assert [row["license"] and row["license"]["id"] for row in rows] == [
        record.license.id if record.license else None for record in records
    ]


@pytest.mark.long
def test_evaluations_of_a_source_are_those_of_its_harvest(harvest: Path, samples: Path) -> None:
    of_file = open_catalogue(samples / "us.data.json").evaluations().drop_columns(["source"])
    of_harvest = open_catalogue(harvest).evaluations().drop_columns(["source"])
    assert of_file.to_pylist() == of_harvest.to_pylist()
    assert of_file.num_rows > 1
    assert open_catalogue(harvest).records().num_rows == of_harvest.num_rows


@pytest.mark.long
def test_the_newest_whole_snapshot_of_a_folder_is_opened(snapshots: Path) -> None:
    assert open_catalogue(snapshots).evaluations()["id"].to_pylist() == ["a", "b"]
    older = snapshots / "20261101T000000Z"
    for place in (older, older / "datasets.parquet"):
        assert open_catalogue(place).evaluations()["id"].to_pylist() == ["a"]


@pytest.mark.long
def test_all_catalogues_give_the_same_columns(snapshots: Path, harvest: Path) -> None:
    tables = [open_catalogue(place).evaluations() for place in (snapshots, harvest)]
    assert tables[0].schema.names == tables[1].schema.names
    assert pyarrow.concat_tables(tables, promote_options="permissive").num_rows == sum(map(len, tables))


@pytest.mark.long
def test_pandas_polars_and_duckdb_take_the_tables(harvest: Path) -> None:
    catalogue = open_catalogue(harvest)
    records, evaluations = catalogue.records(), catalogue.evaluations()
    assert records.to_pandas()["title"].tolist() == polars.from_arrow(records)["title"].to_list()
    query = "SELECT r.title, e.grade FROM evaluations e JOIN records r ON r.identifier = e.id WHERE r.license.id <> ''"
    with duckdb.connect() as connection:
        connection.register("records", records)
        connection.register("evaluations", evaluations)
        assert connection.sql(query).fetchall()


@pytest.mark.long
def test_a_snapshot_has_no_records_and_says_where_they_are(snapshots: Path) -> None:
    with pytest.raises(UsageError, match="open the address of the catalogue"):
        open_catalogue(snapshots).records()


@pytest.mark.long
def test_records_as_of_a_day_are_evaluated_as_of_it(samples: Path) -> None:
    table = open_catalogue(samples / "us.data.json", today=TODAY).evaluations()
    assert set(table["reference_date"].to_pylist()) == {TODAY}


def test_made_up_samples_are_marked_as_such(samples: Path) -> None:
    table = open_catalogue("sample-us").evaluations()
    assert (set(table["sample"].to_pylist()), set(table["agency"].to_pylist())) == ({True}, {""})


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no table"])
def test_what_is_no_parquet_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "datasets.parquet"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="cannot be read as Parquet"):
        open_catalogue(path).evaluations()


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "levels.parquet"
    duckdb.sql("SELECT 1 AS level").write_parquet(str(path))
    with pytest.raises(UsageError, match="it has no column id, title, grade, score"):
        open_catalogue(path).evaluations()


@pytest.mark.parametrize("wrong", ["no-such", "", "nul\0", "x" * 5000, "ftp://data.example.gov"])
def test_what_is_no_catalogue_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError):
        open_catalogue(wrong)


def test_a_private_address_is_not_fetched() -> None:
    with pytest.raises(SourceError, match="public Internet"):
        open_catalogue("http://127.0.0.1:9").records()


_ANY_TEXT = st.text(st.characters(), max_size=8)  # halves of surrogate pairs too


@pytest.mark.long
@given(
    title=_ANY_TEXT,
    raw=st.dictionaries(_ANY_TEXT, st.recursive(st.none() | st.integers() | _ANY_TEXT, st.lists, max_leaves=4)),
    size=st.integers(),
    unread=st.dictionaries(_ANY_TEXT, _ANY_TEXT),
)
def test_any_record_fits_into_the_table(title: str, raw: dict[str, Any], size: int, unread: dict[str, str]) -> None:
    files = [Distribution(title=title, byte_size=size)]
    record = Dataset(
        identifier="a", title=title, profile="ckan", country="US", raw=raw, unread=unread, distribution=files
    )
    (row,) = record_table.table([record]).to_pylist()
    assert row["identifier"] == "a"
    assert len(json.loads(row["raw"])) <= len(raw)
