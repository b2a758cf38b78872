"""Coordinate reference systems of geometries: which of them are read, and in which order of axes.

GeoSPARQL 1.1 (8.5.1) has the system before the text (`<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(55.9 -3.2)`),
extended WKT has `SRID=4326;`, and GML an attribute srsName. No system means CRS84: longitude, latitude.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Order = Literal["lon-lat", "lat-lon", "unread"]

_PREFIX = re.compile(r"\s*<((?:https?://|urn:)[^<>\s]{1,200})>\s*|\s*SRID=(\d{1,6});\s*", re.IGNORECASE)
_SRS_NAME = re.compile(r"""srsName\s?=\s?["']([^"']{1,200})["']""")
_CODE = re.compile(r"(?:EPSG|epsg\.io)\D{0,12}(?:\d+[/:])?(?::)?(\d{4,6})/?$", re.IGNORECASE)
_CRS84 = re.compile(r"CRS:?84h?$", re.IGNORECASE)
# Geographic systems whose first axis is the latitude (EPSG): WGS 84 in two and three dimensions, ETRS89, NAD83, OSGB36.
_LATITUDE_FIRST = frozenset(("4326", "4979", "4258", "4269", "4277", "4937"))


class Geometry(NamedTuple):
    """The text without its system, the system as written, and the order of its axes."""

    text: str
    system: str
    order: Order


def geometry_of(written: str) -> Geometry:
    """A geometry as text with its system. Extended WKT has longitude first whatever the system (PostGIS)."""
    if (match := _PREFIX.match(written)) is not None:
        system = match[1] or f"EPSG:{match[2]}"
        order = _order(system)
        if match[2] is not None and order == "lat-lon":
            order = "lon-lat"
        return Geometry(written[match.end() :], system, order)
    if "<gml:" in written[:200] and (named := _SRS_NAME.search(written)) is not None:
        return Geometry(written, named[1], _order(named[1]))
    return Geometry(written, "", "lon-lat")


def _order(system: str) -> Order:
    if _CRS84.search(system):
        return "lon-lat"
    code = _CODE.search(system)
    return "lat-lon" if code is not None and code[1] in _LATITUDE_FIRST else "unread"
