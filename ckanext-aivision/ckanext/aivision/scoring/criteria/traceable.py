"""Traceable: who made the data, from what, in which version, and who can answer questions?"""

from __future__ import annotations

import re

from ckanext.aivision.normalise import contacts, personal_contacts
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Agent, Dataset
from ckanext.aivision.scoring.facts.distributions import data_files
from ckanext.aivision.scoring.facts.evidence import (
    Mention,
    find_fact,
    find_mention,
    listed,
    own_statement,
    prose_by_field,
    share,
    statement,
)
from ckanext.aivision.scoring.facts.formats import leads_on
from ckanext.aivision.scoring.facts.link_quality import LEAST_PRECISE, agreements, checked, share_of
from ckanext.aivision.scoring.facts.text.keyword_regex import Near
from ckanext.aivision.scoring.facts.text.specifics import find_specifics
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, passed, shorten, valued

# A repository (`owner/name`) on a forge.
_CODE = Near(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|gitlab\.[\w.-]{2,60}|bitbucket\.org|codeberg\.org)"
    r"/[\w.-]{1,60}/[\w./%#-]{1,200}",
    "git",
    "bitbucket.org",
    "codeberg.org",
)
# Documents and data are kept on forges as well.
_NO_CODE = re.compile(
    r"\.(?:pdf|docx?|pptx?|xlsx?|csv|tsv|geojson|json|txt|md|png|jpe?g)$|/wiki\b|/raw/", re.IGNORECASE
)
# The version of a dataset stands in its title more often than anywhere: `..., V1.0`, `Version 2`.
_VERSION_IN_TITLE = Near(
    r"\b(?:version|ver\.?|release|edition|revision|rev\.?) ?(?:no\.? ?)?\d{1,4}(?:\.\d{1,4}){0,3}\b|"
    r"(?<![\w.])v\.? ?\d{1,3}(?:\.\d{1,4}){0,3}\b",
    "v",
    "release",
    "edition",
)
# What else has versions: classifications, specifications and other people's data.
_OTHER_VERSION = re.compile(
    r"\b(?:icd|nhd ?plus|energy star|windows|arcgis|requirements|specifications?)\b", re.IGNORECASE
)
# The host of a site in the place of an organisation's name (`data.cdc.gov`): some 1,000 records of the corpus.
_HOST = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,5}(?:gov|uk|com|org|net|edu|mil|us|scot|wales|eu|int|info|io)(?:/\S{0,500})?",
    re.IGNORECASE,
)
# What a catalogue's software calls its own entry (RFC 9562): nobody else knows the organisation by it.
_IN_CATALOGUE = re.compile(r"(?:urn:uuid:)?\{?[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?", re.IGNORECASE)
# A code of noughts stands where a form asked for one: `000:000` is no bureau.
_NO_CODE_OF_OFFICE = re.compile(r"[0\W_]+")
_LONGEST_NAME = 600
_LONGEST_TITLE = 500
_NAME_ALONE, _HOST_ALONE = 0.9, 0.5


@criterion("publisher-identified", name=_NAME_ALONE, host=_HOST_ALONE)
def publisher_identified(dataset: Dataset, context: Context) -> Finding:
    publisher = dataset.publisher
    if publisher is None or not publisher.name or is_placeholder(publisher.name):
        return context.absent("publisher", "a publisher", dataset)
    if publisher.sub_organization_of:
        return passed("publisher", f"{publisher.name}, part of {listed(publisher.sub_organization_of)}")
    if _HOST.fullmatch(publisher.name[:_LONGEST_NAME]):
        return valued(_HOST_ALONE, "publisher", f"{publisher.name}: the address of a website, not an organisation")
    if publisher.identifier and _names_office(publisher.identifier.strip()):
        return passed("publisher", f"{publisher.name} ({publisher.identifier})")
    return valued(_NAME_ALONE, "publisher", f"{publisher.name}: a name without an identifier")


def _names_office(identifier: str) -> bool:
    return not _IN_CATALOGUE.fullmatch(identifier) and not _NO_CODE_OF_OFFICE.fullmatch(identifier[:_LONGEST_NAME])


@criterion("contact-reachable")
def contact_reachable(dataset: Dataset, context: Context) -> Finding:
    value, shown = max(map(_reach, dataset.contact_point), key=lambda reach: reach[0], default=(0.0, ""))
    if value == 1 or (dataset.contact_point and context.carries("contact_point")):
        return valued(value, "contact_point", shown)
    return context.absent("contact_point", "a contact", dataset)


def _reach(agent: Agent) -> tuple[float, str]:
    """How well somebody can be asked, and the words that say so. Of a person's address only the host is shown."""
    name = agent.name or ""
    is_real = agent.email is not None and addresses.is_public_host(agent.email.rpartition("@")[2])
    if agent.email and is_real and not contacts.is_no_reply(agent.email):
        return 1.0, f"{name} {personal_contacts.without_names(agent.email, name)}".strip()
    if agent.url and addresses.is_public(agent.url):
        return 1.0, f"{name} {agent.url}".strip()
    if agent.email:
        return 0.0, f"{agent.email}: {'a no-reply address' if is_real else 'an address that leads nowhere'}"
    if name and not is_placeholder(name):
        wrong = f" ({shorten(agent.url, 100)}: {addresses.fault(agent.url)})" if agent.url else ""
        if not any(find_specifics(name)[:2]):
            return 0.0, f"{name}: a name that any office could have, without an address{wrong}"
        return 0.5, f"{name}: a name without an address{wrong}"
    if agent.url:
        return 0.0, f"{shorten(agent.url, 100)}: {addresses.fault(agent.url)}"
    return 0.0, "no address to write to"


@criterion("source-described")
def source_described(dataset: Dataset, context: Context) -> Finding:
    if sources := [source for source in dataset.derived_from if _names_source(source)]:
        return passed("derived_from", listed(sources, 3))
    return find_fact(
        dataset, context, "provenance", dataset.provenance, "source", "where the data come from", "derived_from"
    )


def _names_source(text: str) -> bool:
    """Whether a text gives an address, or names something: `various sources` is none."""
    return own_statement(text) is not None or (statement(text) is not None and "://" in text)


@criterion("version-stated")
def version_stated(dataset: Dataset, context: Context) -> Finding:
    version, changes = _version(dataset), _version_changes(dataset)
    if version is not None and changes is not None:
        return passed(version.field, f"{version.evidence}: {changes.evidence}")
    told = version or changes
    if told is None:
        return context.absent("version", "a version", dataset, "version_notes")
    return passed(told.field, told.evidence)


def _version(dataset: Dataset) -> Mention | None:
    if dataset.version and not is_placeholder(dataset.version):
        return Mention("version", dataset.version)
    title = dataset.title[:_LONGEST_TITLE]
    if (hit := _VERSION_IN_TITLE.search(title)) and not _OTHER_VERSION.search(title):
        return Mention("title", f"{hit[0].strip()} in the title")
    return find_mention(dataset, "version")


def _version_changes(dataset: Dataset) -> Mention | None:
    if (notes := statement(dataset.version_notes)) is not None:
        return Mention("version_notes", notes)
    return find_mention(dataset, "version_changes")


@criterion("checksum-given")
def checksum_given(dataset: Dataset, context: Context) -> Finding:
    having = [not is_placeholder(distribution.checksum or "") for distribution in data_files(dataset)]
    return share(dataset, context, "checksum", having, "a checksum")


@criterion("size-given")
def size_given(dataset: Dataset, context: Context) -> Finding:
    having = [distribution.byte_size is not None for distribution in data_files(dataset)]
    return share(dataset, context, "byte_size", having, "a size in bytes")


@criterion("processing-code-linked")
def processing_code_linked(dataset: Dataset, context: Context) -> Finding:
    given = dataset.code_repository
    if given and leads_on(given):
        return passed("code_repository", given)
    for field, links in (("page", dataset.page), ("distribution[].url", [item.url for item in dataset.distribution])):
        for link in links:
            if link and (hit := _CODE.search(link)) and hit.start() == 0 and not _NO_CODE.search(link):
                return passed(field, link)
    told = (
        (field, hit[0])
        for field, part in prose_by_field(dataset).items()
        if "://" in part.text
        for hit in _CODE.finditer(part.text)
    )
    for field, link in told:
        if not _NO_CODE.search(link.rstrip(".")):
            return passed(field, link)
    return context.absent("code_repository", "the code that produced the data", dataset)


@criterion("served-as-stated", per_cent=100 * LEAST_PRECISE)
def served_as_stated(dataset: Dataset, context: Context) -> Finding:
    facts = [
        fact
        for distribution, link in checked(dataset, context)
        if link.state == "reachable" and not link.fault
        for fact in agreements(distribution, link, context)
    ]
    good, bad = ([told for right, told in facts if right is wanted] for wanted in (True, False))
    return share_of(dataset, context, good, bad, "sizes and checksums that match the file")
