"""Values that several metadata schemas write alike, from untrusted JSON to the record's types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.table import describe_value, in_english, meaningful_text, text_of_value
from ckanext.aivision.normalise import contacts, dates
from ckanext.aivision.normalise.geography import places
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Agent, Dataset, Location, PeriodOfTime, Term

_COMMA_AND_BLANK = re.compile(r",\s+")
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
DEEPEST_ORGANIZATION = 10
_NAMES = ("name", "prefLabel", "title", "fn")
_MAILBOX = ("@id", "@value", "value", "hasValue")
_PLACE_CODES = {"unread": "unread", "refused": "faulty", "odd": "faulty"}
# Hexadecimal digits of a checksum -> its algorithm.
ALGORITHMS = {32: "MD5", 40: "SHA-1", 64: "SHA-256", 128: "SHA-512"}


def as_list(value: Any) -> list[Any]:
    """A list as it is, and anything else as a list of one."""
    return value if isinstance(value, list) else [value]


def label(value: Any, keys: Sequence[str]) -> str | None:
    """A text as it is, or that of the first of these members of an object; the first one of a list that has any."""
    for item in as_list(value):
        found: Any = item
        if isinstance(item, dict) and in_english(item) is None:
            # A member may be an object itself: an Identifier has its text in `@id` or `notation`.
            inner = (item.get(key) for key in keys)
            found = next((text for part in inner if (text := _shallow(part, keys))), None)
        if text := text_of_value(found):
            return text
    return None


def _shallow(value: Any, keys: Sequence[str]) -> str | None:
    for item in as_list(value):
        parts = [item.get(key) for key in keys] if isinstance(item, dict) else [item]
        if text := next((text for part in parts if (text := text_of_value(part))), None):
            return text
    return None


def labels(value: Any, keys: Sequence[str]) -> list[str]:
    """The labels of everything in a list, each once."""
    return list(dict.fromkeys(text for item in as_list(value) if (text := label(item, keys))))


def terms(reader: Callable[[str], Term]) -> Callable[[Any], list[Term]]:
    """A reader of a list of a vocabulary's terms."""
    return lambda value: [reader(text) for text in many(value)]


def keywords(value: Any) -> list[str]:
    """Keywords joined by commas in one string are several, from two commas on.

    A comma and a blank part them (`1,2-dichloroethane, in air` is one name); commas alone where no blank follows any,
    but not those between digits.
    """
    found = many(value)
    if len(found) != 1 or found[0].count(",") < 2:
        return found
    between = _COMMA_AND_BLANK if _COMMA_AND_BLANK.search(found[0]) else _COMMA
    parts = between.split(found[0])
    return many(parts) if len(parts) > 2 else found


def organization(value: Any) -> Agent | None:
    """An organisation with those above it: an object, the first one of a list, or a name."""
    value = value[0] if isinstance(value, list) and value else value
    if not isinstance(value, dict):
        name = one(value)
        return Agent(name=name) if name else None
    parents: list[str] = []
    level = _above(value)
    while isinstance(level, dict) and len(parents) < DEEPEST_ORGANIZATION:
        if name := _name(level):
            parents.append(name)
        level = _above(level)
    found = Agent(
        name=_name(value),
        email=contacts.email(label(value.get("hasEmail"), _MAILBOX)),
        url=one(value.get("homepage")),
        identifier=one(value.get("@id")) or label(value.get("notation"), ("@value",)),
        sub_organization_of=parents,
    )
    return found if found != Agent() else None


def _above(level: dict[str, Any]) -> Any:
    """DCAT-US 1.1 has one organisation above another, 3.0 a list of them."""
    above = level.get("subOrganizationOf")
    return above[0] if isinstance(above, list) and above else above


def _name(level: dict[str, Any]) -> str | None:
    return next((name for key in _NAMES if (name := text_of_value(level.get(key)))), None)


def agents(value: Any) -> list[Agent]:
    """Agents as objects or names, or one of them."""
    return [agent for item in as_list(value) if (agent := organization(item)) is not None]


def contact_points(value: Any) -> list[Agent]:
    """Contacts (vcard:Kind) as objects, addresses or names, or one of them."""
    found = [_contact(item) for item in as_list(value)]
    return [agent for agent in found if agent != Agent()]


def _contact(value: Any) -> Agent:
    if not isinstance(value, dict):
        return contact_of(value)
    address, form = contacts.mailbox(label(value.get("hasEmail"), _MAILBOX) or "")
    name = text_of_value(value.get("fn")) or text_of_value(value.get("organization-name"))
    return Agent(name=name, email=address, url=form or one(value.get("hasURL")), identifier=one(value.get("@id")))


def contact_of(text: Any) -> Agent:
    """A contact that is written as one text: the address of a mailbox, or a name."""
    address = contacts.email(text)
    return Agent(email=address) if address else Agent(name=one(text))


def locations(value: Any) -> list[Location]:
    """Places in any form that `normalise.geography.places` reads, or one of them."""
    if isinstance(value, list) and value and all(isinstance(item, int | float | list) for item in value):
        # The numbers of one box, flat or as corners.
        value = [value]
    return [place for item in as_list(value) if (place := places.location(item)) is not None]


def place_problems(dataset: Dataset, where: str) -> Iterator[Problem]:
    """A warning for each place whose coordinates are not read, are faulty, or lie elsewhere than they can be meant."""
    unread = "coordinates that are not read, as their system or form is not known: give degrees (WGS 84, CRS84)"
    for place in dataset.spatial:
        seen = describe_value(place.original)
        if (fault := places.fault_of(place)) is not None:
            yield Problem(f"place-{_PLACE_CODES[fault.gravity]}", where, f"coordinates: {fault.words}", seen=seen)
        elif places.is_figures(place):
            yield Problem("place-unread", where, unread, seen=seen)
        elif places.is_exchanged(place, dataset.country):
            message = "far outside the country of its publisher, and inside with latitude and longitude exchanged: "
            yield Problem("place-exchanged", where, f"{message}write longitude first, if it is meant so", seen=seen)


def periods(value: Any) -> list[PeriodOfTime]:
    """Periods in any form that `normalise.dates` reads, or one of them."""
    return [period for item in as_list(value) if (period := dates.period(item)) is not None]


def statements(value: Any) -> list[str]:
    """Texts that say something, without placeholders."""
    return [text for item in many(value) if (text := meaningful_text(item))]


def add_rights(fields: dict[str, Any], stated: list[str]) -> None:
    """Adds to a dataset's fields what its distributions say of rights; what the dataset says of itself comes first."""
    if told := list(dict.fromkeys([*fields.get("rights", ()), *stated])):
        fields["rights"] = told


def byte_size(value: Any) -> int | None:
    """A size in bytes, given as a number or in digits; None for anything else."""
    text = one(value)
    return int(text) if text is not None and text.isdecimal() and len(text) < 16 else None


def checksum(value: str) -> str | None:
    """Hexadecimal digits, also behind an algorithm's name (`sha256:...`); anything else is none."""
    digits = value.strip().rpartition(":")[2].lower()
    return digits if len(digits) in ALGORITHMS and not set(digits) - set("0123456789abcdef") else None
