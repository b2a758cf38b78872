"""`aivision score` on an agency's catalogue, whole and broken in the ways that catalogues break."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.cli.conftest import Done, aivision, call, lines, refusal
from tests.cli.test_score_ndjson import Row

RECORDS, BROKEN = 350, 123


def score(path: Path, content: str | bytes) -> Done:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return call("score", path, "--format", "ndjson")


def with_record(agency: list[Any], record: Any) -> str:
    """The catalogue with another record in the place of one."""
    return json.dumps({"dataset": [*agency[:BROKEN], record, *agency[BROKEN + 1 :]]})


def rows_of_all(done: Done) -> list[dict[str, Any]]:
    """The rows of a run that told something of each record, in the catalogue's order."""
    rows = lines(done.out)
    assert done.status == any(row.get("refused") for row in rows)
    assert len(rows) == RECORDS
    assert all(row.get("score") is not None for place, row in enumerate(rows) if place != BROKEN)
    return rows


@pytest.mark.nightly
def test_each_of_twelve_thousand_real_records_has_its_line(real_corpus: Path) -> None:
    done = aivision("score", real_corpus / "us" / "nasa.data.json.gz", "--format", "ndjson")
    assert (done.status, done.err) == (0, "")
    rows = [msgspec.json.decode(line, type=Row) for line in done.out.split("\n")[:-1]]
    assert len({row.identifier for row in rows}) == len(rows) == 12_000
    assert {row.country for row in rows} == {"US"}


@pytest.mark.long
def test_a_lone_surrogate_costs_no_record(agency: list[Any], tmp_path: Path) -> None:
    title = "Sea ice \ud83d extent"
    rows = rows_of_all(score(tmp_path / "data.json", with_record(agency, {**agency[BROKEN], "title": title})))
    assert rows[BROKEN]["title"] == "Sea ice \N{REPLACEMENT CHARACTER} extent"


@pytest.mark.long
def test_a_null_in_place_of_a_record_is_refused_alone(agency: list[Any], tmp_path: Path) -> None:
    row = rows_of_all(score(tmp_path / "data.json", with_record(agency, None)))[BROKEN]
    assert (row["refused"], row["where"]) == (True, f"$.dataset[{BROKEN}]")
    assert row["problems"][0]["message"] == "a dataset must be an object, but this is null: remove it"


@pytest.mark.long
def test_a_number_for_a_title_is_taken_as_text(agency: list[Any], tmp_path: Path) -> None:
    rows = rows_of_all(score(tmp_path / "data.json", with_record(agency, {**agency[BROKEN], "title": 2024})))
    assert rows[BROKEN]["title"] == "2024"


@pytest.mark.long
def test_a_truncated_end_is_an_error_after_each_whole_record(agency: list[Any], tmp_path: Path) -> None:
    done = score(tmp_path / "data.json", json.dumps({"dataset": agency})[:-40])
    assert len(lines(done.out)) == RECORDS - 1
    assert "the text ends in the middle of a value. Fix the file at the source" in refusal(done)


@pytest.mark.long
def test_a_truncated_archive_is_an_error_after_each_whole_record(agency: list[Any], tmp_path: Path) -> None:
    packed = gzip.compress(json.dumps({"dataset": agency}).encode())
    done = score(tmp_path / "data.json.gz", packed[: len(packed) * 9 // 10])
    assert "the file is truncated or damaged" in refusal(done)
    assert all(row["score"] is not None for row in lines(done.out))


@pytest.mark.long
def test_of_a_truncated_source_a_person_still_gets_the_table(agency: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"dataset": agency})[:-40])
    done = call("score", path)
    assert f"{RECORDS - 1} records: {RECORDS - 1} evaluated" in done.out
    refusal(done)
