"""Accessible: can people and programs get the data, and is it clear who is allowed to?"""

from __future__ import annotations

import re

from ckanext.aivision.normalise.media_types import Format
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts.descriptions import what_else
from ckanext.aivision.scoring.facts.distributions import addressed, formatted, leads_nowhere, restriction
from ckanext.aivision.scoring.facts.evidence import listed, no_address
from ckanext.aivision.scoring.facts.formats import is_described, is_folder, is_home_page
from ckanext.aivision.scoring.facts.link_quality import (
    checked,
    contradiction,
    is_declared_as_page,
    is_encrypted,
    line,
    share_of,
)
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, valued

# Services whose protocol describes itself (GetCapabilities, f=json, a service document).
_SELF_DESCRIBED = {"WFS", "WCS", "OGC API", "ArcGIS REST", "SPARQL", "OPeNDAP"}
# What INSPIRE calls a view service (2007/2/EC, article 11): it describes itself, and gives pictures of the data.
_PICTURES = "WMS"
# `/resource/` is Socrata's where an id of two times four signs follows; CKAN's own is a download.
_API_WORDS = re.compile(
    r"/api/|/odata|/sodata|soda|api[.]|/resource/[a-z0-9]{4}-[a-z0-9]{4}\b|/rest/|openapi|swagger|graphql"
)
# Open data platforms answer each table over a documented interface; their export addresses show which they are.
_TABLE_API = re.compile("/api/(?:views|explore)/|/datastore/")
_OPEN_API = re.compile(r"openapis?\b|swagger", re.IGNORECASE)
# A file that is declared at the address of a folder.
_FOLDER = 0.5
_BY_A_PAGE, _UNDESCRIBED, _VIEW_ALONE = 0.75, 0.5, 0.5


@criterion("distribution-present")
def distribution_present(dataset: Dataset, context: Context) -> Finding:
    urls = [str(distribution.url) for distribution in addressed(dataset)]
    if urls:
        return passed("distribution", f"{len(urls)}: {listed(urls, 2)}")
    if (reason := restriction(dataset)) is not None:
        return not_applicable("distribution", reason)
    return no_address(dataset, context, "a link to the data")


@criterion("download-direct", folder=_FOLDER)
def download_direct(dataset: Dataset, context: Context) -> Finding:
    direct = [item for item in formatted(dataset) if _is_direct(*item)]
    for distribution, found in direct:
        if distribution.datastore_active or found is None or not is_folder(str(distribution.url), found):
            return passed("distribution[].download_url", distribution.url)
    if direct:
        doubt = f"{direct[0][0].url}: a folder, which may hold other files"
        return valued(_FOLDER, "distribution[].download_url", doubt)
    if (reason := restriction(dataset)) is not None:
        return not_applicable("distribution[].download_url", reason)
    urls = [str(distribution.url) for distribution in addressed(dataset)]
    if not urls:
        return no_address(dataset, context, "a direct download")
    return failed("distribution[].download_url", f"only pages, documents or services: {listed(urls, 2)}")


def _is_direct(distribution: Distribution, found: Format | None) -> bool:
    if distribution.datastore_active:
        return True
    # A document or a picture is fetched directly too, but it is no data to learn from.
    if found is None or found.kind not in ("data", "archive"):
        return False
    return distribution.url is not None and not is_home_page(distribution.url)


@criterion("api-documented", page=_BY_A_PAGE, undescribed=_UNDESCRIBED, view=_VIEW_ALONE)
def api_documented(dataset: Dataset, context: Context) -> Finding:
    best: tuple[float, str] = (0.0, "")
    for distribution, found in formatted(dataset):
        value = _api(dataset, distribution, found)
        if value > best[0]:
            best = (value, str(distribution.url))
    if best[0]:
        return valued(best[0], "distribution[].access_url", best[1])
    if (reason := restriction(dataset)) is not None:
        return not_applicable("distribution[].access_url", reason)
    return no_address(dataset, context, "an API")


def _api(dataset: Dataset, distribution: Distribution, found: Format | None) -> float:
    if distribution.datastore_active or (found is not None and found.key in _SELF_DESCRIBED):
        return 1.0
    if found is not None and found.key == _PICTURES:
        return _VIEW_ALONE
    url = str(distribution.url).lower()
    declared = distribution.format.id if distribution.format else None
    if not (declared == "API" or (found is not None and found.kind == "service") or _TABLE_API.search(url)):
        is_table = found is not None and found.key in ("JSON", "XML", "CSV") and _API_WORDS.search(url) is not None
        if not is_table:
            return 0.0
    if is_described(distribution) or any(_OPEN_API.search(text) for text in dataset.conforms_to):
        return 1.0
    links = [text for text in (distribution.described_by, dataset.described_by) if text]
    named = [text for text in (*distribution.conforms_to, *dataset.conforms_to) if not leads_nowhere(text)]
    return _BY_A_PAGE if named or any(not what_else(link, dataset) for link in links) else _UNDESCRIBED


@criterion("access-conditions-stated")
def access_conditions_stated(dataset: Dataset, context: Context) -> Finding:
    if dataset.access_rights is None or is_placeholder(dataset.access_rights.original):
        return context.absent("access_rights", "who can get the data", dataset)
    written, level = dataset.access_rights.original, dataset.access_rights.id
    if level == "public":
        return passed("access_rights", written)
    told = [text for text in (*dataset.rights, dataset.access_procedure) if text and not is_placeholder(text)]
    if told:
        return passed("access_rights", f"{written}: {told[0]}")
    if level is None:
        return valued(0.5, "access_rights", f"{written}: not a standard term")
    return valued(0.5, "access_rights", f"{written}, without a reason or a way to get the data")


@criterion("security-classification-stated")
def security_classification_stated(dataset: Dataset, context: Context) -> Finding:
    if dataset.country != "GB":
        return not_applicable("security_classification", f"{dataset.country}: only the UK asks for one")
    given = dataset.security_classification
    if given is not None and given.id is not None:
        return passed("security_classification", given.original)
    if given is not None and not is_placeholder(given.original):
        return failed("security_classification", f"{given.original}: not a classification of published data")
    return context.absent("security_classification", "the security classification", dataset)


@criterion("robots-allow")
def robots_allow(dataset: Dataset, context: Context) -> Finding:
    links = [link for _, link in checked(dataset, context)]
    # An address that was asked was admitted; what a host says in trouble it may not say tomorrow.
    good = [link.url for link in links if link.fault != "disallowed-by-robots" and (link.status or link.form)]
    bad = [line(link) for link in links if link.fault == "disallowed-by-robots" and "responds with" not in link.detail]
    return share_of(dataset, context, good, bad, "addresses that robots.txt lets programs fetch")


@criterion("links-reachable")
def links_reachable(dataset: Dataset, context: Context) -> Finding:
    links = [link for _, link in checked(dataset, context)]
    good = [link.url for link in links if link.state == "reachable"]
    bad = [line(link) for link in links if link.state == "broken"]
    return share_of(dataset, context, good, bad, "addresses that answer")


# What lies in the way of a program, or in the place of the data.
_IN_THE_WAY = ("page-instead-of-data", "login-page", "empty", "forbidden")


@criterion("links-give-data")
def links_give_data(dataset: Dataset, context: Context) -> Finding:
    good, bad = [], []
    for distribution, link in checked(dataset, context):
        if other := contradiction(distribution, link):
            bad.append(other)
        elif link.state == "reachable" and not link.fault and link.form == "other":
            good.append(link.url)
        elif link.fault in _IN_THE_WAY and link.lasts and not is_declared_as_page(distribution):
            bad.append(line(link))
    return share_of(dataset, context, good, bad, "links that lead to a file")


@criterion("links-encrypted")
def links_encrypted(dataset: Dataset, context: Context) -> Finding:
    links = [link for _, link in checked(dataset, context) if link.state == "reachable"]
    good = [link.url for link in links if is_encrypted(link)]
    bad = [f"{link.url}: without encryption" for link in links if not is_encrypted(link)]
    return share_of(dataset, context, good, bad, "links that use https")
