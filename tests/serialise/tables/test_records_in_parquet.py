"""Tables of records in Parquet: nothing is lost on the way, whatever a record says, and distributions are flat."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import share_of
from tests.serialise.conftest import EVERYTHING
from tests.serialise.web.documents import records

from ckanext.aivision import open_catalogue
from ckanext.aivision.api import record_table
from ckanext.aivision.record import Dataset, Distribution, Term
from ckanext.aivision.serialise.tables.parquet import distribution_columns, write_tables
from ckanext.aivision.serialise.tables.record_columns import columns, row


def write(folder: Path, datasets: Iterable[Dataset]) -> tuple[int, int]:
    return write_tables((row(f"id-{n}", f"name-{n}", one) for n, one in enumerate(datasets)), folder, folder)


def test_every_record_of_the_corpus_comes_back_as_it_was(corpus: Path, tmp_path: Path) -> None:
    found = list(records(corpus, 60))
    number, distributions = write(tmp_path, found)
    assert (number, distributions) == (len(found), sum(len(one.distribution) for one in found))
    assert [record.dataset for record in open_catalogue(tmp_path).read()] == found


def test_the_table_is_that_of_the_python_api_with_the_catalogue_s_ids(tmp_path: Path) -> None:
    found = [EVERYTHING, *records_of_nothing()]
    write(tmp_path, found)
    table = open_catalogue(tmp_path).records()
    assert table["id"].to_pylist() == ["id-0", "id-1"]
    assert table.drop_columns(["id", "name"]).to_pylist() == record_table.table(found).to_pylist()


def records_of_nothing() -> list[Dataset]:
    return [Dataset(identifier="", title="", profile="aivision", country="XX")]


TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


@pytest.mark.long
@settings(max_examples=share_of(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2), st.integers())
def test_any_text_and_number_can_be_written(
    tmp_path: Path, title: str, words: str, unread: dict[str, str], size: int
) -> None:
    item = Distribution(title=title, format=Term(words), byte_size=size, unread=unread)
    whole = Dataset(
        identifier=title,
        title=title,
        profile="aivision",
        country="GB",
        keyword=[words, ""],
        distribution=[item],
        raw={"a": [words, size, unread, None]},
    )
    write(tmp_path, [whole])
    (back,) = (record.dataset for record in open_catalogue(tmp_path).read())
    assert back is not None
    assert (back.title, back.keyword, back.raw) == (whole.title, whole.keyword, whole.raw)
    (found,) = back.distribution
    assert (found.unread, found.byte_size) == (unread, size if -(2**63) <= size < 2**63 else None)


def test_half_of_a_surrogate_pair_becomes_a_question_mark(tmp_path: Path) -> None:
    write(tmp_path, [Dataset(identifier="1", title="a\ud800b", profile="aivision", country="GB")])
    (back,) = (record.dataset for record in open_catalogue(tmp_path).read())
    assert back is not None
    assert back.title == "a?b"


def test_a_distribution_s_row_has_its_dataset_and_values_in_words_and_as_recognised(tmp_path: Path) -> None:
    write(tmp_path, [EVERYTHING])
    with duckdb.connect() as connection:
        path = str(tmp_path / "distributions.parquet")
        names = [name for name, *_ in connection.execute("DESCRIBE FROM read_parquet(?)", [path]).fetchall()]
        found = connection.execute("FROM read_parquet(?) ORDER BY position", [path]).fetchall()
    assert names == [column.name for column in distribution_columns()]
    rows = [dict(zip(names, one, strict=True)) for one in found]
    assert [one["position"] for one in rows] == list(range(1, len(EVERYTHING.distribution) + 1))
    item = EVERYTHING.distribution[0]
    assert (rows[0]["dataset"], rows[0]["dataset_name"]) == ("id-0", "name-0")
    assert (rows[0]["title"], rows[0]["download_url"]) == (item.title, item.download_url)
    assert rows[0]["format"] == (item.format.id if item.format else None)


def test_no_dataset_makes_empty_tables_with_all_columns(tmp_path: Path) -> None:
    assert write(tmp_path, []) == (0, 0)
    names = pyarrow.parquet.read_schema(tmp_path / "records.parquet").names
    assert names == [column.name for column in columns()]
    assert pyarrow.parquet.read_schema(tmp_path / "distributions.parquet").names


@pytest.mark.long
def test_memory_does_not_grow_with_the_number_of_records(tmp_path: Path) -> None:
    """As far as rows go that wait: they are on disk, and nothing of them is left there."""
    write(tmp_path, [EVERYTHING] * 10_000)
    assert {path.name for path in tmp_path.iterdir()} == {"records.parquet", "distributions.parquet"}
    assert pyarrow.parquet.ParquetFile(tmp_path / "records.parquet").num_row_groups > 1
