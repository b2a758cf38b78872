"""What a format or an address is read as, row by row, and what is known of formats."""

from __future__ import annotations

import pytest

from ckanext.aivision.normalise import media_types, vocabulary

FORMATS = [
    ("CSV", "CSV"),
    ("csv", "CSV"),
    (".csv", "CSV"),
    ("Comma-Separated Values (.csv)", "CSV"),
    ("text/csv", "CSV"),
    ("text/csv; charset=utf-8", "CSV"),
    ("https://www.iana.org/assignments/media-types/text/csv", "CSV"),
    ("http://publications.europa.eu/resource/authority/file-type/CSV", "CSV"),
    ("http://publications.europa.eu/resource/authority/file-type/RDF_TURTLE", "TTL"),
    ("ftype:GEOJSON", "GeoJSON"),
    ("Zipped CSV", "CSV"),
    ("Zipped SAS7BDAT", "SAS"),
    ("Zipped text", "TXT"),
    ("Microsoft Excel", "XLS"),
    ("Microsoft Office - OOXML - Spreadsheet (.xlsx)", "XLSX"),
    ("HyperText Markup Language (HTML) (.html)", "HTML"),
    ("xlsx", "XLSX"),
    ("application/x-zip-compressed", "ZIP"),
    ("application/x-7z-compressed", "7Z"),
    ("application/geopackage+sqlite3", "GPKG"),
    ("application/xhdf5", "HDF5"),
    ("application/x-hdf", "HDF"),
    ("application/x-netcdf", "NetCDF"),
    ("application/vnd.api+json", "API"),
    ("KML/KMZ", "KML"),
    ("CSV, XLSX", "CSV"),
    ("API", "API"),
    ("rest", "API"),
    ("OGC WFS", "WFS"),
    ("Web Feature Service (WFS)", "WFS"),
    ("OGC WMS", "WMS"),
    ("ArcGIS GeoService", "ArcGIS REST"),
    ("ArcGIS Rest API", "ArcGIS REST"),
    ("ArcGIS Hub Dataset", "HTML"),
    ("Esri Shapefile", "SHP"),
    ("GDB", "GDB"),
    ("RSS+XML", "XML"),
    ("PDF", "PDF"),
]

UNREAD_FORMATS = [
    "other",
    "",
    "7147906",
    "C Source File (.c)",
    "This is a link to a spreadsheet of names",
    "CSV and more",
]

ADDRESSES = [
    ("https://example.gov/deaths.csv", "CSV"),
    ("https://example.gov/api/views/abcd-1234/rows.csv?accessType=DOWNLOAD", "CSV"),
    ("https://example.gov/DEATHS.CSV#top", "CSV"),
    ("https://example.gov/deaths.csv.gz", "CSV"),
    ("https://example.gov/deaths.csv.zip", "CSV"),
    ("https://example.gov/all.tar.gz", "TAR"),
    ("https://example.gov/pack.zip", "ZIP"),
    ("https://example.gov/a/b.geojson", "GeoJSON"),
    ("https://example.gov/page.html", "HTML"),
    ("https://hub.example.gov.uk/api/download/v1/items/eac8f8d56a1d/shapefile?layers=0", "SHP"),
    ("https://hub.example.gov.uk/api/download/v1/items/eac8f8d56a1d/csv?layers=0", "CSV"),
    ("https://hub.example.gov.uk/api/download/v1/items/eac8f8d56a1d/excel?layers=0", "XLSX"),
    ("https://example.gov.uk/ows?service=WFS&request=GetCapabilities", "WFS"),
    ("https://example.gov.uk/geoserver/areas/wms?request=getCapabilities", "WMS"),
    ("https://example.gov.uk/arcgis/services/areas/MapServer/WFSServer", "WFS"),
    ("https://example.gov/arcgis/rest/services/roads/FeatureServer/0", "ArcGIS REST"),
    ("https://example.gov/export?id=7&format=csv", "CSV"),
    ("https://example.gov.uk/datastore/dump/7c1d", "CSV"),
    ("https://example.gov.uk/api/3/action/datastore_search?resource_id=7c1d", "API"),
]

UNREAD_ADDRESSES = [
    "https://doi.org/10.5067/MODIS/MYD03.061",
    "https://example.gov/",
    "https://example.gov",
    "https://example.gov/read_software/gbytes.c",
    "https://example.gov/programs/read_survey.sas",
    "https://example.gov/search?q=report.csv",
    "https://[broken",
    "no address",
    "",
]

TRAITS = [
    # key, structured, open, efficient, kind
    ("CSV", True, True, False, "data"),
    ("XLS", True, False, False, "data"),
    ("PARQUET", True, True, True, "data"),
    ("GPKG", True, True, True, "data"),
    ("PDF", False, True, False, "document"),
    ("HTML", False, True, False, "page"),
    ("ZIP", False, True, False, "archive"),
    ("PNG", False, True, False, "image"),
    ("WFS", True, True, False, "service"),
]


@pytest.mark.parametrize(("written", "key"), FORMATS)
def test_a_format_is_read_as(written: str, key: str) -> None:
    term = media_types.from_format(written)
    assert (term.original, term.id) == (written, key)
    assert term.rule


@pytest.mark.parametrize("written", UNREAD_FORMATS)
def test_what_names_no_format_stays_unmatched(written: str) -> None:
    assert media_types.from_format(written).id is None


@pytest.mark.parametrize(("url", "key"), ADDRESSES)
def test_an_address_shows_its_format(url: str, key: str) -> None:
    assert media_types.of_url(url).id == key


@pytest.mark.parametrize("url", UNREAD_ADDRESSES)
def test_an_address_that_shows_no_format_stays_unmatched(url: str) -> None:
    assert media_types.of_url(url).id is None


@pytest.mark.parametrize(("key", "structured", "is_open", "efficient", "kind"), TRAITS)
def test_a_format_has_its_traits(key: str, structured: bool, is_open: bool, efficient: bool, kind: str) -> None:
    found = media_types.traits(key)
    assert found is not None
    assert (found.structured, found.open, found.efficient, found.kind) == (structured, is_open, efficient, kind)


def test_every_format_is_read_from_its_own_key() -> None:
    assert [key for key in media_types.all_formats() if media_types.from_format(key).id != key] == []


def test_every_extension_belongs_to_one_format() -> None:
    found = [traits.extensions for key in media_types.all_formats() if (traits := media_types.traits(key))]
    extensions = [extension for row in found for extension in row]
    extensions += [extension for row in vocabulary.rows("extensions") for extension in row["extensions"].split()]
    assert len(extensions) == len(set(extensions))


def test_every_other_extension_belongs_to_a_format_that_there_is() -> None:
    assert [row["key"] for row in vocabulary.rows("extensions") if media_types.traits(row["key"]) is None] == []


@pytest.mark.parametrize("word", ["bat", "dot", "war", "pages", "one", "go", "key", "ai"])
def test_a_word_that_a_file_may_end_in_names_no_format(word: str) -> None:
    assert media_types.from_format(word).id is None


def test_an_unknown_key_has_no_traits() -> None:
    assert media_types.traits("abacus") is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("PDFA1A", "PDF"),
        ("WCS_SRVC", "WCS"),
        ("WMTS_SRVC", "WMS"),
        ("WFS_SRVC", "WFS"),
        ("TAR_XZ", "TAR"),
        ("CSV", "CSV"),
    ],
)
def test_file_types_of_the_eu_vocabulary_are_known_by_their_iri(code: str, expected: str) -> None:
    term = media_types.from_format(f"http://publications.europa.eu/resource/authority/file-type/{code}")
    assert (term.id, term.rule) == (expected, "uri")
