"""Documented: does the record say how the data were produced, what they are good for and where they fail?"""

from __future__ import annotations

import re
from collections import Counter

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts.distributions import addressed, format_of, is_home_page
from ckanext.aivision.scoring.facts.evidence import listed, mention, share, stated, statement
from ckanext.aivision.scoring.facts.keyword_regex import Near
from ckanext.aivision.scoring.facts.plain_language import MOST_ABBREVIATIONS, MOST_WORDS, OPENING, obstacles
from ckanext.aivision.scoring.facts.table_quality import described, mean_of
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, passed, valued

_DOCUMENT_NAME = Near(
    r"\b(?:documentation|guide|manual|read ?me|methodology|technical (?:note|report)s?|codebook|dictionary|handbook|"
    r"supporting documents?|(?:technical|user|explanatory|release) notes)\b",
    "document",
    "guide",
    "manual",
    "read",
    "methodology",
    "technical",
    "book",
    "dictionary",
    " notes",
)
# What a title must say beyond these to tell one distribution from another.
_SAYS_NOTHING = re.compile(
    r"(?:download|link|file|data|dataset|resource locator|resource|here|click|web ?page|website|landing page|url|csv|"
    r"pdf|zip|html?|xlsx?|xml|json|esri rest|arcgis|the|this|for|of|to|and|a|item|page|\W|\d)+",
    re.IGNORECASE,
)
_LONGEST_NAME = 300
# A figure that one can check: a share, a distance, a count of those asked, or that a named test was passed.
_FIGURE = re.compile(
    r"\d(?:[\d.,]{0,12})\s?(?:%|percent|per ?cent|m\b|cm\b|mm\b|metres?|meters?|km\b|feet|ft\b)|\bpass(?:ed)?\b|"
    r"\b(?:n|rmse|response rate)\b.{0,20}\d",
    re.IGNORECASE,
)
# Fewer characters cannot name a limit and what it means for the user.
_SHORTEST_LIMITATION = 30
_SHORTEST_DESCRIPTION = 50


@criterion("documentation-linked")
def documentation_linked(dataset: Dataset, context: Context) -> Finding:
    # 5,124 real records refer to the front door of a site, where nobody finds the documentation of one dataset.
    if links := [link for link in dataset.page if not is_placeholder(link) and not is_home_page(link)]:
        return passed("page", listed(links, 2))
    for distribution in addressed(dataset):
        if _is_documentation(distribution):
            return passed("distribution[].title", f"{distribution.title}: {distribution.url}")
    if (found := mention(dataset, "documentation")) is not None:
        return valued(context.partly(0.5, "page"), "description", found)
    about = dataset.landing_page
    if context.carries("page") and about and not is_placeholder(about) and not is_home_page(about):
        return valued(0.5, "landing_page", f"{about}: a page about the data, which may include documentation")
    return context.absent("page", "documentation")


def _is_documentation(distribution: Distribution) -> bool:
    named = _DOCUMENT_NAME.search(f"{distribution.title or ''} {distribution.description or ''}"[:_LONGEST_NAME])
    found = format_of(distribution) if named else None
    return bool(named) and (found is None or found.kind in ("document", "page"))


@criterion("collection-described")
def collection_described(dataset: Dataset, context: Context) -> Finding:
    # Lineage (GEMINI, DCAT) tells of collection as well as of sources, and so does what was done to clean the data.
    for field in ("provenance", "preprocessing"):
        if statement(dataset.collection) is None and (text := statement(getattr(dataset, field))) is not None:
            return passed(field, text)
    return stated(dataset, context, "collection", dataset.collection, "collection", "how the data were produced")


@criterion("limitations-described", shortest=_SHORTEST_LIMITATION)
def limitations_described(dataset: Dataset, context: Context) -> Finding:
    looked_for = "known limitations and errors"
    return stated(dataset, context, "limitations", dataset.limitations, "limitations", looked_for, _SHORTEST_LIMITATION)


@criterion("quality-measured")
def quality_measured(dataset: Dataset, context: Context) -> Finding:
    text = statement(dataset.quality)
    if text is not None:
        return valued(1.0 if _FIGURE.search(text) else context.partly(0.75, "quality"), "quality", text)
    found = mention(dataset, "quality")
    if found is not None:
        return valued(context.partly(0.5, "quality"), "description", found)
    if dataset.quality in ("true", "false") and context.carries(_place_of_quality(context)):
        # DCAT-US 1.1 has only room for a yes or no: whether the agency's own guidelines are met.
        return valued(0.25, "quality", f"dataQuality: {dataset.quality}, but not what was measured")
    return context.absent(_place_of_quality(context), "the quality of the data")


def _place_of_quality(context: Context) -> str:
    """`quality`, or `quality.flag` where the profile has room for a yes or no alone.

    A statement in the description is worth as much there as in a profile without any place: the flag cannot hold it.
    """
    return "quality.flag" if context.carries("quality.flag") else "quality"


@criterion("distributions-described")
def distributions_described(dataset: Dataset, context: Context) -> Finding:
    distributions = addressed(dataset)
    # The same words on several tell none of them apart, unless the format does (one table as CSV and as JSON).
    names = [(item.title, item.description, item.format.id if item.format else None) for item in distributions]
    counts = Counter(names)
    having = [_named(item) and counts[name] == 1 for item, name in zip(distributions, names, strict=True)]
    return share(dataset, context, "title", having, "a distinct name or description")


def _named(distribution: Distribution) -> bool:
    return any(text and _tells_apart(text) for text in (distribution.title, distribution.description))


@cached(4096)
def _tells_apart(text: str) -> bool:
    return len(text.split(None, 2)) >= 2 and not _SAYS_NOTHING.fullmatch(text[:_LONGEST_NAME])


@criterion(
    "plain-language",
    opening=OPENING,
    words=MOST_WORDS,
    abbreviations=MOST_ABBREVIATIONS,
    shortest=_SHORTEST_DESCRIPTION,
)
def plain_language(dataset: Dataset, context: Context) -> Finding:
    """1 where nothing stands in the way of the description's opening, 0.5 for one obstacle, 0 for more."""
    text = plain(dataset.description)
    if not text or is_placeholder(text):
        return context.absent("description", "a description")
    if len(text) < _SHORTEST_DESCRIPTION:
        return failed("description", f"{len(text)} characters, too few to understand: {text}")
    publisher = dataset.publisher
    names = (publisher.name or "", *publisher.sub_organization_of) if publisher is not None else ()
    found = obstacles(dataset.title, text, names)
    if not found:
        return passed("description", text)
    return valued(1 - len(found) / 2, "description", f"{'; '.join(found)}: {text}")


@criterion("columns-as-described")
def columns_as_described(dataset: Dataset, context: Context) -> Finding:
    """`data-dictionary-linked` asks for descriptions elsewhere; those beside the file can be held against it."""
    looked_for, field = "descriptions that match the columns of the file", "distribution.columns"
    return mean_of(dataset, context, described, looked_for, field, place="distribution[].columns")
