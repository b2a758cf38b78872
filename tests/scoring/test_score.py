"""From results to scores and grades, and what an evaluation says beside them."""

from __future__ import annotations

import datetime

import msgspec
import pytest
from tests.scoring.conftest import Value

from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import Finding, Outcome, Result, shorten, valued
from ckanext.aivision.scoring.rubric import Criterion, Rubric
from ckanext.aivision.scoring.score import GRADES, dimension_scores, grade, weighted


def criteria(*weights: int, dimension: str = "findable") -> list[Criterion]:
    return [
        Criterion(
            id=f"criterion-{place}",
            question="?",
            reason="",
            fix="Mend it.",
            weight=weight,
            sources=[],
            needs=["title"],
            form_field="title",
            dimension=dimension,
        )
        for place, weight in enumerate(weights)
    ]


def results(*values: Value) -> list[Result]:
    found = []
    for value in values:
        outcome: Outcome = "not-applicable" if isinstance(value, str) else "partial" if value is not None else "unknown"
        found.append(Result("", outcome, None if isinstance(value, str) else value, "", "title", ""))
    return found


@pytest.mark.parametrize(
    ("weights", "values", "score", "coverage"),
    [
        ((1, 1), (1, 0), 50, 1),
        ((3, 1), (1, 0), 75, 1),
        ((3, 1), (0.5, 1), 62.5, 1),
        ((1, 1, 1), (1, 1, 0), 66.7, 1),
        # Unknown is not a fail, but it is not covered either.
        ((3, 1), (1, None), 100, 0.75),
        ((3, 1), (None, 0), 0, 0.25),
        # What does not apply is left out of the score; of the questions it is one that has an answer.
        ((3, 1), (1, "n/a"), 100, 1),
        ((2, 1, 1), (1, None, "n/a"), 100, 0.75),
        # Nothing is known.
        ((1, 1), (None, None), None, 0),
        ((1, 1), ("n/a", "n/a"), None, 1),
        ((), (), None, 0),
    ],
)
def test_a_score_is_the_weighted_mean_of_what_is_known_and_coverage_the_share_that_is(
    weights: tuple[int, ...], values: tuple[Value, ...], score: float | None, coverage: float
) -> None:
    assert weighted(results(*values), criteria(*weights)) == (score, coverage)


def test_results_of_another_rubric_are_not_counted() -> None:
    with pytest.raises(ValueError, match="longer"):
        weighted(results(1), criteria(1, 1))


def test_each_dimension_has_the_mean_of_its_own_criteria() -> None:
    rows = [*criteria(1, 3), *criteria(2, dimension="licensed"), *criteria(1, dimension="timely")]
    scores = dimension_scores(results(1, 0, 1, None), rows)
    assert list(scores) == list(DIMENSIONS)
    assert (scores["findable"].score, scores["findable"].coverage) == (25, 1)
    assert (scores["licensed"].score, scores["licensed"].coverage) == (100, 1)
    assert (scores["timely"].score, scores["timely"].coverage) == (None, 0)
    assert (scores["responsible"].score, scores["responsible"].coverage) == (None, 0)


@pytest.mark.parametrize(
    ("score", "coverage", "letter"),
    [
        (80, 0.9, "A"),
        (79.9, 0.9, "B"),
        (65, 0.75, "B"),
        (64.9, 1, "C"),
        (50, 0.6, "C"),
        (35, 0.4, "D"),
        (34.9, 1, "E"),
        (0, 1, "E"),
        (None, 0, "E"),
        # A record of a schema that says little cannot have a good grade.
        (100, 0.899, "B"),
        (100, 0.749, "C"),
        (100, 0.599, "D"),
        (100, 0.399, "E"),
    ],
)
def test_a_grade_needs_both_a_score_and_coverage(score: float | None, coverage: float, letter: str) -> None:
    assert grade(score, coverage) == letter


def test_a_better_grade_asks_for_more_of_both() -> None:
    assert [name for name, _, _ in GRADES] == ["A", "B", "C", "D"]
    assert sorted(GRADES, key=lambda row: row[1:], reverse=True) == list(GRADES)


@pytest.mark.parametrize(
    ("value", "result", "kept"),
    [(1, "pass", 1), (0, "fail", 0), (0.5, "partial", 0.5), (1 / 3, "partial", 0.333), (7, "pass", 1), (-2, "fail", 0)],
)
def test_a_value_between_nothing_and_all_is_partial(value: float, result: str, kept: float) -> None:
    assert valued(value, "title", "seen") == Finding(result, kept, "title", "seen")


def test_evidence_is_cut_at_300_characters_and_shows_that_it_was() -> None:
    assert shorten("x" * 300) == "x" * 300
    assert shorten("x" * 301) == "x" * 299 + "…"
    assert shorten(["x"]) == "['x']"


class TestAnEvaluation:
    def test_it_names_the_data_set_the_rubric_and_the_day(self, rubric: Rubric) -> None:
        found = evaluate(record(identifier="levels", publisher="River Agency"), rubric, ON)
        assert (found.identifier, found.title) == ("levels", "River levels at gauging stations")
        assert (found.publisher, found.country) == ("River Agency", "GB")
        assert (found.rubric_version, found.reference_date) == (rubric.version, ON)

    def test_it_has_every_criterion_once_in_the_rubrics_order(self, rubric: Rubric) -> None:
        found = evaluate(record(), rubric, ON)
        assert [row.criterion for row in found.results] == [row.id for row in rubric.criteria]

    def test_its_score_is_that_of_its_results(self, rubric: Rubric) -> None:
        found = evaluate(record(license="uk-ogl", keyword=["rivers"]), rubric, ON)
        assert (found.score, found.coverage) == weighted(found.results, rubric.criteria)
        assert found.grade == grade(found.score, found.coverage)
        assert found.dimensions == dimension_scores(found.results, rubric.criteria)

    def test_what_passes_or_does_not_apply_needs_no_mending(self, rubric: Rubric) -> None:
        said = record(license="uk-ogl", accrual_periodicity="irregular")
        fixes = {row.criterion: row.fix for row in evaluate(said, rubric, ON).results}
        assert fixes["licence-open"] == fixes["updated-on-rhythm"] == ""
        assert "interval" in fixes["update-frequency-stated"]

    def test_an_age_is_counted_to_the_given_day(self, rubric: Rubric) -> None:
        said = record(accrual_periodicity="R/P1M", modified="2026-11-01")
        for day, value in ((ON, 1), (ON + datetime.timedelta(days=365), 0), (datetime.date(2026, 10, 1), 0)):
            found = evaluate(said, rubric, day)
            assert {row.criterion: row.value for row in found.results}["updated-on-rhythm"] == value

    def test_a_source_that_we_do_not_know_is_not_blamed_for_silence(self, rubric: Rubric) -> None:
        found = evaluate(record(profile="of another catalogue"), rubric, ON)
        known = {row.criterion: row.result for row in found.results if row.value is not None}
        assert known == {"title-descriptive": "pass", "identifier-persistent": "partial"}
        assert found.grade == "E"

    def test_what_was_looked_at_beyond_the_metadata_is_said_and_only_then(self, rubric: Rubric) -> None:
        shallow = evaluate(record(), rubric, ON)
        assert shallow == evaluate(record(), rubric, ON, NOTHING)
        assert b"beyond" not in msgspec.json.encode(shallow)
        deep = evaluate(record(), rubric, ON, Observed(links={}, files={}))
        assert msgspec.to_builtins(deep)["beyond"] == ("links", "content")
        assert [row.criterion for row in deep.results] == [row.id for row in rubric.at(("links", "content"))]

    def test_it_comes_through_json_unharmed(self, rubric: Rubric) -> None:
        found = evaluate(record(license="uk-ogl"), rubric, ON)
        assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found
