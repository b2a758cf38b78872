"""The comparison on real records: agencies' data.json files and UK portals."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.compare.charts import svg as charts
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.tally import collect
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load

ON = datetime.date(2026, 11, 24)
FILES = {
    "US": ("us/gsa.data.json.gz", "us/cms.data.json.gz", "us/opm.data.json.gz", "us/ed.data.json.gz"),
    "GB": ("uk/glasgow.ckan.ndjson.gz", "uk/public-health-scotland.ckan.ndjson.gz", "uk/dundee.ckan.ndjson.gz"),
}


@pytest.fixture(scope="module")
def found(real_corpus: Path) -> Overview:
    def evaluated() -> Iterator[Evaluation]:
        for country, names in FILES.items():
            for name in names:
                with Session() as session:
                    for record in open_source(resolve(str(real_corpus / name), country=country), session):
                        if record.dataset is not None:
                            yield evaluate(record.dataset, load(), ON)

    return overview(collect(evaluated()), load().criteria)


def test_every_real_data_set_is_counted(found: Any) -> None:
    assert [row.data_sets for row in found.countries] == [339 + 139 + 134 + 65, 138 + 104 + 130]


def test_figures_of_real_records_are_within_bounds(found: Any) -> None:
    for measure in (found.overall, *found.dimensions, *found.criteria):
        for figures in measure.countries.values():
            for mean in (figures.by_data_set, figures.by_agency):
                if mean.interval is not None:
                    assert 0 <= mean.interval.low <= mean.value <= mean.interval.high <= 100


def test_what_differs_only_by_the_schema_is_left_out(found: Any) -> None:
    # CKAN's core fields have no place for an update rhythm or a place; the US schema has.
    left = {row.criterion for row in found.left_out}
    assert {"update-frequency-stated", "spatial-coverage-stated"} <= left


def test_real_figures_are_drawn(found: Any) -> None:
    drawn = charts.svg(found, "criteria")
    assert all(row.title in drawn for row in found.criteria)
