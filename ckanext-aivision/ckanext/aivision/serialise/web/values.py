"""Values of fields as JSON-LD, by the kinds that `config/serialise/web.csv` names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ckanext.aivision.normalise import frequencies, licences
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Agent, Location, Moment, PeriodOfTime, Term
from ckanext.aivision.serialise import federal
from ckanext.aivision.serialise.ckan_values import day, text, web_address
from ckanext.aivision.serialise.web.node import Node, put, typed

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_ACCESS_RIGHTS = ("public", "restricted", "non-public")
# Addresses by which a browser runs a program: whoever shows a description may make links of its addresses.
_PROGRAM = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"[\x00-\x20\x7f]+")
_ORCID = re.compile(r"(?:https?://)?(?:www\.)?(?:orcid\.org/|orcid:)?\d{4}-\d{4}-\d{4}-\d{3}[\dX]/?", re.IGNORECASE)
_NO_LICENCE = re.compile(r"no licen[cs]e\b.{0,20}", re.IGNORECASE)
# Ids of the vocabulary that name no licence.
_UNNAMED = ("none", "restricted", "open-unnamed")
_CROISSANT_VERSION = re.compile(r"\s*(?:https?://)?(?:www\.)?mlcommons\.org/(?:croissant|schema)\b", re.IGNORECASE)
_UNKNOWN_COUNTRY = "XX"


class Written(NamedTuple):
    """values: of the property. words: what the source wrote, where it cannot be read as a value of the property."""

    values: Sequence[Any] = ()
    words: Sequence[str] = ()


def words(value: str | None) -> list[str]:
    """A text, as far as a description can hold it."""
    clean = text(value)
    return [clean] if clean and clean.strip() else []


def address(value: str | None) -> list[str]:
    """An address or another text as written, but none by which a browser runs a program."""
    clean = text(value)
    if not clean or _PROGRAM.match(_NOT_SHOWN.sub("", clean[:200])):
        return []
    return [clean.strip()] if clean.strip() else []


def agent(value: Agent, type: str) -> Node | None:
    """An agent, and the bodies that it belongs to from the nearest to the farthest."""
    node = typed(type, _agent_members(value))
    parent: Node | None = None
    for body in reversed(value.sub_organization_of):
        for name in words(body):
            parent = typed("Organization", {"name": name, "parentOrganization": parent})
    if parent is not None:
        node["parentOrganization"] = parent
    return node if len(node) > 1 else None


def _agent_members(value: Agent) -> Node:
    given = {
        "name": words(value.name),
        "email": words(value.email),
        "url": address(value.url),
        "identifier": address(value.identifier),
    }
    return {key: found[0] for key, found in given.items() if found}


def _agent(value: Agent) -> Written:
    return _agents([federal.without_bureau(value)])


def _agents(values: Sequence[Agent]) -> Written:
    return Written([node for value in values if (node := agent(value, _kind_of(value)))])


def _kind_of(value: Agent) -> str:
    is_person = value.identifier is not None and _ORCID.fullmatch(value.identifier.strip()) is not None
    return "Person" if is_person else "Organization"


def _contacts(values: Sequence[Agent]) -> Written:
    return Written([node for value in values if (node := agent(value, "ContactPoint"))])


def _description(value: str) -> Written:
    return Written(words(value))


def _texts(values: Sequence[str]) -> Written:
    return Written([item for value in values for item in words(value)])


def _works(values: str | Sequence[str]) -> Written:
    """Other works by their address or their name."""
    listed = [values] if isinstance(values, str) else values
    return Written([_work(item, "CreativeWork", "name") for value in listed for item in address(value)])


def _entities(values: Sequence[str]) -> Written:
    return Written([_work(item, "prov:Entity", "prov:label") for value in values for item in address(value)])


def _work(value: str, type: str, name: str) -> Node:
    return typed(type, {"url" if web_address(value) else name: value})


def _standards(values: Sequence[str]) -> Written:
    others = [value for value in values if not _CROISSANT_VERSION.match(value)]
    return Written([item for value in others for item in address(value)])


def _moment(value: Moment) -> Written:
    read = day(value)
    return Written([read]) if read else Written([], words(value.original))


def _periods(values: Sequence[PeriodOfTime]) -> Written:
    """Intervals of ISO 8601 with `..` for an open end, as schema.org writes them."""
    read = [period for period in values if period.end or (period.start and period.open_end)]
    ends = [
        f"{period.start.isoformat() if period.start else '..'}/{period.end.isoformat() if period.end else '..'}"
        for period in read
    ]
    return Written(ends, [item for period in values if period not in read for item in words(period.original)])


def _places(values: Sequence[Location]) -> Written:
    return Written([node for value in values if len(node := _place(value)) > 1])


def _place(value: Location) -> Node:
    node = typed("Place")
    if value.bbox is not None:
        west, south, east, north = value.bbox
        if (west, south) == (east, north):
            node["geo"] = typed("GeoCoordinates", {"latitude": f"{south}", "longitude": f"{west}"})
        else:
            node["geo"] = typed("GeoShape", {"box": f"{south} {west} {north} {east}"})
    if value.form == "geometry":
        put(node, "locn:geometry", words(value.original))
    elif value.bbox is None:
        for item in address(value.original):
            put(node, "url" if web_address(item) else "name", [item])
    return node


def _themes(values: Sequence[Term]) -> Written:
    """Concepts by what the source wrote, with the code of a known vocabulary."""
    nodes = []
    for value in values:
        for item in address(value.original):
            nodes.append(_work(item, "DefinedTerm", "name") | ({"termCode": text(value.id)} if value.id else {}))
    return Written(nodes)


def _languages(values: Sequence[Term]) -> Written:
    return Written([item for value in values for item in words(value.id or value.original)])


def _frequency(value: Term) -> Written:
    code = frequencies.eu_code(value.id) if value.id else None
    return Written([f"{_AUTHORITY}frequency/{code}"] if code else words(value.original))


def _access(value: Term) -> Written:
    if value.id in _ACCESS_RIGHTS:
        return Written([f"{_AUTHORITY}access-right/{str(value.id).upper().replace('-', '_')}"])
    return Written(words(value.original))


def _term(value: Term) -> Written:
    return Written(words(value.original))


def _licence(value: Term) -> Written:
    """The address of a known licence, terms in words, or both where a sentence names the licence."""
    if value.id == "none":
        return Written()
    known = licences.info(value.id) if value.id else None
    own = web_address(value.original)
    url = (known.uri if known else None) or own
    if url and (own or value.rule != "pattern"):
        return Written([url])
    # A code of a register (`other-closed`) is no text of terms.
    is_code = value.id in _UNNAMED and value.rule == "id"
    said = words(value.original)
    if is_code or not said or is_placeholder(value.original) or _NO_LICENCE.fullmatch(said[0].strip()):
        return Written([url] if url else [])
    return Written([typed("CreativeWork", {"name": said[0], "url": url})])


def _country(value: str) -> Written:
    code = words(value)
    return Written([typed("Country", {"identifier": code[0]})] if code and value != _UNKNOWN_COUNTRY else [])


def _quality(value: str) -> Written:
    return Written([typed("dqv:QualityAnnotation", {"oa:bodyValue": item}) for item in words(value)])


def _precision(value: str) -> Written:
    dimension = {"dqv:inDimension": {"@id": "ldqd:precision"}}
    return Written([typed("dqv:QualityAnnotation", {"oa:bodyValue": item} | dimension) for item in words(value)])


def _size(value: int) -> Written:
    return Written([f"{value} B"] if value >= 0 else [])


def _unread(value: Mapping[str, str]) -> Written:
    return Written([named(field, item) for field, written in value.items() for item in words(written)])


def named(field: str, value: str) -> Node:
    """A property that neither standard has, by the name of our field."""
    return typed("PropertyValue", {"propertyID": text(field), "value": value})


# `named`, `usage`, `files` and `columns` need more than the value: `described`, `files` and `columns` write them.
KINDS: dict[str, Callable[[Any], Written]] = {
    "access": _access,
    "address": lambda value: Written(address(value)),
    "agent": _agent,
    "agents": _agents,
    "contacts": _contacts,
    "country": _country,
    "description": _description,
    "entities": _entities,
    "frequency": _frequency,
    "languages": _languages,
    "licence": _licence,
    "moment": _moment,
    "periods": _periods,
    "places": _places,
    "precision": _precision,
    "quality": _quality,
    "size": _size,
    "standards": _standards,
    "term": _term,
    "text": lambda value: Written(words(value)),
    "texts": _texts,
    "themes": _themes,
    "unread": _unread,
    "works": _works,
}
