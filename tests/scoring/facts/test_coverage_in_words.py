"""A place or a period that only a title or the description tells counts nearly as much as one in its field."""

from __future__ import annotations

import pytest
from tests.scoring.conftest import Value, value_of

WORDS = 0.9
PROFILES = ("dcat-us-1.1", "dcat-us-3.0", "data-gov-uk", "ckan", "dcat-ap", "uk-metadata-exchange")
PLACE, PERIOD = "spatial-coverage-stated", "temporal-coverage-stated"


@pytest.mark.parametrize(
    "description",
    [
        "Hourly readings of nitrogen dioxide at 84 roadside stations in Bristol.",
        "Water levels across England and Wales.",
        "Trees in the London Borough of Camden.",
        "Crashes reported in the City of Austin.",
        "Wells drilled in Orange County.",
        "House prices in Reading, UK.",
        "Hotel rooms in Bath are counted each June.",
        "Schools within Leeds City Council's area.",
        "Prison admissions in Washington and Oregon.",
        "Counts of seals around Puerto Rico.",
        "Deaths in the U.S. Virgin Islands.",
    ],
)
def test_a_named_place_is_the_area_covered(description: str) -> None:
    assert value_of(PLACE, description=description, profile="ckan") == WORDS


@pytest.mark.parametrize(
    "description",
    [
        "Published by Leeds City Council.",
        "Scores of pupils in Reading and Mathematics.",
        "Reading of the meters on each floor.",
        "A speech that George Washington gave.",
        "Articles of the Washington Post.",
        "Adoption of mobile phones. Mobile coverage by operator.",
        "Bath tubs and Wells of all kinds.",
        "This work is not subject to copyright within the United States.",
        "Provided by the U.S. Department of Agriculture.",
        "US EPA ratings of fuel economy.",
        "Contains public sector information licensed under the UK Open Government Licence.",
        "Requests to the University of Manchester.",
        "See https://data.example/England for the files.",
        "Write to england@data.example or read London-style notes.",
        "Work of the Forestry Commission Scotland.",
        "Write to 550 12th Street, SW Washington, DC 20202.",
        "Deaths by County of Residence and State of Birth.",
        "spending in leeds and bradford",
    ],
)
def test_a_name_that_is_no_area_covered_earns_nothing(description: str) -> None:
    assert value_of(PLACE, title="Weekly levels", description=description) == 0


def test_the_name_of_the_publisher_is_no_area_covered() -> None:
    publisher = "Scotland Rivers Group"
    written = {"title": "Weekly levels", "publisher": publisher}
    assert value_of(PLACE, description=f"Collected by the {publisher}.", **written) == 0
    assert value_of(PLACE, description=f"Collected by the {publisher} throughout Fife.", **written) == WORDS


def test_the_title_of_a_file_can_name_the_place_and_the_period() -> None:
    files = [{"title": "Collisions in Norfolk, 2019", "download_url": "https://roads.norfolk.gov.uk/1.csv"}]
    assert value_of(PLACE, distribution=files) == WORDS
    assert value_of(PERIOD, distribution=files) == WORDS


@pytest.mark.parametrize(
    "profile", ["dcat-us-1.1", "dcat-us-3.0", "data-gov-uk", "ckan", "dcat-ap", "uk-metadata-exchange"]
)
@pytest.mark.parametrize(
    ("said", "value"),
    [
        ({"spatial": ["Bristol"]}, WORDS),
        ({"title": "Air quality in Bristol"}, WORDS),
        ({"title": "Air quality in Bristol", "spatial": ["Bristol"]}, WORDS),
        ({"title": "Air quality in Bristol", "spatial": ["-2.73,51.39,-2.51,51.54"]}, 1.0),
    ],
)
def test_a_name_is_worth_the_same_in_every_format(profile: str, said: dict[str, object], value: Value) -> None:
    assert value_of(PLACE, profile=profile, **said) == value


@pytest.mark.parametrize(
    "words",
    [
        "read from 2014 to 2025",
        "2015-2025",
        "for 2015–2025",
        "between 1990 and 2010",
        "between 3 March 1990 and 1 May 2010",
        "1 April 2014 to 31 March 2015",
        "January 2014 - December 2016",
        "01/04/2014-31/03/2015",
        "2014-04-01 to 2015-03-31",
        "in the fiscal year 2019",
        "FY2019",
        "FY 2019-20",
        "for 2019/20",
        "in the 2011 Census",
        "levels measured since 1998",
        "from 1998 onwards",
        "in the year ending March 2019",
        "in Q3 2019",
        "2010 to present",
    ],
)
def test_a_period_of_years_is_the_period_covered(words: str) -> None:
    assert value_of(PERIOD, description=f"Levels of rivers {words}.") == WORDS


@pytest.mark.parametrize(
    "sentence",
    [
        "Last updated in 2024.",
        "Updated since 2019 by the river team.",
        "The Climate Change Act 2008 asks for it.",
        "The council has existed since 1974.",
        "We have published open data since 2010.",
        "Copyright 2010-2020 of the river agency.",
        "It follows the Local Plan 2015-2035.",
        "Between 2030 and 2040 the rivers will rise.",
        "Stations lie at heights from 1600 to 2000 m.",
        "See doi 10.5281/2010-2020 and ISO 19115-2003.",
        "Call 0555-1900-2000.",
        "Read https://rivers.example/1990-2000/levels.",
        "It costs £1900-2000 a year.",
        "The rivers were surveyed on 2019-04-12.",
        "From 2025 to 2014.",
        "Version 2019.",
    ],
)
def test_a_year_of_something_else_is_no_period_covered(sentence: str) -> None:
    assert value_of(PERIOD, description=f"Levels of all rivers, each week. {sentence}") == 0


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("Road casualties, 2019", WORDS),
        ("Budget 2019-20", WORDS),
        ("Requests under the Freedom of Information Act 2000", 0),
        ("Requests under the Housing Act 2004, updated 2021", 0),
        ("Forest at heights above 2000 m", 0),
        ("Outlook for 2099", 0),
    ],
)
def test_a_year_in_a_title_is_that_of_the_data(title: str, value: Value) -> None:
    assert value_of(PERIOD, title=title) == value


def test_the_field_is_better_than_words_and_words_are_better_than_a_false_field() -> None:
    title = "Road casualties, 2019"
    assert value_of(PERIOD, title=title, temporal=["2019-01-01/2019-12-31"]) == 1
    assert value_of(PERIOD, title=title, temporal=["2019-12-31/2019-01-01"]) == WORDS
    assert value_of(PLACE, title="Rivers in Fife", spatial=["unknown"]) == WORDS
