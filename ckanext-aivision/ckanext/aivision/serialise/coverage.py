"""Periods and places in the fields of `config/schemas/ai_ready_dataset.yaml`, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.aivision.normalise import dates
from ckanext.aivision.normalise.geography import places
from ckanext.aivision.record import Location, PeriodOfTime
from ckanext.aivision.serialise.ckan_values import LONGEST_VALUE, all_text, filled, objects, text, texts


def to_periods(periods: Sequence[PeriodOfTime]) -> dict[str, list[Any]]:
    """Periods by their days, and in words those whose start or end could not be read."""
    read = [period for period in periods if period.end or period.open_end]
    days = [{"start": period.start, "end": period.end} for period in read]
    return {
        "temporal_coverage": [{key: date.isoformat() for key, date in ends.items() if date} for ends in days],
        "temporal_text": all_text(period.original for period in periods if period not in read),
    }


def from_periods(package: Mapping[str, Any]) -> list[PeriodOfTime]:
    """The periods of a package: those of days first, then those in words."""
    items = objects(package.get("temporal_coverage"))
    found = [dates.between(item.get("start"), item.get("end")) for item in items]
    found += [dates.period(words) for words in texts(package.get("temporal_text"))]
    return [period for period in found if period is not None]


def to_places(spatial: Sequence[Location]) -> list[dict[str, str]]:
    """Places as subfields of `spatial_coverage`; a box is a GeoJSON polygon, as ckanext-dcat reads it."""
    return [item for place in spatial if (item := _place(place))]


def from_places(package: Mapping[str, Any]) -> list[Location]:
    """The places of a package; what no reading fits stays as text."""
    found = (_location(item) for item in objects(package.get("spatial_coverage")))
    return [place for place in found if place is not None]


def _place(place: Location) -> dict[str, str]:
    if place.bbox is not None:
        west, south, east, north = place.bbox
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"bbox": json.dumps({"type": "Polygon", "coordinates": [ring]})}
    written = text(place.original) or ""
    if place.form == "geometry" and written.startswith("{") and len(place.original) <= LONGEST_VALUE:
        return {"geom": written}
    return filled({"uri": written} if place.form == "uri" else {"text": written})


def _location(item: Mapping[str, Any]) -> Location | None:
    """The most telling of what a place's subfields say."""
    box = _box(item.get("bbox"))
    if box is not None:
        return box
    named = (places.location(item.get(field)) for field in ("bbox", "geom", "uri", "text"))
    return next((place for place in named if place is not None), None)


def _box(polygon: Any) -> Location | None:
    """The box that a GeoJSON polygon of five points is; None for any other text."""
    try:
        ring = json.loads(polygon)["coordinates"][0]
        (west, south), _, (east, north), _, last = ring
    except (TypeError, ValueError, KeyError, IndexError, RecursionError):
        return None
    if last != [west, south] or (box := places.box(west, south, east, north)) is None or box.bbox is None:
        return None
    # A ring may begin at any of its corners, so its sides are not exchanged where it begins in the east or north.
    if box.bbox[0] != west:
        west, east = east, west
    if box.bbox[1] != south:
        south, north = north, south
    return places.box(west, south, east, north)
