"""The facts of one dataset, which every format then writes in its own way."""

from __future__ import annotations

from typing import Any

Facts = dict[str, Any]


# Everything that is known of the dataset. A variant changes or removes some of it.
FACTS: Facts = {
    "title": "Air quality at 84 roadside stations in Bristol",
    "description": (
        "Hourly readings of nitrogen dioxide and fine particles at 84 roadside stations in Bristol, measured with "
        "chemiluminescence analysers from 2014 to 2025. One record stands for one station and one hour; values are in "
        "micrograms per cubic metre. Health researchers use the readings to study asthma. Stations outside the ring "
        "road began in 2019, so earlier years cover the centre alone. The data hold no personal data."
    ),
    "keyword": ["nitrogen dioxide", "particulate matter", "roadside monitoring"],
    "theme": "ENVI",
    "identifier": "https://doi.org/10.5523/bris.air.84",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "access": "public",
    "contact": ("Air quality team", "airquality@bristol.gov.uk"),
    "issued": "2016-04-01",
    "modified": "2026-11-10",
    "frequency": "monthly",
    "publisher": "Bristol City Council",
    "box": (-2.73, 51.39, -2.51, 51.54),
    "period": ("2014-01-01", "2025-12-31"),
    "dictionary": "https://data.bristol.gov.uk/air/columns.json",
    "documentation": "https://data.bristol.gov.uk/air/methods.html",
    "standard": "https://www.w3.org/TR/vocab-ssn/",
    "landing_page": "https://data.bristol.gov.uk/air",
    "version": "3.1",
    "lineage": "Readings of the analysers, checked each week against the reference station at Brislington.",
    "url": "https://data.bristol.gov.uk/air/readings.csv",
    "media_type": "text/csv",
    "format": "CSV",
    "file_title": "Air quality readings 2014-2025, CSV",
    "size": 48_203_112,
    "checksum": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
