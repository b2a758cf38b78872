"""What each criterion gives to records as both countries publish them: the examples beside the functions."""

from __future__ import annotations

import pytest
from tests.scoring.conftest import result_of

from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.examples import Example, load_examples
from ckanext.aivision.scoring.rubric import Rubric

EXAMPLES = load_examples()
ROWS = [
    pytest.param(criterion, example, id=f"{criterion}-{place}")
    for criterion, listed in EXAMPLES.items()
    for place, example in enumerate(listed)
]

# What a criterion cannot give, and why.
NEVER = {
    ("title-descriptive", "unknown"): "a record without a title is refused",
    ("identifier-persistent", "unknown"): "a record without an identifier is refused",
    ("identifier-persistent", "fail"): "whatever is known to one catalogue is something",
    ("distribution-present", "partial"): "there is an address or there is none",
    ("download-direct", "partial"): "one file that can be fetched is enough",
    ("format-efficient", "partial"): "one form made for bulk is enough",
}


@pytest.mark.parametrize(("criterion", "example"), ROWS)
def test_a_record_gets_what_its_practice_deserves(criterion: str, example: Example) -> None:
    found = result_of(criterion, example.dataset, example.observed)
    assert found.result == example.outcome
    assert found.value == pytest.approx(example.value, abs=0.001)


def test_every_criterion_has_examples_in_the_order_of_the_rubric(rubric: Rubric) -> None:
    assert list(EXAMPLES) == [row.id for row in rubric.everything]


@pytest.mark.parametrize("criterion", EXAMPLES)
def test_every_outcome_that_a_criterion_has_is_among_its_examples(criterion: str) -> None:
    outcomes = [example.outcome for example in EXAMPLES[criterion]]
    missing = {result for result in ("fail", "partial", "unknown") if result not in outcomes}
    assert missing == {result for result in missing if (criterion, result) in NEVER}


@pytest.mark.parametrize("criterion", EXAMPLES)
def test_a_criterion_shows_two_examples_of_good_practice_and_two_of_bad(criterion: str) -> None:
    outcomes = [example.outcome for example in EXAMPLES[criterion]]
    assert outcomes.count("pass") >= 2
    assert outcomes.count("fail") >= 2 or (criterion, "fail") in NEVER


@pytest.mark.parametrize(("criterion", "impossible"), NEVER)
def test_what_we_call_impossible_is_not_among_the_examples(criterion: str, impossible: str) -> None:
    assert impossible not in [example.outcome for example in EXAMPLES[criterion]]


@pytest.mark.parametrize(("criterion", "example"), ROWS)
def test_a_finding_shows_its_field_and_what_was_seen_there(criterion: str, example: Example) -> None:
    fields = {*Dataset.__struct_fields__, *(f"distribution[].{name}" for name in Distribution.__struct_fields__)}
    found = result_of(criterion, example.dataset, example.observed)
    # `quality.flag` and `distribution.X` are places that a profile has; `url` is whichever address there is.
    assert found.field in fields | {"quality.flag", "distribution[].url"} or found.field.startswith("distribution.")
    assert 0 < len(found.evidence) <= 300
    assert bool(found.fix) == (example.outcome in ("fail", "partial", "unknown"))
