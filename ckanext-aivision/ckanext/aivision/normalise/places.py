"""Places: boxes, geometries, gazetteer URIs and names (dct:Location)."""

from __future__ import annotations

import functools
import json
import re

from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import Location

_NUMBERS = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,20})?)(?:[\s,]+(-?\d{1,3}(?:\.\d{1,20})?)){3}\s*")
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?")
_GAZETTEER = re.compile(
    r"^https?://(?:[\w.-]*\.)?(?:geonames\.org|statistics\.data\.gov\.uk|publications\.europa\.eu/resource/authority"
    r"|data\.ordnancesurvey\.co\.uk|wikidata\.org|sws\.geonames\.org)/",
    re.IGNORECASE,
)
_GSS_CODE = re.compile(r"[EWSNK]\d{8}")
_WKT = re.compile(r"^\s*(?:SRID=\d+;\s*)?(?:POINT|POLYGON|MULTIPOLYGON|ENVELOPE|LINESTRING)\s*\(", re.IGNORECASE)
_LONGEST = 4096

BBox = tuple[float, float, float, float]


def location(value: object) -> Location | None:
    """A place as written, and in what form; None where there is nothing."""
    if isinstance(value, dict):
        return _object(value)
    text = one(value)
    return _location(text) if text is not None else None


def box(west: object, south: object, east: object, north: object) -> Location | None:
    """A box of four degrees given apart, as data.gov.uk's `bbox-*`; None where one lacks or is out of range."""
    parts = [one(part) for part in (west, south, east, north)]
    if any(part is None for part in parts):
        return None
    text = ",".join(str(part) for part in parts)
    found = _location(text)
    return found if found.form == "bbox" else None


def _object(value: dict[str, object]) -> Location:
    text = json.dumps(value, default=str)[:_LONGEST]
    if isinstance(value.get("type"), str) and ("coordinates" in value or "geometry" in value):
        return Location(text, "geometry")
    return Location(text, "text")


@functools.lru_cache(maxsize=8192)
def _location(text: str) -> Location:
    head = text[:_LONGEST].strip()
    if _NUMBERS.fullmatch(head):
        bbox = _in_order([float(number) for number in _NUMBER.findall(head)])
        if bbox is not None:
            return Location(text, "bbox", bbox)
    if _GAZETTEER.match(head) or _GSS_CODE.fullmatch(head):
        return Location(text, "uri")
    if _WKT.match(head) or "<gml:" in head or ('"type"' in head and '"coordinates"' in head):
        return Location(text, "geometry")
    return Location(text, "text")


def _in_order(numbers: list[float]) -> BBox | None:
    """West, south, east, north of four degrees: DCAT-US's order, or latitudes first where only that is possible."""
    first, second, third, fourth = numbers
    for west, south, east, north in ((first, second, third, fourth), (second, first, fourth, third)):
        if -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90:
            return west, south, east, north
    return None
