"""Why a score changes: the effect of each criterion, between two evaluations of one record."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from tests.scoring.strategies import Said, records

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.score import weighted
from ckanext.aivision.scoring.scores.score_effects import find_effects

RICH = Dataset(
    identifier="1",
    title="Weekly river levels at 40 stations",
    profile="aivision",
    country="GB",
    keyword=["rivers", "levels", "gauges"],
)


def of(dataset: Dataset) -> Evaluation:
    return evaluate(dataset, load(), ON)


@pytest.mark.long
@given(records())
def test_the_same_results_have_no_effects(said: Said) -> None:
    dataset = record(**said)
    assert find_effects(of(dataset), of(dataset), load()) == {}


@pytest.mark.long
@given(records(), records())
def test_every_effect_is_of_a_criterion_with_another_result(one: Said, other: Said) -> None:
    before, after = of(record(**one)), of(record(**other))
    former = {found.criterion: (found.result, found.value) for found in before.results}
    for id in find_effects(before, after, load()):
        assert former[id] not in [(found.result, found.value) for found in after.results if found.criterion == id]


@pytest.mark.long
def test_one_result_that_gets_worse_explains_the_whole_change() -> None:
    before, after = of(RICH), of(msgspec.structs.replace(RICH, keyword=[]))
    changed = [one.criterion for one, two in zip(before.results, after.results, strict=True) if one.value != two.value]
    assert changed == ["keywords-specific"]
    assert before.score is not None
    assert after.score is not None
    assert find_effects(before, after, load()) == {"keywords-specific": round(after.score - before.score, 1)}


@pytest.mark.long
def test_the_effect_of_a_new_criterion_is_that_of_asking_it() -> None:
    after = of(RICH)
    new = next(found for found in after.results if found.result == "fail")
    results = [found for found in after.results if found.criterion != new.criterion]
    before = msgspec.structs.replace(after, results=results, rubric_version="0.9.0")
    without, _ = weighted(results, [row for row in load().criteria if row.id != new.criterion])
    assert after.score is not None
    assert without is not None
    assert find_effects(before, after, load()) == {new.criterion: round(after.score - without, 1)}
    assert after.score < without


def test_a_criterion_that_the_rubric_no_longer_has_is_no_effect() -> None:
    after = of(RICH)
    old = msgspec.structs.replace(after.results[0], criterion="no-longer-asked")
    before = msgspec.structs.replace(after, results=[old, *after.results], rubric_version="0.9.0")
    assert find_effects(before, after, load()) == {}
