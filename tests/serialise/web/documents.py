"""What tests of the two documents share: where they are given out, the records, and what is read from a document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mlcroissant
from tests.corpora import OWN

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.web.catalogued import Catalogued
from ckanext.aivision.serialise.web.croissant import to_croissant
from ckanext.aivision.serialise.web.property_table import Standard
from ckanext.aivision.serialise.web.schema_org import to_schema_org
from ckanext.aivision.serialise.web.script import to_script

HERE = Catalogued(
    id="https://catalogue.example.gov/dataset/7",
    page="https://catalogue.example.gov/dataset/levels",
    catalogue="Rivers of two countries",
    catalogue_url="https://catalogue.example.gov/",
)
WRITERS = {"schema_org": to_schema_org, "croissant": to_croissant}
STANDARDS: tuple[Standard, ...] = ("schema_org", "croissant")

# (folder of a corpus, kind of source, country): every file that is a catalogue.
_CATALOGUES = (
    ("us", "dcat-us", "US"),
    ("uk", "ckan", "GB"),
    ("dcat", "dcat-rdf", "GB"),
    ("dcat-us-3", "dcat-us", "US"),
)


def document(dataset: Dataset, standard: Standard, catalogued: Catalogued = HERE) -> dict[str, Any]:
    """The document as somebody reads it who has fetched its text."""
    read: dict[str, Any] = json.loads(to_script(WRITERS[standard](dataset, catalogued)))
    return read


def loaded(dataset: Dataset, catalogued: Catalogued = HERE, **options: Any) -> mlcroissant.Dataset:
    """The Croissant document as the reference implementation loads it. Raises what that raises."""
    return mlcroissant.Dataset(jsonld=document(dataset, "croissant", catalogued), **options)


def records(corpus: Path, every: int = 1) -> Iterator[Dataset]:
    """The records of a corpus, or some: of each catalogue the first of every so many."""
    for folder, kind, country in _CATALOGUES:
        for path in sorted((corpus / folder).iterdir()):
            yield from _read(path, kind, country)[::every]
    if corpus == OWN:
        for path in sorted((corpus / "uk-metadata-exchange").rglob("*.yaml")):
            yield from _read(path, "uk-metadata-exchange", "GB")


def _read(path: Path, kind: str, country: str) -> list[Dataset]:
    with Session() as session:
        harvest = open_source(resolve(str(path), kind, None, country), session)
        return [item.dataset for item in harvest if item.dataset is not None]


def leaves(value: Any) -> Iterator[str]:
    """All values within a value, as text."""
    if isinstance(value, dict):
        for member, inner in value.items():
            if member != "@type":
                yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield str(value)


def at(node: Any, path: str) -> list[Any]:
    """The values at a path of properties, as config/serialise/web.csv writes it."""
    head, _, rest = path.partition("/")
    members = node if isinstance(node, list) else [node]
    found = [member[head] for member in members if isinstance(member, dict) and head in member]
    return [inner for value in found for inner in at(value, rest)] if rest else found
