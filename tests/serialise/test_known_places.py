"""Places that the form offers: choosing one fills its box, and nobody's own words are changed."""

from __future__ import annotations

import json

import pytest

from ckanext.aivision.normalise.vocabulary import folded, rows
from ckanext.aivision.serialise.coverage import from_places
from ckanext.aivision.serialise.known_places import fill_boxes, known_places


def filled(*stored: str, **entry: str) -> dict[str, str]:
    entries = [dict(entry)]
    fill_boxes(entries, stored)
    return entries[0]


@pytest.mark.parametrize("name", ["England", "wales", "Texas", "United Kingdom", "Puerto Rico", "Germany"])
def test_the_name_of_a_known_place_is_given_its_box(name: str) -> None:
    (place,) = from_places({"spatial_coverage": [filled(text=name)]})
    assert place.bbox is not None
    west, south, east, north = place.bbox
    assert west < east
    assert south < north


def test_london_lies_in_its_box_and_bristol_does_not() -> None:
    (place,) = from_places({"spatial_coverage": [filled(text="London")]})
    assert place.bbox is not None
    west, south, east, north = place.bbox
    assert west < -0.13 < east
    assert south < 51.51 < north
    assert not west < -2.59 < east


# The outermost points of the land, in degrees, by the ONS's generalised clipped boundaries (config/steward/places.csv).
OUTERMOST = {
    "United Kingdom": (-8.6500, 49.8647, 1.7629, 60.8608),
    "England": (-6.4186, 49.8647, 1.7629, 55.8111),
    "Scotland": (-8.6500, 54.6332, -0.7246, 60.8608),
    "Wales": (-5.6701, 51.3750, -2.6499, 53.4357),
    "Northern Ireland": (-8.1775, 54.0227, -5.4328, 55.3130),
    "North East England": (-2.6898, 54.4512, -0.7884, 55.8111),
    "South West England": (-6.4186, 49.8647, -1.4857, 52.1126),
    "London": (-0.5103, 51.2868, 0.3340, 51.6918),
}


@pytest.mark.parametrize("name", OUTERMOST)
def test_the_box_of_a_part_of_the_uk_is_around_its_land_and_hardly_wider(name: str) -> None:
    (place,) = from_places({"spatial_coverage": [filled(text=name)]})
    assert place.bbox is not None
    room = [abs(side - land) for side, land in zip(place.bbox, OUTERMOST[name], strict=True)]
    west, south, east, north = place.bbox
    land = OUTERMOST[name]
    assert west <= land[0] < land[2] <= east
    assert south <= land[1] < land[3] <= north
    assert max(room) < 0.1


def test_a_real_records_box_of_england_is_ours() -> None:
    """The Environment Agency has this one on data.gov.uk."""
    (place,) = from_places({"spatial_coverage": [filled(text="England")]})
    assert place.bbox == pytest.approx((-6.33, 49.84, 1.78, 55.80), abs=0.2)


def test_a_place_without_a_certain_box_stays_words() -> None:
    assert filled(text="France") == {"text": "France", "bbox": "", "uri": ""}
    assert filled(text="The moors above Whitby") == {"text": "The moors above Whitby"}


@pytest.mark.parametrize("more", [{"bbox": "0 0 1 1"}, {"geom": "{}"}, {"uri": "https://sws.geonames.org/6269131/"}])
def test_what_somebody_has_said_of_a_place_is_not_changed(more: dict[str, str]) -> None:
    assert filled(text="England", **more) == {"text": "England", **more}


def test_a_name_that_is_stored_already_was_not_chosen_now() -> None:
    assert filled("England", text="England") == {"text": "England"}


def test_every_place_of_the_table_is_offered_once_with_a_box_on_the_earth() -> None:
    table = rows("places", "steward")
    assert len(known_places()) == len({folded(row["name"]) for row in table}) == len(table)
    for place in known_places().values():
        for longitude, latitude in json.loads(place.box)["coordinates"][0] if place.box else ():
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90
    assert {row["kind"] for row in table} == {"country", "nation", "region", "state"}
