"""A file that was uploaded into a portal is a download, whatever the portal's address; a link that says so is none."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
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
SOURCE = Source(name="levels.json", url="levels.json", kind="ckan", profile="ckan", country="GB")
SOURCES = pytest.mark.parametrize("fields", [{}, {"country": "GB"}], ids=["CKAN's own form", "our form"])
NOTHING = "nothing-to-download"


def at(url: str) -> Source:
    return msgspec.structs.replace(SOURCE, name=url, url=url)


def harvest(resource: dict[str, Any], fields: dict[str, Any], source: Source = SOURCE) -> Harvested:
    return harvested(Entry("$", {**PACKAGE, **fields, "resources": [resource]}), source, CKAN)


def gates(record: Harvested, read_from: Source | None = None) -> list[str]:
    """The gates of a record of a harvest, or of one that `aivision score` reads from a source."""
    if read_from is not None:
        (record,) = as_in_catalogue([record], read_from)
    assert record.dataset is not None
    return [hit.gate for hit in evaluate(record.dataset, load(), datetime.date(2026, 11, 1)).gates]


@SOURCES
@pytest.mark.parametrize("source", [SOURCE, at(f"{PORTAL}/api/3/action/package_search")], ids=["a file", "its portal"])
def test_a_package_scores_with_its_uploads(fields: dict[str, Any], source: Source) -> None:
    assert gates(harvest(FILE, fields, source), source) == []


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
    assert NOTHING in gates(harvest({**FILE, **other}, fields), SOURCE)


@SOURCES
def test_another_portals_word_for_a_private_address_does_not_count(fields: dict[str, Any]) -> None:
    """Neither in a harvest, nor in its directory, nor where a portal that is fetched names the upload of another."""
    assert NOTHING in gates(harvest(FILE, fields))
    assert NOTHING in gates(harvest(FILE, fields, at(PORTAL)), msgspec.structs.replace(SOURCE, name="out", url="out"))
    other = at("https://data.rivers.example.gov")
    assert NOTHING in gates(harvest(FILE, fields, other), other)


def test_a_download_address_of_somebody_elses_beside_an_upload_does_not_count() -> None:
    record = harvest({**FILE, "download_url": "http://10.1.2.3/levels.csv"}, {"country": "GB"})
    assert NOTHING in gates(record, SOURCE)
