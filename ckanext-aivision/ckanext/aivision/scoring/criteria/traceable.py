"""Traceable: who made the data, from what, in which version, and who can answer questions?"""

from __future__ import annotations

import re

from ckanext.aivision.normalise import contacts
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Agent, Dataset
from ckanext.aivision.scoring.facts.distributions import addressed, is_home_page
from ckanext.aivision.scoring.facts.evidence import listed, mention, prose, share, stated, statement
from ckanext.aivision.scoring.facts.keyword_regex import Near
from ckanext.aivision.scoring.facts.link_quality import LEAST_PRECISE, agreements, checked, share_of
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, passed, valued

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
_LONGEST_TITLE = 500
# The host of a site in the place of an organisation's name (`data.cdc.gov`): some 1,000 records of the corpus.
_HOST = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,5}(?:gov|uk|com|org|net|edu|mil|us|scot|wales|eu|int|info|io)(?:/\S{0,500})?",
    re.IGNORECASE,
)
_LONGEST_NAME = 600
_NAME_ALONE, _HOST_ALONE = 0.75, 0.5


@criterion("publisher-identified", name=_NAME_ALONE, host=_HOST_ALONE)
def publisher_identified(dataset: Dataset, context: Context) -> Finding:
    publisher = dataset.publisher
    if publisher is None or not publisher.name or is_placeholder(publisher.name):
        return context.absent("publisher", "a publisher")
    if publisher.sub_organization_of:
        return passed("publisher", f"{publisher.name}, part of {listed(publisher.sub_organization_of)}")
    if _HOST.fullmatch(publisher.name[:_LONGEST_NAME]):
        return valued(_HOST_ALONE, "publisher", f"{publisher.name}: the address of a website, not an organisation")
    if publisher.identifier:
        return passed("publisher", f"{publisher.name} ({publisher.identifier})")
    return valued(_NAME_ALONE, "publisher", f"{publisher.name}: a name without an identifier")


@criterion("contact-reachable")
def contact_reachable(dataset: Dataset, context: Context) -> Finding:
    value, shown = max(map(_reach, dataset.contact_point), key=lambda reach: reach[0], default=(0.0, ""))
    if value == 1 or (dataset.contact_point and context.carries("contact_point")):
        return valued(value, "contact_point", shown)
    return context.absent("contact_point", "a contact")


def _reach(agent: Agent) -> tuple[float, str]:
    """How well somebody can be asked, and the words that say so. Addresses are shown as the source publishes them."""
    name = agent.name or ""
    if agent.email and not contacts.is_no_reply(agent.email):
        return 1.0, f"{name} {agent.email}".strip()
    if agent.url and agent.url.startswith(("http://", "https://")):
        return 1.0, f"{name} {agent.url}".strip()
    if agent.email:
        return 0.0, f"{agent.email}: a no-reply address"
    if name and not is_placeholder(name):
        return 0.5, f"{name}: a name without an address"
    return 0.0, "no address to write to"


@criterion("source-described")
def source_described(dataset: Dataset, context: Context) -> Finding:
    if sources := [source for source in dataset.derived_from if statement(source) is not None]:
        return passed("derived_from", listed(sources, 3))
    return stated(dataset, context, "provenance", dataset.provenance, "source", "where the data come from")


@criterion("version-stated")
def version_stated(dataset: Dataset, context: Context) -> Finding:
    notes = statement(dataset.version_notes)
    if dataset.version and not is_placeholder(dataset.version):
        if notes is not None:
            return passed("version", f"{dataset.version}: {notes}")
        # Where the profile has no place for the notes, the version alone is all that can be said.
        return valued(context.partly(0.75, "version_notes"), "version", f"{dataset.version}: does not say what changed")
    if notes is not None:
        return valued(context.partly(0.5, "version"), "version_notes", notes)
    if (hit := _VERSION_IN_TITLE.search(title := dataset.title[:_LONGEST_TITLE])) and not _OTHER_VERSION.search(title):
        return valued(context.partly(0.5, "version"), "title", f"{hit[0].strip()} in the title: {title}")
    found = mention(dataset, "version")
    if found is not None:
        return valued(context.partly(0.5, "version"), "description", found)
    return context.absent("version", "a version")


@criterion("checksum-given")
def checksum_given(dataset: Dataset, context: Context) -> Finding:
    having = [not is_placeholder(distribution.checksum or "") for distribution in addressed(dataset)]
    return share(dataset, context, "checksum", having, "a checksum")


@criterion("size-given")
def size_given(dataset: Dataset, context: Context) -> Finding:
    having = [distribution.byte_size is not None for distribution in addressed(dataset)]
    return share(dataset, context, "byte_size", having, "a size in bytes")


@criterion("processing-code-linked")
def processing_code_linked(dataset: Dataset, context: Context) -> Finding:
    given = dataset.code_repository
    if given and not is_placeholder(given) and not is_home_page(given):
        return passed("code_repository", given)
    for field, links in (("page", dataset.page), ("distribution[].url", [item.url for item in dataset.distribution])):
        for link in links:
            if link and (hit := _CODE.search(link)) and hit.start() == 0 and not _NO_CODE.search(link):
                return passed(field, link)
    told = (hit[0] for part in prose(dataset) if "://" in part.text for hit in _CODE.finditer(part.text))
    for link in told:
        if not _NO_CODE.search(link.rstrip(".")):
            return valued(context.partly(0.5, "code_repository"), "description", link)
    return context.absent("code_repository", "the code that produced the data")


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
