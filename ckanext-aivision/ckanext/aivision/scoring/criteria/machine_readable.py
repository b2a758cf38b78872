"""Machine-readable: can a program read the data, and know what the columns mean?"""

from __future__ import annotations

import functools

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts import table_quality as tables
from ckanext.aivision.scoring.facts.distributions import addressed, formatted, is_home_page, restriction
from ckanext.aivision.scoring.facts.evidence import listed, share
from ckanext.aivision.scoring.facts.keyword_regex import Near
from ckanext.aivision.scoring.facts.table_quality import mean_of
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, shorten, valued

_DICTIONARY = Near(
    r"\b(?:data[ _-]?dictionar(?:y|ies)|code ?book|(?:field|column|variable|attribute)s? (?:descriptions?|definitions?|"
    r"list)|record layout|file layout|schema|metadata)\b",
    "dictionar",
    "book",
    "field",
    "column",
    "variable",
    "attribute",
    "layout",
    "schema",
    "metadata",
)
_METADATA_STANDARD = 0.25
# Standards of the metadata themselves say nothing about the data.
_METADATA_STANDARDS = ("project-open-data", "dcat", "gemini", "iso 19115", "iso19115", "inspire-metadata", "gmd")
# Worth of a format by what it is: structured and open, structured, a pack of unknown content.
_OPEN_STRUCTURED, _STRUCTURED, _ARCHIVE = 1.0, 0.75, 0.5
# Under this size a CSV is as quick to load as anything.
_SMALL_MEGABYTES = 10
_SMALL = _SMALL_MEGABYTES * 2**20


@criterion("format-structured", structured=_STRUCTURED, archive=_ARCHIVE)
def format_structured(dataset: Dataset, context: Context) -> Finding:
    best, shown, formats = -1.0, "", []
    for distribution, found in formatted(dataset):
        if found is None:
            continue
        formats.append(found.key)
        worth = _worth(found)
        if worth > best:
            best, shown = worth, f"{found.key}: {distribution.url}"
    if best > 0:
        return valued(best, "distribution[].format", shown)
    if (reason := restriction(dataset)) is not None:
        return not_applicable("distribution[].format", reason)
    if formats:
        return failed("distribution[].format", f"only {listed(sorted(set(formats)))}")
    if dataset.distribution:
        return failed("distribution[].format", "no format is given or visible in the links")
    return context.absent("distribution", "a distribution with a format")


def _worth(found: media_types.Format) -> float:
    if found.structured:
        return _OPEN_STRUCTURED if found.open else _STRUCTURED
    return _ARCHIVE if found.kind == "archive" else 0.0


@criterion("media-type-registered")
def media_type_registered(dataset: Dataset, context: Context) -> Finding:
    distributions = addressed(dataset)
    having = [_true_media_type(distribution) for distribution in distributions]
    wrong = [
        item.media_type.original
        for item, true in zip(distributions, having, strict=True)
        if item.media_type is not None and not true
    ]
    looked_for = "a registered media type"
    if wrong:
        looked_for += f" (wrong or unregistered: {listed(sorted(set(wrong)))})"
    return share(dataset, context, "media_type", having, looked_for)


def _true_media_type(distribution: Distribution) -> bool:
    if distribution.media_type is None or distribution.media_type.id is None:
        return False
    declared = media_types.from_format(distribution.media_type.id).id
    shown = media_types.of_url(distribution.url).id if distribution.url else None
    if shown in (None, "HTML") or declared is None or declared == shown:
        return True
    # A packed table may be declared as either, and a spreadsheet's old and new names are one to most people.
    return {declared, shown} <= {"ZIP", "GZIP", "CSV", "SHP", "GDB", "GTFS"} or {declared, shown} <= {"XLS", "XLSX"}


@criterion("format-efficient", megabytes=_SMALL_MEGABYTES)
def format_efficient(dataset: Dataset, context: Context) -> Finding:
    distributions = addressed(dataset)
    for distribution, found in formatted(dataset):
        packed = str(distribution.url).lower().endswith((".csv.gz", ".csv.zip", ".json.gz", ".ndjson.gz"))
        if packed or (found is not None and found.efficient):
            return passed("distribution[].format", distribution.url)
    if (reason := restriction(dataset)) is not None:
        return not_applicable("distribution[].format", reason)
    if not distributions:
        return context.absent("distribution", "a format suited to bulk use")
    sizes = [distribution.byte_size for distribution in distributions]
    if all(size is not None and size < _SMALL for size in sizes):
        return not_applicable("distribution[].byte_size", f"every file is under {_SMALL_MEGABYTES} MB")
    return failed("distribution[].format", f"{len(distributions)} distributions, none in a format suited to bulk use")


@criterion("data-dictionary-linked")
def data_dictionary_linked(dataset: Dataset, context: Context) -> Finding:
    for distribution in dataset.distribution:
        if distribution.columns:
            return passed(
                "distribution[].columns", f"{len(distribution.columns)} columns: {listed(distribution.columns)}"
            )
    links = [(dataset.described_by, "described_by")]
    links += [(distribution.described_by, "distribution[].described_by") for distribution in dataset.distribution]
    for link, field in links:
        if link and _is_link(link) and not is_home_page(link) and not is_placeholder(link):
            return passed(field, link)
    if any(distribution.datastore_active for distribution in dataset.distribution):
        half = context.partly(0.5, "described_by", "distribution.columns")
        return valued(
            half, "distribution[].datastore_active", "the data API gives column names and types, but no meanings"
        )
    for distribution in dataset.distribution:
        name = f"{distribution.title or ''} {distribution.description or ''}"[:500]
        if hit := _DICTIONARY.search(name):
            half = context.partly(0.5, "described_by", "distribution.columns")
            return valued(half, "distribution[].title", f"{hit[0]}: {distribution.url}")
    if (other := next((link for link, _ in links if link), None)) is not None:
        what = "the link to a home page" if _is_link(other) else "what is no link"
        evidence = f"{what} ({shorten(other, 100)}) apart, a description of the columns"
        return context.absent("described_by" if context.carries("described_by") else "distribution.columns", evidence)
    field = "described_by" if context.carries("described_by") else "distribution.columns"
    return context.absent(field, "a description of the columns")


def _is_link(text: str) -> bool:
    """Whether a program can follow it: an address has no spaces within, and sentences have."""
    return len(text.split(None, 1)) == 1


@criterion("standard-conformance-stated", metadata=_METADATA_STANDARD)
def standard_conformance_stated(dataset: Dataset, context: Context) -> Finding:
    named = [*dataset.conforms_to, *(text for item in dataset.distribution for text in item.conforms_to)]
    named = [text for text in named if not is_placeholder(text)]
    of_metadata = [text for text in named if any(standard in text.lower() for standard in _METADATA_STANDARDS)]
    false = [text for text in named if text not in of_metadata and (is_home_page(text) or _is_of_others(text, dataset))]
    if (text := next((text for text in named if text not in of_metadata and text not in false), None)) is not None:
        return passed("conforms_to", text)
    if of_metadata:
        return valued(
            context.partly(_METADATA_STANDARD, "conforms_to"),
            "conforms_to",
            f"{of_metadata[0]}: a standard for the metadata, not for the data",
        )
    apart = f"{shorten(false[0], 100)} apart, which is not for this kind of data, " if false else ""
    return context.absent("conforms_to", f"{apart}the standard that the data follow")


def _is_of_others(standard: str, dataset: Dataset) -> bool:
    """Whether a standard is of one kind of data alone, and the record speaks of nothing of that kind."""
    for part, words in _schemas():
        if part in standard.lower():
            about = " ".join((dataset.title, plain(dataset.description), *dataset.keyword)).lower()
            return not any(word in about for word in words)
    return False


@functools.cache
def _schemas() -> list[tuple[str, list[str]]]:
    return [(row["part"], row["words"].split()) for row in rows("schemas")]


@criterion("file-as-declared")
def file_as_declared(dataset: Dataset, context: Context) -> Finding:
    fields = ("distribution.format", "distribution.media_type")
    return mean_of(dataset, context, tables.as_declared, "files that match their stated format", *fields)


@criterion("header-usable", per_cent=100 * tables.MOST_UNEVEN)
def header_usable(dataset: Dataset, context: Context) -> Finding:
    return mean_of(dataset, context, tables.header, "one clean header row")


@criterion("values-typed")
def values_typed(dataset: Dataset, context: Context) -> Finding:
    return mean_of(dataset, context, tables.typed, "machine-readable numbers and dates")


@criterion("missing-values-marked")
def missing_values_marked(dataset: Dataset, context: Context) -> Finding:
    return mean_of(dataset, context, tables.marked, "one marker for missing values")


@criterion("rows-identifiable", fewest=tables.FEWEST_ROWS)
def rows_identifiable(dataset: Dataset, context: Context) -> Finding:
    return mean_of(dataset, context, tables.identified, "a key")
