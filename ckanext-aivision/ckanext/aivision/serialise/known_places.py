"""Places that the form offers by their names, with their boxes, over `config/steward/places.csv`."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from ckanext.aivision.normalise.vocabulary import folded, rows


class KnownPlace(msgspec.Struct, frozen=True):
    """uri: its address in a gazetteer, or empty. box: a GeoJSON polygon, or empty if no box is certain."""

    name: str
    uri: str
    box: str


@functools.cache
def known_places() -> dict[str, KnownPlace]:
    """The places by their folded names, in the order in which they are offered."""
    return {folded(row["name"]): KnownPlace(row["name"], row["uri"], _box(row)) for row in rows("places", "steward")}


def fill_boxes(entries: list[Any], stored: Collection[str] = ()) -> None:
    """Gives entries of `spatial_coverage` that name a known place its box and address, in place.

    An entry that says more than a name is left alone, as is one whose name is among `stored`: nobody has chosen it now.
    """
    for entry in entries:
        if not isinstance(entry, dict) or any(entry.get(field) for field in ("bbox", "geom", "uri")):
            continue
        name = entry.get("text")
        place = known_places().get(folded(name)) if isinstance(name, str) and name not in stored else None
        if place is not None:
            entry.update({"text": place.name, "bbox": place.box, "uri": place.uri})


def _box(row: Mapping[str, str]) -> str:
    if not row["west"]:
        return ""
    west, south, east, north = (float(row[side]) for side in ("west", "south", "east", "north"))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})
