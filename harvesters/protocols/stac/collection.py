"""A collection of STAC to the record, as tables (STAC 1.0 and 1.1, collection-spec)."""

from __future__ import annotations

import functools
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.links import read_file, read_links
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.nested import flatten, read_rows, tell_odd_levels
from ckanext.aivision.harvesters.mapping.table import (
    ANY,
    OBJECTS,
    SCALAR,
    TEXTS,
    Raw,
    Row,
    describe_value,
    meaningful_text,
    note_unread,
    objects,
    stripped,
)
from ckanext.aivision.harvesters.mapping.values import labels, locations
from ckanext.aivision.normalise import contacts, dates, languages, licences
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Agent, Distribution, PeriodOfTime, Term

LEVELS = ("extent", "extent.spatial", "extent.temporal", "summaries")
# Words of STAC in place of a licence: its terms are behind a link, or several.
_NO_LICENCE = ("various", "proprietary", "other")
_PROVIDER_ROLES = (("host", "publisher"), ("licensor", "publisher"), ("producer", "creator"), ("processor", "creator"))


def _periods(value: Any) -> list[PeriodOfTime]:
    """Intervals of two dates, null for an open end; the first is of all the data."""
    found = []
    for pair in value if isinstance(value, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and any(map(one, pair)):
            written = "/".join(one(item) or ".." for item in pair)
            if period := dates.between(pair[0], pair[1], written):
                found.append(period)
    return found


def _licence(value: str) -> Term | None:
    text = one(value)
    return licences.clean(text) if text else None


def _columns(value: Any) -> list[str]:
    return labels(value, ("name",)) if value else []


def _steps(value: Any) -> str | None:
    texts = many(value)
    return min(texts, key=len) if texts else None


def _language(value: Any) -> list[Term]:
    return [languages.clean(text) for text in labels(value, ("code",))]


COLLECTION = (
    Row("description", "description", stripped),
    Row("keyword", "keywords", many, TEXTS),
    Row("license", "license", _licence),
    Row("issued", "published", dates.moment),
    Row("metadata_issued", "created", dates.moment),
    Row("metadata_modified", "updated", dates.moment),
    Row("temporal", "extent.temporal.interval", _periods, ANY),
    Row("spatial", "extent.spatial.bbox", locations, ANY),
    Row("spatial_resolution", "summaries.gsd", _steps, ANY),
    Row("version", "version", meaningful_text, SCALAR),
    Row("bibliographic_citation", "sci:citation", meaningful_text),
    Row("other_identifier", "sci:doi", many),
    Row("language", "language", _language, OBJECTS),
    Row("provenance", "processing:lineage", meaningful_text),
    Row("columns", "table:columns", _columns, OBJECTS),
)


def mapper_of(base: str) -> Mapper:
    """How the collections of a document are read. base: its address, which links are relative to; empty for a file."""
    return Mapper(("id",), ("title", "id"), functools.partial(_build, base=base), prepared=_prepare)


def _prepare(raw: dict[str, Any]) -> dict[str, Any]:
    return flatten(raw, LEVELS)


def _build(raw: Raw, where: str, problems: list[Problem], base: str) -> dict[str, Any]:
    """The fields of a collection; everything is read as far as it goes."""
    tell_odd_levels(raw, LEVELS, where, problems)
    word = one(raw.get("license"))
    is_named = word is None or word.lower() not in _NO_LICENCE
    fields = read_rows(raw if is_named else {**raw, "license": None}, COLLECTION, where, problems)
    columns = fields.pop("columns", [])
    _add_providers(fields, raw.get("providers"), f"{where}.providers", problems)
    _add_contacts(fields, raw.get("contacts"), f"{where}.contacts", problems)
    links = read_links(raw.get("links"), f"{where}.links", problems, base)
    written = links.pop("license", None)
    if written is not None and "license" not in fields:
        fields["license"] = written
    elif word is not None and not is_named:
        note_unread(fields, "license", word, f"{where}.license", problems)
    files = [*_assets(raw.get("assets"), f"{where}.assets", problems, base), *links.pop("distribution", ())]
    if columns:
        files = files or [Distribution(columns=columns)]
    return {**links, **fields, "distribution": files}


def _add_providers(fields: dict[str, Any], value: Any, where: str, problems: list[Problem]) -> None:
    for _, item in objects(value, where, problems):
        agent = Agent(name=one(item.get("name")), url=one(item.get("url")))
        if agent == Agent():
            continue
        roles = many(item.get("roles"))
        placed = [field for role, field in _PROVIDER_ROLES if role in roles] or ["publisher"]
        if "publisher" in placed and "publisher" not in fields:
            fields["publisher"] = agent
        if "creator" in placed:
            fields.setdefault("creator", []).append(agent)


def _add_contacts(fields: dict[str, Any], value: Any, where: str, problems: list[Problem]) -> None:
    """Contacts of the extension of that name (https://github.com/stac-extensions/contacts)."""
    for _, item in objects(value, where, problems):
        address = next(
            (found for text in labels(item.get("emails") or [], ("value",)) if (found := contacts.email(text))), None
        )
        agent = Agent(name=one(item.get("organization")) or one(item.get("name")), email=address)
        if agent != Agent():
            fields.setdefault("contact_point", []).append(agent)


def _assets(value: Any, where: str, problems: list[Problem], base: str) -> list[Distribution]:
    """The files of the collection itself, by their names; pictures of it are none."""
    if not isinstance(value, dict):
        if value not in (None, []):
            message = "no object of assets by their names; it was left out: use the form in the specification"
            problems.append(Problem("unexpected-type", where, message, seen=describe_value(value)))
        return []
    return [
        read_file(item, f"{where}.{describe_value(name)}", problems, base)
        for name, item in value.items()
        if isinstance(item, dict) and not {"thumbnail", "overview"} & set(many(item.get("roles")))
    ]
