"""No advice ever lowers a score: every fix that is proposed for a real record, followed, raises it or leaves it."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.corpora import catalogues_of
from tests.scoring.advice_followed import ADVICE, follow

from ckanext.aivision.catalogue.improvement.fixes import load_fixes
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.mendable import mendable
from ckanext.aivision.serialise.column_lines import Column, write_columns
from ckanext.aivision.serialise.package import from_package, to_package

ON = datetime.date(2026, 11, 1)
MOST = 100
KINDS = {"us": ("dcat-us", "US"), "uk": ("ckan", "GB")}
# What is mended on the server or in the files, and not in the form.
BEYOND = {row.id for row in load().everything if row.depth != "metadata"} | {"nothing-served", "personal-data-exposed"}


def packages(corpus: Path, folder: Path) -> list[dict[str, object]]:
    """As many records of each country, some of each of its catalogues, as packages of the form."""
    found: list[dict[str, object]] = []
    with Session() as session:
        for country, (kind, code) in KINDS.items():
            catalogues = catalogues_of(corpus, country)
            each = -(-MOST // len(KINDS) // max(len(catalogues), 1))
            for name, records in catalogues.items():
                path = folder / f"{country}-{name}.json"
                path.write_text(_document(kind, records[:: max(1, len(records) // each)][:each]))
                for item in open_source(resolve(str(path), kind, None, code), session):
                    if item.dataset is not None:
                        found.append({**to_package(item.dataset), "id": item.dataset.identifier})
    return found


def _document(kind: str, records: list[dict[str, Any]]) -> str:
    return json.dumps({"dataset": records}) if kind == "dcat-us" else "\n".join(map(json.dumps, records))


def evaluation(package: dict[str, object]) -> Evaluation:
    return evaluate(from_package(package), load(), ON)


def test_every_fix_has_advice_to_follow() -> None:
    assert set(load_fixes()) - BEYOND - ADVICE.keys() == set()
    assert ADVICE.keys() <= load_fixes().keys()


@pytest.mark.long
def test_no_advice_lowers_the_score_of_a_real_record(corpus: Path, tmp_path: Path) -> None:
    fixes = load_fixes()
    by_key = {key: fix.id for fix in fixes.values() for key in fix.keys}
    lowered, followed, raised = [], Counter[str](), Counter[str]()
    for package in packages(corpus, tmp_path):
        before = evaluation(package)
        for id in {by_key[key] for key in mendable(before, load())} - BEYOND:
            for advice in ADVICE[id]:
                after = evaluation(follow(package, advice))
                followed[id] += 1
                raised[id] += (after.score or 0) > (before.score or 0)
                if (after.score or 0) < (before.score or 0) or after.grade > before.grade:
                    lowered.append((id, advice, package["id"], before.score, after.score, before.grade, after.grade))
    assert lowered == []
    # All advice is worth following in some record; what a gate alone asks for adds no points.
    idle = {id for id in followed if fixes[id].criteria and not raised[id]}
    assert idle == set()


@pytest.mark.parametrize("country", ["GB", "US"])
def test_no_advice_lowers_the_score_of_an_empty_dataset(country: str) -> None:
    package: dict[str, object] = {"id": "x", "title": "Levels", "country": country, "resources": []}
    before = evaluation(package)
    for id, several in ADVICE.items():
        for advice in several:
            assert (evaluation(follow(package, advice)).score or 0) >= (before.score or 0), id


@pytest.mark.long
def test_describing_the_columns_of_a_file_never_lowers_the_score_of_a_real_record(corpus: Path, tmp_path: Path) -> None:
    text = write_columns([Column("station"), Column("level", "River level", "number", "m", "above zero", ("-9",))])
    lowered, raised = [], 0
    for package in packages(corpus, tmp_path):
        before = evaluation(package)
        for place, file in enumerate(files := list(package["resources"])):  # type: ignore[call-overload]
            described = [*files[:place], {**file, "columns": text}, *files[place + 1 :]]
            after = evaluation({**package, "resources": described})
            raised += (after.score or 0) > (before.score or 0)
            if (after.score or 0) < (before.score or 0) or after.grade > before.grade:
                lowered.append((package["id"], place, before.score, after.score))
    assert lowered == []
    assert raised
