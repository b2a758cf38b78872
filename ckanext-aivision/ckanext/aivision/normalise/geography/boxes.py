"""Boxes of four degrees: west, south, east and north as they were meant, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.aivision.normalise.geography.shapes import Fault

BBox = tuple[float, float, float, float]

# Rounding takes some boxes of the whole earth a little beyond it.
_TOLERANCE = 0.001
# A box across the antimeridian is up to 270 degrees wide: wider ones, which satellites do not see either, are narrow
# boxes whose western and eastern sides were exchanged.
_LEAST_BEYOND = 90

_SIDES_EXCHANGED = Fault("refused", "the western side lies east of the eastern: write west, south, east, north")
_UPSIDE_DOWN = Fault("refused", "the southern side lies north of the northern: write west, south, east, north")
_OFF_EARTH = Fault(
    "unread", "a side that is not on the earth: give degrees (WGS 84, CRS84) as west, south, east, north"
)


def box_of(sides: Sequence[float]) -> BBox | None:
    """West, south, east, north, if these four lie on the earth.

    A box may cross the antimeridian, with its west beyond its east. Longitudes may count eastwards from Greenwich to
    360. Sides that can only have been exchanged are put right.
    """
    if len(sides) != 4:
        return None
    west, south, east, north = sides
    west, east = _to_greenwich(west, east)
    if not (_is_within(180, west, east) and _is_within(90, south, north)):
        return None
    if _is_exchanged(west, east):
        west, east = east, west
    return _within(180, west), _within(90, min(south, north)), _within(180, east), _within(90, max(south, north))


def fault_of_sides(sides: Sequence[float]) -> Fault | None:
    """What is wrong with four degrees as west, south, east, north."""
    if box_of(sides) is None:
        return _OFF_EARTH
    west, south, east, north = sides
    if _is_exchanged(*_to_greenwich(west, east)):
        return _SIDES_EXCHANGED
    return _UPSIDE_DOWN if south > north else None


def _to_greenwich(west: float, east: float) -> tuple[float, float]:
    """Longitudes up to 360 as those to the west and the east of Greenwich."""
    if not (west >= 0 and 180 + _TOLERANCE < max(west, east) <= 360 + _TOLERANCE):
        return west, east
    if east - west >= 360 - _TOLERANCE:
        return -180.0, 180.0
    return west - 360 * (west > 180), east - 360 * (east > 180)


def _is_exchanged(west: float, east: float) -> bool:
    return west > east and not (west >= 0 >= east and west - east >= _LEAST_BEYOND)


def _is_within(limit: float, *degrees: float) -> bool:
    return all(abs(degree) <= limit + _TOLERANCE for degree in degrees)


def _within(limit: float, degree: float) -> float:
    return float(max(-limit, min(limit, degree)))
