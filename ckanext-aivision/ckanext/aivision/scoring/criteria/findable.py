"""Findable: can people and programs find the dataset and see what it is?"""

from __future__ import annotations

import re

from ckanext.aivision.normalise import places as gazetteer
from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.record import Dataset, Location, PeriodOfTime
from ckanext.aivision.scoring.facts.evidence import listed
from ckanext.aivision.scoring.facts.keyword_regex import Near
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, valued

_FILE_NAME = re.compile(r"\S+\.(?:csv|xlsx?|pdf|zip|shp|json|xml|txt|mdb)$|^\w+_\w+_\w+$", re.IGNORECASE)
_GENERIC_KEYWORDS = {"data", "dataset", "data set", "open data", "opendata", "gis", "other", "general", "misc", "none"}
_PERSISTENT = Near(
    r"\b10\.\d{4,9}/\S+|(?:doi\.org|hdl\.handle\.net|w3id\.org|purl\.\w+|n2t\.net)/|\bark:/?\d{5}|\bhdl:",
    "10.",
    "doi.org",
    "hdl",
    "w3id.org",
    "purl.",
    "n2t.net",
    "ark:",
)
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d{2}\b")

# From this many distinct words on a description can say what, how and for whom; padding repeats itself.
_ENOUGH_WORDS, _ENOUGH_CHARACTERS, _TOO_FEW_CHARACTERS = 20, 150, 50
# What a description that is long enough to hold something is worth at the least.
_LEAST_DESCRIPTION = 0.25
_ENOUGH_KEYWORDS = 3
_SHORTEST_TITLE, _LONGEST_TITLE, _FEWEST_TITLE_WORDS = 10, 200, 3
# Boxes without extent at the corners of the map and at 0/0 are what programs write where they know none: 30 global
# products of the corpus are at -180/90.
_NOWHERE = {(0.0, 0.0)} | {(west, south) for west in (-180.0, 180.0) for south in (-90.0, 90.0)}


@criterion("title-descriptive", shortest=_SHORTEST_TITLE, longest=_LONGEST_TITLE, words=_FEWEST_TITLE_WORDS)
def title_descriptive(dataset: Dataset, context: Context) -> Finding:
    title = dataset.title.strip()
    if is_placeholder(title):
        return failed("title", title)
    faults = []
    if not _SHORTEST_TITLE <= len(title) <= _LONGEST_TITLE:
        faults.append(f"{len(title)} characters ({_SHORTEST_TITLE} to {_LONGEST_TITLE} are good)")
    if len(title.split()) < _FEWEST_TITLE_WORDS:
        faults.append("fewer than three words")
    # The time for this grows with the square of the length.
    if len(title) <= _LONGEST_TITLE and ("_" in title or "." in title[-5:]) and _FILE_NAME.search(title):
        faults.append("it looks like a file name")
    if title.isupper() and len(title) > 10:
        faults.append("all in capitals")
    return valued(0.5, "title", f"{title}: {'; '.join(faults)}") if faults else passed("title", title)


@criterion(
    "description-substantive",
    too_few=_TOO_FEW_CHARACTERS,
    least=_LEAST_DESCRIPTION,
    characters=_ENOUGH_CHARACTERS,
    words=_ENOUGH_WORDS,
)
def description_substantive(dataset: Dataset, context: Context) -> Finding:
    text = plain(dataset.description)
    if not text or is_placeholder(text):
        return context.absent("description", "a description")
    if (lower := text.lower()) == dataset.title.strip().lower():
        return failed("description", "the description only repeats the title")
    if len(text) < _TOO_FEW_CHARACTERS:
        return failed("description", f"{len(text)} characters: {text}")
    distinct = len(set(lower.split()))
    span = (len(text) - _TOO_FEW_CHARACTERS) / (_ENOUGH_CHARACTERS - _TOO_FEW_CHARACTERS)
    # From 50 characters on there is something; the rest grows with length and with what is not repetition.
    value = _LEAST_DESCRIPTION + (1 - _LEAST_DESCRIPTION) * min(1.0, span, distinct / _ENOUGH_WORDS)
    return valued(value, "description", f"{len(text)} characters, {distinct} different words: {text}")


@criterion("keywords-specific", enough=_ENOUGH_KEYWORDS)
def keywords_specific(dataset: Dataset, context: Context) -> Finding:
    specific = [word for word in dict.fromkeys(map(_specific, dataset.keyword)) if word]
    if not specific:
        return context.absent("keyword", "specific keywords")
    value = context.partly(min(1.0, len(specific) / _ENOUGH_KEYWORDS), "keyword")
    return valued(value, "keyword", f"{len(specific)} specific: {listed(specific)}")


@cached(16384)
def _specific(written: str) -> str:
    """A keyword in lower case; empty if it would fit any dataset."""
    word = written.strip().lower()
    return "" if word in _GENERIC_KEYWORDS or is_placeholder(word) else word


@criterion("theme-controlled")
def theme_controlled(dataset: Dataset, context: Context) -> Finding:
    controlled = [theme.id for theme in dataset.theme if theme.id]
    if controlled:
        return passed("theme", listed([str(theme) for theme in controlled]))
    written = [theme.original for theme in dataset.theme if not is_placeholder(theme.original)]
    if written:
        return valued(
            context.partly(0.5, "theme"), "theme", f"{listed(written)}: not from a published vocabulary that we know"
        )
    return context.absent("theme", "a theme")


@criterion("identifier-persistent")
def identifier_persistent(dataset: Dataset, context: Context) -> Finding:
    candidates = [dataset.identifier, *dataset.other_identifier]
    if dataset.bibliographic_citation:
        candidates.append(dataset.bibliographic_citation)
    for text in candidates:
        if hit := _PERSISTENT.search(text[:2000]):
            return passed("identifier", hit[0] if len(hit[0]) > 12 else text)
    if address := next((text for text in candidates if text.lower().startswith(("http://", "https://"))), None):
        return valued(0.5, "identifier", f"{address}: an address, but not from a persistent identifier service")
    return valued(0.25, "identifier", f"{dataset.identifier}: known only in this catalogue")


@criterion("spatial-coverage-stated")
def spatial_coverage_stated(dataset: Dataset, context: Context) -> Finding:
    written = [place for place in dataset.spatial if not is_placeholder(place.original)]
    places = [place for place in written if not _is_nowhere(place)]
    if not places:
        if any("not applicable" in place.original.lower() for place in dataset.spatial):
            return not_applicable("spatial", dataset.spatial[0].original)
        false = f" ({written[0].original} names none)" if written else ""
        return context.absent("spatial", f"the place covered{false}")
    for place in places:
        if place.form != "text":
            return passed("spatial", f"{place.form}: {place.original}")
    return valued(
        context.partly(0.5, "spatial"), "spatial", f"{places[0].original}: a name, which several places may share"
    )


def _is_nowhere(place: Location) -> bool:
    """Whether what stands for a place is none: levels of detail, or the corner of a map."""
    if place.bbox is None:
        return place.form == "text" and gazetteer.is_no_place(place.original)
    west, south, east, north = place.bbox
    return west == east and south == north and (west, south) in _NOWHERE


@criterion("temporal-coverage-stated")
def temporal_coverage_stated(dataset: Dataset, context: Context) -> Finding:
    best: Finding | None = None
    for period in dataset.temporal:
        found = _period(period, context)
        if found is not None and (best is None or (found.value or 0) > (best.value or 0)):
            best = found
    return best or context.absent("temporal", "the period covered")


def _period(period: PeriodOfTime, context: Context) -> Finding | None:
    if period.start and (period.end or period.open_end):
        if period.end is not None and period.end < period.start:
            return valued(context.partly(0.25, "temporal"), "temporal", f"{period.original}: ends before it starts")
        return passed("temporal", period.original)
    if period.start or period.end or _YEAR.search(period.original):
        return valued(
            context.partly(0.5, "temporal"),
            "temporal",
            f"{period.original}: not a start and an end that a program can read",
        )
    return None
