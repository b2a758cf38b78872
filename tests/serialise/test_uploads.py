"""A file that was uploaded into a portal is a download, whatever the portal's address; a link that says so is none."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import pytest

from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.protocols.ckan.package import CKAN
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.form_packages import as_in_catalogue

PORTAL, ID = "http://localhost:5000", "11111111-2222-4333-8444-555555555555"
UPLOAD = f"{PORTAL}/dataset/rivers/resource/{ID}/download/levels.csv"
FILE = {"id": ID, "name": "Levels", "format": "CSV", "url_type": "upload", "url": UPLOAD}
PACKAGE: dict[str, Any] = {"id": "rivers", "title": "River levels", "license_id": "OGL-UK-3.0"}
SOURCE = Source(name="portal", url=f"{PORTAL}/api/3/action/package_search", kind="ckan", profile="ckan", country="GB")
SOURCES = pytest.mark.parametrize("fields", [{}, {"country": "GB"}], ids=["CKAN's own form", "our form"])
NOTHING = "nothing-to-download"


def harvest(resource: dict[str, Any], fields: dict[str, Any]) -> Harvested:
    return harvested(Entry("$", {**PACKAGE, **fields, "resources": [resource]}), SOURCE, CKAN)


def gates(records: Iterable[Harvested]) -> list[str]:
    (record,) = records
    assert record.dataset is not None
    return [hit.gate for hit in evaluate(record.dataset, load(), datetime.date(2026, 11, 1)).gates]


@SOURCES
def test_a_package_that_somebody_has_saved_scores_with_its_uploads(fields: dict[str, Any]) -> None:
    assert gates(as_in_catalogue([harvest(FILE, fields)])) == []
    assert gates(as_in_catalogue([harvest(FILE, fields)], portal=SOURCE.url)) == []


@SOURCES
@pytest.mark.parametrize(
    "other",
    [
        {"url_type": None},
        {"url": "http://10.1.2.3/levels.csv"},
        {"url": f"{PORTAL}/levels.csv"},
        {"url": UPLOAD.replace(ID, "66666666-2222-4333-8444-555555555555")},
        {"url": f"{PORTAL}/?/resource/{ID}/download/levels.csv"},
        {"url": f"file:///dataset/rivers/resource/{ID}/download/levels.csv"},
        {"url": f"{PORTAL}/dataset/rivers/resource/{ID}/download/"},
        {"url": "http://[half/dataset/rivers/resource/{ID}/download/levels.csv"},
    ],
    ids=["a link", "another host", "another path", "of another file", "a query", "no web", "no file", "no address"],
)
def test_a_private_address_that_is_no_upload_of_the_portal_is_no_download(
    fields: dict[str, Any], other: dict[str, Any]
) -> None:
    assert NOTHING in gates(as_in_catalogue([harvest({**FILE, **other}, fields)]))


@SOURCES
def test_another_portals_word_for_a_private_address_does_not_count(fields: dict[str, Any]) -> None:
    """Neither in a harvest, nor where `aivision score` reads a portal that names the upload of another."""
    record = harvest(FILE, fields)
    assert NOTHING in gates([record])
    assert NOTHING in gates(as_in_catalogue([record], portal="https://data.rivers.example.gov"))


def test_a_download_address_of_somebody_elses_beside_an_upload_does_not_count() -> None:
    record = harvest({**FILE, "download_url": "http://10.1.2.3/levels.csv"}, {"country": "GB"})
    assert NOTHING in gates(as_in_catalogue([record]))
