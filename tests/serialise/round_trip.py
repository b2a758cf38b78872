"""Records given out in RDF and read again, as one document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from pyoxigraph import NamedNode

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.rdf.catalogue import Catalogue, Entry, catalogue_triples
from ckanext.aivision.serialise.rdf.mapping import Standard
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, document

SITE = "https://catalogue.example.gov"
CATALOGUE = Catalogue(NamedNode(SITE), "Catalogue of rivers", "All that is measured.", SITE)
# What RDF does not carry: the source's own record and what is beside it, the name of the source in this catalogue, and
# by which rule a word was recognised. Its lists have no order, those of files and columns apart.
_NOT_CARRIED = ("raw", "source", "beside")
_IN_ORDER = ("bbox", "sub_organization_of", "columns", "distribution")


def entries(records: Iterable[Dataset]) -> list[Entry]:
    return [
        Entry(record, NamedNode(f"{SITE}/dataset/{number}"))
        for number, record in enumerate({record.identifier: record for record in records}.values())
    ]


def give(records: Iterable[Dataset], standard: Standard, syntax: str) -> bytes:
    return document(catalogue_triples(CATALOGUE, entries(records), standard), FORMATS[syntax])


def read_again(written: bytes, syntax: str, folder: Path) -> list[Dataset]:
    """The records of a document in the order in which they were given out."""
    path = folder / f"catalogue.{syntax}"
    path.write_bytes(written)
    with Session() as session:
        found = [item.dataset for item in open_source(resolve(str(path), "dcat-rdf"), session)]
    records = [record for record in found if record is not None]
    return sorted(records, key=lambda record: int(str(record.raw["@id"]).rpartition("/")[2]))


def pairs(records: Sequence[Dataset], standard: Standard, syntax: str, folder: Path) -> list[tuple[Dataset, Dataset]]:
    """Each record with itself given out and read again."""
    there = [entry.dataset for entry in entries(records)]
    back = read_again(give(records, standard, syntax), syntax, folder)
    return list(zip(there, back, strict=True))


def comparable(record: Dataset) -> Any:
    """All that RDF carries of a record."""
    fields = msgspec.to_builtins(record)
    return _unordered({name: value for name, value in fields.items() if name not in _NOT_CARRIED}, "")


def _unordered(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _unordered(item, key) for key, item in value.items() if key != "rule"}
    if isinstance(value, list) and name in _IN_ORDER:
        return [_unordered(item, "") for item in value]
    if isinstance(value, list):
        distinct = {repr(item): item for item in (_unordered(item, "") for item in value)}
        return [distinct[key] for key in sorted(distinct)]
    return value
