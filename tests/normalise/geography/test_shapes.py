"""What is wrong with coordinates: positions off the earth, open and crossing rings, sides that were exchanged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.normalise.geography import places, shapes
from ckanext.aivision.record import Location


def polygon(*positions: tuple[float, float]) -> str:
    return f"POLYGON(({', '.join(f'{x} {y}' for x, y in positions)}))"


def geojson(kind: str, coordinates: object) -> str:
    return json.dumps({"type": kind, "coordinates": coordinates})


SQUARE = ((-3.4, 55.8), (-3.0, 55.8), (-3.0, 56.0), (-3.4, 56.0), (-3.4, 55.8))
BOW_TIE = (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0])

# What is written, the gravity of its fault, and a word of what is said.
GEOMETRIES = [
    (polygon(*SQUARE), None, ""),
    (polygon(*SQUARE[:-1]), "refused", "not closed"),
    (polygon(SQUARE[0], SQUARE[1], SQUARE[0]), "refused", "fewer than four"),
    (polygon(*BOW_TIE), "odd", "cross"),
    (polygon(*[SQUARE[0]] * 5), "odd", "without an area"),
    (polygon((0, 50), (1, 51), (2, 52), (0, 50)), "odd", "without an area"),
    (polygon(*((y, x - 100) for x, y in SQUARE)), "unread", "latitude stands before"),
    (polygon((529090, 179645), (533000, 179645), (533000, 181000), (529090, 179645)), "unread", "not on the earth"),
    (polygon((170, 10), (190, 10), (190, 20), (170, 20), (170, 10)), None, ""),
    (polygon(*SQUARE)[:-20], "unread", "in the middle"),
    ("POLYGON((west south, east south, east north, west south))", "unread", "not two numbers"),
    ("MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((2 2, 3 2, 3 3)))", "refused", "not closed"),
    ("POLYGON Z ((0 0 5, 1 0 5, 1 1 5, 0 0 5))", None, ""),
    ("POINT(-77.03 138.9)", "unread", "latitude stands before"),
    ("POINT(-177.03 138.9)", "unread", "not on the earth"),
    ("LINESTRING(-3 55, -4 56)", None, ""),
    ("POINT EMPTY", None, ""),
    (geojson("Polygon", [SQUARE]), None, ""),
    (geojson("Polygon", [SQUARE[:-1]]), "refused", "not closed"),
    (geojson("MultiPolygon", [[BOW_TIE]]), "odd", "cross"),
    (geojson("Point", [55.9, -103.2]), "unread", "latitude stands before"),
    (geojson("Point", ["a", "b"]), "unread", "not two numbers"),
    (geojson("Point", [None, 1]), "unread", "not two numbers"),
    (geojson("Polygon", []), None, ""),
    ("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(55.9 -3.2)", None, ""),
    ("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(155.9 -3.2)", "unread", "latitude stands before"),
    ("<http://www.opengis.net/def/crs/EPSG/0/27700> POINT(529090 179645)", None, ""),
    ("Leeds", None, ""),
]


@pytest.mark.parametrize(("written", "gravity", "words"), GEOMETRIES)
def test_a_geometry_has_this_fault(written: str, gravity: str | None, words: str) -> None:
    found = shapes.fault_of(written)
    assert (found.gravity if found else None) == gravity
    assert words in (found.words if found else "")
    place = places.location(written)
    assert place is not None
    if gravity:
        assert place.form == ("text" if gravity == "unread" else "geometry")


BOXES = [
    ("-3.4,55.8,-3.0,56.0", (-3.4, 55.8, -3.0, 56.0), ""),
    ("-3.0,55.8,-3.4,56.0", (-3.4, 55.8, -3.0, 56.0), "western"),
    ("1.9,50.4,-8.7,58.95", (-8.7, 50.4, 1.9, 58.95), "western"),
    ("-104.4, 46.2, -96.4, 42.2", (-104.4, 42.2, -96.4, 46.2), "southern"),
    ("174,-22,-176,-13", (174, -22, -176, -13), ""),
    ("175,-90,-5,90", (175, -90, -5, 90), ""),  # the hemisphere that a satellite sees
    ("0,-90,360,90", (-180, -90, 180, 90), ""),
    ("190,18,206,23", (-170, 18, -154, 23), ""),
    ("170,-20,190,-10", (170, -20, -170, -10), ""),
    ("38.4, -175.5, 39.1, -174.9", (-175.5, 38.4, -174.9, 39.1), ""),
    ("ENVELOPE(-74.9, -75.5, 39.1, 38.4)", (-75.5, 38.4, -74.9, 39.1), "western"),
    ("[-3.0, 55.8, -3.4, 56.0]", (-3.4, 55.8, -3.0, 56.0), "western"),
    ("529090,179645,533000,181000", None, "not on the earth"),
    ("999, 999, 999, 999", None, "not on the earth"),
]


@pytest.mark.parametrize(("written", "bbox", "words"), BOXES)
def test_a_box_is_read_as_it_can_be_meant_and_its_fault_said(
    written: str, bbox: tuple[float, float, float, float] | None, words: str
) -> None:
    found = places.location(written)
    assert found is not None
    assert found.bbox == (pytest.approx(bbox) if bbox else None)
    fault = places.fault_of(found)
    assert (fault is not None) == bool(words)
    assert words in (fault.words if fault else "")


@pytest.mark.parametrize(
    ("written", "country", "exchanged"),
    [
        ("50.4,-8.7,58.95,1.9", "GB", True),
        ("-8.7,50.4,1.9,58.95", "GB", False),
        ("38.7,-77.2,39.0,-77.0", "US", True),
        ("-77.2,38.7,-77.0,39.0", "US", False),
        ("160,-80,170,-75", "US", False),  # Antarctica
        ("-180,-90,180,90", "US", False),
        ("50.4,-8.7,58.95,1.9", "", False),
        ("50.4,-8.7,58.95,1.9", "FR", False),
        ("POLYGON((50.4 -8.7, 50.4 1.9, 58.95 1.9, 58.95 -8.7, 50.4 -8.7))", "GB", True),
    ],
)
def test_exchanged_axes_show_by_the_country(written: str, country: str, exchanged: bool) -> None:
    found = places.location(written)
    assert found is not None
    assert places.is_exchanged(found, country) == exchanged


@given(st.text(alphabet='POLYGONMULTI(), 0123456789.-e<>{}[]":', max_size=200))
def test_no_text_stops_the_reader(written: str) -> None:
    for text in (
        written,
        f"POLYGON(({written}",
        geojson("Polygon", written),
        f'{{"type":"Polygon","coordinates":[{written}]}}',
    ):
        places.fault_of(Location(text))
        shapes.extent_of(text)


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=3, max_size=12))
def test_a_ring_that_is_closed_is_never_called_open(positions: list[tuple[float, float]]) -> None:
    fault = shapes.fault_of(geojson("Polygon", [[*positions, positions[0]]]))
    assert fault is None or "closed" not in fault.words


@pytest.mark.parametrize(
    "sides",
    [
        {"west": -3.4, "south": 55.8, "east": -3.0, "north": 56.0},
        {"xmin": -3.4, "ymin": 55.8, "xmax": -3.0, "ymax": 56.0, "spatialReference": {"wkid": 4326}},
        {"WestBoundingCoordinate": "-3.4", "SouthBoundingCoordinate": "55.8", "EastBoundingCoordinate": "-3.0"}
        | {"NorthBoundingCoordinate": "56.0"},
    ],
)
def test_the_sides_of_a_box_may_have_names(sides: dict[str, object]) -> None:
    found = places.location(sides)
    assert found is not None
    assert found.bbox == pytest.approx((-3.4, 55.8, -3.0, 56.0))
    assert (
        places.location({key: value for key, value in sides.items() if "orth" not in key and "max" not in key}) != found
    )
