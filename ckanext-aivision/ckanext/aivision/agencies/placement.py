"""Which agency a dataset belongs to, by what its record and its source say. Tables decide, and nothing is guessed."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from ckanext.aivision.agencies.register import (
    DEPARTMENT_WIDE,
    Agency,
    Level,
    Publisher,
    Register,
    load_register,
    person_key,
)
from ckanext.aivision.agencies.spelling import LONGEST_NAME, fold, fold_in, host, slug
from ckanext.aivision.normalise.text import is_placeholder, many, one
from ckanext.aivision.record import Dataset

Rule = Literal["bureau-code", "agency-code", "identifier", "publisher-name", "part-of", "organization", "source-owner"]
RULES: tuple[Rule, ...] = get_args(Rule)

# As agencies write them: 026:00, and 024:010 for 024:10.
_CODE = re.compile(r"(\d{3}):0?(\d{2})")
_GOVUK = re.compile(r"https?://(?:www\.)?gov\.uk/government/organisations/([a-z0-9-]{1,200})/?", re.IGNORECASE)
# The last parts of the types that a source's own record gives a person: foaf:Person, vcard:Individual.
_PERSONS = frozenset({"person", "individual"})
_BEFORE_TYPE = re.compile(r".*[:/#]", re.DOTALL)
_NO_LETTER = re.compile(r"[\W\d]*")
_MOST_TEXTS = 20
_CACHE = 65_536


class SourceFacts(msgspec.Struct, frozen=True):
    """What is known of the source that a record came from, beside the record.

    name: its name in config/sources.yaml, or its address if it has none. url: its address.
    publisher: the organisation that publishes the catalogue, as its settings say.
    """

    name: str = ""
    url: str = ""
    publisher: str = ""


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """Where a dataset belongs.

    agency: the body that is compared, None if it is not known. bureau: the part of it that the dataset comes from, if
    that is known; `us-026-00` is the whole of `us-026`. publisher: None if the record names no publisher.
    rule: what decided the agency, empty if nothing did.
    """

    agency: Agency | None = None
    bureau: Agency | None = None
    publisher: Publisher | None = None
    rule: Rule | Literal[""] = ""

    @property
    def level(self) -> Level | None:
        return self.agency.level if self.agency is not None else None


class _Facts(msgspec.Struct, frozen=True):
    """All that decides: equal facts are placed once.

    person: whether the source's own record says that the publisher is one.
    """

    country: str
    name: str
    person: bool
    above: tuple[str, ...]
    identifiers: tuple[str, ...]
    organization: str
    source: SourceFacts


class _Found(NamedTuple):
    """A body, or a bureau of one, and what led to it."""

    body: Agency
    rule: Rule


def place(dataset: Dataset, source: SourceFacts | None = None) -> Placement:
    """The agency of a dataset, its level of government and its publisher.

    In this order: the bureau code; the publisher's page on GOV.UK; its name; the bodies that it is part of; the
    organization in the source's CKAN; the owner of the source. A code of another agency than the source's owner is a
    slip if the publisher is the owner too, or is not named.

    source: if more is known of the source than its name in the record.
    """
    agent = dataset.publisher
    organization = dataset.raw.get("organization")
    identifier = agent.identifier if agent is not None else None
    codes = many(dataset.raw.get("bureauCode"))
    return _place(
        _Facts(
            country=dataset.country,
            name=(agent.name or "")[:LONGEST_NAME] if agent is not None else "",
            person=_is_person(dataset.raw),
            above=_cut(agent.sub_organization_of) if agent is not None else (),
            identifiers=_cut([identifier, *codes] if identifier is not None else codes),
            organization=(one(organization.get("title")) or "")[:LONGEST_NAME]
            if isinstance(organization, dict)
            else "",
            source=source or SourceFacts(dataset.source),
        )
    )


def _cut(texts: list[str]) -> tuple[str, ...]:
    """The first texts, and the beginning of each: a stranger's record, of any size, is kept as the key of a cache."""
    return tuple(text[:LONGEST_NAME] for text in texts[:_MOST_TEXTS])


def _is_person(raw: dict[str, Any]) -> bool:
    """Whether a record of DCAT-US or RDF gives its publisher the type of a person."""
    publisher = raw.get("publisher") or raw.get("dct:publisher")
    publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
    types = publisher.get("@type") if isinstance(publisher, dict) else None
    return types is not None and any(_BEFORE_TYPE.sub("", text).lower() in _PERSONS for text in many(types))


@functools.lru_cache(_CACHE)
def _place(facts: _Facts) -> Placement:
    register = load_register()
    found = _decide(facts, register)
    if found is None:
        return Placement(publisher=_publisher(facts, None, register))
    agency = _agency_of(found.body, register)
    bureau = found.body if found.body is not agency else None
    if bureau is None or bureau.id.endswith(DEPARTMENT_WIDE):
        bureau = _bureau_by_name(facts, agency, register) or bureau
    if bureau is None and found.rule != "agency-code":
        bureau = register.agencies.get(agency.id + DEPARTMENT_WIDE)
    return Placement(agency=agency, bureau=bureau, publisher=_publisher(facts, agency, register), rule=found.rule)


def _decide(facts: _Facts, register: Register) -> _Found | None:
    owner = _owner(facts, register)
    scope = _agency_of(owner.body, register).id if owner is not None else ""
    named = _by_names(facts, scope, register)
    coded = _by_code(facts, register)
    if coded is None:
        return _by_page(facts, register) or named or owner
    if owner is None or scope == _agency_of(coded.body, register).id:
        return coded
    # The owner's catalogue has the code of another agency: a slip, unless the publisher is another too.
    if named is None and _publisher(facts, None, register) is None:
        return owner
    return named if named is not None and _agency_of(named.body, register).id == scope else coded


def _by_code(facts: _Facts, register: Register) -> _Found | None:
    """The first code that OMB has given; of an unknown bureau, the agency."""
    if facts.country != "US":
        return None
    for identifier in facts.identifiers:
        code = _CODE.fullmatch(identifier.strip())
        if code is None:
            continue
        agency = f"us-{code[1]}"
        if (bureau := register.agencies.get(f"{agency}-{code[2]}")) is not None:
            return _Found(bureau, "bureau-code")
        if agency in register.agencies:
            return _Found(register.agencies[agency], "agency-code")
    return None


def _by_page(facts: _Facts, register: Register) -> _Found | None:
    """The body whose page on GOV.UK identifies the publisher."""
    for identifier in facts.identifiers:
        page = _GOVUK.fullmatch(identifier.strip())
        if page is not None and (body := register.current(f"gb-{page[1].lower()}")) is not None:
            return _Found(body, "identifier")
    return None


def _by_names(facts: _Facts, scope: str, register: Register) -> _Found | None:
    """The body that the publisher's name or those above it name, the nearest first; then the organization of CKAN."""
    rules: tuple[tuple[Sequence[str], Rule], ...] = (
        ((facts.name,), "publisher-name"),
        (facts.above, "part-of"),
        ((facts.organization,), "organization"),
    )
    for names, rule in rules:
        for name in names:
            if (body := _find_body(name, facts.country, scope, register)) is not None:
                return _Found(body, rule)
    return None


def _find_body(name: str, country: str, scope: str, register: Register) -> Agency | None:
    """The body of that name: within the agency `scope`, in the country, or by the host of a portal of its own."""
    folded = fold_in(country, name)
    id = register.inner.get((scope, folded)) or register.names.get((country, folded)) or register.hosts.get(host(name))
    return register.agencies[id] if id else None


def _owner(facts: _Facts, register: Register) -> _Found | None:
    """The owner of the source, if it publishes for nobody else."""
    name, url, publisher = facts.source.name, facts.source.url, facts.source.publisher
    id = register.owners.get(name)
    if id is None:
        id = register.hosts.get(host(url) or host(name))
    body = _find_body(publisher, facts.country, "", register) if id is None else register.agencies.get(id)
    return _Found(body, "source-owner") if body is not None and body.country == facts.country else None


def _agency_of(body: Agency, register: Register) -> Agency:
    """The body itself, or the one that a bureau is part of."""
    return register.agencies[body.parent] if body.kind == "bureau" else body


def _bureau_by_name(facts: _Facts, agency: Agency, register: Register) -> Agency | None:
    """The bureau of this agency that the publisher or a body above it is, the nearest first."""
    for name in (facts.name, *facts.above):
        body = _find_body(name, facts.country, agency.id, register)
        if body is not None and body.kind == "bureau" and body.parent == agency.id:
            return body
    return None


def _publisher(facts: _Facts, agency: Agency | None, register: Register) -> Publisher | None:
    """The publisher under its one name; None for a placeholder, a number or a person."""
    folded = fold(facts.name)
    if facts.person or _NO_LETTER.fullmatch(folded) or is_placeholder(facts.name):
        return None
    if folded in register.no_publishers or person_key(facts.name) in register.people:
        return None
    above = agency.id if agency is not None else facts.country.lower()
    if (publisher := register.publishers.get((above, fold_in(facts.country, facts.name)))) is not None:
        return publisher
    if (body := _find_body(facts.name, facts.country, above, register)) is not None:
        return Publisher(body.id, body.title)
    return Publisher(f"{above}/{slug(facts.name)}", facts.name.strip())
