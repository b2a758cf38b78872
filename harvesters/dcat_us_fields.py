"""DCAT-US 1.1 fields to the record's, as tables (https://resources.data.gov/resources/dcat-us/)."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping import (
    Raw,
    Row,
    cut,
    harvested,
    oddities,
    read,
    refused,
    said,
    shown,
    title_of,
    unwritable,
)
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.normalise import contacts, dates, frequencies, languages, licences, media_types, places, themes
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Agent, Dataset, Distribution, Harvested, Location, Term

_ACCESS_LEVELS = {"public": "public", "restricted public": "restricted", "non-public": "non-public"}
_DEEPEST_ORGANIZATION = 10


def _term(reader: Any) -> Any:
    def read_term(value: Any) -> Term | None:
        text = one(value)
        return reader(text) if text is not None else None

    return read_term


def _terms(reader: Any) -> Any:
    return lambda value: [reader(text) for text in many(value)]


def _keywords(value: Any) -> list[str]:
    """Keywords joined by commas in one string are several."""
    listed = many(value)
    if len(listed) == 1 and listed[0].count(",") >= 2:
        return many(listed[0].split(","))
    return listed


def _publisher(value: Any) -> Agent | None:
    if not isinstance(value, dict):
        name = one(value)
        return Agent(name=name) if name else None
    parents, level = [], value.get("subOrganizationOf")
    while isinstance(level, dict) and len(parents) < _DEEPEST_ORGANIZATION:
        if name := one(level.get("name")):
            parents.append(name)
        level = level.get("subOrganizationOf")
    return Agent(name=one(value.get("name")), identifier=one(value.get("@id")), sub_organization_of=parents)


def _contacts(value: Any) -> list[Agent]:
    found = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            written = one(item.get("hasEmail"))
            address = contacts.email(written)
            url = written if written and address is None and "http" in written else one(item.get("hasURL"))
            found.append(Agent(name=one(item.get("fn")), email=address, url=url))
    return [agent for agent in found if agent != Agent()]


def _access_level(value: Any) -> Term | None:
    text = one(value)
    if text is None:
        return None
    level = _ACCESS_LEVELS.get(text.lower())
    return Term(text, level, "id" if level else "")


def _places(value: Any) -> list[Location]:
    values = value if isinstance(value, list) else [value]
    return [place for item in values if (place := places.location(item)) is not None]


def _periods(value: Any) -> Any:
    values = value if isinstance(value, list) else [value]
    return [period for item in values if (period := dates.period(item)) is not None]


def _rights(value: Any) -> list[str]:
    return [text for item in many(value) if (text := said(item))]


_DATASET: tuple[Row, ...] = (
    ("description", "description", one),
    ("keyword", "keyword", _keywords),
    ("theme", "theme", _terms(themes.clean)),
    ("language", "language", _terms(languages.clean)),
    ("issued", "issued", dates.moment),
    ("modified", "modified", dates.moment),
    ("accrual_periodicity", "accrualPeriodicity", _term(frequencies.clean)),
    ("publisher", "publisher", _publisher),
    ("contact_point", "contactPoint", _contacts),
    ("license", "license", _term(licences.clean)),
    ("rights", "rights", _rights),
    ("access_rights", "accessLevel", _access_level),
    ("temporal", "temporal", _periods),
    ("spatial", "spatial", _places),
    ("landing_page", "landingPage", one),
    ("page", "references", many),
    ("conforms_to", "conformsTo", many),
    ("described_by", "describedBy", one),
    ("described_by_type", "describedByType", one),
    ("in_series", "isPartOf", one),
    ("bibliographic_citation", "citation", said),
    ("system_of_records", "systemOfRecords", said),
    ("quality", "dataQuality", one),
    ("collection", "collectionInstrument", said),
)

_DISTRIBUTION: tuple[Row, ...] = (
    ("identifier", "@id", one),
    ("title", "title", one),
    ("description", "description", one),
    ("access_url", "accessURL", one),
    ("download_url", "downloadURL", one),
    ("media_type", "mediaType", _term(media_types.clean)),
    ("format", "format", _term(media_types.from_format)),
    ("conforms_to", "conformsTo", many),
    ("described_by", "describedBy", one),
    ("described_by_type", "describedByType", one),
    ("modified", "modified", dates.moment),
    ("license", "license", _term(licences.clean)),
)

_TYPES: dict[str, tuple[type, ...]] = {
    "description": (str,),
    "keyword": (list,),
    "publisher": (dict,),
    "contactPoint": (dict,),
    "distribution": (list,),
    "modified": (str,),
    "identifier": (str,),
    "accessLevel": (str,),
}


def to_harvested(raw: Any, source: Source, where: str) -> Harvested:
    """One entry of a catalogue's `dataset` as a record, or refused with the reason.

    where: its JSON path. A record needs an identifier and a title; everything else is read as far as it goes.
    """
    if not isinstance(raw, dict):
        return refused(where, raw, "record-not-object", "not an object; a data set must be one", seen=raw)
    if (reason := unwritable(raw)) is not None:
        return refused(where, shown(raw), "record-not-writable", f"cannot be kept as JSON: {reason}; simplify it")
    identifier = one(raw.get("identifier"))
    if identifier is None:
        message = "no identifier, so the data set cannot be known again; give it one that never changes"
        return refused(where, raw, "identifier-missing", message, "identifier", raw.get("identifier", ""))
    problems: list[Problem] = []
    title = title_of(raw, where, problems)
    if title is None:
        message = "no title; give the data set one that says what the data are"
        return refused(where, raw, "title-missing", message, "title", raw.get("title", ""))
    problems += oddities(raw, _TYPES, where)
    fields = read(raw, _DATASET)
    if "keyword" in fields:
        fields["keyword"] = cut(fields["keyword"], where, "keyword", problems)
    fields["distribution"] = _distributions(raw.get("distribution"), where, problems)
    _name_bureau(fields, raw)
    dataset = Dataset(
        identifier=identifier,
        title=title,
        profile=source.profile,
        country=source.country,
        source=source.name,
        raw=raw,
        **fields,
    )
    return harvested(dataset, where, problems)


def _distributions(value: Any, where: str, problems: list[Problem]) -> list[Distribution]:
    values = value if isinstance(value, list) else [value]
    found = []
    for index, item in enumerate(cut(values, where, "distribution", problems)):
        if isinstance(item, dict):
            found.append(Distribution(**read(item, _DISTRIBUTION)))
        elif item is not None:
            message = "not an object; a distribution must be one; it was left out"
            problems.append(Problem("distribution-not-object", f"{where}.distribution[{index}]", message))
    return found


def _name_bureau(fields: dict[str, Any], raw: Raw) -> None:
    """The bureau code (OMB Circular A-11, appendix C) identifies a federal publisher."""
    publisher = fields.get("publisher")
    codes = many(raw.get("bureauCode"))
    if publisher is not None and publisher.identifier is None and codes:
        fields["publisher"] = Agent(
            name=publisher.name, identifier=codes[0], sub_organization_of=publisher.sub_organization_of
        )
