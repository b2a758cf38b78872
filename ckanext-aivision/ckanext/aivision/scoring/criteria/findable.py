"""Findable: can people and programs find the dataset and see what it is?"""

from __future__ import annotations

import functools
import re

from ckanext.aivision.normalise import media_types, themes
from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.geography import places as gazetteer
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.normalise.year_spans import find_period
from ckanext.aivision.record import Dataset, Location, PeriodOfTime
from ckanext.aivision.scoring.facts.coverage import IN_WORDS, period_in_words, place_in_words
from ckanext.aivision.scoring.facts.evidence import listed
from ckanext.aivision.scoring.facts.formats import leads_on
from ckanext.aivision.scoring.facts.text.keyword_regex import Near
from ckanext.aivision.scoring.facts.text.specifics import count_specifics
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, valued

_FILE_NAME = re.compile(r"\S+\.(?:csv|xlsx?|pdf|zip|shp|json|xml|txt|mdb)$|^\w+_\w+_\w+$", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[\W\d_]+")
# A part of a keyword that can name something: `river`, `uv`, `no2`; not `x1`.
_KEYWORD_PART = re.compile(r"[^\W\d_]{2}[^\W_]*")
_WORDS = re.compile(r"[^\W\d_]{2}")
_WEB_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
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
_DOI = re.compile(r"\b10\.\d{4,9}/\S+")
_REGISTERED_NAME = re.compile(r"\b(?:w3id\.org|purl\.(?:org|oclc\.org))/(\S*)", re.IGNORECASE)
# Every CKAN gives each package such a number; a harvest into another CKAN gives it a new one.
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_CKAN_PROFILES = {"ckan", "ckan-flat", "data-gov-uk", "aivision"}
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d{2}\b")
_UNREAD = "coordinates that cannot be read, as their system or form is not known"

# Periods before the first year are of the past and end there. Models look ahead.
_FIRST_YEAR, _MOST_YEARS_AHEAD = 1600, 100
# Numbers, names and words that would not fit every dataset, from which on a description can say what, how and for whom.
# Half of the descriptions of two dozen catalogues have eight or more; filler has none or one, however long it is.
_ENOUGH_SPECIFICS, _TOO_FEW_SPECIFICS, _TOO_FEW_CHARACTERS = 8, 2, 50
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
    too_short=_TOO_FEW_CHARACTERS,
    too_few=_TOO_FEW_SPECIFICS,
    words=_ENOUGH_SPECIFICS,
)
def description_substantive(dataset: Dataset, context: Context) -> Finding:
    text = plain(dataset.description)
    if not text or is_placeholder(text):
        return context.absent("description", "a description", dataset)
    has_address = "://" in text or "www." in text
    if not _WORDS.search(_WEB_ADDRESS.sub(" ", text) if has_address else text):
        return context.failure("description", f"{text}: an address, and no description")
    if text.lower() == dataset.title.strip().lower():
        return failed("description", "the description only repeats the title")
    if len(text) < _TOO_FEW_CHARACTERS:
        return failed("description", f"{len(text)} characters: {text}")
    own = count_specifics(text)
    if own < _TOO_FEW_SPECIFICS:
        return failed("description", f"{own} words that would not fit every dataset: {text}")
    value = min(1.0, own / _ENOUGH_SPECIFICS)
    return valued(value, "description", f"{own} words that would not fit every dataset: {text}")


@criterion("keywords-specific", enough=_ENOUGH_KEYWORDS)
def keywords_specific(dataset: Dataset, context: Context) -> Finding:
    # `sites 2019` and `sites 2020`, `stream` and `streams` are one keyword.
    specific = list({_stem(word): word for word in map(_specific, dataset.keyword) if word}.values())
    if not specific:
        written = [word for word in dataset.keyword if not is_placeholder(word)]
        if written:
            return context.failure("keyword", f"{listed(written)}: numbers, or words that would fit any dataset")
        return context.absent("keyword", "specific keywords", dataset)
    value = min(1.0, len(specific) / _ENOUGH_KEYWORDS)
    return valued(value, "keyword", f"{len(specific)} specific: {listed(specific)}")


@cached(16384)
def _specific(written: str) -> str:
    """A keyword in lower case; empty if it would fit any dataset."""
    word = written.strip().lower()
    if themes.is_no_theme(word) or is_placeholder(word) or addresses.is_address(word):
        return ""
    # `open data`, `statistics`, `x1 y2` and `csv` say nothing of what the data are about.
    own = [part for part in _KEYWORD_PART.findall(word) if part not in _generic_words()]
    return word if own and media_types.from_format(word).id is None else ""


@functools.cache
def _generic_words() -> frozenset[str]:
    return frozenset(word for row in rows("generic_keywords") for word in row["words"].split())


def _stem(word: str) -> str:
    """A keyword without its numbers and the ending of its plural."""
    return _NO_LETTERS.sub("", word).strip().removesuffix("s")


@criterion("theme-controlled")
def theme_controlled(dataset: Dataset, context: Context) -> Finding:
    controlled = [theme.id for theme in dataset.theme if theme.id]
    if controlled:
        return passed("theme", listed([str(theme) for theme in controlled]))
    given = [theme.original for theme in dataset.theme if not is_placeholder(theme.original)]
    written = [text for text in given if not themes.is_no_theme(text) and not _NO_LETTERS.fullmatch(text)]
    if given and not written:
        return context.failure("theme", f"{listed(given)}: names no theme")
    if written:
        return valued(0.5, "theme", f"{listed(written)}: not from a published vocabulary that we know")
    return context.absent("theme", "a theme", dataset)


@criterion("identifier-persistent")
def identifier_persistent(dataset: Dataset, context: Context) -> Finding:
    candidates = [dataset.identifier, *dataset.other_identifier]
    if dataset.bibliographic_citation:
        candidates.append(dataset.bibliographic_citation)
    for text in candidates:
        if (hit := _PERSISTENT.search(text[:2000])) and not _is_false(hit[0], text):
            return passed("identifier", hit[0] if len(hit[0]) > 12 else text)
    if address := next((text for text in candidates if addresses.is_public(text)), None):
        return valued(0.5, "identifier", f"{address}: an address, but not from a persistent identifier service")
    if dataset.profile in _CKAN_PROFILES and _UUID.fullmatch(dataset.identifier):
        return failed("identifier", f"{dataset.identifier}: CKAN's own number of the record, not of the data")
    return valued(0.25, "identifier", f"{dataset.identifier}: known only in this catalogue")


def _is_false(hit: str, text: str) -> bool:
    """Whether what is written as a persistent identifier names nothing: a test's DOI, a service without a name."""
    doi = _DOI.search(text[:2000])
    if doi is not None:
        return addresses.is_placeholder_doi(doi[0])
    if addresses.is_placeholder_handle(text):
        return True
    if (name := _REGISTERED_NAME.search(text)) is not None and name[1].strip("/").count("/") < 1:
        # The front door of a name space, which holds all that an organisation has there.
        return True
    return "/" in hit and addresses.is_address(text) and not leads_on(text)


@criterion("spatial-coverage-stated", words=IN_WORDS)
def spatial_coverage_stated(dataset: Dataset, context: Context) -> Finding:
    written = [place for place in dataset.spatial if not is_placeholder(place.original)]
    places = [place for place in written if not _is_nowhere(place)]
    faulty: Finding | None = None
    for place in (place for place in places if place.form != "text"):
        fault = gazetteer.fault_of(place)
        if fault is None or fault.gravity == "odd":
            return passed("spatial", f"{place.form}: {place.original}")
        faulty = faulty or valued(IN_WORDS, "spatial", f"{place.form}: {place.original}: {fault.words}")
    if faulty is not None:
        return faulty
    named = next((place for place in places if not gazetteer.is_figures(place)), None)
    if named is not None:
        return valued(IN_WORDS, "spatial", f"{named.original}: a name, which several places may share")
    if not places and any("not applicable" in place.original.lower() for place in dataset.spatial):
        return not_applicable("spatial", dataset.spatial[0].original)
    if (found := place_in_words(dataset)) is not None:
        return found
    if not written:
        return context.absent("spatial", "the place covered", dataset)
    first = (places or written)[0]
    fault = gazetteer.fault_of(first)
    why = f"coordinates that cannot be read: {fault.words}" if fault else _UNREAD
    return context.failure("spatial", f"{first.original}: {why if places else 'names no place'}")


def _is_nowhere(place: Location) -> bool:
    """Whether what stands for a place is none: levels of detail, or the corner of a map."""
    if gazetteer.is_empty(place):
        return True
    if place.bbox is None:
        return place.form == "text" and gazetteer.is_no_place(place.original)
    west, south, east, north = place.bbox
    return west == east and south == north and (west, south) in _NOWHERE


@criterion("temporal-coverage-stated", words=IN_WORDS, first_year=_FIRST_YEAR, years_ahead=_MOST_YEARS_AHEAD)
def temporal_coverage_stated(dataset: Dataset, context: Context) -> Finding:
    best: Finding | None = None
    for period in dataset.temporal:
        found = _period(period, context)
        if found is not None and (best is None or (found.value or 0) > (best.value or 0)):
            best = found
    if best is None or (best.value or 0) < IN_WORDS:
        # Data may end in the year after: a season, a school year.
        best = period_in_words(dataset, context.on.year + 1) or best
    if best is not None:
        return best
    if written := [period.original for period in dataset.temporal if not is_placeholder(period.original)]:
        return context.failure("temporal", f"{listed(written, 2)}: not a period that a program can read")
    return context.absent("temporal", "the period covered", dataset)


def _is_implausible(period: PeriodOfTime, context: Context) -> bool:
    """Whether a period is what programs write for none, as 0001 to 9999. Models do cover the years to come."""
    start, end, last = period.start, period.end, context.on.year + _MOST_YEARS_AHEAD
    if start is not None and start.year > last:
        return True
    if start is None or start.year >= _FIRST_YEAR:
        return end is not None and end.year > last + 10 * _MOST_YEARS_AHEAD
    return start.year == 1 or period.open_end or end is None or end.year > context.on.year + 1


def _period(period: PeriodOfTime, context: Context) -> Finding | None:
    if _is_implausible(period, context):
        return context.failure("temporal", f"{period.original}: no period that data can cover")
    if period.start and (period.end or period.open_end):
        if period.end is not None and period.end < period.start:
            return valued(0.25, "temporal", f"{period.original}: ends before it starts")
        return passed("temporal", period.original)
    if find_period(period.original, context.on.year + 1) is not None:
        return valued(IN_WORDS, "temporal", f"{period.original}: a period in words")
    if period.start or period.end or _YEAR.search(period.original):
        return valued(0.5, "temporal", f"{period.original}: not a start and an end that a program can read")
    return None


@criterion("metadata-language-stated")
def metadata_language_stated(dataset: Dataset, context: Context) -> Finding:
    if known := [f"{language.original} ({language.id})" for language in dataset.language if language.id]:
        return passed("language", listed(known))
    if written := [language.original for language in dataset.language if not is_placeholder(language.original)]:
        return failed("language", f"{listed(written)}: not a code or a name of ISO 639")
    return context.absent("language", "the language", dataset)
