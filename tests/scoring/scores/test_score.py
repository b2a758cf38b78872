"""From results to scores and grades, and what an evaluation says beside them."""

from __future__ import annotations

import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scoring.conftest import Value

from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.free_text import load_free_text
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import Finding, Outcome, Result, shorten, valued
from ckanext.aivision.scoring.rubric import Criterion, Rubric, load
from ckanext.aivision.scoring.scores.score import dimension_scores, gains, grade, is_told_in_text, weighted


def criteria(*weights: float, dimension: str = "findable") -> list[Criterion]:
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


def results(*values: Value, field: str = "modified") -> list[Result]:
    found = []
    for value in values:
        outcome: Outcome = "not-applicable" if isinstance(value, str) else "partial" if value is not None else "unknown"
        found.append(Result("", outcome, None if isinstance(value, str) else value, "", field, ""))
    return found


@pytest.mark.parametrize(
    ("weights", "values", "score", "coverage"),
    [
        ((1, 1), (1, 0), 50, 1),
        ((3, 1), (1, 0), 75, 1),
        ((3, 1), (0.5, 1), 62.5, 1),
        ((1, 1, 1), (1, 1, 0), 66.7, 1),
        ((0.5, 1.5), (1, 0), 25, 1),
        # What is not said is not a fail, but it earns nothing either, in any format.
        ((3, 1), (1, None), 75, 0.75),
        ((3, 1), (None, 0), 0, 0.25),
        ((1, 1), (None, None), 0, 0),
        # What does not apply is left out of the score; of the questions it is one that has an answer.
        ((3, 1), (1, "n/a"), 100, 1),
        ((2, 1, 1), (1, None, "n/a"), 66.7, 0.75),
        # Nothing counts.
        ((1, 1), ("n/a", "n/a"), None, 1),
        ((), (), None, 0),
    ],
)
def test_a_score_is_the_share_of_the_weight_that_is_earned_and_coverage_the_share_that_is_answered(
    weights: tuple[float, ...], values: tuple[Value, ...], score: float | None, coverage: float
) -> None:
    assert weighted(results(*values), criteria(*weights)) == (score, coverage)


def test_what_could_not_be_seen_of_links_and_files_is_left_out() -> None:
    shallow, deep = criteria(1, 3)
    rows = [shallow, msgspec.structs.replace(deep, depth="links")]
    assert weighted(results(1, None), rows) == (100, 0.25)
    assert gains(results(0.5, None), rows) == [50, 0]


def test_a_gain_is_what_the_score_would_be_higher_by() -> None:
    rows = criteria(1, 2, 1, 4)
    assert gains(results(1, 0.5, None, "n/a"), rows) == [0, 25, 25, 0]


def test_results_of_another_rubric_are_not_counted() -> None:
    with pytest.raises(ValueError, match="longer"):
        weighted(results(1), criteria(1, 1))


def test_each_dimension_has_the_mean_of_its_own_criteria() -> None:
    rows = [*criteria(1, 3), *criteria(2, dimension="licensed"), *criteria(1, dimension="timely")]
    scores = dimension_scores(results(1, 0, 1, None), rows)
    assert list(scores) == list(DIMENSIONS)
    assert (scores["findable"].score, scores["findable"].coverage) == (25, 1)
    assert (scores["licensed"].score, scores["licensed"].coverage) == (100, 1)
    assert (scores["timely"].score, scores["timely"].coverage) == (0, 0)
    assert (scores["responsible"].score, scores["responsible"].coverage) == (None, 0)


@pytest.mark.parametrize(
    ("score", "letter"),
    [
        (100, "A"),
        (80, "A"),
        (79.9, "B"),
        (65, "B"),
        (64.9, "C"),
        (50, "C"),
        (35, "D"),
        (34.9, "E"),
        (0, "E"),
        (None, "E"),
    ],
)
def test_a_grade_follows_from_the_score(score: float | None, letter: str) -> None:
    assert grade(score) == letter


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
        assert found.grade == grade(found.score)
        assert found.dimensions == dimension_scores(found.results, rubric.criteria)

    def test_what_passes_or_does_not_apply_needs_no_mending(self, rubric: Rubric) -> None:
        file = {"download_url": "https://rivers.example.gov/levels.csv"}
        said = record(license="uk-ogl", accrual_periodicity="irregular", distribution=[file])
        fixes = {row.criterion: row.fix for row in evaluate(said, rubric, ON).results}
        assert fixes["licence-open"] == fixes["ai-use-terms-stated"] == ""
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


class TestFreeText:
    """Facts that are told in free text alone add at most 15 points to the score, and as much to coverage."""

    FIELDS = ("title", "description", "rights")

    def test_the_limit_is_told_in_the_rule(self) -> None:
        free_text = load_free_text()
        assert (free_text.most, sorted(free_text.fields)) == (15, sorted(self.FIELDS))
        assert "at most 15 points" in " ".join(free_text.rule.format(most="15").split())

    @pytest.mark.parametrize("field", FIELDS)
    def test_text_alone_reaches_the_limit_and_no_more(self, field: str) -> None:
        for value, score in ((0.14, 14), (0.15, 15), (0.16, 15), (1, 15)):
            assert weighted(results(value, field=field), criteria(1))[0] == score
        told = [*results(1, 1, field=field), *results(1, None, None)]
        assert weighted(told, criteria(1, 1, 1, 1, 1)) == (35, 0.35)

    def test_a_fact_in_a_field_is_not_limited_by_those_in_text(self) -> None:
        assert weighted([*results(1, field="title"), *results(1)], criteria(1, 1)) == (65, 0.65)

    def test_what_judges_the_text_itself_is_not_limited(self, rubric: Rubric) -> None:
        names = load_free_text().but
        rows = [row for row in rubric.criteria if row.id in names]
        assert {row.id for row in rows} == names
        assert weighted(results(*[1.0] * len(rows), field="description"), rows) == (100, 1)

    def test_the_values_of_criteria_and_dimensions_stay_as_they_are(self) -> None:
        found = dimension_scores(results(1, field="title"), criteria(1))
        assert found["findable"].score == 100

    @given(st.lists(st.tuples(st.sampled_from([*FIELDS, "modified"]), st.floats(0, 1)), min_size=1, max_size=30))
    def test_to_take_away_all_text_costs_no_more_than_the_limit(self, told: list[tuple[str, float]]) -> None:
        rows = criteria(*[1 + place % 4 for place in range(len(told))])
        full = [result for field, value in told for result in results(value, field=field)]
        silent = [result if result.field == "modified" else results(0)[0] for result in full]
        (score, coverage), (without, _) = weighted(full, rows), weighted(silent, rows)
        assert score is not None
        assert without is not None
        assert -0.1 <= score - without <= 15.1
        assert 0 <= coverage <= 1


SENTENCES = (
    "Readings were taken by divers at 41 stations on the Tay with a Valeport current meter.",
    "Levels before 1950 are missing, and the gauge of Perth read 4 cm too low until 1963.",
    "The standard error of a level is 2 cm. One row is one gauge and hour. Units: metres above Newlyn.",
    "Based on the National River Flow Archive. Used to design the flood walls of Perth.",
    "Stations in the Highlands are under-represented: 3 of 41. No personal data.",
    "Perthshire, 1950 to 2024. Updated every month. Next release: 12 May 2027.",
)


@given(st.lists(st.sampled_from(SENTENCES), unique=True))
def test_sentences_add_no_more_than_the_limit_to_a_record(sentences: list[str]) -> None:
    """Beside what they add to the description itself, which criteria of their own judge."""
    found = evaluate(record(description=" ".join(sentences)), load(), ON)
    rows = {row.id: row.weight for row in load().criteria}
    in_text = sum(
        rows[result.criterion] * (result.value or 0)
        for result in found.results
        if is_told_in_text(result, result.criterion)
    )
    elsewhere = [
        msgspec.structs.replace(result, value=0.0) if is_told_in_text(result, result.criterion) else result
        for result in found.results
    ]
    without, _ = weighted(elsewhere, load().criteria)
    assert found.score is not None
    assert without is not None
    counted = sum(rows[result.criterion] for result in found.results if result.result != "not-applicable")
    assert found.score - without == pytest.approx(min(15, 100 * in_text / counted), abs=0.11)
