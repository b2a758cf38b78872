"""Readers of places in RDF: boxes, geometries and centroids in WKT or GeoJSON, gazetteers' IRIs, names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ckanext.aivision.harvesters.protocols.dcat_rdf.rdf_values import Node, Values, first, label, text_of
from ckanext.aivision.normalise.geography import places
from ckanext.aivision.normalise.geography.coordinates import geometry_of
from ckanext.aivision.record import Location

_SIDES = ("westBoundingLongitude", "southBoundingLatitude", "eastBoundingLongitude", "northBoundingLatitude")
_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?(?:[eE]-?\d{1,2})?")
_WKT_BOX = re.compile(r"POLYGON\s*\(\(([^()]{7,2000})\)\)", re.IGNORECASE)


def spatial(values: Values) -> list[Location]:
    """dct:spatial: boxes, geometries and centroids in WKT or GeoJSON, gazetteers' IRIs, names.

    Of a place whose geometry is not read, the name follows it where it has one.
    """
    found: dict[Location, None] = {}
    for value in values:
        place = _place(value)
        if place is None or place.form == "text":
            found.update(dict.fromkeys(_unread_geometries(value)))
        if place is not None:
            found[place] = None
    return list(found)


def _unread_geometries(value: Any) -> list[Location]:
    if type(value) is str or "@value" in value:
        return []
    written = (place for text in _geometries(value) if (place := places.location(text)) is not None)
    return [place for place in written if places.is_figures(place)]


def _geometries(value: Node) -> list[str]:
    found = [first(value, ("dcat:bbox",)), first(value, ("locn:geometry", "gsp:asWKT", "gsp:asGeoJSON"))]
    for inner in _nodes(value, ("gsp:hasGeometry", "locn:geometry")):
        found.append(first(inner, ("gsp:asWKT", "gsp:asGeoJSON", "gsp:asGML")))
    return [*found, first(value, ("dcat:centroid",))]


def _place(value: Any) -> Location | None:
    if type(value) is str or "@value" in value:
        return places.location(text_of(value))
    if (found := first(value, ("dcat:bbox",))) and (box := box_of(found)) is not None:
        return box
    if sides := bounding_box([value]):
        return sides[0]
    for geometry in _geometries(value):
        place = places.location(geometry)
        if place is not None and place.form != "text":
            return place
    by_iri = places.location(value.get("@id"))
    if by_iri is not None and by_iri.form == "uri":
        return by_iri
    return places.location(label(value)) or by_iri


def _nodes(node: Node, names: tuple[str, ...]) -> Iterator[Node]:
    return (value for name in names for value in node.get(name, ()) if type(value) is dict and "@value" not in value)


def box_of(written: str) -> Location | None:
    """The box that a polygon under dcat:bbox is by definition (DCAT 3, 6.16.2); None if it is not written as one."""
    whole = geometry_of(written[:4096])
    head = whole.text
    if whole.order == "unread":
        return None
    if match := _WKT_BOX.search(head):
        numbers = _DEGREES.findall(match[1])
    elif '"Polygon"' in head and '"coordinates"' in head:
        numbers = _geojson_numbers(head)
    else:
        return None
    east_west, north_south = list(map(float, numbers[::2])), list(map(float, numbers[1::2]))
    if whole.order == "lat-lon":
        east_west, north_south = north_south, east_west
    if len(numbers) % 2 or len(set(east_west)) > 2 or len(set(north_south)) > 2 or not numbers:
        return None
    found = places.box(min(east_west), min(north_south), max(east_west), max(north_south))
    return Location(written, "bbox", found.bbox) if found is not None else None


def _geojson_numbers(written: str) -> list[str]:
    try:
        shape = json.loads(written)
        ring = shape["coordinates"][0]
        return [str(float(number)) for point in ring for number in point[:2]]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError):
        return []


def bounding_box(values: Values) -> list[Location]:
    """dcat-us:geographicBoundingBox: four degrees, each a property (DCAT-US 3)."""
    found = (
        places.box(*(first(value, (f"dcat-us:{side}",)) for side in _SIDES))
        for value in values
        if type(value) is dict and f"dcat-us:{_SIDES[0]}" in value
    )
    return [place for place in found if place is not None]
