"""The table is the same in memory and in files, whatever the records say."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from tests.compare.table.rows import ENTRIES, TRICKY, entry
from tests.examples import share_of

from ckanext.aivision.compare.table.build import in_memory, write_files
from ckanext.aivision.compare.table.columns import columns
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.entry import NOT_APPLICABLE, UNKNOWN, Entry
from ckanext.aivision.compare.table.table_files import read_files
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Criterion, load


def write_and_read(entries: Sequence[Entry], criteria: Sequence[Criterion], folder: Path) -> DatasetTable:
    assert write_files(entries, criteria, folder) == len(entries)
    return read_files(folder, [row.id for row in criteria])


def content(table: DatasetTable, what: str = "* EXCLUDE (position)") -> list[Any]:
    what = what if table.relation == "datasets" else what.replace("(position)", "(position, file_row_number)")
    return table.select(what, then="ORDER BY position").fetchall()


def sums(table: DatasetTable) -> list[Any]:
    cells = table.cells()
    return [getattr(cells, name) for name in cells.__dataclass_fields__ if name not in ("keys", "days", "criteria")]


@pytest.fixture(params=["memory", "files"])
def build(request: Any, criteria: list[Criterion], tmp_path: Path) -> Any:
    """build(entries) gives their table."""
    if request.param == "memory":
        return lambda entries: in_memory(entries, criteria)
    return lambda entries: write_and_read(entries, criteria, tmp_path)


@pytest.mark.long
@settings(max_examples=share_of(40))
@given(entries=ENTRIES)
def test_files_and_memory_give_the_same(
    criteria: list[Criterion], entries: list[Entry], tmp_path_factory: pytest.TempPathFactory
) -> None:
    memory, files = in_memory(entries, criteria), write_and_read(entries, criteria, tmp_path_factory.mktemp("table"))
    assert content(memory) == content(files)
    assert (memory.cells().keys, memory.cells().days) == (files.cells().keys, files.cells().days)
    for one, other in zip(sums(memory), sums(files), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.long
def test_the_columns_are_those_that_are_documented_with_their_types(build: Any, criteria: list[Criterion]) -> None:
    wanted = {column.name: column.type for column in columns(criteria, DIMENSIONS)}
    for entries in ([], [entry()]):
        found = build(entries).select("* EXCLUDE (position)", then="LIMIT 0").description
        assert {row[0]: str(row[1]) for row in found if row[0] != "file_row_number"} == wanted


def test_no_datasets_are_an_empty_table(build: Any) -> None:
    table = build([])
    assert content(table) == []
    assert table.cells().keys == ()
    assert table.cells("publisher = ?", ["x"]).keys == ()


def test_one_dataset_has_every_column(build: Any) -> None:
    table = build(
        [
            entry(
                "id-1",
                title="Rivers",
                looked_at="links",
                agency="us-026",
                level="national",
                publisher="us-026/ges",
                publisher_title="GES",
                themes=["environment", "health"],
                kinds=["tabular"],
                formats=["CSV"],
                licence="CC0-1.0",
                licence_class="open",
                year=2024,
                results=(1000, 355, NOT_APPLICABLE),
                dimensions=(1000, UNKNOWN, *[505] * (len(DIMENSIONS) - 2)),
                score=433,
                coverage=750,
                gate="no-data",
            )
        ]
    )
    found = table.select("*")
    (row,) = (
        dict(zip((column[0] for column in found.description), values, strict=True)) for values in found.fetchall()
    )
    assert (row["id"], row["title"], row["country"], row["source"], row["sample"]) == (
        "id-1", "Rivers", "US", "gsa", False,
    )  # fmt: skip
    assert (row["agency"], row["level"], row["publisher"], row["publisher_title"]) == (
        "us-026", "national", "us-026/ges", "GES",
    )  # fmt: skip
    assert (row["themes"], row["kinds"], row["formats"]) == (["environment", "health"], ["tabular"], ["CSV"])
    assert (row["licence"], row["licence_class"], row["year"], row["looked_at"]) == ("CC0-1.0", "open", 2024, "links")
    assert (row["score"], row["coverage"], row["grade"], row["gate"]) == (43.3, 0.75, "C", "no-data")
    assert (row["findable"], row[DIMENSIONS[1]], row["responsible"]) == (100.0, None, 50.5)
    assert (row["title_descriptive"], row["keywords_specific"], row["licence_open"]) == (1.0, 0.355, None)
    assert row["not_applicable"] == ["licence-open"]
    assert row["reference_date"] == datetime.date(2026, 11, 24)


def test_what_is_not_known_is_empty_and_what_does_not_apply_is_listed(build: Any) -> None:
    table = build([entry(results=(UNKNOWN, NOT_APPLICABLE, NOT_APPLICABLE), score=UNKNOWN)])
    assert content(table, "title_descriptive, score, year, themes, not_applicable") == [
        (None, None, None, [], ["keywords-specific", "licence-open"])
    ]


def of_text(text: str) -> Entry:
    """A dataset that has a text in every field that takes one."""
    return entry(
        text,
        name=text,
        title=text,
        source=text,
        looked_at=text,
        publisher=text,
        publisher_title=text,
        agency=text,
        licence=text,
        themes=[text, "b"],
        formats=["a", text],
        gate=text,
    )


@pytest.mark.long
def test_texts_are_kept_as_they_are_and_mean_nothing_to_sql(build: Any) -> None:
    texts = [*TRICKY, "", "x" * 1_000_000]
    table = build([*map(of_text, texts), entry("other")])
    columns = "id, name, title, source, looked_at, publisher, publisher_title, agency, licence, themes, formats, gate"
    for text in texts:
        found = table.select(columns, "id = ?", [text]).fetchall()
        assert found == [(*[text] * 9, [text, "b"], ["a", text], text)]
    assert table.cells().data_sets.sum() == len(texts) + 1


def test_half_a_surrogate_pair_becomes_a_question_mark(build: Any) -> None:
    assert content(build([entry("\ud800", title="a\udfffb", themes=["\udc00"])]), "id, title, themes") == [
        ("?", "a?b", ["?"])
    ]


def test_datasets_stand_by_country_sample_agency_publisher_source_and_id(build: Any) -> None:
    names = list(itertools.product(("GB", "US"), (False, True), ("", "a"), ("", "p"), ("", "s"), ("1", "2")))
    rows = [
        entry(id, country=country, sample=sample, agency=agency, publisher=publisher, source=source)
        for country, sample, agency, publisher, source, id in reversed(names)
    ]
    assert content(build(rows), "country, sample, agency, publisher, source, id") == names


@pytest.mark.long
def test_results_stay_with_their_datasets_over_many_batches_and_row_groups(build: Any) -> None:
    number = 60_001
    rows = [entry(f"{place * 7919 % number:05}", results=(place % 1001, 0, UNKNOWN)) for place in range(number)]
    table = build(rows)
    wanted = sorted((row.id, row.numbers.results[0] / 1000) for row in rows)
    assert content(table, "id, title_descriptive") == wanted
    assert table.cells("id = ?", ["00042"]).thousandths[0, 0] == dict(wanted)["00042"] * 1000


def test_a_publisher_goes_by_the_name_that_most_of_its_datasets_have(build: Any) -> None:
    names = ["RIVER WARDENS", "River Wardens", "River Wardens", "river wardens"]
    rows = [
        entry(str(place), publisher="us/river-wardens", publisher_title=name, source=f"source {place}")
        for place, name in enumerate(names)
    ]
    assert {key.publisher_title for key in build(rows).cells().keys} == {"River Wardens"}


@pytest.mark.long
def test_spellings_as_frequent_as_each_other_give_the_same_name_in_any_order(build: Any) -> None:
    rows = [entry(name, publisher="us/b", publisher_title=name) for name in ("b", "B")]
    assert {key.publisher_title for key in build(rows).cells().keys} == {"B"}
    assert {key.publisher_title for key in build(rows[::-1]).cells().keys} == {"B"}


def test_the_rubric_itself_has_columns_of_different_names() -> None:
    names = [column.name for column in columns(load().criteria, DIMENSIONS)]
    assert len(set(names)) == len(names)


def test_what_a_lens_asks_of_records_is_counted_and_has_no_column(criteria: list[Criterion]) -> None:
    asked = [*criteria, msgspec.structs.replace(criteria[0], id="licence/open")]
    table = in_memory([entry(results=(1000, 0, 0, 250))], asked)
    assert table.cells().thousandths.tolist() == [[1000, 0, 0, 250]]
    names = [column[0] for column in table.select("*").description]
    assert names.count("licence_open") == 1


def test_only_the_two_files_are_left_beside_each_other(criteria: list[Criterion], tmp_path: Path) -> None:
    write_files([entry()], criteria, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["datasets.parquet", "results.npy"]


def test_a_folder_that_cannot_be_written_is_an_error(criteria: list[Criterion], tmp_path: Path) -> None:
    with pytest.raises((OSError, duckdb.Error)):
        write_files([entry()], criteria, tmp_path / "nowhere")
