"""Sums of cells are those of an independent count; the connection reads its own file and nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given
from tests.compare.table.rows import CHOSEN, ENTRIES, entry, is_chosen

from ckanext.aivision.compare.table.build import in_memory, write_files
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.entry import GRADES, NOT_APPLICABLE, UNKNOWN, Entry
from ckanext.aivision.compare.table.filters import parse
from ckanext.aivision.compare.table.table_files import read_files
from ckanext.aivision.scoring.rubric import Criterion

Key = tuple[str, bool, str, str, str]


def key_of(row: Entry) -> Key:
    return row.country, row.sample, row.facets.agency, row.facets.publisher, row.source


def counted(entries: Sequence[Entry]) -> dict[Key, dict[str, Any]]:
    """What `cells` sums, one dataset after the other."""
    cells: dict[Key, list[Entry]] = {}
    for row in entries:
        cells.setdefault(key_of(row), []).append(row)
    return {key: _sums(rows) for key, rows in cells.items()}


def _sums(rows: Sequence[Entry]) -> dict[str, Any]:
    numbers = [row.numbers for row in rows]
    results = list(zip(*(found.results for found in numbers), strict=True))
    dimensions = list(zip(*(found.dimensions for found in numbers), strict=True))
    scores = [found.score for found in numbers if found.score != UNKNOWN]
    return {
        "data_sets": len(rows),
        "scored": len(scores),
        "score_tenths": sum(scores),
        "coverage_thousandths": sum(found.coverage for found in numbers),
        "grades": [sum(found.grade == place for found in numbers) for place in range(len(GRADES))],
        "dimension_known": [sum(score != UNKNOWN for score in column) for column in dimensions],
        "dimension_tenths": [sum(score for score in column if score != UNKNOWN) for column in dimensions],
        "passed": [column.count(1000) for column in results],
        "partial": [sum(0 < value < 1000 for value in column) for column in results],
        "failed": [column.count(0) for column in results],
        "unknown": [column.count(UNKNOWN) for column in results],
        "not_applicable": [column.count(NOT_APPLICABLE) for column in results],
        "thousandths": [sum(value for value in column if value > 0) for column in results],
    }


@pytest.mark.long
@given(entries=ENTRIES, chosen=CHOSEN)
def test_cells_are_the_sums_of_the_datasets_that_filters_let_through(
    criteria: list[Criterion], entries: list[Entry], chosen: dict[str, list[str]]
) -> None:
    filters = parse((name, value) for name, values in chosen.items() for value in values)
    found = in_memory(entries, criteria).cells(*filters.condition())
    left = [
        row
        for row in entries
        if all(any(is_chosen(row, name, value) for value in values) for name, values in chosen.items())
    ]
    wanted = counted(left)
    keys = [key[:5] for key in found.keys]
    assert sorted(keys) == keys == sorted(wanted)
    for place, key in enumerate(keys):
        days = [row.reference_date for row in left if key_of(row) == key]
        assert found.days[place] == (min(days), max(days))
        assert {name: getattr(found, name)[place].tolist() for name in wanted[key]} == wanted[key]
    assert int(np.sum(found.data_sets)) == len(left)


def test_a_cell_has_the_level_and_the_publishers_name(criteria: list[Criterion]) -> None:
    table = in_memory([entry(agency="us-026", level="national", publisher="p", publisher_title="P")], criteria)
    assert [(key.level, key.publisher_title) for key in table.cells().keys] == [("national", "P")]


@pytest.mark.long
def test_a_million_datasets_of_one_cell_do_not_overflow_their_sums(criteria: list[Criterion]) -> None:
    row = entry(results=(1000, 0, UNKNOWN))
    cells = in_memory((row for _ in range(1_000_000)), criteria).cells()
    assert cells.passed.tolist() == [[1_000_000, 0, 0]]
    assert cells.failed.tolist() == [[0, 1_000_000, 0]]
    assert cells.unknown.tolist() == [[0, 0, 1_000_000]]
    assert cells.thousandths.tolist() == [[1_000_000_000, 0, 0]]


@pytest.fixture
def stored(criteria: list[Criterion], tmp_path: Path) -> DatasetTable:
    """The table of a folder whose name means something to SQL, beside another file."""
    folder = tmp_path / "it's"
    folder.mkdir()
    write_files([entry()], criteria, folder)
    (tmp_path / "secret.csv").write_text("password\nhunter2\n")
    return read_files(folder, [row.id for row in criteria])


def test_a_folder_of_any_name_is_read(stored: DatasetTable) -> None:
    assert stored.select("id").fetchall() == [("one",)]


@pytest.mark.long
@pytest.mark.parametrize(
    "query",
    [
        "FROM read_csv('{folder}/secret.csv')",
        "FROM '{folder}/secret.csv'",
        "FROM read_text('/etc/passwd')",
        "FROM read_csv('{folder}/it''s/../secret.csv')",
        "FROM glob('{folder}/*')",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '{folder}/it''s/out.csv'",
        "ATTACH '{folder}/other.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "FROM read_csv('https://data.example.gov/a.csv')",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET allowed_paths = ['/etc/passwd']",
        "FROM secret",
    ],
)
def test_a_query_reads_no_other_file_and_writes_none(stored: DatasetTable, tmp_path: Path, query: str) -> None:
    # DuckDB would take it for a table of this name.
    secret = {"password": np.array(["hunter2"])}
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(duckdb.Error):
        stored.connection.execute(query.format(folder=tmp_path)).fetchall()
    assert secret
    assert sorted(tmp_path.rglob("*")) == before


def test_the_table_in_memory_opens_no_file(criteria: list[Criterion], tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("password\nhunter2\n")
    table = in_memory([entry()], criteria)
    for query in (f"FROM read_csv('{tmp_path}/secret.csv')", "SET enable_external_access = true"):
        with pytest.raises(duckdb.Error):
            table.connection.execute(query)


def test_a_folder_without_a_table_is_an_error(criteria: list[Criterion], tmp_path: Path) -> None:
    write_files([entry()], criteria, tmp_path)
    (tmp_path / "datasets.parquet").unlink()
    with pytest.raises(OSError, match=r"datasets\.parquet"):
        read_files(tmp_path, [row.id for row in criteria])


def test_values_of_a_query_are_no_part_of_it(criteria: list[Criterion]) -> None:
    table = in_memory([entry(title="x"), entry("two", title="'; DROP TABLE datasets; --")], criteria)
    assert table.select("id", "title = ?", ["'; DROP TABLE datasets; --"]).fetchall() == [("two",)]
    assert table.select("count(*)").fetchall() == [(2,)]


def test_days_are_days(criteria: list[Criterion]) -> None:
    days = [datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]
    table = in_memory([entry(str(day), reference_date=day) for day in days], criteria)
    assert table.select("min(reference_date), max(reference_date)").fetchall() == [tuple(days)]
