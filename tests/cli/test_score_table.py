"""`aivision score`: what a person reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Write, aivision, call
from tests.records import record

from ckanext.aivision.scoring.rubric import load


@pytest.mark.long
@pytest.mark.parametrize("name", ["us.data.json", "uk.ckan.ndjson"])
def test_a_sample_is_told_within_80_columns(samples: Path, name: str) -> None:
    done = aivision("score", samples / name)
    assert (done.status, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80
    for text in ("35 records: 35 evaluated, 0 refused", "mean score", "grades: A", "fix first"):
        assert text in done.out


def test_each_dimension_is_in_the_table(samples: Path) -> None:
    out = call("score", samples / "us.data.json").out
    assert all(row.dimension in out for row in load().criteria)


def test_few_data_sets_have_a_line_each(write: Write) -> None:
    out = call("score", write([record(number) for number in range(50)])).out
    assert out.count("Weekly river levels at station") == 50


def test_of_many_datasets_those_with_the_lowest_grades_are_shown(write: Write) -> None:
    bare = {"identifier": "bare", "title": "Only a title"}
    out = call("score", write([*(record(number) for number in range(60)), bare])).out
    shown = out[out.index("lowest grades") :]
    assert shown.index("Only a title") < shown.index("Weekly river levels")
    assert shown.count("Weekly river levels") == 9


def test_a_refused_record_is_told_with_its_place_and_reason(write: Write) -> None:
    out = call("score", write([record(1), None])).out
    assert "2 records: 1 evaluated, 1 refused" in out
    assert "refused: $.dataset[1]: a dataset must be an object, but this is null" in out


def test_no_more_than_ten_refusals_are_told(write: Write) -> None:
    out = call("score", write([None] * 25)).out
    assert out.count("refused: $.dataset[") == 10
    assert "... and 15 more; --format ndjson lists all" in out


def test_titles_are_printed_as_they_are(write: Write) -> None:
    assert "[bold]Rivers[/] & <b>" in call("score", write([record(1, title="[bold]Rivers[/] & <b>")])).out


def test_titles_and_refusals_cannot_steer_the_terminal(write: Write) -> None:
    evil = "Rivers \x1b[2J\x1b]0;title\x07\r\x9b2J"
    done = call("score", write([record(1, title=evil), {"title": evil}, evil, {"identifier": evil}]))
    assert "Rivers" in done.out
    assert not set(done.out) & {"\x1b", "\x07", "\r", "\x9b"}
