"""The same practice scores the same from a US record as from a UK one, read as either country writes it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.scoring.conftest import result_of
from tests.scoring.pairs.sides import Pairs, Side

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.serialise.package import from_package

TITLE = "River levels at gauging stations"
DCAT_US: dict[str, Any] = {"@type": "dcat:Dataset", "identifier": "levels-1", "title": TITLE, "accessLevel": "public"}
CKAN: dict[str, Any] = {"id": "5b1c4f2e", "name": "levels", "title": TITLE, "resources": [], "extras": []}
FORM: dict[str, Any] = {"name": "levels", "identifier": "5b1c4f2e", "title": TITLE, "country": "GB", "type": "dataset"}

PAIRS: Pairs = {
    criterion: listed
    for dimension in DIMENSIONS
    for criterion, listed in importlib.import_module(f"tests.scoring.pairs.{dimension.replace('-', '_')}").PAIRS.items()
}
ROWS = [
    pytest.param(criterion, *pair, id=f"{criterion}-{place}")
    for criterion, listed in PAIRS.items()
    for place, pair in enumerate(listed)
]


def harvested(record: dict[str, Any], path: Path, kind: str, profile: str) -> Dataset:
    path.write_text(json.dumps(record), encoding="utf-8")
    with Session() as session:
        (found,) = open_source(resolve(str(path), kind, profile), session)
    assert found.dataset is not None, found.problems
    return found.dataset


def dataset_of(side: Side, folder: Path) -> Dataset:
    """The record that a fragment makes, read from a file as a harvest reads it, or as the form is read."""
    if side.kind == "own":
        return from_package({**FORM, **side.members})
    if side.kind == "uk":
        return harvested({**CKAN, **side.members}, folder / "one.ckan.ndjson", "ckan", "data-gov-uk")
    profile = {"us": "dcat-us-1.1", "us3": "dcat-us-3.0"}[side.kind]
    return harvested({"dataset": [{**DCAT_US, **side.members}]}, folder / "data.json", "dcat-us", profile)


@pytest.mark.parametrize(("criterion", "outcome", "one", "other"), ROWS)
def test_the_same_practice_scores_the_same(
    criterion: str, outcome: str, one: Side, other: Side, tmp_path: Path
) -> None:
    first, second = (result_of(criterion, dataset_of(side, tmp_path)) for side in (one, other))
    assert (first.result, first.value) == (second.result, second.value), (first.evidence, second.evidence)
    assert first.result == outcome


def test_every_criterion_has_its_pairs_and_most_of_them_are_of_the_two_countries() -> None:
    pairs = [(one.kind, other.kind) for listed in PAIRS.values() for _, one, other in listed]
    assert len(pairs) >= 60
    assert sum(one == "us" and other == "uk" for one, other in pairs) >= len(pairs) / 2
