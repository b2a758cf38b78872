"""Values in outputs that the source's own record does not hold: there should be none."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote

import msgspec
from bench.round_trip.ways import ABOUT, entries
from pyoxigraph import Literal, NamedNode

from ckanext.aivision.agencies.placement import place
from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.text import plain
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts.formats import format_of
from ckanext.aivision.serialise import federal
from ckanext.aivision.serialise.json_standards.dcat_us import to_dcat_us
from ckanext.aivision.serialise.json_standards.places import NAMES, table
from ckanext.aivision.serialise.json_standards.uk_model import to_uk_model
from ckanext.aivision.serialise.rdf import authorities
from ckanext.aivision.serialise.rdf.catalogue import dataset_triples
from ckanext.aivision.serialise.rdf.graph import PREFIXES, clean
from ckanext.aivision.serialise.rdf.mapping import STANDARDS
from ckanext.aivision.serialise.standards.losses import ways_of
from ckanext.aivision.serialise.web.catalogued import Catalogued
from ckanext.aivision.serialise.web.croissant import CROISSANT_VERSION, RAI_VERSION, to_croissant
from ckanext.aivision.serialise.web.files import OTHER_MEDIA_TYPES
from ckanext.aivision.serialise.web.schema_org import to_schema_org

_PACKED = ("ZIP", "GZIP", "TAR", "7Z")
# What a document says of itself, and of how it is written.
_NAMESPACES = tuple(space for prefix, space in PREFIXES.items() if prefix != "xsd")
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"-\d+(?=\.[^.]*$|$)")
_NOT_IN_A_NAME = re.compile(r"[^\w.-]+")


def invented(dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    """Values that cannot be derived from the source's record: the format, the property or member, and the value."""
    known = _Known(dataset)
    for format, name, value in _given_out(dataset):
        if not known.has(value, name):
            yield format, name, value


def count(records: Sequence[Dataset], found: Counter[str], first: dict[str, str]) -> int:
    """Counts invented values by format and member, with the first of each; gives the number of all values."""
    total = 0
    for dataset in records:
        known = _Known(dataset)
        for format, name, value in _given_out(dataset):
            total += 1
            if not known.has(value, name):
                found[f"{format} {name}"] += 1
                first.setdefault(f"{format} {name}", f"{dataset.identifier}: {value[:200]}")
    return total


class _Known:
    """What may be said: the texts of the source's record, and what vocabularies make of its terms and dates."""

    def __init__(self, dataset: Dataset) -> None:
        texts = [*_leaves(dataset.raw), *dataset.beside, *_leaves(msgspec.to_builtins(dataset.raw))]
        # Without what no XML can hold, such as control characters.
        self._whole = "\n".join([*texts, *map(clean, texts)])
        self._folded = _fold(self._whole) + "\n" + _fold(plain(self._whole))
        self._exact = {*texts, *_derived(dataset), *_words()}
        self._named = _NOT_IN_A_NAME.sub("-", unquote(self._whole))

    def has(self, value: str, name: str) -> bool:
        """Whether a value is one of the source's, or made of one."""
        bare = value.removeprefix("mailto:").removesuffix("…")
        if bare in self._exact or bare in self._whole or _fold(bare) in self._folded:
            return True
        # Addresses with what an IRI may not hold percent-encoded; paragraphs of several statements.
        parts = bare.split("\n\n")
        if unquote(bare) in unquote(self._whole) or all(part in self._exact or part in self._whole for part in parts):
            return True
        # Names and identifiers within Croissant are made of the names of files and columns, with a number if that of
        # another is the same.
        made = [part.removesuffix("-rows") for part in bare.split("/")]
        return name in ("@id", "name") and all(
            part in self._named or _NUMBER.sub("", part) in self._named for part in made
        )


def _fold(text: str) -> str:
    return _SPACES.sub(" ", text).strip().lower()


def _leaves(value: Any) -> Iterator[str]:
    for _, text in _pairs(value, ""):
        yield text


def _pairs(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "@context":
                yield from _pairs(item, key)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _pairs(item, name)
    elif value is not None:
        yield name, str(value)


def _derived(dataset: Dataset) -> set[str]:
    """What is made of the record's values by rule: terms by their addresses, dates and places in a standard's form."""
    found = {"True", "False", "true", "false", dataset.profile, dataset.country}
    for owner in (dataset, *dataset.distribution):
        for field in owner.__struct_fields__:
            if field in ("raw", "distribution"):
                continue
            for _, ways in ways_of(getattr(owner, field), field):
                found |= ways
    for item in dataset.distribution:
        # What the name of a file shows: `levels.csv` is text/csv. Of a service it shows nothing.
        shown = [format_of(item), media_types.traits(media_types.of_url(item.url or "").id or "")]
        found |= {traits.media_type for traits in shown if traits is not None and traits.kind != "service"}
        if (item.url or "").lower().endswith((".zip", ".gz", ".tar", ".7z")):
            found |= {traits.media_type for key in _PACKED if (traits := media_types.traits(key)) is not None}
    if (publisher := place(dataset).publisher) is not None:
        # Its name on GOV.UK, by the table of agencies.
        found.add(publisher.id.removeprefix("gb-"))
    return found | _of_numbers(dataset)


def _of_numbers(dataset: Dataset) -> set[str]:
    """Places of files and columns in their lists, and coordinates."""
    longest = max([len(dataset.distribution), *(len(item.columns) for item in dataset.distribution)], default=0)
    found = {str(number) for number in range(1, longest + 1)}
    for location in dataset.spatial:
        if location.bbox is not None:
            found |= {str(degree) for degree in location.bbox}
    # The UK model demands names of files, where the source has none.
    found |= {f"distribution-{number}-of-{dataset.identifier}" for number in range(1, longest + 1)}
    return found | {f"{name}#distribution-{number}" for name in _names(dataset) for number in range(1, longest + 1)}


def _names(dataset: Dataset) -> set[str]:
    return {name for item in dataset.distribution for name in (item.identifier, item.access_url) if name}


@functools.cache
def _words() -> frozenset[str]:
    """The words of the standards themselves, which say what a value is."""
    found = {"http://www.w3.org/ns/prov#wasDerivedFrom", "tdm:mine", "ldqd:precision"}
    found |= {CROISSANT_VERSION, RAI_VERSION, *(word for row in rows("profile_addresses") for word in row.values())}
    fields = {*Dataset.__struct_fields__, *Distribution.__struct_fields__}
    found |= fields | {f"unread.{field}" for field in fields}
    # What authorities call their own terms, and other names of media types.
    found |= {*authorities.theme_labels().values(), f"{authorities.EU}data-theme", *OTHER_MEDIA_TYPES.values()}
    for name in NAMES:
        for part in (table(name).dataset, table(name).distribution):
            found |= set(_leaves(part.always))
            found |= {word for row in part.places for word in row.values.values()}
    return frozenset(found)


def _given_out(dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    """Every value of every output: its format, its property or member, and its text."""
    for standard in STANDARDS:
        (entry,) = entries([dataset])
        for triple in dataset_triples(entry, standard):
            written = triple.object
            is_ours = isinstance(written, NamedNode) and written.value.startswith((ABOUT.address, *_NAMESPACES))
            if isinstance(written, Literal | NamedNode) and not is_ours:
                yield standard, _short(triple.predicate.value), written.value
    codes = {key: dataset.raw[key] for key in federal.MEMBERS if key in dataset.raw}
    bare = msgspec.structs.replace(dataset, raw=codes)
    documents: dict[str, Any] = {
        "dcat-us-1.1": to_dcat_us(bare, "dcat-us-1.1")[1],
        "dcat-us-3 JSON": to_dcat_us(bare, "dcat-us-3")[1],
        "schema.org": to_schema_org(dataset, _HERE),
        "Croissant": to_croissant(dataset, _HERE),
    }
    if dataset.country == "GB":
        documents["UK model"] = to_uk_model(bare)
    for format, found in documents.items():
        for name, value in _pairs(found, ""):
            if name not in ("@type", "type") and not (name in _OURS and value.startswith(ABOUT.address)):
                yield format, name, value


_OURS = ("@id", "url", "name")
_HERE = Catalogued(id=f"{ABOUT.address}/dataset/1", page=f"{ABOUT.address}/dataset/1")


def _short(iri: str) -> str:
    prefix = next((prefix for prefix, space in PREFIXES.items() if iri.startswith(space)), "")
    return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}" if prefix else iri
