"""Places: boxes, geometries, gazetteer URIs and codes, and names (dct:Location)."""

from __future__ import annotations

import functools
import json
import re

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.geography import coordinates, shapes
from ckanext.aivision.normalise.geography.boxes import BBox, box_of, fault_of_sides
from ckanext.aivision.normalise.text import one
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Location

_DEGREES = r"[-+]?\d{1,3}(?:\.\d{0,20})?(?:e[-+]?\d{1,2})?"
_NUMBERS = re.compile(rf"{_DEGREES}(?:[\s,;]{{1,9}}{_DEGREES}){{1,3}}", re.IGNORECASE)
_NUMBER = re.compile(_DEGREES, re.IGNORECASE)
_GAZETTEER = re.compile(
    r"https?://(?:[\w-]{1,40}\.){0,4}?(?:geonames\.org/\d|statistics\.data\.gov\.uk/id/|data\.ordnancesurvey\.co\.uk/|"
    r"data\.gov\.uk/id/|wikidata\.org/(?:wiki|entity)/Q|publications\.europa\.eu/resource/authority/(?:country|place|atu|continent)/)",
    re.IGNORECASE,
)
# ONS geography codes, and ISO 3166 codes of the two countries and their parts.
_CODE = re.compile(r"[EWSNK]\d{8}|USA?|GBR?|(?:US|GB)-[A-Z]{2,3}")
_WKT = re.compile(
    r"(?:SRID=\d{1,6};\s{0,9})?(POINT|(?:MULTI)?POLYGON|ENVELOPE|(?:MULTI)?LINESTRING)\s{0,9}(?:Z|M|ZM)?\s{0,9}(?:\(|EMPTY)",
    re.IGNORECASE,
)
_GEOMETRY_WORD = re.compile(
    r"^<(?:https?://|urn:)\S{1,200}>|^\W{0,3}(?:SRID|point|(?:multi)?polygon|envelope|(?:multi)?linestring|geometrycollection)\b|\"coordinates\"|<gml:|^[\W\d]*$|"
    r"^(?=[^\d]{0,40}\d)(?:[\W\d]|\b(?:west|south|east|north|[wsen]|lat(?:itude)?|long?(?:itude)?|[xy]min|[xy]max)(?=[\W\d]|$))+$|"
    r"^(?:[-+]?(?:nan|inf(?:inity)?)[\s,;]*){2,6}$",
    re.IGNORECASE,
)
_NOT_A_NUMBER = re.compile(r"(?<![a-z])[-+]?(?:nan|inf|infinity)(?![a-z])", re.IGNORECASE)
_ANY_NUMBER = re.compile(r"(?<![\w.])[-+]?\d{1,10}(?:\.\d{0,20})?(?:e[-+]?\d{1,3})?(?![\w.])", re.IGNORECASE)
_FIGURES = re.compile(r"[-+\d.e,;\s\"'()\[\]]+", re.IGNORECASE)
_SYSTEM = re.compile(r"^\s*<[^<>]{1,200}>|SRID=\d{1,6};|<[^<>]{1,500}>")
_GEOJSON = re.compile(r'"coordinates"\s{0,9}:\s{0,9}\[')
_NO_LETTER = re.compile(r"[^A-Za-z]")
_LONGEST = 4096
_LONGEST_LEVELS = 200
_BETWEEN_LEVELS = re.compile(r"\s*(?:[,;/&]|\band\b|\bor\b)\s*")
# What a dct:Location of DCAT-US 3 is told by, best first.
_GEOMETRIES = ("bbox", "geometry", "centroid")
_NAMES = ("prefLabel", "label", "name", "title", "@id")


def location(value: object) -> Location | None:
    """A place as written, and in what form; None if there is nothing. Only what was written as a box has a bbox.

    value: text (numbers, WKT, GeoJSON or GML in a string, a gazetteer's URI, a name), a GeoJSON geometry, a
    dct:Location of DCAT-US 3, or a list of four degrees.
    """
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, list):
        return _listed(value)
    text = one(value)
    return _location(text) if text is not None else None


def _listed(value: list[object]) -> Location | None:
    """Numbers of a box, flat or as two corners; of six numbers the heights go (RFC 7946, 5)."""
    flat = [inner for item in value for inner in (item if isinstance(item, list) else [item])]
    texts = [text for item in flat if (text := one(item)) is not None]
    if len(texts) == len(flat) == 6:
        texts = [*texts[:2], *texts[3:5]]
    elif len(texts) != len(flat):
        texts = []
    if len(texts) in (2, 4):
        found = _location(",".join(texts))
        if found.form != "text":
            return Location(_to_text(value), found.form, found.bbox) if len(flat) != len(value) else found
    return Location(_to_text(value)) if flat else None


def is_empty(place: Location) -> bool:
    """Whether what is written as a geometry is none: no coordinates, not numbers, or all of them nought."""
    text = place.original[:_LONGEST]
    if place.form not in ("geometry", "bbox") and _GEOMETRY_WORD.search(text) is None:
        return False
    if _NOT_A_NUMBER.search(text) is not None:
        return True
    # The name of the system has digits too.
    bare = _SYSTEM.sub(" ", text)
    numbers = [float(number) for number in _ANY_NUMBER.findall(bare)[:200]]
    return not numbers or not any(numbers)


def is_figures(place: Location) -> bool:
    """Whether a place that was left unread is written in coordinates, and is no name."""
    return place.form == "text" and _GEOMETRY_WORD.search(place.original[:_LONGEST].strip()) is not None


def is_no_place(text: str) -> bool:
    """Whether a text has levels of detail and kinds of places only, as `National, State` and `Street address`.

    They are the phrases of config/vocabularies/no_places.csv. A text with anything else may name a place.
    """
    return len(text) <= _LONGEST_LEVELS and _is_no_place(text)


@cached(4096)
def _is_no_place(text: str) -> bool:
    parts = [part for part in _BETWEEN_LEVELS.split(text.lower().strip(" .")) if part]
    return bool(parts) and all(part in _levels() for part in parts)


@functools.cache
def _levels() -> frozenset[str]:
    return frozenset(row["phrase"] for row in rows("no_places"))


def box(west: object, south: object, east: object, north: object) -> Location | None:
    """A box of four degrees given apart, as data.gov.uk's `bbox-*`; None if one lacks or is out of range."""
    sides = [one(part) for part in (west, south, east, north)]
    bbox = box_of([float(side) for side in sides if side is not None and _NUMBER.fullmatch(side)])
    return Location(",".join(str(side) for side in sides), "bbox", bbox) if bbox is not None else None


def _object(value: dict[str, object]) -> Location | None:
    if isinstance(value.get("coordinates"), list):
        return Location(_to_text(value), "geometry")
    for inner in (value.get(key) for key in _GEOMETRIES):
        if isinstance(inner, dict) and isinstance(inner.get("coordinates"), list):
            return Location(_to_text(inner), "geometry")
        if isinstance(inner, list) and (found := _listed(inner)) is not None:
            return found
        if (text := one(inner)) is not None:
            return _location(text)
    if (sides := _named_sides(value)) is not None and (found := box(*sides)) is not None:
        return Location(_to_text(value), "bbox", found.bbox)
    name = next((text for key in _NAMES if (text := one(value.get(key))) is not None), None)
    if name is not None:
        return _location(name)
    return Location(_to_text(value)) if value else None


def _named_sides(value: dict[str, object]) -> tuple[object, ...] | None:
    """West, south, east and north of an object that has each under a name of its own (`xmin`, `northBoundLatitude`)."""
    found = {side: value[key] for key in value if (side := _sides_by_name().get(_NO_LETTER.sub("", key).lower()))}
    return tuple(found[side] for side in ("west", "south", "east", "north")) if len(found) == 4 else None


@functools.cache
def _sides_by_name() -> dict[str, str]:
    return {name: row["side"] for row in rows("box_sides") for name in row["names"].split()}


def _to_text(value: dict[str, object] | list[object]) -> str:
    try:
        return json.dumps(value, default=str, skipkeys=True)
    except (ValueError, RecursionError):
        # Nested without end, or with numbers of thousands of digits: no place of anybody.
        return "{...}"


@cached(8192)
def _location(text: str) -> Location:
    whole = coordinates.geometry_of(text[:_LONGEST].strip())
    head = whole.text
    if whole.system and (_WKT.match(head) is not None or "<gml:" in head):
        # Where a geometry of a known system is on the earth is not worked out here; any other stays unread.
        return Location(text, "text" if whole.order == "unread" or _is_unreadable(text) else "geometry")
    numbers = head.strip("[]() ")
    if _NUMBERS.fullmatch(numbers):
        return _of_numbers(text, [float(number) for number in _NUMBER.findall(numbers)])
    if _GAZETTEER.match(head) or _CODE.fullmatch(head):
        return Location(text, "uri")
    if wkt := _WKT.match(head):
        return _of_wkt(text, wkt[1].upper())
    is_geometry = "<gml:" in head or (head.startswith("{") and _GEOJSON.search(head) and not _is_unreadable(text))
    return Location(text, "geometry" if is_geometry else "text")


def _is_unreadable(text: str) -> bool:
    fault = shapes.fault_of(text)
    return fault is not None and fault.gravity == "unread"


def _of_numbers(text: str, numbers: list[float]) -> Location:
    """Four numbers are a box, two are a point in whichever order, three are nothing."""
    if len(numbers) == 4:
        first, second, third, fourth = numbers
        # DCAT-US's order, or latitudes first where only that is possible.
        bbox = box_of(numbers) or box_of([second, first, fourth, third])
        return Location(text, "bbox", bbox) if bbox is not None else Location(text)
    if len(numbers) == 2:
        first, second = numbers
        is_point = box_of([first, second, first, second]) or box_of([second, first, second, first])
        return Location(text, "geometry") if is_point else Location(text)
    return Location(text)


def _of_wkt(text: str, form: str) -> Location:
    """Well-known text (OGC 06-103r4)."""
    if form != "ENVELOPE":
        return Location(text, "text" if _is_unreadable(text) else "geometry")
    bbox = box_of(_sides(text))
    return Location(text, "bbox", bbox) if bbox is not None else Location(text)


def _sides(written: str) -> list[float]:
    """West, south, east, north as a text of numbers has them; fewer or more if it is of another form.

    ENVELOPE is west, east, north, south (OGC CQL). Of six numbers the heights go (RFC 7946, 5).
    """
    text = written[:_LONGEST]
    numbers = [float(number) for number in _ANY_NUMBER.findall(text)[:7]]
    if len(numbers) == 4 and text.lstrip()[:8].upper() == "ENVELOPE":
        return [numbers[0], numbers[3], numbers[1], numbers[2]]
    return [*numbers[:2], *numbers[3:5]] if len(numbers) == 6 else numbers


def fault_of(place: Location) -> shapes.Fault | None:
    """What is wrong with a place that is written in coordinates; None if nothing is, or its system is not read."""
    return _fault_of(place.original)


@cached(4096)
def _fault_of(written: str) -> shapes.Fault | None:
    text = written[:_LONGEST].strip()
    if (fault := shapes.fault_of(written)) is not None:
        return fault
    if _FIGURES.fullmatch(text) is None and text[:8].upper() != "ENVELOPE":
        return None
    sides = _sides(text)
    if len(sides) != 4:
        return None
    if box_of(sides) is None and box_of(turned := [sides[1], sides[0], sides[3], sides[2]]) is not None:
        return fault_of_sides(turned)
    return fault_of_sides(sides)


def is_exchanged(place: Location, country: str) -> bool:
    """Whether a place lies outside its country, and inside with latitude and longitude exchanged.

    country: one of config/vocabularies/country_extents.csv; of any other, nothing is known.
    """
    extent = place.bbox or shapes.extent_of(place.original)
    extents = _extents().get(country, ())
    if extent is None or not extents:
        return False
    west, south, east, north = extent
    turned = (south, west, north, east)
    return not any(_meets(extent, one) for one in extents) and any(_lies_in(turned, one) for one in extents)


@functools.cache
def _extents() -> dict[str, list[BBox]]:
    found: dict[str, list[BBox]] = {}
    for row in rows("country_extents"):
        west, south, east, north = (float(row[side]) for side in ("west", "south", "east", "north"))
        found.setdefault(row["country"], []).append((west, south, east, north))
    return found


def _meets(one: BBox, other: BBox) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _lies_in(inner: BBox, outer: BBox) -> bool:
    return outer[0] <= inner[0] and inner[2] <= outer[2] and outer[1] <= inner[1] and inner[3] <= outer[3]
