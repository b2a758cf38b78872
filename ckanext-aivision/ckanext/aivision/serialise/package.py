"""The record as a CKAN package in the fields of `config/schemas/ai_ready_dataset.yaml`, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.aivision.normalise import contacts, dates, frequencies, languages, licences, themes
from ckanext.aivision.normalise.text import is_placeholder, many, one
from ckanext.aivision.record import COUNTRIES, Agent, Dataset, Term
from ckanext.aivision.serialise import federal
from ckanext.aivision.serialise.ckan_values import (
    all_text,
    day,
    filled,
    objects,
    prose,
    text,
    texts,
    web_address,
)
from ckanext.aivision.serialise.coverage import from_periods, from_places, to_periods, to_places
from ckanext.aivision.serialise.resource import from_resource, to_resource
from ckanext.aivision.serialise.tags import to_tags

PROFILE = "aivision"
EU_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_EU_ACCESS_RIGHT = "http://publications.europa.eu/resource/authority/access-right/"
# id of record.Dataset.access_rights -> the form's choice
_ACCESS = {
    id: _EU_ACCESS_RIGHT + code
    for id, code in (("public", "PUBLIC"), ("restricted", "RESTRICTED"), ("non-public", "NON_PUBLIC"))
}
# The form's other choices.
_CHOICES = {
    "ai_use": ("allowed", "conditions", "not-allowed"),
    "collection_type": (
        *("survey", "administrative", "sensor", "remote-sensing", "experiment", "simulation", "web", "other"),
    ),
}
_PERSONAL_DATA = ("none", "aggregated", "pseudonymised", "anonymised", "present")
# What the form's choice says, where nothing more is said beside it.
_AI_USE = {
    "allowed": "Training of models, text and data mining: allowed",
    "conditions": "Training of models, text and data mining: allowed with conditions",
    "not-allowed": "Training of models, text and data mining: not allowed",
}
# Choices that stand for terms in the source's own words, which `license_text` holds.
_NO_LICENCE, _OWN_TERMS = "none", "restricted"

# (field of the record, field of the package): text to text.
_CODES = (
    ("type", "dcat_type"),
    ("temporal_resolution", "temporal_resolution"),
    ("spatial_resolution", "spatial_resolution_in_meters"),
    ("described_by", "described_by"),
    ("described_by_type", "described_by_type"),
    ("in_series", "series"),
    ("ai_use", "ai_use"),
    ("collection_type", "collection_type"),
    ("version", "version"),
    ("code_repository", "code_repository"),
    ("system_of_records", "system_of_records"),
)
_PROSE = (
    ("access_procedure", "access_procedure"),
    ("ai_use_terms", "ai_use_terms"),
    ("version_notes", "version_notes"),
    ("bibliographic_citation", "citation"),
    ("provenance", "provenance"),
    ("quality", "quality_statement"),
    ("collection", "collection_method"),
    ("preprocessing", "preprocessing"),
    ("annotation", "annotation"),
    ("limitations", "limitations"),
    ("biases", "biases"),
    ("uncertainty", "uncertainty"),
    ("personal_data_measures", "personal_data_measures"),
    ("uses", "intended_uses"),
    ("unsuitable_uses", "unsuitable_uses"),
    ("social_impact", "social_impact"),
    ("maintenance_plan", "maintenance_plan"),
)
_LISTS = (
    ("page", "documentation"),
    ("conforms_to", "conforms_to"),
    ("other_identifier", "alternate_identifier"),
    ("derived_from", "source"),
)
# (member of the source's record, field of the package): a record has no field for the codes of US federal bodies.
_FEDERAL = ((federal.BUREAU, "bureau_code"), (federal.PROGRAM, "program_code"))
# The one classification of the UK government under which anything is published.
_OFFICIAL = "OFFICIAL"
# CKAN keeps 100 characters of a version.
_LONGEST_VERSION = 100
_BETWEEN_BODIES = "; "


def to_package(dataset: Dataset) -> dict[str, Any]:
    """A package for CKAN, without `name` and `owner_org`, which the catalogue gives.

    A licence, a rhythm, access conditions and periods that no choice or date can say stay in words beside them. What
    the form cannot hold at all (a keyword too short for a tag, a landing page that is no web address) stays in the
    source's record in the ledger.
    """
    package: dict[str, Any] = {
        "type": "dataset",
        "title": text(dataset.title),
        "notes": prose(dataset.description),
        "identifier": text(dataset.identifier),
        "tags": to_tags(dataset.keyword),
        "country": dataset.country if dataset.country in COUNTRIES else "XX",
        "theme": all_text(theme.original for theme in dataset.theme),
        "language": all_text(language.id or language.original for language in dataset.language),
        "rights": prose("\n\n".join(dataset.rights)),
        "issued": day(dataset.issued),
        "modified": day(dataset.modified),
        "next_update": day(dataset.next_update),
        "url": web_address(dataset.landing_page),
        "spatial_coverage": to_places(dataset.spatial),
        "contact": _agents(dataset.contact_point, ("name", "email", "url")),
        "creator": _agents(dataset.creator, ("name", "identifier")),
        "publisher": _publisher(dataset.publisher),
        "security_classification": _original(dataset.security_classification),
        "personal_data": dataset.personal_data if dataset.personal_data in _PERSONAL_DATA else None,
        "resources": [resource for item in dataset.distribution if (resource := to_resource(item)) is not None],
        **{key: all_text(many(dataset.raw.get(member))) for member, key in _FEDERAL},
        **_terms(dataset),
        **to_periods(dataset.temporal),
        **{key: text(getattr(dataset, field)) for field, key in _CODES},
        **{key: prose(getattr(dataset, field)) for field, key in _PROSE},
        **{key: all_text(getattr(dataset, field)) for field, key in _LISTS},
    }
    if package["version"]:
        package["version"] = package["version"][:_LONGEST_VERSION]
    for field, choices in _CHOICES.items():
        if package[field] not in choices:
            package[field] = None
    return {"resources": [], **filled(package)}


def from_package(package: Mapping[str, Any]) -> Dataset:
    """The record of a package, as package_show gives it or the form saves it. Never raises on a field's content.

    `metadata_created` and `metadata_modified` are the instants of our own harvest or save: they say nothing of the data
    and are not read.
    """
    plain_texts: dict[str, Any] = {field: one(package.get(key)) for field, key in (*_CODES, *_PROSE)}
    lists: dict[str, Any] = {field: texts(package.get(key)) for field, key in _LISTS}
    plain_texts["ai_use_terms"] = plain_texts["ai_use_terms"] or _AI_USE.get(one(package.get("ai_use")) or "")
    rights = one(package.get("rights"))
    return Dataset(
        identifier=one(package.get("identifier")) or one(package.get("id")) or one(package.get("name")) or "",
        title=one(package.get("title")) or one(package.get("name")) or "",
        profile=PROFILE,
        country=one(package.get("country")) or "XX",
        description=one(package.get("notes")),
        keyword=_keywords(package),
        theme=[themes.clean(item) for item in texts(package.get("theme"))],
        language=[languages.clean(item) for item in texts(package.get("language"))],
        issued=dates.moment(package.get("issued")),
        modified=dates.moment(package.get("modified")),
        next_update=dates.moment(package.get("next_update")),
        accrual_periodicity=_to_rhythm(package),
        publisher=_to_publisher(package),
        creator=_to_agents(package, "creator"),
        contact_point=_to_contacts(package),
        license=_to_licence(package),
        rights=[rights] if rights else [],
        access_rights=_to_access(package),
        security_classification=_to_classification(package),
        temporal=from_periods(package),
        spatial=from_places(package),
        landing_page=one(package.get("url")),
        personal_data=one(package.get("personal_data")),
        distribution=[from_resource(item) for item in objects(package.get("resources"))],
        raw={member: codes for member, key in _FEDERAL if (codes := texts(package.get(key)))},
        **plain_texts,
        **lists,
    )


def _terms(dataset: Dataset) -> dict[str, str | None]:
    """The choices for licence, access and rhythm; where none fits, the source's words in the field beside it."""
    licence, access, rhythm = dataset.license, dataset.access_rights, dataset.accrual_periodicity
    code = frequencies.eu_code(rhythm.id) if rhythm is not None and rhythm.id else None
    choice = _ACCESS.get(access.id) if access is not None and access.id else None
    return {
        "license_id": _licence_choice(licence),
        "license_text": text(licence.original) if licence and licence.id in (None, _OWN_TERMS) else None,
        "access_rights": choice,
        "access_rights_text": text(access.original) if access and choice is None else None,
        "frequency": f"{EU_FREQUENCY}{code}" if code else None,
        "frequency_text": text(rhythm.original) if rhythm and code is None else None,
    }


def _licence_choice(licence: Term | None) -> str:
    if licence is None:
        return _NO_LICENCE
    return licence.id or (_NO_LICENCE if is_placeholder(licence.original) else _OWN_TERMS)


def _to_licence(package: Mapping[str, Any]) -> Term | None:
    choice, words = one(package.get("license_id")), one(package.get("license_text"))
    if words and choice in (None, _NO_LICENCE, _OWN_TERMS):
        return licences.clean(words)
    return licences.clean(choice) if choice else None


def _to_access(package: Mapping[str, Any]) -> Term | None:
    choice, words = one(package.get("access_rights")), one(package.get("access_rights_text"))
    for id, uri in _ACCESS.items():
        if choice in (id, uri):
            return Term(id, id, "id")
    written = choice or words
    return Term(written) if written else None


def _original(term: Term | None) -> str | None:
    return text(term.original) if term is not None else None


def _to_classification(package: Mapping[str, Any]) -> Term | None:
    written = one(package.get("security_classification"))
    if not written:
        return None
    return Term(written, written, "id") if written == _OFFICIAL else Term(written)


def _to_rhythm(package: Mapping[str, Any]) -> Term | None:
    choice, words = one(package.get("frequency")), one(package.get("frequency_text"))
    found = frequencies.clean(choice or words or "")
    if not found.original:
        return None
    # In the evidence an interval can be read by people, the authority's address cannot.
    return Term(found.id, found.id, found.rule) if choice and found.id else found


def _agents(agents: Sequence[Agent], fields: Sequence[str]) -> list[dict[str, str]]:
    return [item for agent in agents if (item := _agent(agent, fields))]


def _agent(agent: Agent, fields: Sequence[str]) -> dict[str, str]:
    return {field: words for field in fields if (words := text(getattr(agent, field)))}


def _to_agent(item: Mapping[str, Any]) -> Agent:
    return Agent(
        name=one(item.get("name")),
        email=contacts.email(item.get("email")),
        url=one(item.get("url")),
        identifier=one(item.get("identifier")) or one(item.get("uri")),
    )


def _publisher(agent: Agent | None) -> list[dict[str, str]]:
    if agent is None or not agent.name:
        return []
    part_of = text(_BETWEEN_BODIES.join(agent.sub_organization_of))
    return [filled({**_agent(agent, ("name", "url", "identifier")), "part_of": part_of})]


def _to_publisher(package: Mapping[str, Any]) -> Agent | None:
    """The publisher's own fields, else the organisation that the dataset belongs to."""
    for item in objects(package.get("publisher")):
        agent = _to_agent(item)
        if agent.name:
            bodies = many((one(item.get("part_of")) or "").split(_BETWEEN_BODIES.strip()))
            return Agent(agent.name, agent.email, agent.url, agent.identifier, bodies)
    organization = package.get("organization")
    if isinstance(organization, Mapping):
        name = one(organization.get("name"))
        return Agent(name=one(organization.get("title")) or name, identifier=name)
    return None


def _to_agents(package: Mapping[str, Any], field: str) -> list[Agent]:
    agents = (_to_agent(item) for item in objects(package.get(field)))
    return [agent for agent in agents if agent != Agent()]


def _to_contacts(package: Mapping[str, Any]) -> list[Agent]:
    agents = _to_agents(package, "contact")
    for name, address in (("maintainer", "maintainer_email"), ("author", "author_email")):
        agents.append(Agent(name=one(package.get(name)), email=contacts.email(package.get(address))))
    return [agent for agent in agents if agent != Agent()]


def _keywords(package: Mapping[str, Any]) -> list[str]:
    tags = package.get("tags")
    if isinstance(tags, list) and tags:
        return many([tag.get("name") if isinstance(tag, Mapping) else tag for tag in tags])
    return many((one(package.get("tag_string")) or "").split(","))
