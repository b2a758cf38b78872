"""What a steward who follows the advice of a fix writes into a dataset's form, by the id of the fix.

A value is written over what the field had; to a description a sentence is added. `resources` is of each file,
`unstated` of each that says nothing of its format, `file` of one that is added.
"""

from __future__ import annotations

from typing import Any

Package = dict[str, Any]
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_ACCESS = "http://publications.europa.eu/resource/authority/access-right/"
_CSV = {
    "url": "https://rivers.example.gov/levels-2024.csv",
    "name": "River levels 2024, CSV",
    "format": "CSV",
    "mimetype": "text/csv",
}
_PARQUET = {
    "url": "https://rivers.example.gov/levels.parquet",
    "name": "River levels, all years, Parquet",
    "format": "Parquet",
    "mimetype": "application/vnd.apache.parquet",
}
_API = {
    "url": "https://rivers.example.gov/api/levels.json",
    "name": "API of the river levels",
    "role": "api",
    "format": "JSON",
    "mimetype": "application/json",
    "described_by": "https://rivers.example.gov/openapi.json",
}
_CROISSANT = {
    "url": "https://rivers.example.gov/levels.jsonld",
    "name": "Description of the river levels in Croissant",
    "format": "JSON-LD",
    "mimetype": "application/ld+json",
    "conforms_to": ["http://mlcommons.org/croissant/1.0"],
}

ADVICE: dict[str, list[Package]] = {
    "licence": [{"license_id": id} for id in ("OGL-UK-3.0", "CC-BY-4.0", "CC0-1.0", "us-pd")],
    "contact": [{"contact": [{"name": "Data desk", "email": "data.desk@rivers.example.gov"}]}],
    "publisher": [
        {"publisher": [{"name": "River office", "identifier": "https://ror.org/00rivers", "part_of": "State"}]}
    ],
    "keywords": [{"tag_string": "river levels, floods, gauging stations"}],
    "theme": [{"theme": ["http://publications.europa.eu/resource/authority/data-theme/ENVI"]}],
    "language": [{"language": ["en"]}],
    # A rhythm that the dates bear out.
    "rhythm": [
        *({"frequency": _FREQUENCY + code, "modified": "2026-10-31"} for code in ("DAILY", "MONTHLY", "ANNUAL")),
        *({"frequency": _FREQUENCY + code} for code in ("AS_NEEDED", "NEVER")),
    ],
    "next-update": [{"next_update": "2027-05-12"}],
    "period": [
        {"temporal_coverage": [{"start": "2019-01-01", "end": "2024-12-31"}]},
        {"temporal_coverage": [{"start": "1988-01-01"}]},
    ],
    "place": [
        {"spatial_coverage": [{"uri": "http://statistics.data.gov.uk/id/statistical-geography/E92000001"}]},
        {"spatial_coverage": [{"bbox": '{"type":"Polygon","coordinates":[[[-6,49],[2,49],[2,56],[-6,56],[-6,49]]]}'}]},
    ],
    "access": [{"access_rights": _ACCESS + "PUBLIC"}],
    "access-procedure": [
        {"access_procedure": "Apply to the data access committee at https://rivers.example.gov/apply with a plan."}
    ],
    "classification": [{"security_classification": "OFFICIAL"}],
    "country": [{"country": "GB"}, {"country": "US"}],
    "ai-use": [
        {"ai_use": "allowed", "ai_use_terms": "Text and data mining and the training of models are allowed."},
        {"ai_use": "not-allowed", "ai_use_terms": "Text and data mining and the training of models are not allowed."},
    ],
    "citation": [{"citation": "River office (2026) River levels, version 2.1. https://doi.org/10.5281/zenodo.1234567"}],
    "maintenance": [{"maintenance_plan": "Maintained by the monitoring team until at least 2030."}],
    "personal-data": [{"personal_data": "none"}, {"personal_data": "aggregated"}],
    "standards": [{"conforms_to": ["https://gtfs.org/documentation/schedule/reference/"]}],
    "documentation": [{"documentation": ["https://rivers.example.gov/levels/methods"]}],
    "collection": [
        {"collection_method": "The river office measured the levels of 120 rivers each hour with pressure sensors."}
    ],
    "lineage": [{"provenance": "Made from the readings of the regional offices and the register of gauging stations."}],
    "limitations": [{"limitations": "Levels below zero are missing, as the sensors freeze in hard winters."}],
    "uses": [
        {
            "intended_uses": "Made to warn of floods; used to plan bridges.",
            "unsuitable_uses": "Not for judging the quality of the water.",
        }
    ],
    "distribution-present": [{"file": _CSV}],
    "download-direct": [{"file": _CSV}],
    "format-structured": [{"file": _CSV}],
    "format-efficient": [{"file": _PARQUET}],
    "nothing-to-download": [{"file": _CSV}],
    "nothing-readable": [{"file": _CSV}],
    "api-documented": [{"file": _API}],
    "media-type-registered": [{"unstated": {"mimetype": "text/csv"}}],
    "distributions-described": [{"resources": {"name": "River levels of the year {place}, as published"}}],
    "checksum-given": [
        {
            "resources": {
                "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
            }
        }
    ],
    "size-given": [{"resources": {"size": 48200311}}],
    "vocabulary-for-machine-learning": [{"file": _CROISSANT}],
    "title-descriptive": [{"title": "Levels of rivers in England, weekly, 2019 to 2024"}],
    "description-substantive": [
        {
            "notes": "One row for each reading of the level of a river in England. Levels are measured each hour "
            "by pressure sensors at 120 gauging stations and averaged by week. They are used to warn of floods."
        }
    ],
    "granularity-described": [{"notes": "The data are raw readings, one row for each station and week."}],
    "plain-language": [{"first": "These are the levels of rivers in England. They help to warn people of floods."}],
    "variables-described": [
        {"notes": "One row is one reading at a station. The level is in metres, and missing values are empty cells."},
        {"described_by": "https://rivers.example.gov/levels/columns.csv"},
    ],
    "data-dictionary-linked": [
        {"described_by": "https://rivers.example.gov/levels/columns.csv"},
        {
            "resources": {
                "columns": "station | text | name of the station\nlevel | number | level of the river in metres"
            }
        },
    ],
    "identifier-persistent": [{"identifier": "https://doi.org/10.5285/7a4b3c9e-2f61-4d0a-9b1d-5f2c8e6a1d34"}],
    "quality-measured": [{"quality_statement": "97 % of the planned readings were taken."}],
    "representativeness-described": [
        {"biases": "Rivers in the north are under-represented; remote valleys are missing."}
    ],
    "uncertainty-described": [{"uncertainty": "Each level is good to 2 cm."}],
    "issued-stated": [{"issued": "2019-03-01"}],
    "modified-stated": [{"modified": "2026-10-20"}],
    "updated-on-rhythm": [{"modified": "2026-10-20"}],
    "version-stated": [{"version": "2.1", "version_notes": "Levels of 2019 corrected."}],
    "processing-code-linked": [{"code_repository": "https://github.com/example/river-levels"}],
    "metadata-profile-stated": [{"conforms_to": ["http://data.europa.eu/r5r/"]}],
    "personal-data-unprotected": [
        {
            "personal_data": "anonymised",
            "personal_data_measures": "Names were removed and counts under five are suppressed.",
        }
    ],
    "reuse-forbidden-by-choice": [{"license_id": "OGL-UK-3.0"}],
}


def follow(package: Package, advice: Package) -> Package:
    """The package once somebody has done what the advice says."""
    found = dict(package)
    for field, value in advice.items():
        if field == "resources":
            found["resources"] = [
                {**item, **{name: _numbered(text, place) for name, text in value.items()}}
                for place, item in enumerate(package.get("resources") or (), 1)
            ]
        elif field == "unstated":
            found["resources"] = [
                item if item.get("mimetype") or item.get("format") else {**item, **value}
                for item in package.get("resources") or ()
            ]
        elif field == "file":
            found["resources"] = [*(found.get("resources") or ()), value]
        elif field == "first":
            found["notes"] = f"{value} {package.get('notes') or ''}".strip()
        elif field == "notes":
            found["notes"] = f"{package.get('notes') or ''}\n\n{value}".strip()
        elif field == "tag_string":
            found["tags"] = [*(package.get("tags") or ()), *({"name": name.strip()} for name in value.split(","))]
        else:
            found[field] = value
    return found


def _numbered(value: Any, place: int) -> Any:
    return value.replace("{place}", str(1900 + place)) if isinstance(value, str) else value
