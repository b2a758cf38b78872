"""What the scoring tests share: what the rubric makes of a record in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.observations.observations import Observed
from ckanext.aivision.scoring.results import Result
from ckanext.aivision.scoring.rubric import Rubric, load

# A value from 0 to 1, None for unknown, N_A for not applicable.
N_A = "not-applicable"
Value = float | str | None


def result_of(criterion: str, dataset: Dataset, seen: Observed = Observed({}, {})) -> Result:  # noqa: B008 - frozen
    """What a record gets from a criterion of any depth."""
    return next(row for row in evaluate(dataset, load(), ON, seen).results if row.criterion == criterion)


def value_of(criterion: str, **said: Any) -> Value:
    """The value that a record in plain words gets, None if it is unknown, N_A where it is not applicable."""
    found = result_of(criterion, record(**said))
    return N_A if found.result == N_A else found.value


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    return load()
