"""What a dataset is of: themes, kinds, formats, licence, year, agency and publisher, whatever country it is from."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ckanext.aivision.agencies.placement import SourceFacts
from ckanext.aivision.compare.table.facets import (
    Facets,
    facets_of,
    kind_names,
    kinds_by_format,
    theme_titles,
    version,
)
from ckanext.aivision.normalise import licences, media_types, themes
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Agent, Dataset, Distribution, Moment, Term


def dataset(**fields: Any) -> Dataset:
    return Dataset(**{"identifier": "x", "title": "Rivers", "profile": "ckan", "country": "US", **fields})


def facets(**fields: Any) -> Facets:
    return facets_of(dataset(**fields))


def test_of_a_record_that_says_nothing_nothing_is_known() -> None:
    assert facets() == Facets()


@pytest.mark.parametrize(
    ("theme", "slug"),
    [
        # data.gov.uk's, data.gov's and agencies', ISO 19115's, the EU's by address and by name.
        ("health", "health"),
        ("Crime and justice", "justice"),
        ("towns-and-cities", "places"),
        ("Earth Science", "environment"),
        ("Medicare", "health"),
        ("geospatial", "places"),
        ("farming", "agriculture"),
        ("imageryBaseMapsEarthCover", "places"),
        ("http://publications.europa.eu/resource/authority/data-theme/TRAN", "transport"),
        ("Education", "education"),
        ("BUSINESS AND ECONOMY", "economy"),
    ],
)
def test_themes_of_both_countries_vocabularies_are_compared_by_one_list(theme: str, slug: str) -> None:
    assert facets(theme=[themes.clean(theme)]).themes == [slug]


def test_every_theme_of_our_vocabularies_but_provisional_data_has_one_of_the_list() -> None:
    found = {row["id"]: facets(theme=[themes.clean(row["id"])]).themes for row in rows("themes")}
    assert {id for id, slugs in found.items() if not slugs} <= {"OP_DATPRO"}
    assert {slug for slugs in found.values() for slug in slugs} == set(theme_titles())


@pytest.mark.parametrize("theme", ["Uncategorized", "", "river people", "x" * 100_000, "a\x1fb", "'; --"])
def test_what_is_no_known_theme_is_none(theme: str) -> None:
    assert facets(theme=[themes.clean(theme)]).themes == []


def test_themes_are_each_named_once_in_order() -> None:
    names = ["transport", "health", "Medicaid", "Uncategorized", "health"]
    assert facets(theme=[themes.clean(name) for name in names]).themes == ["health", "transport"]


@pytest.mark.parametrize(
    ("format", "key", "kinds"),
    [
        ("CSV", "CSV", ["tabular"]),
        ("text/csv", "CSV", ["tabular"]),
        (".xlsx", "XLSX", ["tabular"]),
        ("GeoJSON", "GeoJSON", ["geospatial"]),
        ("WFS", "WFS", ["api", "geospatial"]),
        ("NetCDF", "NetCDF", ["scientific"]),
        ("JSON", "JSON", ["structured"]),
        ("PDF", "PDF", ["document"]),
        ("HTML", "HTML", ["page"]),
        ("PNG", "PNG", ["image"]),
    ],
)
def test_formats_say_what_kind_of_data_it_is(format: str, key: str, kinds: list[str]) -> None:
    found = facets(distribution=[Distribution(format=media_types.from_format(format))])
    assert (found.formats, found.kinds) == ([key], kinds)


def test_formats_and_kinds_are_each_named_once_in_order() -> None:
    formats = ["PDF", "CSV", "XLSX", "csv", "nonsense"]
    found = facets(distribution=[Distribution(format=media_types.from_format(name)) for name in formats])
    assert (found.formats, found.kinds) == (["CSV", "PDF", "XLSX"], ["document", "tabular"])


def test_every_format_of_our_vocabulary_has_a_kind() -> None:
    assert set(media_types.all_formats()) == set(kinds_by_format())
    assert set(kind_names()) == {kind for kinds in kinds_by_format().values() for kind in kinds}


@pytest.mark.parametrize(
    ("licence", "rights", "id", "allows"),
    [
        ("https://creativecommons.org/publicdomain/zero/1.0/", [], "CC0-1.0", "open"),
        ("uk-ogl", [], "OGL-UK-3.0", "open"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", [], "CC-BY-NC-4.0", "restricts"),
        ("uk-ogl", ["For non-commercial use only."], "OGL-UK-3.0", "restricts"),
        ("https://www.example.gov/terms-of-our-own", [], "", "own-terms"),
        ("", [], "", "none"),
        ("notspecified", [], "none", "none"),
    ],
)
def test_the_licence_and_what_it_allows(licence: str, rights: list[str], id: str, allows: str) -> None:
    found = facets(license=licences.clean(licence) if licence else None, rights=rights)
    assert (found.licence, found.licence_class) == (id, allows)


def moment(year: int | None) -> Moment:
    return Moment(str(year), datetime.date(year, 6, 1) if year is not None else None, "year")


@pytest.mark.parametrize(
    ("modified", "issued", "year"),
    [
        (moment(2024), moment(2010), 2024),
        (None, moment(2010), 2010),
        (moment(None), moment(2010), 2010),
        (moment(2024), None, 2024),
        (None, None, None),
        # A slip of a form rather than a year; the publication is left.
        (moment(1), moment(2010), 2010),
        (moment(1599), None, None),
        (moment(1600), None, 1600),
        (moment(9999), None, 9999),
    ],
)
def test_the_year_is_of_the_last_change_else_of_the_publication(
    modified: Moment | None, issued: Moment | None, year: int | None
) -> None:
    assert facets(modified=modified, issued=issued).year == year


@pytest.mark.parametrize(
    ("country", "publisher", "agency", "level"),
    [
        ("US", "National Aeronautics and Space Administration", "us-026", "national"),
        ("US", "NASA", "us-026", "national"),
        ("GB", "Leeds City Council", "gb-leeds-city-council", "local"),
        ("US", "River Wardens", "", ""),
    ],
)
def test_a_dataset_is_of_its_publishers_agency_and_level(country: str, publisher: str, agency: str, level: str) -> None:
    found = facets(country=country, publisher=Agent(name=publisher))
    assert (found.agency, found.level) == (agency, level)


def test_a_bureau_counts_for_itself_and_the_department_as_a_whole_for_the_department() -> None:
    bureau = facets(raw={"bureauCode": ["009:20"]})
    whole = facets(raw={"bureauCode": ["009:00"]})
    assert (bureau.agency, whole.agency) == ("us-009-20", "us-009")


def test_spellings_of_one_publisher_have_one_id() -> None:
    found = [facets(publisher=Agent(name=name)) for name in ("River Wardens", "RIVER  WARDENS", "River wardens.")]
    assert {row.publisher for row in found} == {"us/river-wardens"}


@pytest.mark.parametrize("name", [None, "", " ", "Not provided", "N/A", "unknown", "-", "12345"])
def test_a_placeholder_is_no_publisher(name: str | None) -> None:
    found = facets(publisher=Agent(name=name))
    assert (found.publisher, found.publisher_title) == ("", "")


def test_the_source_says_more_where_the_record_names_nobody() -> None:
    found = facets_of(dataset(), SourceFacts("gsa", "https://open.gsa.gov/data.json"))
    assert found.agency == "us-023"


@pytest.mark.parametrize("text", ["'; DROP TABLE datasets; --", "a\x1fb", "a\x00b", "\ud800", "x" * 1_000_000])
def test_a_strangers_record_breaks_nothing(text: str) -> None:
    found = facets(
        publisher=Agent(name=text, identifier=text, sub_organization_of=[text] * 100),
        theme=[Term(text)],
        license=Term(text),
        rights=[text],
        modified=Moment(text),
        distribution=[Distribution(format=Term(text), media_type=Term(text), access_url=text)],
        raw={"bureauCode": [text], "organization": {"title": text}},
    )
    assert (found.agency, found.themes, found.year) == ("", [], None)


def test_the_version_is_short_and_stays() -> None:
    assert version() == version()
    assert len(version()) == 16
