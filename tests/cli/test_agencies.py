"""`aivision agencies`: where datasets belong, and what could not be placed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.cli.conftest import call
from tests.records import record


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """One dataset of NASA by its code, one of the EPA by name, two of a publisher that nobody knows."""
    path = tmp_path / "data.json"
    rows = [
        record(1, bureauCode=["026:00"], publisher={"name": "LaRC"}),
        record(2, publisher={"name": "US EPA"}),
        record(3, publisher={"name": "=River [red]wardens"}),
        record(4, publisher={"name": "=River [red]wardens"}),
    ]
    path.write_text(json.dumps({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": rows}))
    return path


def test_the_table_says_what_placed_them_and_what_is_left(catalogue: Path) -> None:
    done = call("agencies", catalogue)
    assert done.status == 0
    assert "us-026" in done.out
    assert "Environmental Protection Agency" in done.out
    assert "=River [red]wardens" in done.out
    assert done.out.splitlines()[-1] == "2 of 4 datasets placed (50.0 %); agencies: 2."


def test_json_has_all_figures(catalogue: Path) -> None:
    found = json.loads(call("agencies", catalogue, "--format", "json").out)
    assert (found["datasets"], found["placed"]) == (4, 2)
    assert found["rules"]["bureau-code"] == found["rules"]["publisher-name"] == 1
    assert [row["id"] for row in found["agencies"]] == ["us-020", "us-026"]


def test_csv_is_the_list_of_what_could_not_be_placed_without_formulas(catalogue: Path, tmp_path: Path) -> None:
    output = tmp_path / "unplaced.csv"
    assert call("agencies", catalogue, "--format", "csv", "--output", output).status == 0
    rows = list(csv.DictReader(output.read_text(encoding="utf-8").splitlines()))
    assert [(row["country"], row["source"], row["datasets"]) for row in rows] == [("US", str(catalogue), "2")]
    assert not rows[0]["publisher"].startswith("=")


def test_the_source_of_saved_files_can_be_given(catalogue: Path) -> None:
    done = call("agencies", catalogue, "--from-source", "noaa", "--format", "json")
    found = json.loads(done.out)
    assert found["placed"] == 4
    assert found["rules"]["source-owner"] == 2


def test_an_unknown_source_is_refused(catalogue: Path) -> None:
    done = call("agencies", catalogue, "--from-source", "noa")
    assert done.status == 2
    assert "--from-source: no source is called 'noa'" in done.err
    assert call("agencies", "no-such-file.json").status == 2


def test_several_sources_are_counted_together_and_limit_is_for_each(catalogue: Path) -> None:
    found = json.loads(call("agencies", catalogue, "sample-us", "--limit", "2", "--format", "json").out)
    assert found["datasets"] == 4


def test_a_catalogue_without_datasets_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": []}')
    assert "0 of 0 datasets placed" in call("agencies", path).out
