"""What experts call excellent comes before what they call useless, with the grades that they would give."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.scoring.known_datasets import BAD, GOOD

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON
from ckanext.aivision.scoring.rubric import load


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, float]]:
    """Grade and score of each known dataset, as read from one `data.json`."""
    known: dict[str, dict[str, Any]] = GOOD | BAD
    path = tmp_path_factory.mktemp("known") / "data.json"
    catalogue = {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": list(known.values())}
    path.write_text(json.dumps(catalogue), encoding="utf-8")
    with Session() as session:
        datasets = [row.dataset for row in open_source(resolve(str(path)), session)]
    assert len(datasets) == len(known)
    found = [evaluate(dataset, load(), ON) for dataset in datasets if dataset is not None]
    return {name: (str(row.grade), row.score or 0.0) for name, row in zip(known, found, strict=True)}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_dataset_is_an_a_or_b(outcomes: dict[str, tuple[str, float]], name: str) -> None:
    assert outcomes[name][0] in "AB", outcomes[name]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_dataset_is_a_d_or_e(outcomes: dict[str, tuple[str, float]], name: str) -> None:
    assert outcomes[name][0] in "DE", outcomes[name]


def test_every_good_one_comes_before_every_bad_one(outcomes: dict[str, tuple[str, float]]) -> None:
    order = sorted(outcomes, key=lambda name: (outcomes[name][0], -outcomes[name][1]))
    assert set(order[: len(GOOD)]) == set(GOOD)


def test_unprotected_persons_are_an_e_whatever_the_score(outcomes: dict[str, tuple[str, float]]) -> None:
    assert outcomes["persons without protection"][0] == "E"
