"""A declared format counts unless the address or another field contradicts it; of an archive its content counts."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scoring.conftest import result_of, value_of

from ckanext.aivision.scoring.examples import distribution, record
from ckanext.aivision.scoring.facts.formats import format_of

HOST = "https://data.gov/"
FORMATS: list[tuple[dict[str, Any], str | None]] = [
    # What an archive holds, where it is declared.
    ({"download_url": f"{HOST}csv_pus.zip", "media_type": "application/zip"}, "CSV"),
    ({"download_url": f"{HOST}pus_csv.zip"}, "CSV"),
    ({"download_url": f"{HOST}pus.zip", "title": "Person records, CSV in a ZIP"}, "CSV"),
    ({"download_url": f"{HOST}pus.zip", "format": "CSV (zipped)"}, "CSV"),
    ({"download_url": f"{HOST}pus.zip", "format": "ZIP (CSV)"}, "CSV"),
    ({"download_url": f"{HOST}pus.zip", "format": "CSV"}, "CSV"),
    ({"download_url": f"{HOST}pus.zip", "media_type": "text/csv"}, "CSV"),
    ({"download_url": f"{HOST}pus.shp.zip", "format": "Shapefile", "media_type": "application/zip"}, "SHP"),
    ({"download_url": f"{HOST}pus.zip", "format": "SHP"}, "SHP"),
    ({"download_url": f"{HOST}pus.zip", "title": "Boundaries as GeoJSON"}, "GeoJSON"),
    ({"download_url": f"{HOST}pus.tar.gz", "title": "Tables in Parquet"}, "PARQUET"),
    ({"download_url": f"{HOST}pus.zip", "title": "Access to tab text data"}, "ZIP"),
    ({"download_url": f"{HOST}pus.zip", "title": "Guide, PDF"}, "ZIP"),
    ({"download_url": f"{HOST}pus.zip", "media_type": "application/zip"}, "ZIP"),
    # What the address contradicts.
    ({"download_url": f"{HOST}page.html", "media_type": "text/csv"}, "HTML"),
    ({"download_url": f"{HOST}page.htm", "format": "CSV"}, "HTML"),
    ({"download_url": f"{HOST}guide.pdf", "media_type": "text/csv"}, "PDF"),
    # What it does not: programs that give data, and addresses that say nothing.
    ({"download_url": f"{HOST}export.aspx", "media_type": "text/csv"}, "CSV"),
    ({"download_url": f"{HOST}export.php", "format": "CSV"}, "CSV"),
    ({"download_url": f"{HOST}export", "format": "CSV"}, "CSV"),
    ({"download_url": f"{HOST}page.html"}, "HTML"),
]


@pytest.mark.parametrize(("said", "key"), FORMATS)
def test_the_format_of_a_distribution_is(said: dict[str, Any], key: str | None) -> None:
    found = format_of(distribution(said))
    assert (found.key if found is not None else None) == key


@pytest.mark.parametrize(
    ("name", "media_type", "value"),
    [
        ("a.csv", "text/csv", 1),
        ("a.pdf", "application/vnd.lotus-notes", 0),
        ("a.csv", "multipart/form-data", 0),
        ("a", "multipart/form-data", 0),
        ("page.html", "text/csv", 0),
        # A page is no file of the data, whatever type it has.
        ("page.html", "text/html", 0),
        ("export.aspx", "text/csv", 1),
        ("files/7", "application/vnd.lotus-notes", 1),
        # Nothing shows that there is a file.
        ("a", "application/vnd.lotus-notes", 0),
        ("a", "application/pdf", 0),
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 1),
        ("a.xml", "application/atom+xml", 1),
    ],
)
def test_a_media_type_must_be_that_of_the_file(name: str, media_type: str, value: float) -> None:
    said = {"download_url": HOST + name, "media_type": media_type}
    assert value_of("media-type-registered", distribution=[said]) == value


# As they stand in US and UK catalogues, and as the portals' software makes them.
OF_DATA = (
    "https://data.cityofchicago.org/api/views/x2n5-8w5q/rows.csv?accessType=DOWNLOAD",
    "https://www.data.va.gov/download/9hbf-9jzg/text/csv",
    "https://hub.arcgis.com/api/download/v1/items/3fa85f6457174562b3fc2c963f66afa6/csv?layers=0",
    "https://opendata.bristol.gov.uk/api/explore/v2.1/catalog/datasets/air-quality/exports/csv",
    "https://ckan.publishing.service.gov.uk/dataset/8f0a/resource/5f2b7c1e-0000-4c2d-9a51-3f1c2ad0b1f7/download",
    "https://www.nomisweb.co.uk/api/v01/dataset/NM_1_1.data.csv?geography=2092957697",
    "https://api.census.gov/data/2020/dec/pl",
    "https://www.sam.gov/SAM/extractfiledownload?role=WW&version=SAM",
    "https://apps.fas.gsa.gov/citypairs/createcsv.cfm?award_year=2015",
    "https://gaftp.epa.gov/EPADataCommons/ORD/StreamCat/HydroRegions/",
    "https://waterservices.usgs.gov/nwis/iv/?sites=01646500&format=csv",
    "https://figshare.com/ndownloader/files/5976042",
    "ftp://ftp.nhtsa.dot.gov/FARS",
)
OF_PAGES = (
    "https://agency.gov/data",
    "https://agency.gov/data/",
    "https://agency.gov/open-data/rivers",
    "https://agency.gov/downloads",
    "https://agency.gov/downloads/",
    "https://agency.gov/api",
    "https://agency.gov/developer/apis",
    "https://agency.gov/data?id=7",
    "https://agency.gov/data#csv",
    "https://agency.gov/rivers/levels-2025",
    "https://agency.gov/rivers.aspx",
    "https://agency.gov/rivers.php?id=7",
    "https://agency.gov/Query/inctally1.aspx",
    "https://agency.gov/download_center/award_data_archive",
)
KINDS = "exe msi dmg apk jar bat html xhtml docx pptx md epub py js ipynb mp3 mp4 png webp psd woff2 ics eml lnk foo"


@pytest.mark.parametrize("url", OF_DATA)
def test_a_declared_format_counts_where_the_address_shows_a_file_or_an_interface(url: str) -> None:
    said = {"download_url": url, "media_type": "text/csv"}
    assert value_of("format-structured", distribution=[said])
    assert value_of("media-type-registered", distribution=[said]) == 1


@pytest.mark.parametrize("url", OF_PAGES)
def test_a_declared_format_is_worth_nothing_where_the_address_looks_like_that_of_a_page(url: str) -> None:
    for form, media_type in (("CSV", "text/csv"), ("TXT", "text/plain"), ("ZIP", "application/zip"), ("HDF5", "")):
        said = {"download_url": url, "format": form, "media_type": media_type}
        for criterion in ("format-structured", "download-direct", "media-type-registered", "format-efficient"):
            assert value_of(criterion, distribution=[said]) == 0


def test_what_the_portal_loaded_into_its_data_api_is_data_whatever_its_address() -> None:
    said = {"download_url": OF_PAGES[0], "format": "CSV", "datastore_active": True}
    assert value_of("format-structured", distribution=[said]) == 1


@pytest.mark.parametrize("extension", KINDS.split())
def test_a_file_that_is_named_as_another_kind_is_no_table(extension: str) -> None:
    said = {"download_url": f"{HOST}levels.{extension}", "format": "CSV", "media_type": "text/csv"}
    for criterion in ("format-structured", "download-direct", "media-type-registered"):
        assert value_of(criterion, distribution=[said]) == 0


def test_plain_text_may_have_any_extension_and_no_program_is_text() -> None:
    said = [{"download_url": f"{HOST}levels.{name}", "media_type": "text/plain"} for name in ("tic", "msi")]
    assert [value_of("download-direct", distribution=[one]) for one in said] == [1, 0]


def test_the_evidence_quotes_the_format_and_says_why_it_does_not_count() -> None:
    said = {"download_url": OF_PAGES[0], "format": "CSV"}
    found = result_of("format-structured", record(distribution=[said])).evidence
    assert found == f"CSV: but {OF_PAGES[0]} looks like the address of a page, not of a file or an API"
