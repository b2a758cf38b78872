"""Directories that `aivision harvest --into` wrote, and what is said of those that it did not."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.compare.directories import read
from ckanext.aivision.compare.tallies.tally import collect
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.results import Evaluation


def test_directories_are_counted_together(harvest_directory: Any, evaluation: Any, both: list[Evaluation]) -> None:
    folders = [harvest_directory("one", both[:50]), harvest_directory("two", both[50:])]
    assert read(folders).tallies == collect(both)


def test_each_directory_gives_its_account(harvest_directory: Any, both: list[Evaluation]) -> None:
    folders = [harvest_directory("gsa", both[:5]), harvest_directory("glasgow", both[-5:], "limited")]
    assert [(row.source, row.state) for row in read(folders).accounts] == [("gsa", "finished"), ("glasgow", "limited")]


def test_a_directory_without_an_account_is_read_under_its_name(harvest_directory: Any, both: list[Evaluation]) -> None:
    folder = harvest_directory("gsa", both)
    (folder / "run.json").unlink()
    assert read([folder]).accounts[0].source == "gsa"


def test_a_missing_directory_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere: no such directory; use one that `aivision harvest"):
        read([tmp_path / "nowhere"])


def test_a_directory_without_evaluations_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"has no evaluations.ndjson; run `aivision harvest"):
        read([tmp_path])


@pytest.mark.parametrize(
    "broken",
    [b"{", b"[]", b"\xff\xfe", b'{"country": "US"}', b'{"country": 1}', b"", b'{"score": NaN}'],
    ids=["cut", "array", "bytes", "short", "type", "blank", "nan"],
)
def test_a_broken_line_is_named_by_its_number(harvest_directory: Any, both: list[Evaluation], broken: Any) -> None:
    folder = harvest_directory("gsa", both[:2])
    with open(folder / "evaluations.ndjson", "ab") as file:
        file.write(broken + b"\n")
    with pytest.raises(UsageError, match=r"evaluations.ndjson: line 3: not an evaluation"):
        read([folder])


@pytest.mark.parametrize("figure", [b'"score":101.0', b'"score":-1.0', b'"score":1e308'])
def test_a_score_outside_0_to_100_is_a_broken_line(harvest_directory: Any, evaluation: Any, figure: Any) -> None:
    folder = harvest_directory("gsa", [evaluation((1, 1, 1))])
    path = folder / "evaluations.ndjson"
    path.write_bytes(path.read_bytes().replace(b'"score":100.0', figure, 1))
    with pytest.raises(UsageError, match=r"line 1: not an evaluation .*score"):
        read([folder])


def test_a_broken_account_is_named(harvest_directory: Any, both: list[Evaluation]) -> None:
    folder = harvest_directory("gsa", both)
    (folder / "run.json").write_bytes(b"{")
    with pytest.raises(UsageError, match=r"run.json: not the report of a harvest"):
        read([folder])


def test_the_same_directory_twice_is_refused(harvest_directory: Any, both: list[Evaluation]) -> None:
    folder = harvest_directory("gsa", both)
    with pytest.raises(UsageError, match="count twice"):
        read([folder, folder / ".." / "gsa"])


def test_two_harvests_of_one_source_are_refused(harvest_directory: Any, both: list[Evaluation]) -> None:
    folders = [harvest_directory("gsa", both), harvest_directory("again", both)]
    (folders[1] / "run.json").write_bytes((folders[0] / "run.json").read_bytes())
    with pytest.raises(UsageError, match=r"again: the same harvest as .*gsa"):
        read(folders)


def test_mixed_rubric_versions_are_refused(harvest_directory: Any, evaluation: Any) -> None:
    folders = [
        harvest_directory("old", [evaluation((1, 1, 1), version="1")]),
        harvest_directory("new", [evaluation((1, 1, 1), "Another", version="2")]),
    ]
    with pytest.raises(UsageError, match="versions 1 and 2 cannot be compared"):
        read(folders)


def test_memory_does_not_grow_with_the_file(harvest_directory: Any, both: list[Evaluation]) -> None:
    small, large = harvest_directory("small", both), harvest_directory("large", both * 100)
    peaks = []
    for folder in (small, large):
        tracemalloc.start()
        read([folder])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (large / "evaluations.ndjson").stat().st_size > 4_000_000
    assert peaks[1] < peaks[0] + 500_000
