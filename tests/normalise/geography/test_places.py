"""What a place is read as: a box, a geometry, a gazetteer's code, or words."""

from __future__ import annotations

import json

import pytest

from ckanext.aivision.normalise.geography import coordinates, places
from ckanext.aivision.record import Location

RING = [[-3.4, 55.8], [-3.0, 55.8], [-3.0, 56.0], [-3.4, 56.0], [-3.4, 55.8]]

READ = [
    ("-180.0,-90.0,180.0,90.0", "bbox", (-180.0, -90.0, 180.0, 90.0)),
    ("-75.5 38.4 -74.9 39.1", "bbox", (-75.5, 38.4, -74.9, 39.1)),
    ("38.4, -175.5, 39.1, -174.9", "bbox", (-175.5, 38.4, -174.9, 39.1)),  # latitudes first: only that is possible
    ("-180.00002, -85.470289, 180.00002, 89.987675", "bbox", (-180.0, -85.470289, 180.0, 89.987675)),
    ("-166.842425, 2e-06, 0.00002, 71.2947", "bbox", (-166.842425, 2e-06, 0.00002, 71.2947)),
    ("ENVELOPE(-75.5, -74.9, 39.1, 38.4)", "bbox", (-75.5, 38.4, -74.9, 39.1)),
    ("53.99 -105.12", "geometry", None),
    ("-2.86 -54.96", "geometry", None),  # either may be the latitude
    (json.dumps({"type": "Polygon", "coordinates": [RING]}), "geometry", None),
    (json.dumps({"type": "Point", "coordinates": [-3.2, 55.9]}), "geometry", None),
    ("POLYGON((-3.4 55.8, -3.0 55.8, -3.0 56.0, -3.4 55.8))", "geometry", None),
    ("<gml:Envelope><gml:lowerCorner>55.8 -3.4</gml:lowerCorner></gml:Envelope>", "geometry", None),
    ("https://sws.geonames.org/2635167/", "uri", None),
    ("http://statistics.data.gov.uk/id/statistical-geography/S92000003", "uri", None),
    ("http://publications.europa.eu/resource/authority/country/GBR", "uri", None),
    ("S92000003", "uri", None),
    ("USA", "uri", None),
    ("GB-SCT", "uri", None),
    ("United States", "text", None),
    ("US Virgin Islands", "text", None),
    ("National, State", "text", None),
    ("N/A", "text", None),
    ("999, 999, 999, 999", "text", None),
    ("95 95", "text", None),
    ("https://example.org/a-report-about-geonames.org/", "text", None),
    ('{"type": "Polygon", "coordinates": "none"}', "text", None),
]


@pytest.mark.parametrize(("written", "form", "bbox"), READ)
def test_a_place_is_read_as(written: str, form: str, bbox: tuple[float, float, float, float] | None) -> None:
    found = places.location(written)
    assert found is not None
    assert (found.original, found.form) == (written, form)
    assert found.bbox == (pytest.approx(bbox) if bbox else None)


def test_a_geometry_may_be_an_object() -> None:
    geometry = {"type": "Polygon", "coordinates": [RING]}
    assert places.location(geometry) == Location(json.dumps(geometry), "geometry")


@pytest.mark.parametrize("key", ["bbox", "geometry", "centroid"])
def test_a_place_of_dcat_us_3_is_an_object_with_a_geometry(key: str) -> None:
    found = places.location({"@type": "Location", key: "POLYGON((-3.4 55.8, -3.0 55.8, -3.0 56.0, -3.4 55.8))"})
    assert found is not None
    assert (found.form, found.bbox) == ("geometry", None)


def test_a_place_of_dcat_us_3_may_have_a_name_alone() -> None:
    assert places.location({"@type": "Location", "prefLabel": "Wyoming"}) == Location("Wyoming", "text")


@pytest.mark.parametrize("nothing", [None, "", " \n ", {}, []])
def test_nothing_is_no_place(nothing: object) -> None:
    assert places.location(nothing) is None


def test_a_box_is_made_of_four_degrees() -> None:
    assert places.box("-6.4", "49.8", 1.8, "55.9") == Location("-6.4,49.8,1.8,55.9", "bbox", (-6.4, 49.8, 1.8, 55.9))


@pytest.mark.parametrize("degrees", [("-6.4", "49.8", "1.8", None), ("-6.4", "99", "1.8", "120"), ("a", "b", "c", "d")])
def test_a_box_that_lacks_a_side_or_leaves_the_earth_is_none(degrees: tuple[object, ...]) -> None:
    assert places.box(*degrees) is None


UK = "50.4 -8.7, 50.4 1.9, 58.95 1.9, 58.95 -8.7, 50.4 -8.7"


@pytest.mark.parametrize(
    ("written", "order"),
    [
        (f"<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON(({UK}))", "lat-lon"),
        (f"<urn:ogc:def:crs:EPSG::4326> POLYGON(({UK}))", "lat-lon"),
        (f"<http://epsg.io/4326> POLYGON(({UK}))", "lat-lon"),
        (f"<http://www.opengis.net/def/crs/EPSG/0/4258> POLYGON(({UK}))", "lat-lon"),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(-3.2 55.9)", "lon-lat"),
        ("POINT(-3.2 55.9)", "lon-lat"),
        ("SRID=4326;POINT(-3.2 55.9)", "lon-lat"),
        ("<http://www.opengis.net/def/crs/EPSG/0/27700> POINT(529090 179645)", "unread"),
        ("SRID=27700;POINT(529090 179645)", "unread"),
        ('<gml:Envelope srsName="http://www.opengis.net/def/crs/EPSG/0/4326"/>', "lat-lon"),
        ('<gml:Envelope srsName="urn:ogc:def:crs:EPSG::27700"/>', "unread"),
    ],
)
def test_a_geometry_has_the_order_of_axes_of_its_system(written: str, order: str) -> None:
    assert coordinates.geometry_of(written).order == order
    found = places.location(written)
    assert found is not None
    form = "text" if order == "unread" else "geometry"
    assert (found.original, found.form, found.bbox) == (written, form, None)
    assert places.is_figures(found) == (order == "unread")


@pytest.mark.parametrize("written", ["West -81.02, South 35.01, East -80.59, North 35.51", "N 51.5 W 0.1 x"])
def test_degrees_with_their_directions_are_no_name_unless_a_word_stands_beside(written: str) -> None:
    found = places.location(written)
    assert found is not None
    assert places.is_figures(found) == ("x" not in written)


@pytest.mark.parametrize("name", ["South West", "North", "E08000035 Leeds", "West 5"])
def test_a_name_with_a_direction_is_a_name(name: str) -> None:
    found = places.location(name)
    assert found is not None
    assert places.is_figures(found) == (name == "West 5")


@pytest.mark.parametrize(
    "written",
    [
        *("0,0", "0.0,0.0,0.0,0.0", "NaN,NaN,NaN,NaN", "POINT EMPTY", "POINT(0 0)", "POLYGON((nan nan, nan nan))"),
        *(
            '{"type":"Polygon","coordinates":[]}',
            "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(0 0)",
            "POINT(inf 1)",
        ),
    ],
)
def test_an_empty_geometry_is_no_place(written: str) -> None:
    found = places.location(written)
    assert found is not None
    assert places.is_empty(found)


@pytest.mark.parametrize("written", ["0,51.5", "POINT(0 51.5)", "-180,-90,180,90", "Null Island", "Nancy", "USA", "10"])
def test_a_place_with_something_in_it_is_not_empty(written: str) -> None:
    found = places.location(written)
    assert found is not None
    assert not places.is_empty(found)


@pytest.mark.parametrize(
    "written",
    [
        [-123.9, 47.0, -120.2, 48.4],
        ["-123.9", "47.0", "-120.2", "48.4"],
        [[-123.9, 47.0], [-120.2, 48.4]],
        [-123.9, 47.0, 0, -120.2, 48.4, 900],
        {"@type": "Location", "bbox": [-123.9, 47.0, 0, -120.2, 48.4, 900]},
        "[-123.9, 47.0, -120.2, 48.4]",
    ],
)
def test_a_box_is_read_in_lists_too(written: object) -> None:
    found = places.location(written)
    assert found is not None
    assert found.bbox == (-123.9, 47.0, -120.2, 48.4)
