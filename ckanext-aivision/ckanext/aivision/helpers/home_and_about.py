"""Template helpers of the pages around the comparison: home, about, and the statements."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from ckan.plugins import toolkit
from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from ckanext.aivision import __version__
from ckanext.aivision.catalogue.sources import runs
from ckanext.aivision.catalogue.sources.listing import sources_by_name
from ckanext.aivision.compare.coverage_sentence import coverage_sentence
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.home_sentence import headline
from ckanext.aivision.helpers.text import aivision_web_address
from ckanext.aivision.normalise import licences
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.answers.source_counts import SourceCount, source_counts
from ckanext.aivision.snapshot.coverage import read_coverage
from ckanext.aivision.snapshot.page_reads import note_read

__all__ = [
    "aivision_finding",
    "aivision_has_site_pages",
    "aivision_operator",
    "aivision_site_page",
    "aivision_software",
    "aivision_sources",
]


class Finding(NamedTuple):
    """What the newest snapshot says.

    overview, made: None while there is none. problem: why there is no newer one, or empty. sentence: the finding, or
    empty. coverage: who is counted, a sentence for each country. sources: those of the datasets that are counted.
    """

    overview: Overview | None
    made: datetime.datetime | None
    problem: str
    sentence: str
    coverage: tuple[str, ...]
    sources: tuple[SourceCount, ...]


class Link(NamedTuple):
    """address: empty for words that lead nowhere."""

    label: str
    address: str


class SourceRow(NamedTuple):
    """A source of metadata with the licence of its metadata; unstated: it says nothing of a licence."""

    title: str
    country: str
    data_sets: int
    licence: Link | None


class Operator(NamedTuple):
    """Who runs the site, as far as its settings say: None and empty texts where they do not.

    privacy, accessibility: what the operator adds to those statements, in Markdown.
    """

    name: str
    contact: Link | None
    figures_licence: Link | None
    source_code: str
    privacy: str
    accessibility: str


def aivision_finding() -> Finding:
    """The finding of the newest snapshot, for people who may see the comparison; nothing for others."""
    if not toolkit.h.check_access("aivision_compare"):
        return Finding(None, None, "", "", (), ())
    problem, found = read.problem(), read.newest()
    overview = found.figures() if found is not None else None
    if found is None or overview is None:
        return Finding(None, None, problem, "", (), ())
    covered = read_coverage(found)
    sentences = tuple(coverage_sentence(one, toolkit._) for one in covered.countries) if covered is not None else ()
    return Finding(
        overview, found.moment, problem, headline(overview), sentences, source_counts(found, overview.samples)
    )


def aivision_sources(counts: tuple[SourceCount, ...]) -> list[SourceRow]:
    """The sources with their titles and licences; datasets published on this site are left out."""
    known = note_read(sources_by_name, tuple(sorted({count.source for count in counts})))
    rows = []
    for count in counts:
        if not count.source:
            continue
        source = known.get(count.source)
        title = (source.title if source is not None else "") or runs.without_secrets(count.source) or count.source
        stated = source.license if source is not None else ""
        rows.append(SourceRow(title, count.country, count.data_sets, _licence(stated)))
    return rows


def aivision_operator() -> Operator:
    """Who runs the site."""
    return Operator(
        name=_setting("operator"),
        contact=_contact(_setting("contact")),
        figures_licence=_licence(_setting("figures_licence")),
        source_code=aivision_web_address(_setting("source_code")) or "",
        privacy=_setting("privacy_text"),
        accessibility=_setting("accessibility_text"),
    )


def aivision_site_page(path: str) -> str:
    """The address of a page of this site, such as `/guidance`; empty if this site has no such page."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    try:
        endpoint, values = adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return ""
    # Whatever no page answers is looked for among the static files.
    return "" if endpoint == "static" else str(toolkit.url_for(endpoint, **values))


def aivision_software() -> str:
    """The name and version of this software."""
    return f"ckanext-aivision {__version__}"


def aivision_has_site_pages() -> bool:
    """Whether the home page, /about and the statements are ours (setting ckanext.aivision.site_pages)."""
    return bool(toolkit.asbool(toolkit.config.get("ckanext.aivision.site_pages", False)))


def _setting(name: str) -> str:
    return str(toolkit.config.get(f"ckanext.aivision.{name}") or "").strip()


def _contact(text: str) -> Link | None:
    if not text:
        return None
    if address := aivision_web_address(text):
        return Link(text, address)
    is_mail = text.count("@") == 1 and not any(one in text for one in " <>\"'?&")
    return Link(text, f"mailto:{text}" if is_mail else "")


def _licence(text: str) -> Link | None:
    """A licence by its id in the register, or as it is written; None where none is stated."""
    if not text or text.lower() == "notspecified":
        return None
    found = licences.info(licences.clean(text).id or "")
    if found is not None and found.uri:
        return Link(found.title, found.uri)
    return Link(text, aivision_web_address(text) or "")
