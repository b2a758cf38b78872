"""Machine-readable: can a program read the data, and know what the columns mean?"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts import table_quality as tables
from ckanext.aivision.scoring.facts.descriptions import (
    FOR_PEOPLE,
    NAMED_DICTIONARY,
    is_for_people,
    is_interface,
    what_else,
)
from ckanext.aivision.scoring.facts.distributions import (
    addressed,
    data_files,
    documents,
    formatted,
    leads_nowhere,
    restriction,
    wrong_address,
)
from ckanext.aivision.scoring.facts.evidence import listed, no_address, share
from ckanext.aivision.scoring.facts.formats import (
    format_of,
    has_true_media_type,
    has_unknown_name,
    is_described,
    is_folder,
    why_untrue,
)
from ckanext.aivision.scoring.facts.metadata_standards import find_learning_vocabulary, find_profile
from ckanext.aivision.scoring.facts.table_quality import mean_of
from ckanext.aivision.scoring.facts.variables import ONE, SEVERAL, variables_in_words
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.remember_last import once_each_pair
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, shorten, valued

_METADATA_STANDARD = 0.25
# A dictionary that gives no meanings, or that is inside a data file.
_NAMES_ALONE = 0.5
# Standards of the metadata themselves say nothing about the data.
_METADATA_STANDARDS = ("project-open-data", "dcat", "gemini", "iso 19115", "iso19115", "inspire-metadata", "gmd")
# Worth of a format by what it is: structured and open, structured, a pack of unknown content.
_OPEN_STRUCTURED, _STRUCTURED, _ARCHIVE = 1.0, 0.75, 0.5
# A file that is declared at the address of a folder.
_FOLDER = 0.5
# Under this size a CSV is as quick to load as anything.
_SMALL_MEGABYTES = 10
_SMALL = _SMALL_MEGABYTES * 2**20


@criterion("format-structured", structured=_STRUCTURED, archive=_ARCHIVE, folder=_FOLDER)
def format_structured(dataset: Dataset, context: Context) -> Finding:
    best, shown, formats = -1.0, "", []
    for distribution, found in formatted(dataset):
        if found is None:
            continue
        formats.append(found.key)
        worth = _worth(distribution, found)
        if worth > best:
            doubt = ": a folder, which may hold other files" if is_folder(str(distribution.url), found) else ""
            best, shown = worth, f"{found.key}: {distribution.url}{doubt}"
    if best > 0:
        return valued(best, "distribution[].format", shown)
    if (reason := restriction(dataset)) is not None:
        return not_applicable("distribution[].format", reason)
    if formats:
        return failed("distribution[].format", f"only {listed(sorted(set(formats)))}")
    if addressed(dataset):
        return failed("distribution[].format", _why_no_format(dataset))
    return no_address(dataset, context, "a distribution with a format")


def _why_no_format(dataset: Dataset) -> str:
    given = (term for item in addressed(dataset) for term in (item.format, item.media_type) if term is not None)
    written = list(dict.fromkeys(term.original for term in given if not is_placeholder(term.original)))
    if (
        item := next((item for item, found in formatted(dataset) if found is None and format_of(item)), None)
    ) is not None:
        shown = "another kind of file" if has_unknown_name(item) else "a page, not of a file or an API"
        return f"{listed(written)}: but {item.url} looks like the address of {shown}"
    if written:
        return f"{listed(written)}: no format that we know, and none is visible in the links"
    return "no format is given or visible in the links"


def _worth(distribution: Distribution, found: media_types.Format) -> float:
    if found.key == "API" and not is_described(distribution):
        # Somebody calls it an API; what it gives, and how to ask for it, nothing says.
        return 0.0
    if is_folder(str(distribution.url), found) and not distribution.datastore_active:
        return _FOLDER if found.structured else 0.0
    if found.structured:
        return _OPEN_STRUCTURED if found.open else _STRUCTURED
    return _ARCHIVE if found.kind == "archive" else 0.0


@criterion("media-type-registered")
def media_type_registered(dataset: Dataset, context: Context) -> Finding:
    distributions = data_files(dataset)
    having = [has_true_media_type(distribution) for distribution in distributions]
    wrong = {
        f"{item.media_type.original} ({why_untrue(item)})"
        for item, true in zip(distributions, having, strict=True)
        if item.media_type is not None and not true
    }
    return share(dataset, context, "media_type", having, "a registered media type", sorted(wrong))


@criterion("format-efficient", megabytes=_SMALL_MEGABYTES)
def format_efficient(dataset: Dataset, context: Context) -> Finding:
    distributions = data_files(dataset)
    for distribution, found in formatted(dataset):
        packed = str(distribution.url).lower().endswith((".csv.gz", ".csv.zip", ".json.gz", ".ndjson.gz"))
        if packed or (found is not None and found.efficient):
            return passed("distribution[].format", distribution.url)
    if (reason := restriction(dataset)) is not None:
        return not_applicable("distribution[].format", reason)
    if not distributions:
        return no_address(dataset, context, "a format suited to bulk use")
    sizes = [distribution.byte_size for distribution in distributions]
    if all(size is not None and size < _SMALL for size in sizes):
        return not_applicable("distribution[].byte_size", f"every file is under {_SMALL_MEGABYTES} MB")
    return failed("distribution[].format", f"{len(distributions)} distributions, none in a format suited to bulk use")


@criterion("data-dictionary-linked", for_people=FOR_PEOPLE)
@once_each_pair
def data_dictionary_linked(dataset: Dataset, context: Context) -> Finding:
    for distribution in dataset.distribution:
        if distribution.columns:
            return passed(
                "distribution[].columns", f"{len(distribution.columns)} columns: {listed(distribution.columns)}"
            )
    for link, field, of_service in _descriptions(dataset):
        kind = dataset.described_by_type if field == "described_by" else None
        if not what_else(link, dataset) and not is_interface(link, kind, of_service):
            return valued(FOR_PEOPLE if is_for_people(link) else 1.0, field, link)
    for distribution in (*documents(dataset), *addressed(dataset)):
        name = f"{distribution.title or ''} {distribution.description or ''}"[:500]
        if hit := NAMED_DICTIONARY.search(name):
            return valued(
                _worth_as_dictionary(dataset, distribution), "distribution[].title", f"{hit[0]}: {distribution.url}"
            )
    if any(distribution.datastore_active for distribution in dataset.distribution):
        return valued(
            _NAMES_ALONE,
            "distribution[].datastore_active",
            "the data API gives column names and types, but no meanings",
        )
    field = "described_by" if context.carries("described_by") else "distribution.columns"
    if (other := next((link for link, _, _ in _descriptions(dataset) if not is_placeholder(link)), None)) is not None:
        why = what_else(other, dataset) or "describes an API, not the columns"
        return context.failure(field, f"{shorten(other, 100)}: {why}")
    return context.absent(field, "a description of the columns", dataset, "described_by", "distribution.described_by")


def _descriptions(dataset: Dataset) -> Iterator[tuple[str, str, bool]]:
    """The addresses of descriptions, where each stands, and whether it is of a service."""
    if dataset.described_by:
        yield dataset.described_by, "described_by", False
    for distribution in dataset.distribution:
        if distribution.described_by:
            yield distribution.described_by, "distribution[].described_by", _is_service(distribution)


def _is_service(distribution: Distribution) -> bool:
    found = format_of(distribution)
    return found is not None and found.kind == "service"


def _worth_as_dictionary(dataset: Dataset, distribution: Distribution) -> float:
    """One that is listed as such is a dictionary; words in the name of a data file say only that there is one in it."""
    if distribution not in documents(dataset):
        return _NAMES_ALONE
    return FOR_PEOPLE if is_for_people(str(distribution.url)) else 1.0


@criterion("variables-described", several=SEVERAL, one=ONE)
def variables_described(dataset: Dataset, context: Context) -> Finding:
    # That a data API gives types alone is one fact of several.
    dictionary = data_dictionary_linked(dataset, context)
    if dictionary.value and dictionary.field != "distribution[].datastore_active":
        return passed(dictionary.field, dictionary.evidence)
    found = variables_in_words(dataset)
    kinds = len(found) + bool(dictionary.value)
    if not kinds:
        return context.absent("description", "units, codes, missing values or what one row stands for", dataset)
    evidence = " / ".join(each.evidence for each in found) or dictionary.evidence
    return valued(SEVERAL if kinds > 1 else ONE, found[0].field if found else dictionary.field, evidence)


@criterion("standard-conformance-stated", metadata=_METADATA_STANDARD)
def standard_conformance_stated(dataset: Dataset, context: Context) -> Finding:
    named = [*dataset.conforms_to, *(text for item in dataset.distribution for text in item.conforms_to)]
    named = [text for text in named if not is_placeholder(text)]
    of_metadata = [text for text in named if any(standard in text.lower() for standard in _METADATA_STANDARDS)]
    false = [
        text for text in named if text not in of_metadata and (leads_nowhere(text) or _is_of_others(text, dataset))
    ]
    if (text := next((text for text in named if text not in of_metadata and text not in false), None)) is not None:
        return passed("conforms_to", text)
    if of_metadata:
        return valued(
            _METADATA_STANDARD,
            "conforms_to",
            f"{of_metadata[0]}: a standard for the metadata, not for the data",
        )
    if false:
        return context.failure("conforms_to", _why_no_standard(false[0]))
    return context.absent("conforms_to", "the standard that the data follow", dataset, "distribution.conforms_to")


def _why_no_standard(text: str) -> str:
    if addresses.is_address(text) and addresses.fault(text):
        return wrong_address(text)
    return f"{shorten(text, 100)}: {'a home page' if leads_nowhere(text) else 'not a standard for this kind of data'}"


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


@criterion("metadata-profile-stated")
def metadata_profile_stated(dataset: Dataset, context: Context) -> Finding:
    if (found := find_profile(dataset)) is not None:
        return passed(*found)
    return context.absent("conforms_to", "the profile of DCAT that the metadata follow", dataset)


@criterion("vocabulary-for-machine-learning")
def vocabulary_for_machine_learning(dataset: Dataset, context: Context) -> Finding:
    if (found := find_learning_vocabulary(dataset)) is not None:
        return passed(*found)
    return context.absent("conforms_to", "metadata in Croissant or schema.org", dataset)


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
