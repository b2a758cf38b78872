"""A record of OGC API Records to our record, as tables (OGC 20-004r1, 8.2: record core properties)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.links import read_links
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.nested import flatten, read_rows, tell_odd_levels
from ckanext.aivision.harvesters.mapping.table import (
    ANY,
    OBJECTS,
    TEXTS,
    Raw,
    Row,
    meaningful_text,
    objects,
    stripped,
    term,
)
from ckanext.aivision.harvesters.mapping.values import as_list, labels, locations, statements
from ckanext.aivision.normalise import contacts, dates, frequencies, languages, licences, themes
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Agent, PeriodOfTime, Term

LEVELS = ("properties", "time")
_CODE = ("code", "id", "name", "title")
_NAME = ("title", "name", "id", "url")
_VALUE = ("value", "id")
# Roles of ISO 19115 (CI_RoleCode), by which contacts are told apart; any other is a contact.
_PUBLISHERS = ("publisher", "owner", "resourceProvider", "custodian")
_CREATORS = ("author", "creator", "originator", "principalInvestigator")
# What a record describes that is none of the usual (8.2.4: resource types are free).
_SERVICE = "service"


def _languages(value: Any) -> list[Term]:
    return [languages.clean(text) for text in labels(value, _CODE)]


def _concepts(value: Any) -> list[Term]:
    """The concepts of themes, which are grouped by their scheme."""
    found: list[Term] = []
    for theme in as_list(value):
        inner = theme.get("concepts") if isinstance(theme, dict) else theme
        found += [themes.clean(text) for text in labels(inner, _NAME)]
    return found


def _identifiers(value: Any) -> list[str]:
    return labels(value, _VALUE)


def period_of(value: Any) -> list[PeriodOfTime]:
    """The interval of a time or of an extent: two dates, of which `..` or null is an open end."""
    found = []
    pairs = value if isinstance(value, list) and value and all(isinstance(item, list) for item in value) else [value]
    for pair in pairs:
        if isinstance(pair, list) and len(pair) == 2 and any(map(one, pair)):
            start, end = (None if one(item) in (None, "..") else item for item in pair)
            written = "/".join(one(item) or ".." for item in pair)
            if period := dates.between(start, end, written):
                found.append(period)
        elif isinstance(pair, str) and (period := dates.period(pair)):
            found.append(period)
    return found


RECORD = (
    Row("description", "properties.description", stripped),
    Row("keyword", "properties.keywords", many, TEXTS),
    Row("theme", "properties.themes", _concepts, OBJECTS),
    Row("language", "properties.resourceLanguages", _languages, ANY),
    Row("language", "properties.language", _languages, ANY),
    Row("metadata_issued", "properties.created", dates.moment),
    Row("metadata_modified", "properties.updated", dates.moment),
    Row("license", "properties.license", term(licences.clean)),
    Row("rights", "properties.rights", statements, TEXTS),
    Row("accrual_periodicity", "properties.accrualPeriodicity", term(frequencies.clean)),
    Row("other_identifier", "properties.externalIds", _identifiers, ANY),
    Row("version", "properties.version", stripped),
    Row("temporal", "time.interval", period_of, ANY),
    Row("temporal", "time.date", period_of),
    Row("temporal", "time.timestamp", period_of),
    Row("temporal_resolution", "time.resolution", meaningful_text),
    Row("spatial", "geometry", locations, OBJECTS),
)
_CONTACT = (
    Row("name", "name", stripped),
    Row("organization", "organization", stripped),
    Row("identifier", "identifier", stripped),
)


def prepare(raw: dict[str, Any]) -> dict[str, Any]:
    """The record with its properties as members, `properties.title`; some servers give them at the top."""
    return flatten(raw, LEVELS)


def build(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of a record; everything is read as far as it goes."""
    tell_odd_levels(raw, LEVELS, where, problems)
    fields = read_rows(raw, RECORD, where, problems)
    _add_contacts(fields, raw.get("properties.contacts"), f"{where}.properties.contacts", problems)
    links = read_links(raw.get("links"), f"{where}.links", problems)
    if (written := links.pop("license", None)) is not None and "license" not in fields:
        fields["license"] = written
    fields = {**links, **fields}
    if one(raw.get("properties.type")) == _SERVICE:
        fields["type"] = _SERVICE
    return fields


def _add_contacts(fields: dict[str, Any], value: Any, where: str, problems: list[Problem]) -> None:
    for index, item in objects(value, where, problems):
        agent = _agent(item, f"{where}[{index}]", problems)
        roles = many(item.get("roles")) or many(item.get("role"))
        if agent == Agent():
            continue
        if any(role in _PUBLISHERS for role in roles) and "publisher" not in fields:
            fields["publisher"] = agent
        elif any(role in _CREATORS for role in roles):
            fields.setdefault("creator", []).append(agent)
        else:
            fields.setdefault("contact_point", []).append(agent)


def _agent(item: Raw, where: str, problems: list[Problem]) -> Agent:
    fields = read_rows(item, _CONTACT, where, problems)
    name, organization = fields.get("name"), fields.get("organization")
    addresses = labels(item.get("emails") or item.get("email") or [], ("value",))
    urls = list(_addresses(item.get("links")))
    return Agent(
        name=organization or name,
        email=next((found for text in addresses if (found := contacts.email(text))), None),
        url=urls[0] if urls else None,
        identifier=fields.get("identifier"),
    )


def _addresses(value: Any) -> Iterator[str]:
    for link in as_list(value) if value else []:
        if isinstance(link, dict) and (href := one(link.get("href"))):
            yield href


MAPPER = Mapper(identifier=("id",), title=("properties.title", "properties.name"), build=build, prepared=prepare)
