"""What each criterion gives to records as both countries publish them: the examples beside the functions."""

from __future__ import annotations

import pytest
from tests.scoring.conftest import result_of

from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.examples import Example, load_examples
from ckanext.aivision.scoring.rubric_check import find_problems

EXAMPLES = load_examples()
ROWS = [
    pytest.param(criterion, example, id=f"{criterion}-{place}")
    for criterion, listed in EXAMPLES.items()
    for place, example in enumerate(listed)
]


@pytest.mark.parametrize(("criterion", "example"), ROWS)
def test_a_record_gets_what_its_practice_deserves(criterion: str, example: Example) -> None:
    found = result_of(criterion, example.dataset, example.observed)
    assert found.result == example.outcome
    assert found.value == pytest.approx(example.value, abs=0.001)


def test_rows_functions_examples_citations_and_lenses_fit_together() -> None:
    assert [str(problem) for problem in find_problems()] == []


@pytest.mark.parametrize("criterion", EXAMPLES)
def test_a_finding_shows_its_field_and_what_was_seen_there(criterion: str) -> None:
    fields = {*Dataset.__struct_fields__, *(f"distribution[].{name}" for name in Distribution.__struct_fields__)}
    for place, example in enumerate(EXAMPLES[criterion]):
        found = result_of(criterion, example.dataset, example.observed)
        # `quality.flag` and `distribution.X` are places that a profile has; `url` is whichever address there is.
        known = found.field in fields | {"quality.flag", "distribution[].url"}
        assert known or found.field.startswith("distribution."), place
        assert 0 < len(found.evidence) <= 300, place
        assert bool(found.fix) == (example.outcome in ("fail", "partial", "unknown")), place
