"""MQA's points of twenty real records, judged by hand before the code was run (tests/judged/mqa.csv).

The file holds corpus file, identifier and the points of each metric, `?` where only the links could tell; no text of a
record. Where hand and code disagreed, what was wrong was mended; tests/judged/README.md tells each case.
"""

from __future__ import annotations

import csv
import functools
from pathlib import Path

import pytest

from ckanext.aivision.harvesters.reading import open_source
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import resolve
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.lens import LensView, view
from ckanext.aivision.scoring.lens_file import named
from ckanext.aivision.scoring.rubric import load

JUDGED = Path(__file__).parents[1] / "judged" / "mqa.csv"
ROWS = list(csv.DictReader(JUDGED.read_text(encoding="utf-8").splitlines()))
METRICS = list(ROWS[0])[2:-1]


@functools.cache
def _catalogue(path: Path) -> dict[str, Dataset]:
    profile = "data-gov-uk" if "data-gov-uk" in path.name else None
    with Session() as session:
        found = (item.dataset for item in open_source(resolve(str(path), profile=profile), session))
        return {dataset.identifier: dataset for dataset in found if dataset is not None}


def _seen(corpus: Path, row: dict[str, str]) -> LensView:
    return view(named("mqa"), [], load().criteria, _catalogue(corpus / row["file"])[row["identifier"]])


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['file'].split('.')[0]}-{row['identifier'][-12:]}" for row in ROWS])
def test_the_points_of_a_record_are_those_found_by_hand(corpus: Path, row: dict[str, str]) -> None:
    seen = _seen(corpus, row)
    points = {
        found.id: "?" if found.value is None else f"{found.weight * found.value:.0f}"
        for group in seen.groups
        for found in group.rows
    }
    assert points == {metric: row[metric] for metric in METRICS}
    assert seen.count.earned == float(row["total"])


def test_ten_records_of_each_country_were_judged() -> None:
    assert [sum(row["file"].startswith(f"{country}/") for row in ROWS) for country in ("us", "uk")] == [10, 10]
    assert len({(row["file"], row["identifier"]) for row in ROWS}) == 20
