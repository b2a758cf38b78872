"""docs/evaluation.md says what was measured, and why each criterion is kept."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import yaml
from bench import evaluation

from ckanext.aivision.scoring.rubric import load


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    measured: dict[str, Any] = json.loads(evaluation.RESULTS.read_text(encoding="utf-8"))
    return measured


@pytest.fixture(scope="module")
def notes() -> dict[str, Any]:
    written: dict[str, Any] = yaml.safe_load(evaluation.NOTES.read_text(encoding="utf-8"))
    return written


def test_the_page_is_that_of_the_figures_and_the_notes(found: dict[str, Any], notes: dict[str, Any]) -> None:
    text = evaluation.PAGE.read_text(encoding="utf-8")
    assert text == evaluation.page(text, found, notes), "run `make evaluation`"


def test_the_figures_are_of_criteria_that_the_rubric_has(found: dict[str, Any]) -> None:
    assert set(found["shares"]) <= {row.id for row in load().criteria}, "run `make evaluation`"


@pytest.mark.usefixtures("real_corpus")
def test_the_figures_are_of_todays_rubric(found: dict[str, Any]) -> None:
    """Whoever has the corpus brings the page up to date after a change; others cannot."""
    measured = (found["rubric_version"], list(found["shares"]))
    assert measured == (load().version, [row.id for row in load().criteria]), "run `make evaluation`"


def test_no_note_is_about_a_criterion_or_a_pair_without_figures(found: dict[str, Any], notes: dict[str, Any]) -> None:
    assert set(notes["tells"]) <= set(found["shares"])
    assert set(notes["both_kept"]) == {", ".join(row["pair"]) for row in found["pairs"]}


def test_a_criterion_that_nothing_or_nearly_everything_passes_says_why_it_is_kept(
    found: dict[str, Any], notes: dict[str, Any]
) -> None:
    for id, by_country in found["shares"].items():
        shares = [row["passed"] for row in by_country.values()]
        if max(shares) < 1 or min(shares) > 95:
            note = notes["tells"].get(id, "")
            assert "Kept" in note or "field for it" in note, f"say in bench/evaluation.yaml why {id} is kept"


def test_what_differs_between_the_countries_alone_does_not_make_two_criteria_go_together() -> None:
    countries = np.array(["US"] * 100 + ["GB"] * 100)
    values = np.array([[float(country == "US")] * 2 for country in countries])
    values[::7, 0], values[::5, 1] = 0.5, 0.5
    assert evaluation.close_pairs(values, countries, ["one", "other"]) == []


def test_a_share_is_of_the_data_sets_it_applies_to_and_by_publisher_each_counts_once() -> None:
    outcomes = np.array(["pass", "pass", "pass", "fail", "unknown", "not-applicable"])
    found = evaluation.share(outcomes, np.array(["a", "a", "a", "b", "b", "b"]))
    assert found == evaluation.Share(5, 60.0, 0.0, 20.0, 20.0, 50.0)
