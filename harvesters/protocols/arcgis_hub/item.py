"""An item of ArcGIS Hub's search to the record, as tables (https://developers.arcgis.com/rest/users-groups-and-items/item/)."""

from __future__ import annotations

import datetime
import functools
from typing import Any
from urllib.parse import quote

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.nested import flatten, read_rows, tell_odd_levels
from ckanext.aivision.harvesters.mapping.table import ANY, SCALAR, TEXTS, Raw, Row, meaningful_text, stripped
from ckanext.aivision.harvesters.mapping.values import label, locations, statements
from ckanext.aivision.normalise import contacts, dates, languages, licences, media_types, themes
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Agent, Distribution, Location, Moment, Term

LEVELS = ("properties",)
_THEME_ROOT = "/Categories/"
_LICENCE = ("url", "type", "name", "text")
_NO_LICENCE = ("none", "custom")
_ENVELOPE = "envelope"
# Types of items that are a service; those of others are the names of formats.
_SERVICES = (
    "Feature Service",
    "Map Service",
    "Image Service",
    "Feature Layer",
    "Raster Layer",
    "Table",
    "Vector Tile Service",
)
_SERVICE_FORMAT = "ArcGIS GeoServices REST API"
_FILES = frozenset(
    (
        *("CSV", "Microsoft Excel", "Shapefile", "GeoJson", "KML", "PDF", "File Geodatabase", "GeoPackage", "Image"),
        *("Microsoft Word", "CSV Collection", "Layer Package"),
    )
)
# The file of an item (ArcGIS REST API, Item Data).
_ITEM_DATA = "https://www.arcgis.com/sharing/rest/content/items/{identifier}/data"


def moment(value: Any) -> Moment | None:
    """A date in milliseconds since 1970, as ArcGIS writes it, or as text."""
    instant, written = instant_of(value), one(value)
    return dates.moment(value) if instant is None or written is None else Moment(written, instant.date(), "time")


def instant_of(value: Any) -> datetime.datetime | None:
    """Milliseconds since 1970 as a moment; None for anything else."""
    written = one(value)
    if written is None or not written.lstrip("-").isdecimal() or not 11 <= len(written) <= 14:
        return None
    return datetime.datetime.fromtimestamp(int(written) / 1000, datetime.timezone.utc)


def _categories(value: Any) -> list[Term]:
    """The last part of `/Categories/Environment/Water`."""
    names = [text.removeprefix(_THEME_ROOT).strip("/").rpartition("/")[2] for text in many(value)]
    return [themes.clean(name) for name in names if name and name != "Categories"]


def _licence(value: Any) -> Term | None:
    text = label(value, _LICENCE)
    return licences.clean(text) if text and text.lower() not in _NO_LICENCE else None


def _extent(value: Any) -> list[Location]:
    """An extent: GeoJSON, Esri's envelope, or its two corners."""
    if isinstance(value, dict) and value.get("type") == _ENVELOPE:
        value = value.get("coordinates")
    if isinstance(value, list) and len(value) == 2 and all(isinstance(item, list) and len(item) == 2 for item in value):
        value = [number for corner in value for number in corner]
    return locations(value) if value else []


def _language(value: str) -> list[Term]:
    text = one(value)
    return [languages.clean(text)] if text else []


def _agent(value: Any) -> Agent | None:
    name = meaningful_text(value)
    return Agent(name=name) if name else None


ITEM = (
    Row("description", "properties.description", stripped),
    Row("description", "properties.snippet", stripped),
    Row("keyword", "properties.tags", many, TEXTS),
    Row("theme", "properties.categories", _categories, TEXTS),
    Row("language", "properties.culture", _language),
    Row("issued", "properties.created", moment, SCALAR),
    Row("modified", "properties.modified", moment, SCALAR),
    Row("publisher", "properties.source", _agent),
    Row("publisher", "properties.orgName", _agent),
    Row("license", "properties.structuredLicense", _licence, ANY),
    Row("license", "properties.license", _licence, ANY),
    Row("license", "properties.licenseInfo", _licence, ANY),
    Row("rights", "properties.accessInformation", statements, TEXTS),
    Row("spatial", "geometry", _extent, ANY),
    Row("spatial", "properties.extent", _extent, ANY),
)
# Said twice in one item as a matter of course: the second one is left out without a word.
_SHORTER = {"description": "properties.snippet", "publisher": "properties.orgName", "spatial": "properties.extent"}


def mapper_of(site: str) -> Mapper:
    """How the items of a site are read. site: its address; empty for a saved answer, which does not tell it."""
    return Mapper(
        ("id",), ("properties.title", "properties.name"), functools.partial(_build, site=site), prepared=prepare
    )


def prepare(raw: dict[str, Any]) -> dict[str, Any]:
    """The item with its properties as members, each fact once."""
    flat = flatten(raw, LEVELS)
    for row in ITEM:
        shorter = _SHORTER.get(row.field)
        if shorter is not None and row.key != shorter and flat.get(row.key) and row.read is not None:
            flat.pop(shorter, None)
    return flat


def _build(raw: Raw, where: str, problems: list[Problem], site: str) -> dict[str, Any]:
    """The fields of an item; everything is read as far as it goes."""
    tell_odd_levels(raw, LEVELS, where, problems)
    fields = read_rows(_with_terms(raw), ITEM, where, problems)
    terms = meaningful_text(raw.get("properties.licenseInfo"))
    if terms and "license" in fields and fields["license"].original != terms:
        fields["rights"] = [*fields.get("rights", ()), terms]
    address = contacts.email(raw.get("properties.orgContactEmail"))
    if address:
        fields["contact_point"] = [Agent(name=meaningful_text(raw.get("properties.owner")), email=address)]
    identifier = one(raw.get("id"))
    if site and identifier:
        fields["landing_page"] = f"{site}/datasets/{quote(identifier, safe='')}"
    fields["distribution"] = _files(raw, identifier)
    return fields


def _with_terms(raw: Raw) -> Raw:
    """The item with one licence: its terms of use count only where nothing names a licence, and are kept otherwise."""
    named = any(_licence(raw.get(f"properties.{key}")) for key in ("structuredLicense", "license"))
    left_out = {"properties.licenseInfo"} if named else set()
    for key in ("properties.structuredLicense", "properties.license"):
        kind = label(raw.get(key), _LICENCE)
        # `custom` is the word for a licence that the terms tell.
        if kind and kind.lower() in _NO_LICENCE:
            left_out.add(key)
    if _licence(raw.get("properties.structuredLicense")):
        left_out.add("properties.license")
    return {key: value for key, value in raw.items() if key not in left_out}


def _files(raw: Raw, identifier: str | None) -> list[Distribution]:
    kind, url = one(raw.get("properties.type")), one(raw.get("properties.url"))
    written = media_types.from_format(_SERVICE_FORMAT if kind in _SERVICES else kind) if kind else None
    files = [Distribution(title=kind, access_url=url, format=written)] if url else []
    if kind in _FILES and identifier:
        address = _ITEM_DATA.format(identifier=quote(identifier.partition("_")[0], safe=""))
        files.append(Distribution(title=kind, download_url=address, format=written))
    return files
