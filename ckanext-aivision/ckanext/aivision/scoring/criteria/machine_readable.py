"""Machine-readable: can a program read the data, and know what the columns mean?"""

from __future__ import annotations

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring import tables
from ckanext.aivision.scoring.distributions import addressed, formatted, is_home_page, restriction
from ckanext.aivision.scoring.evidence import listed, share
from ckanext.aivision.scoring.near import Near
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, valued
from ckanext.aivision.scoring.tables import mean_of

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
# Standards of the metadata themselves say nothing about the data.
_METADATA_STANDARDS = ("project-open-data", "dcat", "gemini", "iso 19115", "iso19115", "inspire-metadata", "gmd")
# Worth of a format by what it is: structured and open, structured, a pack of unknown content.
_OPEN_STRUCTURED, _STRUCTURED, _ARCHIVE = 1.0, 0.75, 0.5
# Under this size a CSV is as quick to load as anything.
_SMALL = 10 * 2**20


@criterion("format-structured")
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
        return failed("distribution[].format", "no format is given, and the addresses show none")
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


@criterion("format-efficient")
def format_efficient(dataset: Dataset, context: Context) -> Finding:
    distributions = addressed(dataset)
    for distribution, found in formatted(dataset):
        packed = str(distribution.url).lower().endswith((".csv.gz", ".csv.zip", ".json.gz", ".ndjson.gz"))
        if packed or (found is not None and found.efficient):
            return passed("distribution[].format", distribution.url)
    if (reason := restriction(dataset)) is not None:
        return not_applicable("distribution[].format", reason)
    if not distributions:
        return context.absent("distribution", "a form made for bulk")
    sizes = [distribution.byte_size for distribution in distributions]
    if all(size is not None and size < _SMALL for size in sizes):
        return not_applicable("distribution[].byte_size", "every file is under 10 MB")
    return failed("distribution[].format", f"{len(distributions)} distributions, none in a form made for bulk")


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
        if link and not is_home_page(link) and not is_placeholder(link):
            return passed(field, link)
    if any(distribution.datastore_active for distribution in dataset.distribution):
        half = context.partly(0.5, "described_by", "distribution.columns")
        return valued(half, "distribution[].datastore_active", "the data API gives column names and types, no meanings")
    for distribution in dataset.distribution:
        name = f"{distribution.title or ''} {distribution.description or ''}"[:500]
        if hit := _DICTIONARY.search(name):
            half = context.partly(0.5, "described_by", "distribution.columns")
            return valued(half, "distribution[].title", f"{hit[0]}: {distribution.url}")
    if (home := next((link for link, _ in links if link), None)) is not None:
        evidence = f"the link to a home page ({home}) apart, a description of the columns"
        return context.absent("described_by" if context.carries("described_by") else "distribution.columns", evidence)
    field = "described_by" if context.carries("described_by") else "distribution.columns"
    return context.absent(field, "a description of the columns")


@criterion("standard-conformance-stated")
def standard_conformance_stated(dataset: Dataset, context: Context) -> Finding:
    named = [*dataset.conforms_to, *(text for item in dataset.distribution for text in item.conforms_to)]
    named = [text for text in named if not is_placeholder(text)]
    for text in named:
        lowered = text.lower()
        if not any(standard in lowered for standard in _METADATA_STANDARDS):
            return passed("conforms_to", text)
    if named:
        return valued(
            context.partly(0.25, "conforms_to"),
            "conforms_to",
            f"{named[0]}: a standard of the metadata, not of the data",
        )
    return context.absent("conforms_to", "the standard that the data follow")


@criterion("file-as-declared")
def file_as_declared(dataset: Dataset, context: Context) -> Finding:
    fields = ("distribution.format", "distribution.media_type")
    return mean_of(dataset, context, tables.as_declared, "files that are what their format says", *fields)


@criterion("header-usable")
def header_usable(dataset: Dataset, context: Context) -> Finding:
    return mean_of(dataset, context, tables.header, "one clean row of names")


@criterion("values-typed")
def values_typed(dataset: Dataset, context: Context) -> Finding:
    return mean_of(dataset, context, tables.typed, "figures and dates as programs read them")


@criterion("missing-values-marked")
def missing_values_marked(dataset: Dataset, context: Context) -> Finding:
    return mean_of(dataset, context, tables.marked, "one mark for missing values")


@criterion("rows-identifiable")
def rows_identifiable(dataset: Dataset, context: Context) -> Finding:
    return mean_of(dataset, context, tables.identified, "a key")
