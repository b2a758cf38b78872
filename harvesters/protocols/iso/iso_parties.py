"""Responsible parties by their roles (ISO 19115 CI_ResponsibleParty, ISO 19115-1 CI_Responsibility).

GeoDCAT-AP 2.0.0, B.6.16: publisher, contact point and creator are told apart by CI_RoleCode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ckanext.aivision.harvesters.mapping.xml_table import Element, Values, address, elements, find, first_text, texts
from ckanext.aivision.normalise import contacts
from ckanext.aivision.record import Agent

# Who is called the publisher, where nobody has that role; the nearest to it first. Anybody else comes after these.
_PUBLISHERS = ("publisher", "owner", "resourceProvider", "custodian", "distributor", "originator", "pointOfContact")
_CREATORS = ("originator", "author", "principalInvestigator", "coAuthor")
_CONTACT = "pointOfContact"
_NAMES = ("organisationName", "name", "individualName", "individual/name", "positionName")
_MAILS = ("contactInfo/address/electronicMailAddress", "individual/contactInfo/address/electronicMailAddress")
_PAGES = ("contactInfo/onlineResource/linkage", "contactInfo/contactWebsite/linkage")


def publisher(values: Values) -> Agent | None:
    """The organisation that has the role of a publisher, or the role nearest to it."""
    named = [(role, agent) for role, agent in _by_role(values) if agent.name]
    ranks = {role: rank for rank, role in enumerate(_PUBLISHERS)}
    best = min(named, key=lambda pair: ranks.get(pair[0], len(ranks)), default=None)
    return best[1] if best is not None else None


def creators(values: Values) -> list[Agent]:
    """Who made the data."""
    return _each_once(agent for role, agent in _by_role(values) if role in _CREATORS)


def contact_points(values: Values) -> list[Agent]:
    """Whom to ask: those of that role, else all who can be written to."""
    parties = list(_by_role(values))
    asked = _each_once(agent for role, agent in parties if role == _CONTACT)
    return asked or _each_once(agent for _, agent in parties if agent.email or agent.url)


def _each_once(found: Iterable[Agent]) -> list[Agent]:
    return list({(agent.name, agent.email): agent for agent in found}.values())


def _by_role(values: Values) -> Iterator[tuple[str, Agent]]:
    for party in values:
        if not isinstance(party, dict):
            continue
        role = first_text(find(party, "role")) or ""
        # ISO 19115-1 has organisations and people inside a responsibility.
        for body in elements(party, "party") or [party]:
            yield from ((role, agent) for agent in _agents(body) if agent != Agent())


def _agents(body: Element) -> Iterator[Agent]:
    """A party; once for each of its addresses of mail, if there are several."""
    whole = _agent(body)
    yield whole
    for written in texts(value for path in _MAILS for value in find(body, path)):
        email, _ = contacts.mailbox(written)
        if email is not None and email != whole.email:
            yield msgspec.structs.replace(whole, email=email)


def _agent(body: Element) -> Agent:
    name = first_text(value for path in _NAMES for value in find(body, path))
    written = first_text(value for path in _MAILS for value in find(body, path)) or ""
    email, other = contacts.mailbox(written)
    page = next((found for path in _PAGES for value in find(body, path) if (found := address(value))), None)
    # A name that leads somewhere (an Anchor) identifies the organisation; so does an identifier of ISO 19115-1.
    anchors = (value for key in ("organisationName", "name") for value in find(body, key) if isinstance(value, dict))
    identifier = next((str(value["@href"]) for value in anchors if value.get("@href")), None)
    return Agent(name, email, other or page, identifier or first_text(find(body, "partyIdentifier/code")))
