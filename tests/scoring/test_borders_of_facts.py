"""Where other facts begin: names of files, places, periods, publishers, keywords, licences and rhythms in words."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scoring.conftest import value_of

FILE = "https://rivers.example.gov/files/7.csv"
US = {"profile": "dcat-us-1.1"}


def named(title: str, description: str | None = None) -> Any:
    item = {"download_url": FILE, "format": "CSV", "title": title, "description": description}
    return value_of("distributions-described", distribution=[item])


@pytest.mark.parametrize(
    "title", ["File Geodatabase", "Feature Collection", "SQLite Geodatabase", "ArcGIS GeoServices REST API", "OGC WFS"]
)
def test_a_format_in_words_is_no_name(title: str) -> None:
    assert named(title) == 0
    assert named(f"Moorings of Leith, {title}") == 1


def test_that_an_address_gives_access_is_no_description() -> None:
    assert named("Download", "The URL providing direct access to the downloadable dataset.") == 0
    assert named("Download", "The URL of the moorings of Leith.") == 1


@pytest.mark.parametrize(
    ("none", "place"),
    [
        ("USA Spending file of new ferry passes", "USA ferry spending file"),
        ("The Harbours (Scotland) Act 2019 requires ports to keep a list.", "Harbours (Scotland) of 2019."),
        ("Berths follow the UK Ferry Standard.", "Berths meet the usual standard in the UK."),
        ("See the record on Scotland's SpatialData Metadata Portal.", "See the record on Scotland's moorings."),
        ("Halls and pools of Glasgow Life, by type.", "Life in Glasgow, and life expectancy."),
        ("Farms in the Wales Rural Development Programme.", "Farms in rural Wales."),
    ],
)
def test_the_name_of_an_act_a_portal_a_standard_or_a_body_is_no_place(none: str, place: str) -> None:
    assert value_of("spatial-coverage-stated", **US, description=none) == 0
    assert value_of("spatial-coverage-stated", **US, description=place) == 0.9


@pytest.mark.parametrize(
    ("none", "period"),
    [
        ("Berths are placed with the Tayside Dasymetric (2011/October 2015) map.", "Berths of Tayside (2011/2015)."),
        ("Codes follow the Harbour (2011-2015) classification.", "Counts of the Harbour (2011-2015), by port."),
    ],
)
def test_the_years_of_another_map_or_classification_are_none_of_the_data(none: str, period: str) -> None:
    assert value_of("temporal-coverage-stated", **US, description=none) == 0
    assert value_of("temporal-coverage-stated", **US, description=period) == 0.9


def test_the_year_in_the_name_of_a_paper_is_not_that_of_the_data() -> None:
    def of_file(title: str, address: str, media_type: str) -> Any:
        item = {"download_url": address, "media_type": media_type, "title": title}
        return value_of("temporal-coverage-stated", **US, title="Motors of ferries", distribution=[item])

    assert of_file("FERRYCON 2013 Electric.pdf", "https://rivers.example.gov/a.pdf", "application/pdf") == 0
    assert of_file("Electric ferries 2013", "https://rivers.example.gov/a.csv", "text/csv") == 0.9


@pytest.mark.parametrize(("place", "value"), [(46, 0.9), (1_000, None)])
def test_a_period_may_be_told_in_the_title_of_a_later_file(place: int, value: float | None) -> None:
    titles = [f"Cases of harbour {chr(65 + number % 26)}" for number in range(place - 1)]
    files = [
        {"access_url": f"https://rivers.example.gov/{number}.csv", "format": "CSV", "title": title}
        for number, title in enumerate([*titles, "Trends by parish 2020-2021"])
    ]
    assert value_of("temporal-coverage-stated", profile="ckan", title="Ferry cases", distribution=files) == value


def test_a_publisher_that_is_not_named_or_has_no_number_is_not_identified() -> None:
    assert value_of("publisher-identified", publisher={"name": "Unspecified", "identifier": "024:070"}) == 0
    assert value_of("publisher-identified", publisher={"name": "River Office", "identifier": "000:000"}) == 0.9
    assert value_of("publisher-identified", publisher={"name": "River Office", "identifier": "024:000"}) == 1


@pytest.mark.parametrize("keyword", ["data-products", "ArcGIS Hub page"])
def test_a_keyword_of_the_software_or_for_any_product_is_not_specific(keyword: str) -> None:
    assert value_of("keywords-specific", keyword=[keyword]) == 0
    assert value_of("keywords-specific", keyword=[f"{keyword} otter"]) == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize("address", ["owners/search", "owners/SearchIssues", "owners/searchrecalls"])
def test_a_search_page_alone_leaves_nothing_to_license(address: str) -> None:
    item = {"download_url": f"https://rivers.example.gov/{address}", "media_type": "text/html", "title": "Search"}
    licence = {"license": "https://www.usa.gov/government-works"}
    assert value_of("licence-open", **US, **licence, distribution=[item]) == 0
    item["download_url"] += ".csv"
    item["media_type"] = "text/csv"
    assert value_of("licence-open", **US, **licence, distribution=[item]) == 1


MONTHLY = "The levels of Leith are updated every month."


def test_a_rhythm_in_words_is_held_against_the_dates_as_one_in_the_field_is() -> None:
    assert value_of("updated-on-rhythm", **US, modified="2020-01-02", description=MONTHLY) == 0
    assert value_of("updated-on-rhythm", **US, modified="2026-11-20", description=MONTHLY) == 0.5
    assert value_of("updated-on-rhythm", **US, modified="2026-11-20", description="The levels of Leith.") is None


def test_what_sets_off_an_update_is_half_a_frequency() -> None:
    told = "The Commission updates the Ferry Registry periodically as it receives forms from Leith."
    assert value_of("update-frequency-stated", **US, modified="2026-11-20", description=told) == 0.5
    assert value_of("update-frequency-stated", **US, description="The Commission updates the rules of Leith.") == 0


def test_papers_about_privacy_are_no_word_on_the_people_in_the_data() -> None:
    papers = "Records analyzing Personally Identifiable Information (PII)-Records of Privacy Impact Assessments"
    assert value_of("personal-data-addressed", **US, title=papers) is None
    said = "Personally identifiable information was removed from the ferry loans of Leith."
    assert value_of("personal-data-addressed", **US, description=said) == 1


def test_levels_of_detail_are_one_fact_however_many_are_told() -> None:
    levels = "Ferry passengers by county and year, at council area level."
    assert value_of("granularity-described", **US, description=levels) == 0.6
    derived = f"{levels} Rates are averaged over the ports of Leith."
    assert value_of("granularity-described", **US, description=derived) == 1


def test_a_guide_counts_with_an_address_of_its_own() -> None:
    told = "Each attribute is told in its Ferry Fact Sheet ({})."
    page = "https://rivers.epa.gov/ferries/fact-sheets"
    assert value_of("documentation-linked", **US, description=told.format(page)) == 1
    assert value_of("documentation-linked", **US, landing_page=page, description=told.format(page)) == 0.5
    assert value_of("documentation-linked", **US, description=told.format("ask us")) == 0
