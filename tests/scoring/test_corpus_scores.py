"""Real records of both countries: each is evaluated, and no criterion says the same of all without a reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load

# Of each catalogue every twentieth record; of the small ones all, so that no portal is left out.
EVERY, SMALL = 20, 200
ROOT = Path(__file__).parents[2]
# What the figures tell; where nothing passes, the note says why the criterion is kept.
NOTES: dict[str, str] = yaml.safe_load((ROOT / "bench/evaluation.yaml").read_text(encoding="utf-8"))["tells"]


def read(path: Path) -> list[Dataset]:
    profile = "data-gov-uk" if "data-gov-uk" in path.name else None
    source = resolve(str(path), profile=profile, country="US" if path.parent.name == "us" else "GB")
    with Session() as session:
        found = [item.dataset for item in open_source(source, session) if item.dataset]
    return found if len(found) < SMALL else found[::EVERY]


@pytest.fixture(scope="module")
def evaluations(real_corpus: Path) -> list[Evaluation]:
    paths = [path for folder in ("us", "uk") for path in sorted((real_corpus / folder).iterdir())]
    return [evaluate(dataset, load(), ON) for path in paths for dataset in read(path)]


@pytest.fixture(scope="module")
def outcomes(evaluations: list[Evaluation]) -> dict[str, Counter[str]]:
    """How often each outcome, by criterion."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for evaluation in evaluations:
        for row in evaluation.results:
            counts[row.criterion][row.result] += 1
    return counts


def test_every_record_is_evaluated(evaluations: list[Evaluation]) -> None:
    assert len(evaluations) > 1000
    assert {evaluation.country for evaluation in evaluations} == {"US", "GB"}
    for evaluation in evaluations:
        assert len(evaluation.results) == len(load().criteria)
        assert evaluation.score is not None
        assert 0 <= evaluation.score <= 100


def test_a_criterion_that_says_the_same_of_every_record_has_a_note_with_the_reason(
    outcomes: dict[str, Counter[str]],
) -> None:
    never = {name for name, counts in outcomes.items() if not counts["pass"]}
    always = {name for name, counts in outcomes.items() if set(counts) == {"pass"}}
    kept = {name for name, note in NOTES.items() if "Kept" in note or "field for it" in note}
    assert (never | always) - kept == set(), "say in bench/evaluation.yaml why it is kept"


def test_the_scores_of_real_records_lie_far_apart(evaluations: list[Evaluation]) -> None:
    grades = Counter(evaluation.grade for evaluation in evaluations)
    assert set("BCDE") <= set(grades)
    assert max(grades.values()) < len(evaluations) / 2


def test_the_evidence_of_every_answer_can_be_shown(evaluations: list[Evaluation]) -> None:
    for evaluation in evaluations:
        for row in evaluation.results:
            assert row.evidence.strip(), (evaluation.identifier, row.criterion)
            row.evidence.encode("utf-8")
