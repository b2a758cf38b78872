"""Where and when: EX_Extent (ISO 19115, B.3.1), as GeoDCAT-AP 2.0.0, B.6.10 and B.6.11, reads it."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.aivision.harvesters.mapping.xml_table import (
    Element,
    Values,
    address,
    elements,
    find,
    first_text,
    text,
    texts,
)
from ckanext.aivision.normalise import dates
from ckanext.aivision.normalise.geography import places
from ckanext.aivision.record import Location, PeriodOfTime

_SIDES = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
_OUTSIDE = ("0", "false")
# Where the rings of a polygon are, in GML 3.1 and 3.2.
_RINGS = ("exterior/posList", "outerBoundaryIs/coordinates", "exterior/coordinates")
_BEGINS = ("beginPosition", "begin/timePosition", "timePosition")
_ENDS = ("endPosition", "end/timePosition", "timePosition")
_MOST_DIGITS = 100_000


def spatial(values: Values) -> list[Location]:
    """Boxes, polygons and named places; not areas that are left out of the extent. values: of geographicElement."""
    found = [place for value in values if isinstance(value, dict) for place in _places(value)]
    return list(dict.fromkeys(found))


def _places(value: Element) -> Iterator[Location]:
    if first_text(find(value, "extentTypeCode")) in _OUTSIDE:
        return
    sides = [first_text(find(value, side)) or "" for side in _SIDES]
    if any(sides):
        # What is no box of degrees stays as it is written.
        yield places.box(*sides) or Location(",".join(sides))
    for shape in elements(value, "polygon"):
        yield from _geometry(shape)
    codes = [*find(value, "geographicIdentifier/code"), *find(value, "description")]
    for code in codes:
        if (place := places.location(address(code))) is not None:
            yield place if place.form != "text" else places.location(text(code)) or place


def _geometry(shape: Element) -> Iterator[Location]:
    """A polygon of GML as well-known text with its system (GeoSPARQL 1.1, 8.5.1)."""
    system = shape.get("@srsName", "")
    inner = [*elements(shape, "surfaceMember"), *elements(shape, "polygonMember"), *elements(shape, "patches")]
    for polygon in inner or [shape]:
        for path in _RINGS:
            for ring in texts(find(polygon, path)):
                if (written := _ring(ring)) and (
                    place := places.location(_with_system(polygon.get("@srsName") or system, written))
                ):
                    yield place


def _with_system(system: str, written: str) -> str:
    if system.upper().startswith("EPSG:"):
        # The short form has longitude first, as in extended well-known text.
        return f"SRID={system[5:]};{written}"
    return f"<{system}> {written}" if system else written


def _ring(ring: str) -> str:
    """`1 2 3 4` or `1,2 3,4` as a ring of well-known text; empty if it has no pairs."""
    numbers = ring[:_MOST_DIGITS].replace(",", " ").split()
    if len(numbers) < 6 or len(numbers) % 2:
        return ""
    pairs = ", ".join(f"{first} {second}" for first, second in zip(numbers[::2], numbers[1::2], strict=True))
    return f"POLYGON(({pairs}))"


def temporal(values: Values) -> list[PeriodOfTime]:
    """Periods and instants. values: of temporalElement/extent (gml:TimePeriod, gml:TimeInstant) or a text."""
    found = (_period(value) for value in values)
    return list(dict.fromkeys(period for period in found if period is not None))


def _period(value: Element | str) -> PeriodOfTime | None:
    if not isinstance(value, dict):
        return dates.period(value)
    begin = first_text(item for path in _BEGINS for item in find(value, path))
    end = first_text(item for path in _ENDS for item in find(value, path))
    return dates.between(begin, end)
