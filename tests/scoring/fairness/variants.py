"""What may be different about a dataset: each variant changes some of its facts, and all formats say the same again."""

from __future__ import annotations

from typing import Any

# Facts that a variant replaces; None removes one.
VARIANTS: dict[str, dict[str, Any]] = {
    "complete": {},
    "title is a file name": {"title": "AQ_hourly_final.csv"},
    "description in one line": {"description": "Readings of nitrogen dioxide in Bristol, by station and hour."},
    "no description": {"description": None},
    "one keyword": {"keyword": ["nitrogen dioxide"]},
    "no keywords": {"keyword": []},
    "theme in own words": {"theme": "Air and streets"},
    "no theme": {"theme": None},
    "identifier of the office": {"identifier": "AQ-84"},
    "no licence": {"license": None},
    "licence for non-commercial use": {"license": "https://creativecommons.org/licenses/by-nc/4.0/"},
    "no contact": {"contact": None},
    "no-reply contact": {"contact": ("Desk", "noreply@bristol.gov.uk")},
    "no date of publication": {"issued": None},
    "no date of change": {"modified": None},
    "changed four years ago": {"modified": "2022-11-10"},
    "no update frequency": {"frequency": None},
    "yearly, on time": {"frequency": "yearly"},
    "no publisher": {"publisher": None},
    "no period": {"period": None},
    "no area": {"box": None},
    "area as a name": {"box": None, "place": "Bristol"},
    "no dictionary": {"dictionary": None},
    "no documentation": {"documentation": None, "landing_page": None},
    "no standard": {"standard": None},
    "no version": {"version": None},
    "no lineage": {"lineage": None},
    "no size or checksum": {"size": None, "checksum": None},
    "file called download": {"file_title": "Download"},
    "no media type": {"media_type": None},
    "PDF instead of CSV": {
        "url": "https://data.bristol.gov.uk/air/readings.pdf",
        "media_type": "application/pdf",
        "format": "PDF",
        "file_title": "Air quality readings 2014-2025, PDF",
    },
    "web page instead of a file": {
        "url": "https://data.bristol.gov.uk/air/readings.html",
        "media_type": "text/html",
        "format": "HTML",
        "file_title": "Air quality readings 2014-2025, page",
    },
    "no data": {"url": None},
    "title, publisher and file alone": dict.fromkeys(
        (
            *("description", "keyword", "theme", "contact", "issued", "frequency", "box", "period", "dictionary"),
            *("documentation", "standard", "landing_page", "version", "lineage", "size", "checksum", "license"),
        )
    )
    | {"keyword": []},
    "spreadsheet": {
        "url": "https://data.bristol.gov.uk/air/readings.xlsx",
        "media_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "format": "XLSX",
        "file_title": "Air quality readings 2014-2025, spreadsheet",
    },
    "CSV in a ZIP": {
        "url": "https://data.bristol.gov.uk/air/readings_csv.zip",
        "media_type": "application/zip",
        "format": "ZIP",
        "file_title": "Air quality readings 2014-2025, CSV in a ZIP",
    },
    "GeoJSON": {
        "url": "https://data.bristol.gov.uk/air/readings.geojson",
        "media_type": "application/geo+json",
        "format": "GEOJSON",
        "file_title": "Air quality readings 2014-2025, GeoJSON",
    },
    "feature service alone": {
        "url": "https://maps.bristol.gov.uk/ows?service=WFS&request=GetCapabilities",
        "media_type": "application/xml",
        "format": "WFS",
        "file_title": "Air quality readings 2014-2025, WFS",
    },
    "Open Government Licence": {"license": "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"},
    "licence of the office": {"license": "https://data.bristol.gov.uk/terms"},
    "words for no licence": {"license": "No licence specified"},
    "address that leads nowhere": {"url": "https://example.org/readings.csv"},
    "changed in the future": {"modified": "2099-01-01"},
    "daily, but late": {"frequency": "daily", "modified": "2026-10-01"},
    "irregular": {"frequency": "irregular"},
    "contact without an address": {"contact": ("Air quality team", "")},
    "persons without protection": {
        "description": "Hourly readings of nitrogen dioxide in Bristol since 2014. The file holds names and home "
        "addresses of asthma patients with no protection applied."
    },
    "restricted for a stated reason": {
        "access": "restricted",
        "rights": "The readings name volunteers; under the Data Protection Act 2018 they go to accredited researchers "
        "who apply to airquality@bristol.gov.uk.",
    },
    "restricted, without a file": {
        "access": "restricted",
        "rights": "The readings name volunteers; under the Data Protection Act 2018 they go to accredited researchers "
        "who apply to airquality@bristol.gov.uk.",
        "url": None,
    },
}
