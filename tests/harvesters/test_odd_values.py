"""Values that are written otherwise than the standards say are read, or quoted where somebody looks for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset, Harvested

TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://a.uk/d> a dcat:Dataset ; """


def read(path: Path, content: str) -> Harvested:
    path.write_text(content)
    (record,) = open_source(resolve(str(path)), Session())
    return record


def dcat_us(folder: Path, **members: Any) -> tuple[Dataset, list[str]]:
    dataset = {"identifier": "https://data.a.gov/1", "title": "Lamps", **members}
    record = read(folder / "data.json", json.dumps({"dataset": [dataset]}))
    assert record.dataset is not None
    return record.dataset, [problem.code for problem in record.problems]


def test_lists_within_lists_are_read_as_one_with_a_warning(tmp_path: Path) -> None:
    dataset, codes = dcat_us(tmp_path, keyword=[["lamps", "columns"], ["streets"], "assets"])
    assert (dataset.keyword, codes) == (["lamps", "columns", "streets", "assets"], ["unexpected-type"])


@pytest.mark.parametrize(
    "written",
    [
        "desk@a.gov",
        "mailto:mailto:desk@a.gov",
        "Desk <desk@a.gov>",
        ["mailto:desk@a.gov"],
        {"@id": "mailto:desk@a.gov"},
    ],
)
def test_an_address_of_mail_is_read_in_any_of_these_forms(written: Any, tmp_path: Path) -> None:
    dataset, _ = dcat_us(tmp_path, contactPoint={"fn": "Desk", "hasEmail": written}, publisher={"hasEmail": written})
    assert [agent.email for agent in dataset.contact_point] == ["desk@a.gov"]
    assert dataset.publisher is not None
    assert dataset.publisher.email == "desk@a.gov"


@pytest.mark.parametrize("titles", ['"Lamps", "Lights"', '"Lamps"@en, "Lights"@en'])
def test_a_second_title_is_told(titles: str, tmp_path: Path) -> None:
    record = read(tmp_path / "a.ttl", f"{TURTLE}dct:title {titles} .")
    assert [problem.code for problem in record.problems] == ["value-unused"]


def test_a_title_in_another_language_is_no_second_one(tmp_path: Path) -> None:
    record = read(tmp_path / "a.ttl", f'{TURTLE}dct:title "Lamps"@en, "Lampau"@cy .')
    assert record.problems == []


@pytest.mark.parametrize("name", ["name", "prefLabel", "title", "fn"])
def test_a_publisher_has_a_name_under_any_of_these_members(name: str, tmp_path: Path) -> None:
    dataset, _ = dcat_us(tmp_path, publisher={name: "City of A"})
    assert dataset.publisher is not None
    assert dataset.publisher.name == "City of A"


def test_a_frequency_may_be_a_concept_with_a_label(tmp_path: Path) -> None:
    dataset, codes = dcat_us(tmp_path, accrualPeriodicity={"prefLabel": "annual"})
    assert dataset.accrual_periodicity is not None
    assert (dataset.accrual_periodicity.id, codes) == ("R/P1Y", ["unexpected-type"])
