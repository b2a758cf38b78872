"""Traceable: who made the data, of what, in which version, and whom can one ask?"""

from __future__ import annotations

import re

from ckanext.aivision.normalise import contacts
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Agent, Dataset
from ckanext.aivision.scoring.distributions import addressed
from ckanext.aivision.scoring.evidence import listed, mention, prose, share, stated, statement
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, passed, valued

_CODE = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|gitlab\.[\w.-]+|bitbucket\.org|codeberg\.org|code\.gov)/[\w./-]+",
    re.IGNORECASE,
)


@criterion("publisher-identified")
def publisher_identified(dataset: Dataset, context: Context) -> Finding:
    publisher = dataset.publisher
    if publisher is None or not publisher.name or is_placeholder(publisher.name):
        return context.absent("publisher", "a publisher")
    if publisher.identifier:
        return passed("publisher", f"{publisher.name} ({publisher.identifier})")
    if publisher.sub_organization_of:
        return passed("publisher", f"{publisher.name}, part of {listed(publisher.sub_organization_of)}")
    return valued(0.75, "publisher", f"{publisher.name}: a name without an identifier")


@criterion("contact-reachable")
def contact_reachable(dataset: Dataset, context: Context) -> Finding:
    best = max((_reach(agent) for agent in dataset.contact_point), default=(0.0, ""))
    if best[0]:
        return valued(best[0], "contact_point", best[1])
    if dataset.contact_point:
        return failed("contact_point", best[1])
    return context.absent("contact_point", "a contact")


def _reach(agent: Agent) -> tuple[float, str]:
    """How well somebody can be asked, and the words that say so. Addresses are shown as the source publishes them."""
    name = agent.name or ""
    if agent.email and not contacts.is_no_reply(agent.email):
        return 1.0, f"{name} {agent.email}".strip()
    if agent.url and agent.url.startswith(("http://", "https://")):
        return 1.0, f"{name} {agent.url}".strip()
    if agent.email:
        return 0.0, f"{agent.email}: nobody reads what is sent there"
    if name and not is_placeholder(name):
        return 0.5, f"{name}: a name without an address"
    return 0.0, "nothing that one could write to"


@criterion("source-described")
def source_described(dataset: Dataset, context: Context) -> Finding:
    if dataset.derived_from:
        return passed("derived_from", listed(dataset.derived_from, 3))
    return stated(dataset, context, "provenance", dataset.provenance, "source", "where the data come from")


@criterion("version-stated")
def version_stated(dataset: Dataset, context: Context) -> Finding:
    if dataset.version:
        if statement(dataset.version_notes) is not None:
            return passed("version", f"{dataset.version}: {dataset.version_notes}")
        # Where the profile has no place for the notes, the version alone is all that can be said.
        return valued(context.partly(0.75, "version_notes"), "version", f"{dataset.version}: what changed is not told")
    found = mention(dataset, "version")
    if found is not None:
        return valued(context.partly(0.5, "version"), "description", found)
    return context.absent("version", "a version")


@criterion("checksum-given")
def checksum_given(dataset: Dataset, context: Context) -> Finding:
    having = [bool(distribution.checksum) for distribution in addressed(dataset)]
    return share(dataset, context, "checksum", having, "a checksum")


@criterion("size-given")
def size_given(dataset: Dataset, context: Context) -> Finding:
    having = [distribution.byte_size is not None for distribution in addressed(dataset)]
    return share(dataset, context, "byte_size", having, "a size in bytes")


@criterion("processing-code-linked")
def processing_code_linked(dataset: Dataset, context: Context) -> Finding:
    if dataset.code_repository:
        return passed("code_repository", dataset.code_repository)
    for link in (*dataset.page, *(str(distribution.url) for distribution in dataset.distribution)):
        if _CODE.match(link):
            return passed("page", link)
    if hit := _CODE.search(prose(dataset)):
        return valued(context.partly(0.5, "code_repository"), "description", hit[0])
    return context.absent("code_repository", "the code that made the data")
