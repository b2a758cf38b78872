"""The formats that records are given out in, each with the way back: our own harvester."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
from pyoxigraph import NamedNode

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import Source, resolve
from ckanext.aivision.record import Dataset, Harvested
from ckanext.aivision.serialise.form_packages import as_in_catalogue
from ckanext.aivision.serialise.json_standards.documents import DOCUMENTS, About
from ckanext.aivision.serialise.package import to_package
from ckanext.aivision.serialise.rdf.catalogue import Catalogue, Entry, catalogue_triples
from ckanext.aivision.serialise.rdf.mapping import STANDARDS, Standard
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, document

SITE = "https://catalogue.example.gov"
CATALOGUE = Catalogue(NamedNode(SITE), "Catalogue of rivers", "All that is measured.", SITE)
ABOUT = About("Catalogue of rivers", SITE)
SYNTAXES = ("ttl", "xml", "jsonld", "nt")
Records = Sequence[Dataset]


class Way(NamedTuple):
    """A format.

    id: what rows of results are called by. title: in words. ending: of the document's name. kind: of the harvester that
    reads it. standard: by whose name `losses` knows what cannot be carried.
    write: records, with number N at the address or by the name of N. number_of: which record one that was read is.
    """

    id: str
    title: str
    ending: str
    kind: str
    standard: str
    write: Callable[[Records], bytes]
    number_of: Callable[[Dataset, dict[str, int]], int | None]
    read: Callable[[Iterable[Harvested], Source], Iterable[Harvested]] = lambda records, source: records

    @property
    def country(self) -> str:
        """Whose records are given out in it; empty if those of all."""
        return "GB" if self.standard == "uk-metadata-exchange" else ""

    @property
    def is_unordered(self) -> bool:
        """Whether the format has no order of files."""
        return self.country == "GB" and self.kind == "dcat-rdf"

    @property
    def has_profile(self) -> bool:
        """Whether the format says what kind of metadata the record comes from."""
        return self.standard not in ("uk-metadata-exchange", "package", "stock")


def back(way: Way, records: Records, folder: Path) -> list[Dataset | None]:
    """The records as our harvester reads them in the format, in their order; None for one that is not found again."""
    path = folder / f"catalogue{way.ending}"
    path.write_bytes(way.write(records))
    return read_back(way, path, records)


def read_back(way: Way, path: Path, records: Records) -> list[Dataset | None]:
    """The same from a document that has been written."""
    numbers = {record.identifier: number for number, record in enumerate(records)}
    found: list[Dataset | None] = [None] * len(records)
    source = resolve(str(path), way.kind, None, records[0].country if way.kind == "ckan" else None)
    with Session() as session:
        for harvested in way.read(open_source(source, session), source):
            number = None if harvested.dataset is None else way.number_of(harvested.dataset, numbers)
            if number is not None:
                found[number] = _in_order(harvested.dataset, records[number]) if way.is_unordered else harvested.dataset
    return found


def _in_order(again: Dataset, there: Dataset) -> Dataset:
    """The record that was read with its files in the order of the one that was given out, by their addresses."""
    left = list(again.distribution)
    ordered = []
    for item in there.distribution:
        same = (other for other in left if (item.download_url, item.title) == (other.download_url, other.title))
        if (found := next(same, None)) is not None:
            ordered.append(found)
            left.remove(found)
    return msgspec.structs.replace(again, distribution=[*ordered, *left])


def entries(records: Records) -> list[Entry]:
    """Each record with an address that has its number."""
    return [Entry(record, NamedNode(f"{SITE}/dataset/{number}")) for number, record in enumerate(records)]


def _rdf(standard: Standard, syntax: str, records: Records) -> bytes:
    return document(catalogue_triples(CATALOGUE, entries(records), standard), FORMATS[syntax])


def _by_address(record: Dataset, numbers: dict[str, int]) -> int | None:
    return int(str(record.raw["@id"]).rpartition("/")[2])


def _json(form: str, records: Records) -> bytes:
    return b"".join(DOCUMENTS[form].write(records, ABOUT))


def _edited(form: str, records: Records) -> bytes:
    """As if somebody had edited each dataset: the source's own record is given out no more."""
    return _json(form, [msgspec.structs.replace(record, raw={}) for record in records])


def _by_identifier(record: Dataset, numbers: dict[str, int]) -> int | None:
    return numbers.get(record.identifier)


def packages(records: Records) -> bytes:
    """As CKAN's API gives them, one a line."""
    lines = [json.dumps({**to_package(record), "name": f"d-{number}"}) for number, record in enumerate(records)]
    return "\n".join(lines).encode("utf-8", "replace") + b"\n"


def by_name(record: Dataset, numbers: dict[str, int]) -> int | None:
    """A package by its name, which has its number."""
    return int(str(record.raw["name"]).removeprefix("d-"))


def _ways() -> tuple[Way, ...]:
    titles = {"dcat-ap-3": "DCAT-AP 3", "dcat-us-3": "DCAT-US 3"}
    names = {"ttl": "Turtle", "xml": "RDF/XML", "jsonld": "JSON-LD", "nt": "N-Triples"}
    rdf = [
        Way(
            f"{standard}.{syntax}",
            f"{titles[standard]}, {names[syntax]}",
            f".{syntax}",
            "dcat-rdf",
            standard,
            functools.partial(_rdf, standard, syntax),
            _by_address,
        )
        for standard in STANDARDS
        for syntax in SYNTAXES
    ]
    others = []
    for form, document_of in DOCUMENTS.items():
        ending = form.rpartition(".")[2]
        kind = "dcat-us" if form.startswith("dcat-us") else "uk-metadata-exchange"
        kind = "dcat-rdf" if ending in SYNTAXES else kind
        edited = [("-edited", ", edited datasets", _edited)] if kind == "dcat-us" else []
        for suffix, title, write in (("", "", _json), *edited):
            name = f"{form}{suffix}"
            others.append(
                Way(
                    name,
                    f"{TITLES[form]}{title}",
                    f".{ending}",
                    kind,
                    document_of.standard,
                    functools.partial(write, form),
                    _by_identifier,
                )
            )
    package = Way("package", "CKAN's API", ".ckan.ndjson", "ckan", "package", packages, by_name, as_in_catalogue)
    return (*rdf, *others, package)


TITLES = {
    "dcat-us.json": "DCAT-US 1.1",
    "dcat-us-3.json": "DCAT-US 3.0 in JSON",
    "uk-metadata-exchange.json": "UK model, JSON",
    "uk-metadata-exchange.yaml": "UK model, YAML",
    "uk-metadata-exchange.ttl": "UK model, Turtle",
    "uk-metadata-exchange.xml": "UK model, RDF/XML",
    "uk-metadata-exchange.jsonld": "UK model, JSON-LD",
    "uk-metadata-exchange.nt": "UK model, N-Triples",
}
WAYS = _ways()
