"""What the tests of exemplars share: what a record in plain words shows of a criterion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from ckanext.aivision.exemplars.candidates import candidate_of
from ckanext.aivision.exemplars.selection import Candidate
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.rubric import load

Show = Callable[..., Candidate | None]


def show_criterion(criterion: str, **said: Any) -> Candidate | None:
    """The candidate of a record; None if it shows nothing."""
    return show_dataset(criterion, record(**said))


def show_dataset(criterion: str, dataset: Dataset) -> Candidate | None:
    result = next(row for row in evaluate(dataset, load(), ON).results if row.criterion == criterion)
    return candidate_of("one", "us-026", dataset, result, 70.0)


def part_of(candidate: Candidate | None) -> Dataset:
    """What a candidate shows, as a record that holds nothing else."""
    assert candidate is not None
    return msgspec.json.decode(candidate.excerpt, type=Dataset)


@pytest.fixture(scope="session")
def show() -> Show:
    return show_criterion
