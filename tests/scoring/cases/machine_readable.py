"""Machine-readable: what formats, media types, dictionaries and standards are worth."""

from __future__ import annotations

from tests.scoring.conftest import N_A, Cases

CSV = {"download_url": "https://rivers.example/levels.csv", "media_type": "text/csv"}
XLS = {"download_url": "https://rivers.example/levels.xls", "media_type": "application/vnd.ms-excel"}
ZIP = {"download_url": "https://rivers.example/levels.zip", "media_type": "application/zip"}
PDF = {"download_url": "https://rivers.example/levels.pdf", "media_type": "application/pdf"}
# The address shows nothing.
FILE = {"download_url": "https://rivers.example/file/7"}
WITHHELD = {"access_rights": "non-public", "rights": ["The records name patients; apply to the data desk."]}

CASES: Cases = {
    "format-structured": [
        (1, {"distribution": [CSV]}),
        (1, {"distribution": [PDF, {**FILE, "format": "GeoJSON"}]}),
        (1, {"distribution": [{**FILE, "media_type": "application/json"}]}),
        (0.75, {"distribution": [PDF, XLS]}),
        (0.5, {"distribution": [ZIP]}),
        (0, {"distribution": [PDF]}),
        (0, {"distribution": [FILE]}),
        (0, {"distribution": [{**PDF, "format": "CSV"}]}),
        (0, {}),
        (N_A, {"distribution": [PDF], **WITHHELD}),
        (None, {"profile": "of another catalogue"}),
    ],
    "media-type-registered": [
        (1, {"distribution": [CSV, PDF]}),
        (1, {"distribution": [{"access_url": "https://rivers.example/levels", "media_type": "text/html"}]}),
        (1, {"distribution": [{**ZIP, "media_type": "text/csv"}]}),
        (0.5, {"distribution": [CSV, FILE]}),
        (0, {"distribution": [{**CSV, "media_type": "text/html"}]}),
        (0, {"distribution": [{**CSV, "media_type": "application/dat"}]}),
        (0, {"distribution": [FILE]}),
        (0, {}),
        (N_A, WITHHELD),
        (N_A, {"distribution": [FILE], **WITHHELD}),
        (None, {"profile": "ckan-flat", "distribution": [FILE]}),
        (None, {"profile": "ckan-flat", "distribution": [{**CSV, "media_type": "text/html"}]}),
        (1, {"profile": "ckan-flat", "distribution": [CSV, FILE]}),
    ],
    "format-efficient": [
        (1, {"distribution": [CSV, {"download_url": "https://rivers.example/levels.parquet"}]}),
        (1, {"distribution": [{**FILE, "format": "NetCDF"}]}),
        (1, {"distribution": [{"download_url": "https://rivers.example/levels.csv.gz"}]}),
        (0, {"distribution": [CSV]}),
        (0, {"distribution": [{**CSV, "byte_size": 2**30}]}),
        (0, {"distribution": [{**CSV, "byte_size": 2**10}, XLS]}),
        (0, {}),
        (N_A, {"distribution": [{**CSV, "byte_size": 2**10}]}),
        (N_A, {"distribution": [CSV], **WITHHELD}),
        (None, {"profile": "of another catalogue"}),
    ],
    "data-dictionary-linked": [
        (1, {"described_by": "https://rivers.example/columns.json"}),
        (1, {"distribution": [{**CSV, "described_by": "https://rivers.example/columns.csv"}]}),
        (1, {"distribution": [CSV, {**CSV, "columns": ["gauge", "day", "level"]}]}),
        (0.5, {"distribution": [{**CSV, "datastore_active": True}]}),
        (0.5, {"distribution": [CSV, {**PDF, "title": "Data dictionary"}]}),
        (0.5, {"distribution": [CSV, {**PDF, "description": "The codebook of the survey"}]}),
        (0, {"described_by": "https://rivers.example/"}),
        (0, {"described_by": "N/A"}),
        (0, {"distribution": [CSV]}),
        (0, {}),
        (None, {"profile": "data-gov-uk"}),
        (1, {"profile": "data-gov-uk", "distribution": [{**PDF, "title": "Data dictionary"}]}),
    ],
    "standard-conformance-stated": [
        (1, {"conforms_to": ["https://www.ogc.org/standard/waterml/"]}),
        (1, {"conforms_to": ["GEMINI 2.3", "http://www.opengis.net/def/crs/EPSG/0/27700"]}),
        (1, {"distribution": [{**CSV, "conforms_to": ["https://gtfs.org/schedule/"]}]}),
        (0.25, {"conforms_to": ["https://project-open-data.cio.gov/v1.1/schema"]}),
        (0.25, {"conforms_to": ["UK GEMINI"]}),
        (0, {"conforms_to": ["N/A"]}),
        (0, {}),
        (None, {"profile": "ckan"}),
    ],
}
