"""Documented: does the record say how the data were produced, what they are good for and where they fail?"""

from __future__ import annotations

import re
from collections import Counter

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts.descriptions import FOR_PEOPLE, is_for_people, what_else
from ckanext.aivision.scoring.facts.distributions import addressed, data_files, documents
from ckanext.aivision.scoring.facts.evidence import Mention, find_fact, find_mention, listed, own_statement, share
from ckanext.aivision.scoring.facts.formats import format_of, has_unknown_name, leads_on
from ckanext.aivision.scoring.facts.table_quality import described, mean_of
from ckanext.aivision.scoring.facts.text.keyword_regex import Near
from ckanext.aivision.scoring.facts.text.plain_language import MOST_ABBREVIATIONS, MOST_WORDS, OPENING, obstacles
from ckanext.aivision.scoring.facts.variables import granularity_in_words
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
    r"pdf|zip|html?|xlsx?|xml|json|esri|rest|arcgis|ogc|w[mfc]s|geo|server|services?|api|endpoint|geodatabase|"
    r"feature|collection|layer|sqlite|spatialite|geopackage|gpkg|gdb|shape|km[lz]|excel|spreadsheet|provid(?:es|ing)|"
    r"direct(?:ly)?|access|ible|able|via|in|as|is|by|on|with|the|this|for|of|to|and|a|item|page|\W|\d)+",
    re.IGNORECASE,
)
_LONGEST_NAME = 300
# Of up to three digits: four may be a year.
_NUMBER = re.compile(r"\b\d{1,3}\b")
# The address of a page, not of a site.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s/]{3,200}/\w")
_SHORTEST_DESCRIPTION = 50
# The level of detail, or whether the data are raw or derived, without the other.
_ONE_DETAIL = 0.6


@criterion("documentation-linked", for_people=FOR_PEOPLE)
def documentation_linked(dataset: Dataset, context: Context) -> Finding:
    # 5,124 real records refer to the front door of a site, where nobody finds the documentation of one dataset.
    links = [link for text in dataset.page for link in addresses.public_in(text) if not what_else(link, dataset)]
    if links:
        # A guide in a PDF or the like is documentation for people alone (Commerce 2.2.2).
        value = FOR_PEOPLE if all(map(is_for_people, links)) else 1.0
        return valued(value, "page", listed(links, 2))
    for distribution in (*documents(dataset), *addressed(dataset)):
        if _is_documentation(distribution):
            return passed("distribution[].title", f"{distribution.title}: {distribution.url}")
    # Words that give the address are as good as a field that does.
    linked, found = find_mention(dataset, "documentation_address"), find_mention(dataset, "documentation")
    for told in (linked, found):
        if told is not None and _gives_address(told.evidence, dataset):
            return passed(told.field, told.evidence)
    if found is not None:
        return valued(0.5, found.field, found.evidence)
    about = dataset.landing_page
    if context.carries("page") and about and leads_on(about):
        return valued(0.5, "landing_page", f"{about}: a page about the data, which may include documentation")
    if written := [text for text in dataset.page if not is_placeholder(text)]:
        why = what_else(written[0], dataset)
        return context.failure("page", f"{written[0]}: {why}")
    return context.absent("page", "documentation", dataset)


def _gives_address(evidence: str, dataset: Dataset) -> bool:
    """Whether words give an address that describes the data, and is not that of the data or of their page."""
    words = evidence.replace("…", " ").replace(")", " ")
    return any(_ADDRESS.match(link) and not what_else(link, dataset) for link in addresses.public_in(words))


def _is_documentation(distribution: Distribution) -> bool:
    named = _DOCUMENT_NAME.search(f"{distribution.title or ''} {distribution.description or ''}"[:_LONGEST_NAME])
    found = format_of(distribution) if named else None
    return bool(named) and (found is None or found.kind in ("document", "page"))


@criterion("collection-described")
def collection_described(dataset: Dataset, context: Context) -> Finding:
    # Lineage (GEMINI, DCAT) tells of collection as well as of sources, and so does what was done to clean the data.
    if own_statement(dataset.collection) is None:
        for field, text in (("provenance", dataset.provenance), ("preprocessing", dataset.preprocessing)):
            if (told := own_statement(text)) is not None:
                return passed(field, told)
    return find_fact(
        dataset,
        context,
        "collection",
        dataset.collection,
        "collection",
        "how the data were produced",
        "provenance",
        "preprocessing",
    )


@criterion("limitations-described")
def limitations_described(dataset: Dataset, context: Context) -> Finding:
    looked_for = "known limitations and errors"
    return find_fact(dataset, context, "limitations", dataset.limitations, "limitations", looked_for)


@criterion("granularity-described", one=_ONE_DETAIL)
def granularity_described(dataset: Dataset, context: Context) -> Finding:
    told = granularity_in_words(dataset)
    for field in ("spatial_resolution", "temporal_resolution"):
        resolution = getattr(dataset, field)
        if resolution and not is_placeholder(resolution) and any(map(str.isdigit, resolution)):
            told.append(Mention(field, resolution))
    if not told:
        return context.absent("description", "the level of detail, and whether the data are raw or derived", dataset)
    return valued(1.0 if len(told) > 1 else _ONE_DETAIL, told[0].field, " / ".join(each.evidence for each in told))


@criterion("quality-measured")
def quality_measured(dataset: Dataset, context: Context) -> Finding:
    text = own_statement(dataset.quality)
    told = Mention("quality", text) if text is not None else find_mention(dataset, "quality")
    if told is not None:
        return passed(told.field, told.evidence)
    if dataset.quality in ("true", "false") and context.carries(_place_of_quality(context)):
        # DCAT-US 1.1 has only room for a yes or no: whether the agency's own guidelines are met.
        return valued(0.25, "quality", f"dataQuality: {dataset.quality}, but not what was measured")
    return context.absent(_place_of_quality(context), "the quality of the data", dataset)


def _place_of_quality(context: Context) -> str:
    """`quality`, or `quality.flag` where the profile has room for a yes or no alone."""
    return "quality.flag" if context.carries("quality.flag") else "quality"


@criterion("distributions-described")
def distributions_described(dataset: Dataset, context: Context) -> Finding:
    distributions = data_files(dataset)
    # The same words on several tell none of them apart, unless the format does (one table as CSV and as JSON); a
    # number alone, as in `part 3`, does not either.
    names = [
        (_without_number(item.title), _without_number(item.description), _format_id(item)) for item in distributions
    ]
    counts = Counter(names)
    having = [
        _named(item) and counts[name] == 1 and not _is_called_data(item)
        for item, name in zip(distributions, names, strict=True)
    ]
    return share(dataset, context, "title", having, "a distinct name or description")


def _named(distribution: Distribution) -> bool:
    return any(text and _tells_apart(text) for text in (distribution.title, distribution.description))


def _is_called_data(distribution: Distribution) -> bool:
    """Whether what is no table is called one: `Stream survey records, CSV` is the name of another file than a PDF."""
    found = format_of(distribution)
    is_other = has_unknown_name(distribution) or (found is not None and found.kind in ("document", "image"))
    if not is_other:
        return False
    return media_types.format_in_words(distribution.title or "") is not None


def _format_id(distribution: Distribution) -> str | None:
    """The format by whatever tells it, so that a format told by its media type alone counts the same."""
    found = format_of(distribution)
    return found.key if found is not None else None


def _without_number(text: str | None) -> str:
    return _NUMBER.sub("", text or "")


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
        return context.absent("description", "a description", dataset)
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
