"""Geometries in WKT (OGC 06-103r4) and GeoJSON (RFC 7946): their lines and rings, and what is wrong with them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.geography.coordinates import geometry_of

Position = tuple[float, float]
Line = tuple[Position, ...]
# unread: no program can place it on the earth. refused: many programs refuse to read it. odd: read, but hardly meant.
Gravity = Literal["unread", "refused", "odd"]

_LONGEST = 50_000  # characters
_MOST_SIDES = 40  # of a ring whose sides are compared with each other
_BEGINNING = re.compile(r"\s*(MULTI)?(POINT|POLYGON|LINESTRING)\s*(?:ZM?|M)?\s*(?=\(|EMPTY)", re.IGNORECASE)
_INNERMOST = re.compile(r"\(([^()]*)\)")
_AREAS = ("POLYGON", "MULTIPOLYGON")
_LEVELS = {"POINT": 0, "MULTIPOINT": 1, "LINESTRING": 1, "MULTILINESTRING": 2, "POLYGON": 2, "MULTIPOLYGON": 3}
# A longitude may count eastwards from Greenwich all around the earth, and rounding takes a place a little beyond it.
_LIMITS = (360.001, 90.001)


class Fault(NamedTuple):
    """What is wrong with a geometry, in words that follow "coordinates:", with what to do."""

    gravity: Gravity
    words: str


_CUT = Fault("unread", "their text ends in the middle: give it whole")
_NO_POSITION = Fault("unread", "a position that is not two numbers: give longitude and latitude")
_OFF_EARTH = Fault("unread", "a position that is not on the earth: give degrees, longitude first (WGS 84, CRS84)")
_LATITUDE_FIRST = Fault("unread", "latitude stands before longitude: write longitude first")
_FEW = Fault("refused", "a ring of fewer than four positions, which many programs refuse: give the whole outline")
_OPEN = Fault("refused", "a ring that is not closed, which many programs refuse: end it with its first position")
_CROSSING = Fault("odd", "the sides of a ring cross: list its corners in their order around the area")
_FLAT = Fault("odd", "a polygon without an area: give a point or a line, or the outline")


class Shape(NamedTuple):
    """The lines or rings of a geometry, longitude first."""

    is_area: bool
    lines: tuple[Line, ...]


@cached(2048)
def fault_of(written: str) -> Fault | None:
    """The gravest fault of a geometry in WKT or GeoJSON; None if it has none, is longer than 50,000 characters, or is
    something else."""
    found = _read(written)
    return found if found is None or isinstance(found, Fault) else min(_faults(found), key=_order, default=None)


@cached(2048)
def extent_of(written: str) -> tuple[float, float, float, float] | None:
    """West, south, east and north of a geometry in WKT or GeoJSON; None if it cannot be read."""
    found = _read(written)
    if found is None or isinstance(found, Fault):
        return None
    longitudes, latitudes = zip(*(position for line in found.lines for position in line), strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _order(fault: Fault) -> int:
    return ("unread", "refused", "odd").index(fault.gravity)


def _read(written: str) -> Shape | Fault | None:
    if len(written) > _LONGEST:
        return None
    whole = geometry_of(written)
    if whole.order == "unread":
        return None
    text = whole.text.strip()
    if text.startswith("{"):
        return _geojson(text)
    beginning = _BEGINNING.match(text)
    if beginning is None:
        return None
    kind = ((beginning[1] or "") + beginning[2]).upper()
    return _wkt(kind, text[beginning.end() :], is_latitude_first=whole.order == "lat-lon")


def _wkt(kind: str, body: str, is_latitude_first: bool) -> Shape | Fault | None:
    if not body.startswith("("):
        return None
    if body.count("(") > body.count(")"):
        return _CUT
    lines: list[Line] = []
    for inner in _INNERMOST.findall(body):
        line = _positions(part.split() for part in inner.split(","))
        if line is None:
            return _NO_POSITION
        lines.append(tuple((y, x) for x, y in line) if is_latitude_first else line)
    return _shape(kind, lines)


def _geojson(text: str) -> Shape | Fault | None:
    try:
        geometry = json.loads(text)
    except (ValueError, RecursionError):
        return None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    levels = _LEVELS.get(kind.upper()) if isinstance(kind, str) else None
    if not isinstance(kind, str) or levels is None:
        return None
    lines: list[Line] = []
    for listed in _lists(geometry.get("coordinates"), max(levels - 1, 0)):
        line = _positions([listed] if levels == 0 else listed)
        if line is None:
            return _NO_POSITION
        lines.append(line)
    return _shape(kind.upper(), lines)


def _lists(value: Any, levels: int) -> Iterator[list[Any]]:
    """The lists that are so many levels below a list; what is none is passed over."""
    if not isinstance(value, list):
        return
    if levels == 0:
        yield value
        return
    for item in value:
        yield from _lists(item, levels - 1)


def _positions(written: Iterable[Any]) -> Line | None:
    """The positions of a line, without their heights; None if one of them is something else."""
    found: list[Position] = []
    for position in written:
        if not isinstance(position, list) or not 2 <= len(position) <= 4 or isinstance(position[0], bool):
            return None
        try:
            found.append((float(position[0]), float(position[1])))
        except (ValueError, TypeError, OverflowError):
            return None
    return tuple(found)


def _shape(kind: str, lines: Sequence[Line]) -> Shape | Fault | None:
    positions = [position for line in lines for position in line]
    if not positions:
        return None
    if any(_is_off(x, y) for x, y in positions):
        return _OFF_EARTH if any(_is_off(y, x) for x, y in positions) else _LATITUDE_FIRST
    return Shape(kind in _AREAS, tuple(lines))


def _is_off(longitude: float, latitude: float) -> bool:
    return not (abs(longitude) <= _LIMITS[0] and abs(latitude) <= _LIMITS[1])


def _faults(shape: Shape) -> Iterator[Fault]:
    for ring in shape.lines if shape.is_area else ():
        if ring[0] != ring[-1]:
            yield _OPEN
        elif len(ring) < 4:
            yield _FEW
        elif _crosses(ring):
            yield _CROSSING
        elif _doubled_area(ring) == 0:
            yield _FLAT


def _doubled_area(ring: Line) -> float:
    """By the shoelace formula, about the first corner: near the origin there are more digits for it."""
    (left, bottom), moved = ring[0], []
    for x, y in ring:
        moved.append((x - left, y - bottom))
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(moved)))


def _crosses(ring: Line) -> bool:
    """Whether two sides of a small ring have a point in common that is an end of neither."""
    sides = list(pairwise(ring))
    if len(sides) > _MOST_SIDES:
        return False
    return any(_cross(*one, *other) for index, one in enumerate(sides) for other in sides[index + 2 :])


def _cross(a: Position, b: Position, c: Position, d: Position) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Position, b: Position, c: Position) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
