"""Directories that `aivision harvest --into` wrote, and what is said of those that it did not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.compare.directories import read
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric


def test_directories_are_counted_together(
    harvest_directory: Any, evaluation: Any, both: list[Evaluation], rubric: Rubric
) -> None:
    folders = [harvest_directory("one", both[:50]), harvest_directory("two", both[50:])]
    found = read(folders, rubric).table
    assert found.select("source, count(*)", then="GROUP BY source ORDER BY source").fetchall() == [
        ("one", 50),
        ("two", 30),
    ]
    assert set(found.criteria) == {row.id for row in rubric.criteria}


def test_each_directory_gives_its_account(harvest_directory: Any, both: list[Evaluation], rubric: Rubric) -> None:
    folders = [harvest_directory("gsa", both[:5]), harvest_directory("glasgow", both[-5:], "limited")]
    assert [(row.source, row.state) for row in read(folders, rubric).accounts] == [
        ("gsa", "finished"),
        ("glasgow", "limited"),
    ]


def test_a_directory_without_an_account_is_read_under_its_name(
    harvest_directory: Any, both: list[Evaluation], rubric: Rubric
) -> None:
    folder = harvest_directory("gsa", both)
    (folder / "run.json").unlink()
    assert read([folder], rubric).accounts[0].source == "gsa"


def test_a_missing_directory_says_what_to_give(tmp_path: Path, rubric: Rubric) -> None:
    with pytest.raises(UsageError, match=r"nowhere: no such directory; use one that `aivision harvest"):
        read([tmp_path / "nowhere"], rubric)


def test_a_directory_without_evaluations_says_what_to_run(tmp_path: Path, rubric: Rubric) -> None:
    with pytest.raises(UsageError, match=r"has no evaluations.ndjson; run `aivision harvest"):
        read([tmp_path], rubric)


@pytest.mark.parametrize(
    "broken",
    [b"{", b"[]", b"\xff\xfe", b'{"country": "US"}', b'{"country": 1}', b"", b'{"score": NaN}'],
    ids=["cut", "array", "bytes", "short", "type", "blank", "nan"],
)
def test_a_broken_line_is_named_by_its_number(
    harvest_directory: Any, both: list[Evaluation], broken: Any, rubric: Rubric
) -> None:
    folder = harvest_directory("gsa", both[:2])
    with open(folder / "evaluations.ndjson", "ab") as file:
        file.write(broken + b"\n")
    with pytest.raises(UsageError, match=r"gsa/evaluations.ndjson: line 3: not an evaluation .*; harvest again"):
        read([folder], rubric)


@pytest.mark.parametrize("broken", [b"{", b"[]", b"\xff\xfe", b'{"title": "x"}', b'{"identifier": 1}', b""])
def test_a_broken_record_is_named_by_its_number(
    harvest_directory: Any, both: list[Evaluation], broken: Any, rubric: Rubric
) -> None:
    folder = harvest_directory("gsa", both[:3])
    lines = (folder / "datasets.ndjson").read_bytes().splitlines()
    (folder / "datasets.ndjson").write_bytes(b"\n".join([*lines[:1], broken, *lines[2:]]))
    with pytest.raises(UsageError, match=r"gsa/datasets.ndjson: line 2: not a record .*; harvest again"):
        read([folder], rubric)


@pytest.mark.parametrize("figure", [b'"score":101.0', b'"score":-1.0', b'"score":1e308'])
def test_a_score_outside_0_to_100_is_a_broken_line(
    harvest_directory: Any, evaluation: Any, figure: Any, rubric: Rubric
) -> None:
    folder = harvest_directory("gsa", [evaluation((1, 1, 1))])
    path = folder / "evaluations.ndjson"
    path.write_bytes(path.read_bytes().replace(b'"score":100.0', figure, 1))
    with pytest.raises(UsageError, match=r"line 1: not an evaluation .*score"):
        read([folder], rubric)


def test_a_broken_account_is_named(harvest_directory: Any, both: list[Evaluation], rubric: Rubric) -> None:
    folder = harvest_directory("gsa", both)
    (folder / "run.json").write_bytes(b"{")
    with pytest.raises(UsageError, match=r"run.json: not the report of a harvest"):
        read([folder], rubric)


def test_the_same_directory_twice_is_refused(harvest_directory: Any, both: list[Evaluation], rubric: Rubric) -> None:
    folder = harvest_directory("gsa", both)
    with pytest.raises(UsageError, match="count twice"):
        read([folder, folder / ".." / "gsa"], rubric)


def test_two_harvests_of_one_source_are_refused(harvest_directory: Any, both: list[Evaluation], rubric: Rubric) -> None:
    folders = [harvest_directory("gsa", both), harvest_directory("again", both)]
    (folders[1] / "run.json").write_bytes((folders[0] / "run.json").read_bytes())
    with pytest.raises(UsageError, match=r"again: the same harvest as .*gsa"):
        read(folders, rubric)


def test_a_directory_without_records_says_what_to_run(
    harvest_directory: Any, both: list[Evaluation], rubric: Rubric
) -> None:
    folder = harvest_directory("gsa", both)
    (folder / "datasets.ndjson").unlink()
    with pytest.raises(UsageError, match=r"gsa: has no datasets.ndjson; run `aivision harvest SOURCE --into .*gsa`"):
        read([folder], rubric)


@pytest.mark.parametrize("shift", ["fewer", "more", "other"])
def test_records_and_evaluations_of_two_runs_are_refused(
    harvest_directory: Any, both: list[Evaluation], rubric: Rubric, shift: str
) -> None:
    folder = harvest_directory("gsa", both[:3])
    path = folder / "datasets.ndjson"
    lines = path.read_bytes().splitlines(keepends=True)
    other = lines[1].replace(b'"identifier":"x"', b'"identifier":"y"')
    path.write_bytes(
        b"".join({"fewer": lines[:2], "more": [*lines, other], "other": [lines[0], other, lines[2]]}[shift])
    )
    with pytest.raises(UsageError, match=r"gsa: datasets.ndjson and evaluations.ndjson are not from the same run"):
        read([folder], rubric)


def test_another_version_of_the_rubric_is_refused_with_what_to_do(
    harvest_directory: Any, evaluation: Any, rubric: Rubric
) -> None:
    folders = [
        harvest_directory("new", [evaluation((1, 1, 1), version="1")]),
        harvest_directory("old", [evaluation((1, 1, 1), "Another", version="0.9")]),
    ]
    says = (
        r"old: evaluated under rubric 0\.9, but this installation has version 1: harvest again, "
        r"or run `ckan aivision rescore`"
    )
    with pytest.raises(UsageError, match=says):
        read(folders, rubric)


def test_records_are_placed_with_their_agency_and_its_level(
    harvest_directory: Any, evaluation: Any, rubric: Rubric
) -> None:
    found = read(
        [harvest_directory("one", [evaluation((1, 1, 1), "National Aeronautics and Space Administration")])], rubric
    )
    assert found.table.select("agency, level").fetchall() == [("us-026", "national")]
