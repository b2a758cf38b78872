"""A catalogue with its datasets, or a page of it, as triples one after the other: nothing is held but one record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.rdf.evaluation_graph import Evaluated, evaluation_triples
from ckanext.aivision.serialise.rdf.graph import Resource, iri, literal, term
from ckanext.aivision.serialise.rdf.mapping import Standard
from ckanext.aivision.serialise.rdf.record_graph import record_triples

# What a catalogue says it conforms to; readers tell by it in which standard the datasets are.
_STANDARDS: Mapping[Standard, str] = {
    "dcat-ap-3": "https://semiceu.github.io/DCAT-AP/releases/3.0.0/",
    "dcat-us-3": "https://resources.data.gov/resources/dcat-us-3/",
}
# The links of a page -> their properties. `nextPage` and the like are older, and what CKAN has given out so far.
_LINKS = {
    "first": ("hydra:first", "hydra:firstPage"),
    "previous": ("hydra:previous", "hydra:previousPage"),
    "next": ("hydra:next", "hydra:nextPage"),
    "last": ("hydra:last", "hydra:lastPage"),
}
_NUMBERS = {"count": "hydra:totalItems", "items_per_page": "hydra:itemsPerPage"}


class Catalogue(NamedTuple):
    """The catalogue itself. node: its IRI. homepage: an address."""

    node: NamedNode
    title: str
    description: str = ""
    homepage: str = ""


class Entry(NamedTuple):
    """A dataset with its IRI and, in their order, those of its distributions, if they have any; and its evaluation."""

    dataset: Dataset
    node: NamedNode
    distributions: Sequence[NamedNode] = ()
    evaluated: Evaluated | None = None


def dataset_triples(entry: Entry, standard: Standard, label: str = "d0") -> Iterator[Triple]:
    """A dataset, with its evaluation if the entry has it. label: tells the blank nodes of the datasets of one document
    apart."""
    yield from record_triples(entry.dataset, entry.node, standard, entry.distributions, label=label)
    if entry.evaluated is not None:
        yield from evaluation_triples(entry.evaluated, entry.node)


def catalogue_triples(
    catalogue: Catalogue, entries: Iterable[Entry], standard: Standard, page: Mapping[str, str | int] | None = None
) -> Iterator[Triple]:
    """A catalogue with its datasets.

    page: of a catalogue in pages (Hydra): the addresses `current`, `first`, `previous`, `next` and `last`, the number
    `count` of all datasets and `items_per_page`. Of these those count that are there.
    """
    yield from head_triples(catalogue, standard, page)
    for number, entry in enumerate(entries, 1):
        yield from member_triples(catalogue, [entry.node])
        yield from dataset_triples(entry, standard, f"d{number}")


def head_triples(
    catalogue: Catalogue, standard: Standard, page: Mapping[str, str | int] | None = None
) -> Iterator[Triple]:
    """What is said of a catalogue itself, and of its page."""
    yield from _catalogue(catalogue, standard)
    if page:
        yield from _page(page)


def member_triples(catalogue: Catalogue, nodes: Iterable[NamedNode]) -> Iterator[Triple]:
    """That datasets belong to a catalogue."""
    for node in nodes:
        yield Triple(catalogue.node, term("dcat:dataset"), node)


def _catalogue(catalogue: Catalogue, standard: Standard) -> list[Triple]:
    subject = Resource(catalogue.node, "dcat:Catalog")
    subject.text("dct:title", catalogue.title)
    subject.text("dct:description", catalogue.description)
    subject.address("foaf:homepage", catalogue.homepage)
    standard_of = NamedNode(_STANDARDS[standard])
    subject.add("dct:conformsTo", standard_of)
    return [*subject.triples, Triple(standard_of, term("rdf:type"), term("dct:Standard"))]


def _page(page: Mapping[str, str | int]) -> list[Triple]:
    address = iri(str(page.get("current") or ""))
    if address is None:
        return []
    subject = Resource(address, "hydra:PagedCollection")
    for key, names in _LINKS.items():
        link = iri(str(page.get(key) or ""))
        if link is not None:
            subject.add(names[0], link)
            subject.add(names[1], link)
    for key, name in _NUMBERS.items():
        if key in page:
            subject.add(name, _number(page[key]))
    return subject.triples


def _number(value: str | int) -> Literal:
    return literal(str(value), "xsd:integer")
