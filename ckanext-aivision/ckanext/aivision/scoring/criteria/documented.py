"""Documented: is it told how the data came about, what they are good for and where they fail?"""

from __future__ import annotations

import re

from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.distributions import addressed, format_of, is_home_page
from ckanext.aivision.scoring.evidence import listed, mention, share, stated, statement
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, passed, valued

_DOCUMENT_NAME = re.compile(
    r"\b(?:documentation|guide|manual|read ?me|methodology|technical (?:note|report)|codebook|dictionary|handbook|notes)\b",
    re.IGNORECASE,
)
# What a title must say beyond these to tell one distribution from another.
_SAYS_NOTHING = re.compile(
    r"(?:download|link|file|data|dataset|resource|here|click|web ?page|website|landing page|url|csv|pdf|zip|html?|xlsx?|xml|"
    r"json|esri rest|arcgis|the|this|for|of|to|and|a|item|page|\W|\d)+",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?\s?(?:%|percent|per cent|m\b|metres?|meters?|km\b)|\bpass(?:ed)?\b", re.IGNORECASE)


@criterion("documentation-linked")
def documentation_linked(dataset: Dataset, context: Context) -> Finding:
    if links := [link for link in dataset.page if not is_placeholder(link)]:
        return passed("page", listed(links, 2))
    for distribution in addressed(dataset):
        if _is_documentation(distribution):
            return passed("distribution[].title", f"{distribution.title}: {distribution.url}")
    if (found := mention(dataset, "documentation")) is not None:
        return valued(context.partly(0.5, "page"), "description", found)
    if context.carries("page") and dataset.landing_page and not is_home_page(dataset.landing_page):
        return valued(0.5, "landing_page", f"{dataset.landing_page}: a page about the data, which may document them")
    return context.absent("page", "documentation")


def _is_documentation(distribution: Distribution) -> bool:
    named = _DOCUMENT_NAME.search(f"{distribution.title or ''} {distribution.description or ''}"[:500])
    found = format_of(distribution)
    return bool(named) and (found is None or found.kind in ("document", "page"))


@criterion("collection-described")
def collection_described(dataset: Dataset, context: Context) -> Finding:
    value = dataset.collection or dataset.provenance
    return stated(dataset, context, "collection", value, "collection", "how the data came about")


@criterion("limitations-described")
def limitations_described(dataset: Dataset, context: Context) -> Finding:
    return stated(dataset, context, "limitations", dataset.limitations, "limitations", "known limits and errors")


@criterion("quality-measured")
def quality_measured(dataset: Dataset, context: Context) -> Finding:
    text = statement(dataset.quality)
    if text is not None:
        return valued(1.0 if _FIGURE.search(text) else context.partly(0.75, "quality"), "quality", text)
    found = mention(dataset, "quality")
    if found is not None:
        return valued(context.partly(0.5, "quality"), "description", found)
    if dataset.quality in ("true", "false"):
        # DCAT-US 1.1 has only room for a yes or no: whether the agency's own guidelines are met.
        return valued(context.partly(0.25, "quality"), "quality", f"dataQuality: {dataset.quality}, without what was measured")
    return context.absent("quality", "the quality of the data")


@criterion("distributions-described")
def distributions_described(dataset: Dataset, context: Context) -> Finding:
    having = [_named(distribution) for distribution in addressed(dataset)]
    return share(dataset, context, "title", having, "a name or a description that tells them apart")


def _named(distribution: Distribution) -> bool:
    for text in (distribution.title, distribution.description):
        if text and len(text.split()) >= 2 and not _SAYS_NOTHING.fullmatch(text[:300]):
            return True
    return False
