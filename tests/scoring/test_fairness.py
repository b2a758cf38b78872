"""The same facts are worth the same in six metadata formats, and more facts are never worth less."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.scoring.fairness.facts import FACTS, Facts
from tests.scoring.fairness.formats import FORMATS
from tests.scoring.fairness.variants import VARIANTS

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.score import GRADES

MOST_SPREAD = 3.0
# Variant -> why its grade or score may differ between formats. The project allows three.
_NO_REASON = "The UK model has a code for restricted data, and no field for the reason or for how to get them."
EXCEPTIONS = {
    "restricted for a stated reason": _NO_REASON,
    "restricted, without a file": _NO_REASON,
}
MOST_EXCEPTIONS = 3
# If the scores of a variant are on both sides of a border between grades, a tenth of a point decides, which any change
# of the rubric may move. Its grades are then compared with these facts left out as well, the first that suffice.
LEFT_OUT: tuple[Facts, ...] = (
    {},
    {"media_type": None},
    {"keyword": [], "media_type": None},
    {"keyword": [], "media_type": None, "publisher": None},
    {"keyword": [], "media_type": None, "publisher": None, "contact": None},
)
# Facts that a publisher may leave out: with each of them a record is as good or better.
OPTIONAL = [name for name in FACTS if name not in ("title", "identifier", "access", "media_type", "format")]


class Outcome(NamedTuple):
    grade: str
    score: float


def outcome(folder: Path, name: str, facts: Facts) -> Outcome:
    """Grade and score of the facts, read by the harvester from a document in one format."""
    document = FORMATS[name](facts)
    path = folder / document.name
    text = document.content if isinstance(document.content, str) else json.dumps(document.content)
    path.write_text(text, encoding="utf-8")
    with Session() as session:
        found = [row.dataset for row in open_source(resolve(str(path), **document.stated), session) if row.dataset]
    (dataset,) = found
    told = evaluate(dataset, load(), ON)
    assert told.score is not None
    return Outcome(str(told.grade), told.score)


def outcomes(folder: Path, facts: Facts) -> dict[str, Outcome]:
    return {name: outcome(folder, name, facts) for name in FORMATS}


def astride(scores: Iterable[float]) -> bool:
    """Whether a border between grades lies among the scores."""
    return len({sum(score >= least for _, least in GRADES) for score in scores}) > 1


def grades(folder: Path, variant: str, formats: Iterable[str]) -> set[str]:
    """The grades of a variant in these formats, away from a border between grades."""
    for left_out in LEFT_OUT:
        found = [outcome(folder, name, FACTS | left_out | VARIANTS[variant]) for name in formats]
        if not astride(told.score for told in found):
            return {told.grade for told in found}
    raise AssertionError("no choice of LEFT_OUT brings the scores to one side of a border: add one")


def check_fairness(folder: Path, variant: str, formats: list[str]) -> None:
    found = {name: outcome(folder, name, FACTS | VARIANTS[variant]) for name in formats}
    scores = [told.score for told in found.values()]
    assert max(scores) - min(scores) <= MOST_SPREAD, found
    assert len(grades(folder, variant, formats)) == 1, found


def test_there_are_six_formats_and_at_least_25_variants() -> None:
    assert len(FORMATS) == 6
    assert len(VARIANTS) >= 25


def test_few_variants_are_excepted_and_each_has_a_reason() -> None:
    assert EXCEPTIONS.keys() <= VARIANTS.keys()
    assert len(EXCEPTIONS) <= MOST_EXCEPTIONS
    assert all(len(reason.split()) > 5 for reason in EXCEPTIONS.values())


@pytest.mark.long
@pytest.mark.parametrize("variant", [name for name in VARIANTS if name not in EXCEPTIONS])
def test_the_same_facts_get_the_same_grade_and_score(tmp_path: Path, variant: str) -> None:
    check_fairness(tmp_path, variant, list(FORMATS))


@pytest.mark.parametrize("variant", EXCEPTIONS)
def test_an_exception_is_one_of_the_uk_model_alone(tmp_path: Path, variant: str) -> None:
    check_fairness(tmp_path, variant, [name for name in FORMATS if name != "UK Metadata Exchange"])


@pytest.mark.parametrize("name", FORMATS)
def test_a_complete_record_is_an_a(tmp_path: Path, name: str) -> None:
    assert outcome(tmp_path, name, FACTS).grade == "A"


@pytest.mark.parametrize("fact", OPTIONAL)
def test_a_fact_more_never_lowers_score_or_grade(tmp_path: Path, fact: str) -> None:
    with_it, without = outcomes(tmp_path, FACTS), outcomes(tmp_path, FACTS | {fact: [] if fact == "keyword" else None})
    for name in FORMATS:
        assert with_it[name].score >= without[name].score, name
        assert with_it[name].grade <= without[name].grade, name


def test_facts_that_one_format_alone_has_room_for_never_cost(tmp_path: Path) -> None:
    poorest = FACTS | dict.fromkeys(("version", "lineage", "size", "checksum", "dictionary", "documentation"))
    for name in FORMATS:
        assert outcome(tmp_path, name, FACTS).score >= outcome(tmp_path, name, poorest).score
