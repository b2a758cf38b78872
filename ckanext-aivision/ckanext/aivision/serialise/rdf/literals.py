"""Dates, periods, numbers and geometries as typed literals (XSD 1.1, GeoSPARQL 1.1)."""

from __future__ import annotations

import re

from pyoxigraph import Literal

from ckanext.aivision.record import Location, Moment
from ckanext.aivision.serialise.rdf.graph import literal

_DATE_TIME = re.compile(
    r"\d{4}-(?:0\d|1[0-2])-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,12})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?",
    re.ASCII,
)
_DURATION = re.compile(
    r"P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?", re.ASCII
)
_DECIMAL = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})+", re.ASCII)
_LENGTHS = {"year": (4, "xsd:gYear"), "month": (7, "xsd:gYearMonth")}
# The type of a geometry's literal -> the property of a node that has it (GeoSPARQL 1.1, 8.5).
AS = {"wktLiteral": "gsp:asWKT", "geoJSONLiteral": "gsp:asGeoJSON", "gmlLiteral": "gsp:asGML"}
_WKT = re.compile(
    r"\s*(?:<[^<>]{1,200}>\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|\s*GEOMETRYCOLLECTION", re.IGNORECASE
)


def date(moment: Moment) -> Literal | None:
    """A date as exact as it was written; None if it could not be read."""
    if moment.value is None:
        return None
    written = moment.original.strip()
    if moment.precision == "time" and _DATE_TIME.fullmatch(written):
        return literal(written, "xsd:dateTime")
    length, datatype = _LENGTHS.get(moment.precision, (10, "xsd:date"))
    return literal(moment.value.isoformat()[:length], datatype)


def duration(written: str) -> Literal | None:
    """A duration of ISO 8601 that XML Schema has too: no weeks."""
    return literal(written, "xsd:duration") if len(written) < 64 and _DURATION.fullmatch(written) else None


def decimal(written: str) -> Literal | None:
    return literal(written, "xsd:decimal") if _DECIMAL.fullmatch(written) else None


def hexadecimal(written: str) -> Literal | None:
    return literal(written, "xsd:hexBinary") if _HEXADECIMAL.fullmatch(written) else None


def geometry(place: Location) -> tuple[str, Literal] | None:
    """The property of a place that has a box or a geometry, and its value; None for names and addresses."""
    written = place.original
    if place.bbox is not None:
        if written.strip().upper().startswith("POLYGON"):
            return "dcat:bbox", literal(written, "gsp:wktLiteral")
        west, south, east, north = (format(degree, ".12g") for degree in place.bbox)
        ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
        return "dcat:bbox", literal(f"POLYGON(({ring}))", "gsp:wktLiteral")
    if place.form != "geometry":
        return None
    if _WKT.match(written):
        return "locn:geometry", literal(written, "gsp:wktLiteral")
    if written.lstrip().startswith("{"):
        return "locn:geometry", literal(written, "gsp:geoJSONLiteral")
    return ("locn:geometry", literal(written, "gsp:gmlLiteral")) if "<gml:" in written else None
