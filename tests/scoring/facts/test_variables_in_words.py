"""What one row stands for, units, codes and missing values count when a description tells them, in every format."""

from __future__ import annotations

import pytest
from tests.scoring.conftest import value_of

VARIABLES, DETAIL = "variables-described", "granularity-described"
PROFILES = ("dcat-us-1.1", "dcat-us-3.0", "data-gov-uk", "ckan", "dcat-ap", "uk-metadata-exchange")
ROWS = "One record stands for one station and one hour."
UNITS = "Values are in metres above the station datum."
MISSING = "Missing values are coded -999 by the loggers."


@pytest.mark.parametrize(
    "sentence",
    [
        ROWS,
        UNITS,
        MISSING,
        "Each row is a household.",
        "One row per gauging station.",
        "Prices are given in pounds sterling.",
        "Unit: tonnes of CO2 equivalent.",
        "Blank cells mean that the gauge was not read.",
        "Sex is coded 1 = male, 2 = female.",
        "Columns: station, date, level.",
        "Deaths are coded to ICD-10.",
        "Dates are in ISO 8601 form, and coordinates in decimal degrees.",
    ],
)
def test_one_kind_of_fact_about_variables_is_a_beginning(sentence: str) -> None:
    assert value_of(VARIABLES, description=sentence) == 0.4


@pytest.mark.parametrize("profile", PROFILES)
def test_two_kinds_are_worth_nearly_as_much_as_a_dictionary_in_every_format(profile: str) -> None:
    assert value_of(VARIABLES, description=f"{ROWS} {UNITS}", profile=profile) == 0.8
    assert value_of(VARIABLES, description=f"{UNITS} {MISSING}", profile=profile) == 0.8
    assert value_of(VARIABLES, description=f"{ROWS} {ROWS}", profile=profile) == 0.4


def test_a_dictionary_tells_everything_unless_it_is_the_home_page() -> None:
    assert value_of(VARIABLES, described_by="https://data.bristol.gov.uk/air/columns.json") == 1
    assert value_of(VARIABLES, described_by="https://data.bristol.gov.uk/") == 0


def test_the_types_of_a_data_api_are_one_kind_of_fact() -> None:
    file = {"access_url": "https://data.bristol.gov.uk/air.csv", "datastore_active": True}
    assert value_of(VARIABLES, distribution=[file]) == 0.4
    assert value_of(VARIABLES, distribution=[file], description=UNITS) == 0.8


@pytest.mark.parametrize(
    "sentence",
    [
        "Each record is kept for seven years.",
        "Each record is considered permanent.",
        "The data are complete and have all fields and units.",
        "Values may be missing.",
        "Missing values are coded appropriately.",
        "Housing units are in the county.",
        "Oil fields include the North Sea fields, and others.",
        "Postal codes are used.",
        "Values are in the file.",
        "Missing persons are shown.",
    ],
)
def test_words_that_fit_every_dataset_tell_nothing_of_variables(sentence: str) -> None:
    assert value_of(VARIABLES, description=sentence) == 0


@pytest.mark.parametrize(
    ("description", "value"),
    [
        ("Raw readings of the gauges, one row for each station and hour.", 1),
        ("The counts are aggregated to local authority level from returns of 312 schools.", 1),
        ("One row per household.", 0.6),
        ("Figures at census tract level.", 0.6),
        ("Tree canopy on a 30 m grid.", 0.6),
        ("Boundaries were derived from aerial photographs of 2019.", 0.6),
        ("Seasonally adjusted retail sales of 40 chains.", 0.6),
    ],
)
@pytest.mark.parametrize("profile", PROFILES)
def test_granularity_is_the_level_of_detail_and_raw_or_derived(profile: str, description: str, value: float) -> None:
    assert value_of(DETAIL, description=description, profile=profile) == value


@pytest.mark.parametrize(
    "sentence",
    [
        "Raw materials and raw sewage.",
        "The data are at a high level of quality.",
        "Data of the highest resolution and granularity.",
        "Detailed, raw and derived data are available.",
        "See the metadata records for each layer.",
        "Agencies must report the data for each employee.",
    ],
)
def test_words_that_fit_every_dataset_tell_nothing_of_granularity(sentence: str) -> None:
    assert value_of(DETAIL, description=sentence) == 0


def test_a_resolution_in_its_field_counts_if_it_is_a_figure() -> None:
    assert value_of(DETAIL, spatial_resolution="30 m") == 0.6
    assert value_of(DETAIL, spatial_resolution="30 m", temporal_resolution="P1D") == 1
    assert value_of(DETAIL, spatial_resolution="high") == 0
