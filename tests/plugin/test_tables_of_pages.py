"""The tables of trends, priorities, coverage, examples, frameworks and datasets have what their pages have."""

from __future__ import annotations

import csv
import datetime
import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.plugin.conftest import execute

FILES = "/best-practice/figures"


@pytest.fixture
def table(visit: Callable[..., Any]) -> Callable[[str], list[dict[str, str]]]:
    """The rows of a CSV file, by their headers."""

    def read(path: str) -> list[dict[str, str]]:
        answer = visit(f"{FILES}/{path}")
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))

    return read


@pytest.fixture
def page(visit: Callable[..., Any]) -> Callable[[str], str]:
    return lambda path: html.unescape(visit(f"/best-practice/{path}").get_data(as_text=True))


def words_of(part: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_the_three_lists_of_priorities_are_one_table(table: Any, page: Any) -> None:
    rows, text = table("priorities.csv"), page("priorities")
    for name, start in (
        ("learn from the other", "learn"),
        ("weak in both", "together"),
        ("not known with today’s formats", "unknown"),
    ):
        own = [row for row in rows if row["List"] == name]
        assert [row["Id"] for row in own] == re.findall(rf'<li id="{start}-([^"]+)"', text)
        assert [int(row["Place in the list"]) for row in own] == list(range(1, len(own) + 1))
    assert rows
    for row in rows:
        if row["US gain (points)"] and row["List"] == "weak in both":
            assert f"{float(row['US gain (points)']):.1f} points in the US" in words_of(text)


def test_the_points_of_a_trend_are_those_of_its_page_under_the_same_choices(table: Any, visit: Any) -> None:
    for asked in ("", "?country=GB", "?agency=gb-cabinet-office&dimension=licensed", "?criterion=licence-open"):
        shown = visit(f"/best-practice/trends.json{asked}").get_json()
        points = [point for one in shown["series"] for point in one["points"]]
        rows = table(f"trends.csv{asked}")
        assert [row["Day"] for row in rows] == [point["day"] for point in points]
        assert [row["Rubric"] for row in rows] == [point["rubric_version"] for point in points]
        for row, point in zip(rows, points, strict=True):
            for title, name in (("", "value"), (", low", "low"), (", high", "high")):
                cell = row[f"Mean score{title} (0 to 100)"]
                assert (float(cell) if cell else None) == (pytest.approx(point[name]) if cell else point[name])


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("trends.csv?country=FR", "unknown"),
        ("trends.csv?country=US&country=GB", "once"),
        ("trends.csv?first=yesterday", "not a day"),
        ("trends.csv?as_of=TODAY", "first and last"),
        ("trends.csv?theme=health", "cannot be narrowed"),
        ("priorities.csv?criterion=licence-open", "there is no such choice"),
        ("exemplars.csv?criterion=nothing", "there is no such criterion"),
        ("exemplars.csv?criterion=licence-open&criterion=title-descriptive", "more than one"),
        ("coverage-sources.csv?country=GB", "cannot be narrowed"),
    ],
)
def test_a_choice_that_means_nothing_is_refused(visit: Any, path: str, reason: str) -> None:
    today = datetime.datetime.now(datetime.timezone.utc).date()
    answer = visit(f"{FILES}/{path.replace('TODAY', str(today))}")
    assert answer.status_code == 400
    assert reason in answer.get_data(as_text=True)


def test_the_picture_of_a_trend_has_its_figures_and_can_be_embedded(visit: Any) -> None:
    drawn = html.unescape(visit(f"{FILES}/trends.svg?country=GB").get_data(as_text=True))
    newest = visit("/best-practice/trends.json?country=GB").get_json()["series"][0]["points"][-1]
    assert f"UK: {newest['value']:.1f}" in drawn
    assert f"{newest['data_sets']:,} datasets" in drawn
    embedded = html.unescape(visit("/best-practice/embed/trends?country=GB").get_data(as_text=True))
    assert 'class="aivision-trend"' in embedded
    assert f"UK: {newest['value']:.1f}" in words_of(embedded)
    assert "<script" not in embedded


def test_coverage_has_every_source_level_and_catalogue(table: Any, page: Any) -> None:
    text = words_of(page("coverage"))
    sizes = {row["Country"]: int(row["Datasets here"]) for row in table("coverage-catalogues.csv")}
    assert set(sizes) == {"US", "UK"}
    for figure in ("coverage-sources", "coverage-levels", "coverage-bodies"):
        rows = table(f"{figure}.csv")
        for country, number in sizes.items():
            assert sum(int(row["Datasets"]) for row in rows if row["Country"] == country) == number
    for row in table("coverage-catalogues.csv"):
        assert f"at most {float(row['Share at most (per cent)']):.1f} per cent" in text


def test_examples_have_the_words_and_the_dataset_that_the_page_shows(table: Any, page: Any) -> None:
    rows, text = table("exemplars.csv?criterion=licence-open"), page("exemplars?criterion=licence-open")
    assert rows
    for row in rows:
        assert f'href="/dataset/{row["Dataset"]}#ai-readiness"' in text
        assert row["Address"].endswith(f"/dataset/{row['Dataset']}")
        assert row["Words"].split(": ")[-1] in text
    assert {row["Criterion"] for row in table("exemplars.csv")} > {"licence-open"}


def test_frameworks_and_the_crosswalk_have_the_figures_of_their_pages(table: Any, page: Any) -> None:
    shown = words_of(page("frameworks"))
    rows = table("frameworks.csv")
    assert len(rows) > 3
    for row in rows:
        assert row["Title"] in shown
        for country in ("US", "UK"):
            mean = row[f"{country} mean score (0 to 100)"]
            assert not mean or row["Lacking"] or f"{float(mean):.1f}" in shown
    text = page("frameworks/crosswalk")
    clauses = re.findall(r'<tr id="clause-([^"]+)"', text)
    assert list(dict.fromkeys(row["Clause"].replace(" ", "-") for row in table("crosswalk.csv"))) == clauses


def test_an_agencys_datasets_are_all_its_public_ones_the_most_to_gain_first(table: Any, visit: Any, ckan: Any) -> None:
    path = "agency-datasets/gb-cabinet-office.csv"
    rows = table(path)
    evaluations = ckan.get_action("aivision_evaluation_list")(
        {"user": ""}, {"agency": "gb-cabinet-office", "sort": "grade desc", "limit": 1000}
    )["evaluations"]
    assert [row["Name"] for row in rows] == [one["name"] for one in evaluations]
    for row, one in zip(rows, evaluations, strict=True):
        assert (row["Title"], row["Grade"]) == (one["title"], one["grade"])
        assert float(row["Short of 100 (points)"]) == pytest.approx(100 - one["score"], abs=0.01)
        assert visit(row["Address"]).status_code == 200
    execute("UPDATE package SET private = TRUE WHERE name = :name", name=rows[0]["Name"])
    try:
        assert [row["Name"] for row in table(path)] == [row["Name"] for row in rows[1:]]
        assert visit(f"{FILES}/{path}").headers["Cache-Control"].startswith("private")
    finally:
        execute("UPDATE package SET private = FALSE WHERE name = :name", name=rows[0]["Name"])
