"""What config/profiles.yaml says that DCAT-US 3.0 carries is what its JSON Schemas have a place for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import resources

import pytest

from ckanext.aivision.harvesters.mapping.table import Row
from ckanext.aivision.harvesters.protocols.dcat_us.v3 import DATASET, DISTRIBUTION, MANDATORY, SERVICE
from ckanext.aivision.scoring.rubric import load

Schema = Callable[[str], dict[str, object]]

# Fields that no row of a table reads by itself -> the class and the member that hold them.
ELSEWHERE = {
    "identifier": ("{type}", "identifier"),
    "title": ("{type}", "title"),
    "license": ("Distribution", "license"),
    "access_procedure": ("AccessRestriction", "restrictionNote"),
    "metadata_issued": ("CatalogRecord", "issued"),
    "metadata_modified": ("CatalogRecord", "modified"),
    "distribution": ("Dataset", "distribution"),
    "distribution.checksum": ("Distribution", "checksum"),
}
OF_A_SERVICE = {"distribution.access_url": "endpointURL", "distribution.described_by": "endpointDescription"}
CLASSES = {
    "dcat-us-3.0": ("Dataset", DATASET),
    "dcat-us-3.0-service": ("DataService", SERVICE),
    "dcat-us-3.0-series": ("DatasetSeries", DATASET),
}


@pytest.fixture
def schema() -> Schema:
    folder = resources.files("ckanext.aivision.config") / "standards" / "dcat-us-3"
    return lambda name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def keys(rows: Mapping[str, Row], schema: dict[str, object]) -> dict[str, str]:
    """Field -> member, of the rows whose member the schema has."""
    properties = schema["properties"]
    assert isinstance(properties, dict)
    return {row.field: row.key for row in rows.values() if row.key in properties}


@pytest.mark.parametrize("profile", CLASSES)
def test_every_field_that_a_profile_carries_has_a_place_in_the_schema(schema: Schema, profile: str) -> None:
    name, rows = CLASSES[profile]
    places = keys(rows, schema(name)) | {
        f"distribution.{f}": k for f, k in keys(DISTRIBUTION, schema("Distribution")).items()
    }
    for field in load().profiles[profile]:
        if field in OF_A_SERVICE and name == "DataService":
            assert OF_A_SERVICE[field] in schema(name)["properties"], field
        elif field not in places:
            holder, member = ELSEWHERE[field]
            if (holder, member) == ("{type}", "identifier") and name == "DatasetSeries":
                member = "@id"
            assert member in schema(holder.format(type=name))["properties"], field


@pytest.mark.parametrize("profile", CLASSES)
def test_every_member_that_is_read_is_carried(schema: Schema, profile: str) -> None:
    name, rows = CLASSES[profile]
    assert set(keys(rows, schema(name))) <= load().profiles[profile]


def test_every_member_of_a_distribution_that_is_read_is_carried(schema: Schema) -> None:
    read = {f"distribution.{field}" for field in keys(DISTRIBUTION, schema("Distribution")) if field != "identifier"}
    assert read <= load().profiles["dcat-us-3.0"]


@pytest.mark.parametrize("name", MANDATORY)
def test_a_warning_is_given_for_every_member_that_the_schema_requires(schema: Schema, name: str) -> None:
    required = schema(name)["required"]
    assert isinstance(required, list)
    assert {*MANDATORY[name], "identifier", "title"} >= set(required)
    assert set(MANDATORY[name]) <= set(required)
