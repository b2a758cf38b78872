"""`aivision criteria`: every criterion in a list, and all that is to be said of one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import aivision, call

from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.rubric import Criterion, load

PAGES = Path(__file__).resolve().parents[2] / "docs" / "criteria"
# By day every fourth; tests/docs/test_documentation.py compares all pages with what is generated.
every_criterion = pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row.id, marks=pytest.mark.nightly if place % 4 else ())
        for place, row in enumerate(load().everything)
    ],
)


def test_the_list_has_every_criterion_under_its_dimension() -> None:
    done = call("criteria")
    assert (done.status, done.err) == (0, "")
    places = [done.out.index(f"\n  {row.id} ") for row in load().everything]
    assert places == sorted(places)


@pytest.mark.long
@every_criterion
def test_the_page_of_a_criterion_is_that_of_the_documentation(row: Criterion) -> None:
    done = call("criteria", row.id, "--format", "markdown")
    path = PAGES / f"{row.id}.md"
    assert path.exists(), "run `make docs`"
    page = path.read_text("utf-8")
    # The page says as well that it is made.
    assert done.out.splitlines()[2:] == page.splitlines()[4:], "run `make docs`"


@pytest.mark.long
def test_on_a_terminal_a_criterion_is_told_without_the_marks_of_markdown() -> None:
    out = call("criteria", "licence-open").out
    assert "Can anyone reuse the data" in out
    assert "**" not in out
    assert "cc-by" in out


@pytest.mark.long
@every_criterion
def test_the_sources_of_a_criterion_are_told_with_their_titles_and_addresses(row: Criterion) -> None:
    told = call("criteria", row.id).out.splitlines()
    assert [line for line in told if line in map(str, map(cite, row.sources))] == [
        str(cite(source)) for source in row.sources
    ]
    page = call("criteria", row.id, "--format", "markdown").out
    assert all(cite(source).markdown() in page for source in row.sources)
    found = json.loads(call("criteria", row.id, "--format", "json").out)
    assert list(found["citations"]) == found["sources"] == row.sources
    assert [found["citations"][source]["url"] for source in row.sources] == [cite(source).url for source in row.sources]


def test_as_json_each_criterion_is_its_row_of_the_rubric() -> None:
    rows = [json.loads(line) for line in call("criteria", "--format", "json").out.splitlines()]
    assert [row["id"] for row in rows] == [row.id for row in load().everything]
    assert all(row["question"] and row["reason"] and row["fix"] and row["needs"] for row in rows)


@pytest.mark.long
def test_an_id_that_is_none_is_refused_with_the_one_that_was_meant() -> None:
    done = aivision("criteria", "licence-opn")
    assert (done.status, done.out) == (2, "")
    assert done.err == "Error: no criterion is called 'licence-opn'; did you mean licence-open or licence-missing?\n"
