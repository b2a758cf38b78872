"""Snippets can be read in their format, use its names alone, and say again what they were made from."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import yaml
from tests.exemplars.conftest import part_of, show_criterion

from ckanext.aivision.exemplars.snippets import snippets_of
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.package import from_package

ROOT = Path(__file__).resolve().parents[2]
STANDARDS = ROOT / "config/standards"
HOSTILE = '"""}{]<script>alert(1)</script> \\ \u202e \u00e9 & \' @prefix x: <> .'
FILE = {
    "title": "River levels by week, CSV",
    "download_url": "https://data.rivers.gov.uk/levels.csv",
    "format": "CSV",
    "media_type": "text/csv",
    "byte_size": 812003,
}
SAID: dict[str, dict[str, Any]] = {
    "title-descriptive": {"title": "Weekly river levels in Kent, 2019 to 2024"},
    "limitations-described": {"description": "Levels of 12 mountain stations are not included for the winter of 2019."},
    "uses-described": {
        "description": "The levels are meant for planning; these data must not be used for navigation in Kent."
    },
    "keywords-specific": {"keyword": ["rivers", "gauges", "floods"]},
    "theme-controlled": {"theme": ["ENVI"]},
    "identifier-persistent": {"identifier": "https://doi.org/10.5067/RSX12-L2B12"},
    "spatial-coverage-stated": {"spatial": ["-7.6,49.9,1.8,58.7"]},
    "temporal-coverage-stated": {"temporal": ["2019-01-01/2024-12-31"]},
    "metadata-language-stated": {"language": ["en-GB"]},
    "licence-open": {"license": "OGL-UK-3.0", "distribution": [FILE]},
    "publisher-identified": {"publisher": {"name": "River Agency", "identifier": "GB-RIV"}},
    "contact-reachable": {"contact_point": [{"name": "River data desk", "email": "rivers@agency.gov.uk"}]},
    "download-direct": {"distribution": [FILE]},
    "media-type-registered": {"distribution": [FILE]},
    "size-given": {"distribution": [FILE]},
    "modified-stated": {"modified": "2026-11-01"},
    "issued-stated": {"issued": "2015-03"},
    "update-frequency-stated": {"accrual_periodicity": "R/P1M"},
    "access-conditions-stated": {
        "access_rights": "non-public",
        "access_procedure": "Not released, because the Privacy Act protects the owners of 12 wells.",
    },
}
FORMATS = ("DCAT-US 1.1 (JSON)", "DCAT-US 3 (JSON-LD)", "CKAN (package JSON)", "DCAT-AP (Turtle)")


@pytest.fixture(params=SAID, scope="module")
def part(request: pytest.FixtureRequest) -> tuple[str, Dataset]:
    """A criterion, and what a record that passes it shows."""
    return request.param, part_of(show_criterion(request.param, **{"description": "Levels.", **SAID[request.param]}))


def texts(part: Dataset) -> dict[str, str]:
    return {snippet.format: snippet.text for snippet in snippets_of(part)}


@functools.cache
def schema(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((STANDARDS / path).read_text())
    return found


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """An object with all that are in it."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from objects(item)


def test_there_is_one_in_each_format_and_it_holds_what_is_shown(part: tuple[str, Dataset]) -> None:
    assert tuple(texts(part[1])) == FORMATS
    assert all(len(text) > 20 for text in texts(part[1]).values())


def test_dcat_us_uses_names_of_its_schema(part: tuple[str, Dataset]) -> None:
    document = json.loads(texts(part[1])[FORMATS[0]])
    own = schema("dcat-us-1/federal_dataset.json")
    names = {name for one in objects(own) if "properties" in one for name in one["properties"]}
    assert set(document) <= set(own["properties"])
    assert {name for one in objects(document) for name in one} <= names


def test_dcat_us_3_uses_the_names_of_its_classes(part: tuple[str, Dataset]) -> None:
    document = json.loads(texts(part[1])[FORMATS[1]])
    assert document.pop("@context").startswith("https://resources.data.gov/dcat-us/3.0/")
    for one in objects(document):
        path = next(path for path in (STANDARDS / "dcat-us-3").rglob(f"{one['@type']}.json"))
        own = json.loads(path.read_text())
        names = {name for each in objects(own) if "properties" in each for name in each["properties"]}
        assert set(one) <= names | {"@type", "@id"}, one["@type"]


@pytest.mark.long
def test_ckan_uses_the_fields_of_the_form(part: tuple[str, Dataset]) -> None:
    form = yaml.safe_load((ROOT / "config/schemas/ai_ready_dataset.yaml").read_text())
    of_package = {row["field_name"] for row in form["dataset_fields"]} | {"tags", "resources"}
    of_resource = {row["field_name"] for row in form["resource_fields"]} | {"mimetype", "size", "hash"}
    document = json.loads(texts(part[1])[FORMATS[2]])
    assert set(document) <= of_package
    assert {name for resource in document.get("resources", ()) for name in resource} <= of_resource


def test_turtle_is_read_and_its_properties_are_those_of_dcat_ap(part: tuple[str, Dataset]) -> None:
    graph = list(pyoxigraph.parse(texts(part[1])[FORMATS[3]].encode(), pyoxigraph.RdfFormat.TURTLE))
    shapes = "".join(path.read_text() for path in (STANDARDS / "dcat-ap-3").rglob("*.ttl"))
    names = {quad.predicate.value for quad in graph if isinstance(quad.subject, pyoxigraph.NamedNode)}
    for name in names - {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}:
        assert name.rpartition("/")[2].rpartition("#")[2] in shapes, name


def test_the_package_passes_the_criterion_that_it_is_an_example_of(part: tuple[str, Dataset]) -> None:
    criterion, shown_part = part
    # A file and a title that say what the data are: some criteria ask of nothing else.
    package = {"title": "Weekly river levels", **json.loads(texts(shown_part)[FORMATS[2]])}
    resources = package.get("resources") or [{"url": "https://data.rivers.gov.uk/levels.csv", "format": "CSV"}]
    results = evaluate(from_package({**package, "country": "GB", "resources": resources}), load(), ON).results
    assert next(row.result for row in results if row.criterion == criterion) == "pass"


def test_what_a_record_says_cannot_break_out_of_its_snippet() -> None:
    part = Dataset(
        identifier=HOSTILE,
        title=HOSTILE,
        profile="",
        country="US",
        description=HOSTILE,
        keyword=[HOSTILE],
        page=[HOSTILE],
    )
    found = texts(part)
    for format in FORMATS[:3]:
        assert json.loads(found[format])["title"] == HOSTILE
    quads = list(pyoxigraph.parse(found[FORMATS[3]].encode(), pyoxigraph.RdfFormat.TURTLE))
    assert len({quad.subject for quad in quads if isinstance(quad.subject, pyoxigraph.NamedNode)}) == 1
    assert not any("page" in quad.predicate.value for quad in quads), "words are no address"


def test_what_a_format_has_no_field_for_stands_in_its_description() -> None:
    part = Dataset(identifier="", title="", profile="", country="US", limitations="Winters are missing.", version="2")
    found = texts(part)
    assert json.loads(found[FORMATS[0]])["description"] == "Winters are missing. Version 2."
    assert json.loads(found[FORMATS[1]]) == {
        "@context": "https://resources.data.gov/dcat-us/3.0/context.jsonld",
        "@type": "Dataset",
        "description": "Winters are missing.",
        "version": "2",
    }
    assert json.loads(found[FORMATS[2]]) == {"limitations": "Winters are missing.", "version": "2"}
    assert 'dct:description "Winters are missing."' in found[FORMATS[3]]
