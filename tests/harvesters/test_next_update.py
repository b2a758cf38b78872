"""The date of the next update survives from the source through the package to the record, and counts."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.package import from_package, to_package

US: dict[str, Any] = {"title": "River levels", "identifier": "RIV-7", "nextUpdateDate": "2027-05-12"}
UK: dict[str, Any] = {
    "title": "River levels",
    "name": "river-levels",
    "id": "RIV-7",
    "resources": [{"url": "https://rivers.gov.uk/levels.csv"}],
    "tags": [],
    "extras": [{"key": "next_update", "value": "2027-05-12"}],
}


def read(path: Path) -> Dataset:
    with Session() as session:
        harvested, *_ = open_source(resolve(str(path)), session)
    assert harvested.dataset is not None
    return harvested.dataset


@pytest.fixture(params=["DCAT-US", "CKAN"])
def dataset(request: Any, tmp_path: Path) -> Dataset:
    if request.param == "DCAT-US":
        path = tmp_path / "data.json"
        document = {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [US]}
        path.write_text(json.dumps(document), encoding="utf-8")
    else:
        path = tmp_path / "packages.ckan.ndjson"
        others = UK | {"id": "RIV-8", "name": "river-levels-8"}
        path.write_text(f"{json.dumps(UK)}\n{json.dumps(others)}\n", encoding="utf-8")
    return read(path)


def test_it_is_read_and_kept_in_the_package(dataset: Dataset) -> None:
    for record in (dataset, from_package({"id": "RIV-7", **to_package(dataset)})):
        assert record.next_update is not None
        assert record.next_update.value == datetime.date(2027, 5, 12)


def test_it_counts(dataset: Dataset) -> None:
    for record in (dataset, from_package({"id": "RIV-7", **to_package(dataset)})):
        (found,) = (row for row in evaluate(record, load(), ON).results if row.criterion == "next-update-stated")
        assert (found.result, found.field, found.evidence) == ("pass", "next_update", "2027-05-12")
