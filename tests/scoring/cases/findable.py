"""Findable: what a title, a description, keywords, a theme, an identifier, a place and a period are worth."""

from __future__ import annotations

from tests.scoring.conftest import N_A, Cases

LONG = (
    "One row for each of 120 gauging stations and day, with the mean water level in metres above datum. The levels are "
    "read by pressure sensors every fifteen minutes, and they are used to warn of floods."
)

CASES: Cases = {
    "title-descriptive": [
        (1, {"title": "Weekly river levels"}),
        (1, {"title": "Road safety data: casualties in Great Britain, 2019"}),
        (0.5, {"title": "Expenditure"}),
        (0.5, {"title": "river_levels_2019.csv"}),
        (0.5, {"title": "MODIS/TERRA SURFACE REFLECTANCE DAILY L2G GLOBAL 1KM"}),
        (0.5, {"title": "Levels of each river " * 10}),
        (0, {"title": "Test"}),
        (0, {"title": "No title provided"}),
    ],
    "description-substantive": [
        (1, {"description": LONG}),
        (1, {"description": f"<p>{LONG}</p>"}),
        (0.46, {"description": "Levels of rivers in England and Wales, which were read each week by 9 wardens."}),
        (0, {"description": "River levels."}),
        (
            0,
            {
                "description": "  Weekly  river levels at all the gauging stations of the north ",
                "title": "Weekly river levels at all the gauging stations of the north",
            },
        ),
        (0, {"description": "No description provided."}),
        (0, {"description": "{{description}}"}),
        (0, {}),
        (None, {"profile": "of another catalogue"}),
    ],
    "keywords-specific": [
        (1, {"keyword": ["rivers", "floods", "gauges"]}),
        (1, {"keyword": ["Road safety", "casualties", "collisions", "STATS19"]}),
        (0.667, {"keyword": ["rivers", "floods", "data"]}),
        (0.333, {"keyword": ["rivers"]}),
        (0, {"keyword": ["data", "Open Data", "GIS"]}),
        (0, {"keyword": ["n/a"]}),
        (0, {}),
        (None, {"profile": "ckan-flat"}),
        (1, {"profile": "ckan-flat", "keyword": ["rivers"]}),
    ],
    "theme-controlled": [
        (1, {"theme": ["http://publications.europa.eu/resource/authority/data-theme/ENVI"]}),
        (1, {"theme": ["Towns & Cities"]}),
        (1, {"theme": ["our own", "climatologyMeteorologyAtmosphere"]}),
        (0.5, {"theme": ["geospatial"]}),
        (0, {"theme": ["N/A"]}),
        (0, {}),
        (None, {"profile": "ckan-flat"}),
    ],
    "identifier-persistent": [
        (1, {"identifier": "https://doi.org/10.5066/F7P55KJN"}),
        (1, {"identifier": "ark:/13960/t5z64fc55"}),
        (1, {"identifier": "levels", "other_identifier": ["10.5285/1a2b3c"]}),
        (1, {"bibliographic_citation": "River Agency (2026): Levels. https://hdl.handle.net/2381/4712"}),
        (0.5, {"identifier": "https://data.cdc.gov/api/views/42pu-ymxu"}),
        (0.5, {"other_identifier": ["http://data.gov.uk/id/levels"]}),
        (0.25, {"identifier": "7f1a4c5e-0000-4000-8000-1d2e3f405162"}),
    ],
    "spatial-coverage-stated": [
        (1, {"spatial": ["-6.236,49.943,2.072,55.816"]}),
        (1, {"spatial": ["http://statistics.data.gov.uk/id/statistical-geography/E92000001"]}),
        (1, {"spatial": ["England", '{"type": "Point", "coordinates": [-1.5, 52.0]}']}),
        (0.5, {"spatial": ["England"]}),
        (0, {"spatial": ["unknown"]}),
        (0, {}),
        (N_A, {"spatial": ["Not applicable"]}),
        (None, {"profile": "ckan"}),
        (1, {"profile": "ckan", "spatial": ["England"]}),
    ],
    "temporal-coverage-stated": [
        (1, {"temporal": ["2010-01-01/2020-12-31"]}),
        (1, {"temporal": ["2010-01-01/.."]}),
        (1, {"temporal": ["2019"]}),
        (1, {"temporal": ["a while ago", "Jan 1, 2010 - Dec 31, 2012"]}),
        (0.5, {"temporal": ["the bathing seasons from 1988 on"]}),
        (0.25, {"temporal": ["2020-12-31/2010-01-01"]}),
        (0, {"temporal": ["since the war"]}),
        (0, {}),
        (None, {"profile": "ckan"}),
    ],
}
