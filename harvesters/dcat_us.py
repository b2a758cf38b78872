"""DCAT-US 1.1 fields to the record's, as tables (https://resources.data.gov/resources/dcat-us/)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping import (
    ANY,
    OBJECT,
    OBJECTS,
    SCALAR,
    TEXTS,
    Mapper,
    Raw,
    Row,
    cut,
    keywords,
    objects,
    read,
    said,
    stripped,
    table,
    term,
)
from ckanext.aivision.normalise import contacts, dates, frequencies, languages, licences, media_types, places, themes
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Agent, Distribution, Location, PeriodOfTime, Term

_ACCESS_LEVELS = {"public": "public", "restricted public": "restricted", "non-public": "non-public"}
_DEEPEST_ORGANIZATION = 10


def _terms(reader: Callable[[str], Term]) -> Callable[[Any], list[Term]]:
    return lambda value: [reader(text) for text in many(value)]


def _publisher(value: Any) -> Agent | None:
    if not isinstance(value, dict):
        name = one(value)
        return Agent(name=name) if name else None
    parents: list[str] = []
    level = value.get("subOrganizationOf")
    while isinstance(level, dict) and len(parents) < _DEEPEST_ORGANIZATION:
        if name := one(level.get("name")):
            parents.append(name)
        level = level.get("subOrganizationOf")
    found = Agent(
        name=one(value.get("name")),
        url=one(value.get("homepage")),
        identifier=one(value.get("@id")),
        sub_organization_of=parents,
    )
    return found if found != Agent() else None


def _creators(value: Any) -> list[Agent]:
    return [Agent(name=name) for name in many(value)]


def _contacts(value: Any) -> list[Agent]:
    found = [_contact(item) for item in (value if isinstance(value, list) else [value])]
    return [agent for agent in found if agent != Agent()]


def _contact(value: Any) -> Agent:
    if not isinstance(value, dict):
        address = contacts.email(value)
        return Agent(email=address) if address else Agent(name=one(value))
    written = one(value.get("hasEmail"))
    address = contacts.email(written)
    # Some give the address of a form where the schema asks for that of a mailbox: `mailto:https://...`.
    form = written.removeprefix("mailto:") if written and address is None and "://" in written else None
    return Agent(name=one(value.get("fn")), email=address, url=form or one(value.get("hasURL")))


def _access_level(value: Any) -> Term | None:
    text = one(value)
    if text is None:
        return None
    level = _ACCESS_LEVELS.get(text.lower())
    return Term(text, level, "id" if level else "")


def _places(value: Any) -> list[Location]:
    values = value if isinstance(value, list) else [value]
    return [place for item in values if (place := places.location(item)) is not None]


def _periods(value: Any) -> list[PeriodOfTime]:
    values = value if isinstance(value, list) else [value]
    return [period for item in values if (period := dates.period(item)) is not None]


def _rights(value: Any) -> list[str]:
    return [text for item in many(value) if (text := said(item))]


_DATASET = table(
    Row("description", "description", stripped),
    Row("keyword", "keyword", keywords, TEXTS),
    Row("theme", "theme", _terms(themes.clean), TEXTS),
    Row("language", "language", _terms(languages.clean), TEXTS),
    Row("issued", "issued", dates.moment),
    Row("modified", "modified", dates.moment),
    Row("accrual_periodicity", "accrualPeriodicity", term(frequencies.clean)),
    Row("publisher", "publisher", _publisher, OBJECT),
    Row("creator", "creator", _creators, TEXTS),
    Row("contact_point", "contactPoint", _contacts, OBJECTS),
    Row("license", "license", term(licences.clean)),
    Row("rights", "rights", _rights, TEXTS),
    Row("access_rights", "accessLevel", _access_level),
    Row("temporal", "temporal", _periods, ANY),
    Row("spatial", "spatial", _places, ANY),
    Row("landing_page", "landingPage", stripped),
    Row("page", "references", many, TEXTS),
    Row("conforms_to", "conformsTo", many, TEXTS),
    Row("described_by", "describedBy", stripped),
    Row("described_by_type", "describedByType", stripped),
    Row("in_series", "isPartOf", stripped),
    Row("bibliographic_citation", "citation", said),
    Row("system_of_records", "systemOfRecords", said),
    Row("quality", "dataQuality", one, SCALAR),
    Row("collection", "collectionInstrument", said),
)

_DISTRIBUTION = table(
    Row("identifier", "@id", stripped),
    Row("title", "title", stripped),
    Row("description", "description", stripped),
    Row("access_url", "accessURL", stripped),
    Row("download_url", "downloadURL", stripped),
    Row("media_type", "mediaType", term(media_types.clean)),
    Row("format", "format", term(media_types.from_format)),
    Row("conforms_to", "conformsTo", many, TEXTS),
    Row("described_by", "describedBy", stripped),
    Row("described_by_type", "describedByType", stripped),
    Row("issued", "issued", dates.moment),
    Row("modified", "modified", dates.moment),
    Row("license", "license", term(licences.clean)),
)


def _build(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of a data set; everything is read as far as it goes."""
    fields = read(raw, _DATASET, where, problems)
    fields["distribution"] = [
        Distribution(**read(item, _DISTRIBUTION, f"{where}.distribution[{index}]", problems))
        for index, item in objects(raw.get("distribution"), f"{where}.distribution", problems)
    ]
    if "keyword" in fields:
        fields["keyword"] = cut(fields["keyword"], f"{where}.keyword", problems)
    _name_bureau(fields, raw)
    _tell_procedure(fields)
    return fields


DCAT_US = Mapper(("identifier",), ("title",), _build)


def _name_bureau(fields: dict[str, Any], raw: Raw) -> None:
    """The bureau code (OMB Circular A-11, appendix C) identifies a federal publisher."""
    publisher = fields.get("publisher")
    codes = many(raw.get("bureauCode"))
    if publisher is not None and publisher.identifier is None and codes:
        fields["publisher"] = Agent(
            name=publisher.name,
            url=publisher.url,
            identifier=codes[0],
            sub_organization_of=publisher.sub_organization_of,
        )


def _tell_procedure(fields: dict[str, Any]) -> None:
    """Where access is not public, `rights` says why and how to get it (DCAT-US 1.1, rights)."""
    level, rights = fields.get("access_rights"), fields.get("rights")
    if level is not None and level.id in ("restricted", "non-public") and rights:
        fields["access_procedure"] = rights[0]
