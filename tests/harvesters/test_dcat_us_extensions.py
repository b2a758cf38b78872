"""Members beyond DCAT-US that are read: those of our own documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.serialise.conftest import read

from ckanext.aivision.record import Dataset

CATALOGUES: dict[str, dict[str, Any]] = {
    "1.1": {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema"},
    "3.0": {"conformsTo": {"@type": "Standard", "title": "DCAT-US 3.0"}},
}


@pytest.fixture(params=CATALOGUES)
def read_record(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Reads a record in a catalogue of each edition, with the problems that were met left out."""

    def one(**members: Any) -> Dataset:
        path = tmp_path / "data.json"
        record = {"identifier": "levels", "title": "River levels", **members}
        path.write_text(json.dumps({**CATALOGUES[request.param], "dataset": [record]}))
        (dataset,) = read(path, "dcat-us", "US")
        return dataset

    return one


def test_what_the_source_wrote_goes_before_the_standards_word(read_record: Any) -> None:
    dataset = read_record(
        license="https://creativecommons.org/licenses/by/4.0/",
        distribution=[{"title": "a", "aivision:sourceValues": {"title": "A"}}],
        **{"aivision:sourceValues": {"license": "CC BY 4.0"}},
    )
    assert (dataset.license.original, dataset.license.id) == ("CC BY 4.0", "CC-BY-4.0")
    assert [item.title for item in dataset.distribution] == ["A"]


@pytest.mark.parametrize(
    "junk", [None, 7, "license", [], [{"license": "x"}], {"license": {"a": [1]}}, {"distribution": 7}]
)
def test_source_values_of_any_form_stop_no_record(read_record: Any, junk: Any) -> None:
    dataset = read_record(**{"aivision:sourceValues": junk, "keyword": ["rivers"]})
    assert (dataset.identifier, dataset.keyword) == ("levels", ["rivers"])


@pytest.mark.parametrize(
    ("written", "country"), [("GB", "GB"), ("gb", "US"), ("United Kingdom", "US"), (["GB"], "GB"), (7, "US")]
)
def test_a_record_names_its_country_by_a_code(read_record: Any, written: Any, country: str) -> None:
    assert read_record(**{"aivision:country": written}).country == country


def test_dates_of_the_entry_stand_in_a_catalogue_record_inside_the_dataset(read_record: Any) -> None:
    record = {"@type": "dcat:CatalogRecord", "issued": "2020-02-11", "modified": ["2023-09-04"]}
    dataset = read_record(**{"foaf:isPrimaryTopicOf": record})
    assert (dataset.metadata_issued.original, dataset.metadata_modified.original) == ("2020-02-11", "2023-09-04")
    assert read_record(**{"foaf:isPrimaryTopicOf": "2020"}).metadata_issued is None
