"""How a value of the record is written in a JSON standard: the forms that the tables of config/serialise/ name.

A form gets a value and its place, and gives what could be written, the best first. What is written is the first that
the standard's own schema allows. No form adds what the source did not say: it puts dates, terms and addresses into
the standard's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ckanext.aivision.harvesters.protocols.uk_metadata_exchange.model import organisations
from ckanext.aivision.normalise import licences, media_types
from ckanext.aivision.normalise.vocabulary import local_name
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Agent, Location, Moment, PeriodOfTime, Term
from ckanext.aivision.serialise.ckan_values import day
from ckanext.aivision.serialise.json_standards.places import Place

Candidates = Iterator[Any]
Form = Callable[[Any, Place], Candidates]

GOV_UK = "https://www.gov.uk/government/organisations/"
_NOT_OF_A_NAME = re.compile(r"[^a-z0-9]+")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_SHORT_TAG = 2
_DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"


def source_value(value: Any) -> Any:
    """A value of the record as its source wrote it, in JSON types."""
    match value:
        case Term() | Moment() | PeriodOfTime() | Location():
            return value.original
        case Agent():
            return agent_object(value)
        case list():
            return [source_value(item) for item in value]
    return value


def as_written(value: Any, place: Place) -> Candidates:
    """As the source wrote it; else a term by the standard's word, or by its id."""
    yield source_value(value)
    if isinstance(value, Term) and value.id is not None and value.rule != "pattern":
        if value.id in place.values:
            yield place.values[value.id]
        yield value.id


def first(value: Sequence[Any], place: Place) -> Candidates:
    """The first of several that the member can hold."""
    for item in value:
        yield from as_written(item, place)


def one_text(value: Sequence[str], place: Place) -> Candidates:
    """Several statements as paragraphs of one text."""
    yield "\n\n".join(value)


def in_list(value: Any, place: Place) -> Candidates:
    yield [source_value(value)]


def in_text(value: Any, place: Place) -> Candidates:
    yield str(value)


def flag(value: str, place: Place) -> Candidates:
    """`true` or `false` alone; any other text has another place."""
    if value.lower() in ("true", "false"):
        yield value.lower() == "true"


def address(value: str, place: Place) -> Candidates:
    if is_iri(value):
        yield value


def media_type(value: Term, place: Place) -> Candidates:
    """The media type that a format has. A service answers in several."""
    traits = media_types.traits(value.id) if value.id else None
    if traits is not None and traits.media_type and traits.kind != "service":
        yield traits.media_type


def media_type_or_word(value: Term, place: Place) -> Candidates:
    """The media type that a format has; else the source's words."""
    yield from media_type(value, place)
    yield value.original


def moment(value: Moment, place: Place) -> Candidates:
    yield value.original
    if (written := day(value)) is not None:
        yield written


def licence(value: Term, place: Place) -> Candidates:
    """The address that the source gives; else that of the licence it names; else its words."""
    found = licences.info(value.id) if value.id and value.rule != "pattern" else None
    if addresses.is_address(value.original) or found is None or not found.uri:
        yield value.original
    else:
        yield found.uri
        yield value.original


def languages(value: Sequence[Term], place: Place) -> Candidates:
    yield [term.original for term in value]
    if all(term.id for term in value):
        yield list(dict.fromkeys(term.id for term in value))


def short_languages(value: Sequence[Term], place: Place) -> Candidates:
    """The two letters of ISO 639-1."""
    yield from languages(value, place)
    if all(term.id for term in value):
        yield list(dict.fromkeys((term.id or "")[:_SHORT_TAG] for term in value))


def first_period(value: Sequence[PeriodOfTime], place: Place) -> Candidates:
    yield value[0].original
    start, end = value[0].start, value[0].end
    if start and end:
        yield f"{start.isoformat()}/{end.isoformat()}"


def periods(value: Sequence[PeriodOfTime], place: Place) -> Candidates:
    found = [_period(item) for item in value if item.start or item.end]
    if found:
        yield found


def _period(value: PeriodOfTime) -> dict[str, Any]:
    """By the dates as they were written, where these are two dates."""
    halves = [half.strip() for half in value.original.split("/")]
    ends = dict(zip(("startDate", "endDate"), halves, strict=False)) if len(halves) == _ENDS else {}
    read = {"startDate": value.start, "endDate": value.end}
    dated = {key: _as_exact(ends.get(key), date.isoformat()) for key, date in read.items() if date is not None}
    return {"@type": "PeriodOfTime", **dated}


_ENDS = 2


def _as_exact(text: str | None, date: str) -> str:
    """A year or month as it was written, where the date begins with it."""
    return text if text is not None and len(text) in (4, 7, 10) and date.startswith(text) else date


def places(value: Sequence[Location], place: Place) -> Candidates:
    yield [{"@type": "Location", _LOCATION[item.form]: item.original} for item in value]


_LOCATION = {"bbox": "bbox", "geometry": "geometry", "uri": "prefLabel", "text": "prefLabel"}


def document(value: str, place: Place) -> Candidates:
    """A page by its address. Its title, which the standard requires, is not known: the address stands for it."""
    if is_iri(value):
        yield {"@type": "Document", "accessURL": value, "title": value}


def documents(value: Sequence[str], place: Place) -> Candidates:
    yield [found for item in value for found in document(item, place)]


def standards(value: Sequence[str], place: Place) -> Candidates:
    yield [{"@type": "Standard", "@id" if is_iri(item) else "identifier": item} for item in value]


def description_file(value: str, place: Place) -> Candidates:
    if is_iri(value):
        yield {"@type": "Distribution", "accessURL": value}


def sources_of_data(value: Sequence[str], place: Place) -> Candidates:
    """As related resources (dcat:Relationship) from which the data come."""
    yield [{"@type": "Relationship", "hadRole": _DERIVED, "relation": item} for item in value]


def agent_object(value: Agent, types: tuple[str, str] = ("", "")) -> dict[str, Any]:
    """An agent as an object that our readers of DCAT-US read again. types: of the agent, and of those above it."""
    found: dict[str, Any] = {"@type": types[0], "name": value.name}
    if value.identifier:
        found["@id" if is_iri(value.identifier) else "notation"] = value.identifier
    found |= {"hasEmail": value.email and f"mailto:{value.email}", "homepage": value.url}
    above: dict[str, Any] | None = None
    for name in reversed(value.sub_organization_of):
        above = _filled({"@type": types[1], "name": name, "subOrganizationOf": above})
    return _filled({**found, "subOrganizationOf": above})


def organization(value: Agent, place: Place) -> Candidates:
    yield agent_object(value, ("org:Organization", "org:Organization"))


def organizations(value: Sequence[Agent], place: Place) -> Candidates:
    yield [agent_object(item, ("org:Organization", "org:Organization")) for item in value]


def organization_3(value: Agent, place: Place) -> Candidates:
    """3.0 has a list of organisations above one, and of codes."""
    yield _in_lists(agent_object(value, ("Organization", "Organization")))


def _in_lists(value: dict[str, Any]) -> dict[str, Any]:
    above, code = value.get("subOrganizationOf"), value.get("notation")
    return _filled({**value, "subOrganizationOf": [_in_lists(above)] if above else None, "notation": code and [code]})


def first_agent(value: Sequence[Agent], place: Place) -> Candidates:
    for item in value:
        yield _in_lists(agent_object(item, ("Agent", "Organization")))


def contact_object(value: Agent, kind: str) -> dict[str, Any]:
    """A contact (vcard:Kind)."""
    email = value.email and f"mailto:{value.email}"
    iri = value.identifier if value.identifier and is_iri(value.identifier) else None
    return _filled({"@type": kind, "@id": iri, "fn": value.name, "hasEmail": email, "hasURL": value.url})


def contact_objects(value: Sequence[Agent]) -> list[dict[str, Any]]:
    """Contacts as our readers of DCAT-US read them again."""
    return [contact_object(item, "") for item in value]


def first_contact(value: Sequence[Agent], place: Place) -> Candidates:
    for item in value:
        yield contact_object(item, "vcard:Contact")


def contacts(value: Sequence[Agent], place: Place) -> Candidates:
    """All of them; else those that have a name and an address, which the standard requires of each."""
    yield [contact_object(item, "Kind") for item in value]
    yield [contact_object(item, "Kind") for item in value if item.name and item.email]


def gov_uk_name(value: Agent, place: Place) -> Candidates:
    """An organisation of the UK government, by the last part of its page's address; any other by its name."""
    yield _gov_uk_name(value)


def gov_uk_names(value: Sequence[Agent], place: Place) -> Candidates:
    yield [name for item in value if (name := _gov_uk_name(item))]


def _gov_uk_name(value: Agent) -> str | None:
    slug = _NOT_OF_A_NAME.sub("-", (value.name or "").lower().replace("'", "").replace("&", "and")).strip("-")
    page = local_name(value.identifier) if value.identifier and value.identifier.startswith(GOV_UK) else None
    return next((name for name in (page, slug) if name in organisations()), value.name)


def uk_contact(value: Sequence[Agent], place: Place) -> Candidates:
    for item in value:
        yield _filled({"contactName": item.name, "email": item.email})


def is_iri(text: str) -> bool:
    """Whether a text is a whole address or another IRI, and no relative one."""
    return _IRI.fullmatch(text) is not None and not set(text) & set('<>"{}|\\^`')


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if item not in (None, "", [], {})}


FORMS: dict[str, Form] = {
    function.__name__: function
    for function in (
        *(as_written, first, one_text, in_list, in_text, flag, address, moment, licence, languages, short_languages),
        *(media_type_or_word, first_period, periods, places, document, documents, standards, description_file),
        *(organization, organizations, organization_3, first_agent, first_contact, contacts, sources_of_data),
        *(gov_uk_name, gov_uk_names, uk_contact),
    )
}
