"""MQA's points of twenty real records, judged by hand before the code was run (tests/judged/mqa.csv, mqa-links.csv).

The file holds corpus file, identifier and the points of each metric, `?` where only the links could tell; no text of a
record. Where hand and code disagreed, what was wrong was mended; tests/judged/README.md tells each case.
"""

from __future__ import annotations

import csv
import datetime
import functools
from pathlib import Path

import pytest

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.links.answer import Answer
from ckanext.aivision.links.link_state import after
from ckanext.aivision.links.targets import targets_of
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.lenses.load import load_lens
from ckanext.aivision.scoring.lenses.view import LensView, view
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.scoring.rubric import load

JUDGED = Path(__file__).parents[2] / "judged"
ROWS, OF_LINKS = (
    list(csv.DictReader((JUDGED / name).read_text(encoding="utf-8").splitlines()))
    for name in ("mqa.csv", "mqa-links.csv")
)
METRICS = list(ROWS[0])[2:-1]
NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc)


@functools.cache
def _catalogue(path: Path) -> dict[str, Dataset]:
    profile = "data-gov-uk" if "data-gov-uk" in path.name else None
    with Session() as session:
        found = (item.dataset for item in open_source(resolve(str(path), profile=profile), session))
        return {dataset.identifier: dataset for dataset in found if dataset is not None}


def _seen(real_corpus: Path, row: dict[str, str]) -> LensView:
    dataset = _catalogue(real_corpus / row["file"])[row["identifier"]]
    return view(load_lens("mqa"), [], load().criteria, dataset, _answered(dataset, row) if "fault" in row else NOTHING)


def _answered(dataset: Dataset, row: dict[str, str]) -> Observed:
    """What the checks of a record's addresses tell where those with `failing` in them fail `times` days."""
    links = {}
    for target in targets_of([dataset]):
        fault = row["fault"] if row["failing"] and row["failing"] in target.url else ""
        link = None
        for day in range(int(row["times"]) if fault else 1):
            answer = Answer(fault=fault, status=int(row["status"]) if fault and row["status"] else 200)
            link = after(link, target.url, answer, NOW + datetime.timedelta(days=day))
        links[target.url] = link
    return Observed(links={url: link for url, link in links.items() if link is not None})


def _points(seen: LensView) -> dict[str, str]:
    return {
        found.id: "?" if found.value is None else f"{found.weight * found.value:.0f}"
        for group in seen.groups
        for found in group.rows
    }


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['file'].split('.')[0]}-{row['identifier'][-12:]}" for row in ROWS])
def test_the_points_of_a_record_are_those_found_by_hand(real_corpus: Path, row: dict[str, str]) -> None:
    seen = _seen(real_corpus, row)
    assert _points(seen) == {metric: row[metric] for metric in METRICS}
    assert seen.count.earned == float(row["total"])


@pytest.mark.parametrize("row", OF_LINKS, ids=[row["case"].replace(" ", "-") for row in OF_LINKS])
def test_the_points_of_what_links_answer_are_those_found_by_hand(real_corpus: Path, row: dict[str, str]) -> None:
    points = _points(_seen(real_corpus, row))
    metrics = ("access-url-answers", "download-url", "download-url-answers")
    assert [points[metric] for metric in metrics] == [row[metric] for metric in metrics]
    judged = next(other for other in ROWS if other["identifier"] == row["identifier"])
    assert {id: point for id, point in points.items() if id not in metrics} == {
        id: judged[id] for id in METRICS if id not in metrics
    }


def test_ten_records_of_each_country_were_judged() -> None:
    assert [sum(row["file"].startswith(f"{country}/") for row in ROWS) for country in ("us", "uk")] == [10, 10]
    assert len({(row["file"], row["identifier"]) for row in ROWS}) == 20
