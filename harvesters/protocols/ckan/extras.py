"""What a CKAN portal says beyond the core of a package, in its own fields and extras, as one table.

data.gov.uk has three generations of them: fields of organisations that publish there (`update_frequency`,
`contact-email`, at the top level), of harvested DCAT (`UpdateFrequency`, `data_issued`), and of GEMINI / INSPIRE
(`frequency-of-update`, `bbox-*`, `licence`). The latter two stand in `extras`, some as JSON in a string. Other portals
have the extras of ckanext-dcat and ckanext-spatial.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.table import (
    Raw,
    describe_value,
    meaningful_text,
    note_unread,
    objects,
    tell_untaken,
)
from ckanext.aivision.harvesters.parsing.repair import repaired
from ckanext.aivision.normalise import access_rights, contacts, dates, frequencies, languages, licences, themes
from ckanext.aivision.normalise.geography import places
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Agent, Location, Moment, PeriodOfTime, Term

# GEMINI's party with its role in brackets.
_ROLE = re.compile(r"\s*\([A-Za-z]+\)$")
_LONGEST_PACKED = 100_000  # characters of JSON in a string

# What is no fault of a field where it cannot be read, or not all of it: the member stands for another field too, or
# lists parties in several roles.
_ELSEWHERE = (("access_rights", "access_constraints"), ("publisher", "responsible-party"))

_NOTHING: tuple[Any, ...] = (None, "", [])

Keys = tuple[Any, ...]


class Fact(NamedTuple):
    """One field of the record type: how to read it from a package's facts, and the members it stands in, best first."""

    field: str
    read: Callable[[Raw, Keys], Any]
    keys: Keys


def facts_of(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """A package's members and extras as one; JSON in a string is read. The top level goes first."""
    facts: dict[str, Any] = {}
    for place, key, written in _extras(raw.get("extras"), f"{where}.extras", problems):
        value = _unpacked(written, place, problems)
        if facts.get(key) in _NOTHING:
            facts[key] = value
        elif value not in _NOTHING and value != facts[key]:
            message = f"the extra `{describe_value(key)}` appears twice and its first value was kept: write it once"
            problems.append(Problem("member-repeated", place, message, seen=describe_value(value)))
    for key, value in raw.items():
        unpacked = _unpacked(value, f"{where}.{key}", problems)
        if unpacked not in _NOTHING:
            facts[key] = unpacked
    return facts


def _extras(extras: Any, where: str, problems: list[Problem]) -> Iterator[tuple[str, str, Any]]:
    """Each extra with its place and its key. Old versions of CKAN's API have one object with all of them."""
    if isinstance(extras, dict) and not {"key", "value"} <= extras.keys():
        yield from ((f"{where}.{describe_value(key)}", key, value) for key, value in extras.items())
        return
    for index, extra in objects(extras, where, problems):
        place = f"{where}[{index}]"
        if (key := one(extra.get("key"))) is not None:
            yield f"{place}.value", key, extra.get("value")
        elif any(value not in _NOTHING for value in extra.values()):
            message = "an extra without a `key`; it was left out: name it"
            problems.append(Problem("item-without-key", place, message, seen=describe_value(extra)))


def read_facts(facts: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of the table that a package's facts say something of; a warning for each that cannot be read."""
    fields: dict[str, Any] = {}
    for fact in FACTS:
        if found := fact.read(facts, fact.keys):
            fields[fact.field] = found
            for part in (part for key in fact.keys for part in (key if isinstance(key, tuple) else (key,))):
                if isinstance(value := facts.get(part), list) and (fact.field, part) not in _ELSEWHERE:
                    tell_untaken(fact.field, value, found, f"{where}.{part}", problems)
            continue
        for key in fact.keys:
            parts = key if isinstance(key, tuple) else (key,)
            if (fact.field, key) not in _ELSEWHERE and (written := [facts[part] for part in parts if part in facts]):
                value = written[0] if len(written) == 1 else written
                note_unread(fields, fact.field, value, f"{where}.{parts[0]}", problems)
    return fields


def _unpacked(value: Any, where: str, problems: list[Problem]) -> Any:
    """A value, or the list that stands in it as JSON in a string."""
    if not isinstance(value, str) or value[:1] != "[" or len(value) > _LONGEST_PACKED:
        return value
    try:
        unpacked, mends = repaired(json.loads(value), (), where)
    except ValueError:
        return value
    except RecursionError:
        # Brackets without end are no statement of anybody.
        return None
    problems += (mend for mend in mends if mend.severity == "warning")
    return unpacked


def json_object(text: str) -> Any:
    """The object that stands as JSON in a string; None if it is none."""
    try:
        found = json.loads(text) if len(text) <= _LONGEST_PACKED else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _texts(facts: Raw, keys: Keys) -> list[str]:
    """What the members say, in their order, without placeholders and repetitions."""
    return list(dict.fromkeys(text for key in keys for item in many(facts.get(key)) if (text := meaningful_text(item))))


def _text(facts: Raw, keys: Keys) -> str | None:
    """The first thing that the members say."""
    return next(iter(_texts(facts, keys)), None)


def _first_term(reader: Callable[[str], Term]) -> Callable[[Raw, Keys], Term | None]:
    return lambda facts, keys: reader(text) if (text := _text(facts, keys)) else None


def _terms(reader: Callable[[str], Term]) -> Callable[[Raw, Keys], list[Term]]:
    return lambda facts, keys: [reader(text) for text in _texts(facts, keys)]


def _licence(facts: Raw, keys: Keys) -> Term | None:
    """The first statement that names a licence, else the first one there is."""
    terms = [licences.clean(text) for text in _texts(facts, keys)]
    return next((term for term in terms if term.id not in (None, "none")), terms[0] if terms else None)


def _access_rights(facts: Raw, keys: Keys) -> Term | None:
    statements = _texts(facts, keys)
    if one(facts.get("unpublished")) == "true":
        statements.insert(0, "unpublished")
    return access_rights.first_known(map(access_rights.clean, statements))


def _publisher(facts: Raw, keys: Keys) -> Agent | None:
    """The organisation; else the first other one: a name, GEMINI's `Name (role)`, or a list of objects with a name."""
    organization = facts.get("organization")
    if isinstance(organization, str) and (name := meaningful_text(organization)):
        return Agent(name=name)
    if isinstance(organization, dict) and (name := one(organization.get("title")) or one(organization.get("name"))):
        return Agent(name=name, identifier=one(organization.get("id")) or one(organization.get("name")))
    for key in keys:
        parties = facts.get(key)
        for party in parties if isinstance(parties, list) else [parties]:
            if name := meaningful_text(party.get("name") if isinstance(party, dict) else party):
                return Agent(name=_ROLE.sub("", name))
    return None


def _contacts(facts: Raw, keys: Keys) -> list[Agent]:
    """keys: (name, e-mail) each."""
    found = []
    for name, email in keys:
        address, other = contacts.mailbox(_text(facts, (email,)) or "")
        found.append(Agent(name=meaningful_text(facts.get(name)), email=address, url=other))
    return [agent for index, agent in enumerate(found) if agent != Agent() and agent not in found[:index]]


def _dated(*kinds: str) -> Callable[[Raw, Keys], Moment | None]:
    """A date of its own, else GEMINI's reference date of these types (ISO 19115 CI_DateTypeCode)."""

    def read(facts: Raw, keys: Keys) -> Moment | None:
        listed = facts.get("dataset-reference-date")
        entries = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
        referred = (one(item.get("value")) for kind in kinds for item in entries if item.get("type") == kind)
        return dates.moment(_text(facts, keys) or next(referred, None))

    return read


def _periods(facts: Raw, keys: Keys) -> list[PeriodOfTime]:
    """keys: (begin, end) each."""
    found = (dates.between(_text(facts, (begin,)), _text(facts, (end,))) for begin, end in keys)
    return [period for period in found if period is not None]


def _places(facts: Raw, keys: Keys) -> list[Location]:
    """keys: a member, or the four members of a box: west, south, east, north."""
    found = []
    for key in keys:
        if isinstance(key, tuple):
            found.append(places.box(*(facts.get(part) for part in key)))
        else:
            value = facts.get(key)
            found += [places.location(item) for item in (value if isinstance(value, list) else [value])]
    return [place for place in found if place is not None and meaningful_text(place.original)]


def _addresses(facts: Raw, keys: Keys) -> list[str]:
    """Addresses as text, or as objects with a `url`."""
    values = (value if isinstance(value := facts.get(key), list) else [value] for key in keys)
    items = (item.get("url") if isinstance(item, dict) else item for value in values for item in value)
    return list(dict.fromkeys(text for item in items if (text := meaningful_text(item))))


FACTS = (
    Fact("theme", _terms(themes.clean), ("theme-primary", "theme-secondary", "theme", "topic-category")),
    Fact("language", _terms(languages.clean), ("language", "metadata-language")),
    Fact("issued", _dated("publication", "creation"), ("data_issued", "date_released", "issued")),
    Fact("modified", _dated("revision"), ("data_modified", "date_updated", "modified")),
    Fact(
        "accrual_periodicity",
        _first_term(frequencies.clean),
        ("update_frequency", "frequency-of-update", "UpdateFrequency", "frequency"),
    ),
    Fact("next_update", _dated(), ("next_update", "nextUpdateDate", "next-update", "next_release_date")),
    Fact("publisher", _publisher, ("dcat_publisher_name", "publisher_name", "publisher", "responsible-party")),
    Fact(
        "contact_point",
        _contacts,
        (
            ("contact-name", "contact-email"),
            ("contact_name", "contact_email"),
            ("maintainer", "maintainer_email"),
            ("author", "author_email"),
            ("foi-name", "foi-email"),
        ),
    ),
    Fact("license", _licence, ("license_id", "license_url", "licence", "licence-custom", "license_title")),
    Fact("rights", _texts, ("access_constraints", "licence", "licence-custom", "rights")),
    Fact("access_rights", _access_rights, ("access_constraints", "access_rights")),
    Fact(
        "temporal",
        _periods,
        (
            ("temporal_coverage-from", "temporal_coverage-to"),
            ("temporal-extent-begin", "temporal-extent-end"),
            ("temporal_start", "temporal_end"),
        ),
    ),
    Fact(
        "spatial",
        _places,
        (
            ("bbox-west-long", "bbox-south-lat", "bbox-east-long", "bbox-north-lat"),
            "spatial",
            "geographic_coverage",
            "spatial_coverage",
        ),
    ),
    Fact("landing_page", _text, ("url",)),
    Fact("page", _addresses, ("additional_resources", "documentation")),
    Fact("conforms_to", _addresses, ("schema", "spatial-reference-system", "conforms_to")),
    Fact("version", _text, ("version",)),
    Fact("version_notes", _text, ("release-notes", "version_notes")),
    Fact("bibliographic_citation", _text, ("citation",)),
    Fact("other_identifier", _texts, ("guid", "doi", "DOI", "identifier")),
    Fact("provenance", _text, ("lineage", "provenance")),
    Fact("collection", _text, ("collection_method",)),
    Fact("quality", _text, ("data_quality", "quality")),
)
