"""How a field is written, by the kind that config/serialise/rdf.csv gives it.

Each function gets what is being written, the subject, the table's row and the field's value. It returns the words of
the source if reading the property again would give others, else None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.geography.countries import iri_of
from ckanext.aivision.record import Dataset, Distribution, Moment, Term
from ckanext.aivision.serialise import federal
from ckanext.aivision.serialise.rdf import authorities, literals, nodes, terms
from ckanext.aivision.serialise.rdf.graph import Graph, Resource, iri
from ckanext.aivision.serialise.rdf.mapping import Row, Standard
from ckanext.aivision.serialise.rdf.terms import Words

# What a record of a type is; a dataset where it says nothing else.
CLASSES = {"service": "dcat:DataService", "series": "dcat:DatasetSeries"}


class Writing(NamedTuple):
    """What is being written: a dataset or, with it, one of its distributions."""

    graph: Graph
    standard: Standard
    dataset: Dataset
    owner: Dataset | Distribution


Kind = Callable[[Writing, Resource, Row, Any], Words]


def text(to: Writing, subject: Resource, row: Row, value: str) -> Words:
    subject.text(row.property, value)
    return None


def texts(to: Writing, subject: Resource, row: Row, value: Sequence[str]) -> Words:
    for written in value:
        subject.text(row.property, written)
    return None


def as_written(to: Writing, subject: Resource, row: Row, value: Any) -> Words:
    return [_words(item) for item in (value if isinstance(value, list) else [value])]


def _words(value: Any) -> str:
    if isinstance(value, Term | Moment):
        return value.original
    return "true" if value is True else str(value)


def date(to: Writing, subject: Resource, row: Row, value: Moment) -> Words:
    return nodes.typed(subject, row.property, literals.date(value), value.original)


def duration(to: Writing, subject: Resource, row: Row, value: str) -> Words:
    return nodes.typed(subject, row.property, literals.duration(value), value)


def decimal(to: Writing, subject: Resource, row: Row, value: str) -> Words:
    return nodes.typed(subject, row.property, literals.decimal(value), value)


def size(to: Writing, subject: Resource, row: Row, value: int) -> Words:
    return nodes.typed(subject, row.property, nodes.whole_number(value), str(value))


def country(to: Writing, subject: Resource, row: Row, value: str) -> Words:
    address = iri_of(value)
    subject.address(row.property, address)
    return [value] if address is None else None


def concept(to: Writing, subject: Resource, row: Row, value: str) -> Words:
    """The type of a dataset; that of a service or a series is its class, and a service has the address of its API."""
    if value not in CLASSES:
        return one_of(to, subject, row, value, "skos:prefLabel")
    if value == "service":
        subject.address("dcat:endpointURL", next((item.url for item in to.dataset.distribution), None))
    return None


def one_of(to: Writing, subject: Resource, row: Row, value: str, label: str, other_name: str = "") -> Words:
    """An address as an IRI; anything else as a node with a label, of the property `other_name` if there is one."""
    address = iri(value)
    if address is None:
        nodes.labelled(to.graph, subject, other_name or row.property, row.kind_class, label, value)
        return None
    subject.add(row.property, address)
    to.graph.state_class(address, row.kind_class)
    return None if address.value == value else [value]


def addresses(to: Writing, subject: Resource, row: Row, value: Sequence[str], label: str, others: str = "") -> Words:
    """Several of them. others: the property of all but the first."""
    exact = True
    for number, written in enumerate(value):
        other = row._replace(property=others) if others and number else row
        exact = one_of(to, subject, other, written, label) is None and exact
    return None if exact else value


def address(to: Writing, subject: Resource, row: Row, value: str) -> Words:
    """An address; what is none stays among the source's words."""
    found = iri(value)
    if found is None:
        return [value]
    subject.add(row.property, found)
    to.graph.state_class(found, row.kind_class)
    return None if found.value == value else [value]


def access_address(to: Writing, subject: Resource, row: Row, value: str | None) -> Words:
    """DCAT-AP 3.0 (Distribution, accessURL): it may be the same as the download address, where there is no other."""
    if value:
        return address(to, subject, row, value)
    assert isinstance(to.owner, Distribution)
    other = iri(to.owner.download_url or "")
    if other is None:
        return None
    subject.add(row.property, other)
    return []


def pages(to: Writing, subject: Resource, row: Row, value: Sequence[str]) -> Words:
    return addresses(to, subject, row, value, "dct:title", "dct:references" if to.standard == "dcat-us-3" else "")


def standards(to: Writing, subject: Resource, row: Row, value: Sequence[str]) -> Words:
    if len(value) > 1 and to.standard == "dcat-us-3" and to.owner is to.dataset:
        addresses(to, subject, row, value[:1], "dct:title")
        return value
    return addresses(to, subject, row, value, "dct:title")


def sources(to: Writing, subject: Resource, row: Row, value: Sequence[str]) -> Words:
    exact = [one_of(to, subject, row, written, "rdfs:label", "prov:wasDerivedFrom") is None for written in value]
    return None if all(exact) else value


def series(to: Writing, subject: Resource, row: Row, value: str) -> Words:
    return one_of(to, subject, row, value, "dct:title", "dct:isPartOf")


def _labelled(label: str) -> Kind:
    """A node with nothing but a text. label: its property."""

    def write(to: Writing, subject: Resource, row: Row, value: str) -> Words:
        nodes.labelled(to.graph, subject, row.property, row.kind_class, label, value)
        return None

    return write


def statements(to: Writing, subject: Resource, row: Row, value: Sequence[str]) -> Words:
    given = value[:1] if to.standard == "dcat-us-3" else value
    for written in given:
        _labelled("rdfs:label")(to, subject, row, written)
    return None if len(given) == len(value) else value


def identifiers(to: Writing, subject: Resource, row: Row, value: Sequence[str]) -> Words:
    for written in value:
        _labelled("skos:notation")(to, subject, row, written)
    return None


def themes(to: Writing, subject: Resource, row: Row, value: Sequence[Term]) -> Words:
    return terms.write_themes(to.graph, subject, row.property, row.kind_class, value)


def languages(to: Writing, subject: Resource, row: Row, value: Sequence[Term]) -> Words:
    return terms.write_terms(to.graph, subject, row.property, row.kind_class, value, authorities.of_language)


def _by(authority: terms.Authority) -> Kind:
    def write(to: Writing, subject: Resource, row: Row, value: Term) -> Words:
        return terms.write_term(to.graph, subject, row.property, row.kind_class, value, authority)

    return write


def media_type(to: Writing, subject: Resource, row: Row, value: Term | None) -> Words:
    """A format that is a media type is none that the source states as such."""
    if value is not None:
        return _by(authorities.of_media_type)(to, subject, row, value)
    assert isinstance(to.owner, Distribution)
    written = to.owner.format
    return [] if written is not None and media_types.clean(written.original).id else None


def licence(to: Writing, subject: Resource, row: Row, value: Term) -> Words:
    return terms.write_licence(to.graph, subject, row.property, row.kind_class, value)


def distribution_licence(to: Writing, subject: Resource, row: Row, value: Term | None) -> Words:
    """Its own, or that of the dataset, which the source did not state of the distribution."""
    whole = to.dataset.license
    if value is not None:
        return licence(to, subject, row, value)
    if whole is None or not terms.names_licence(whole):
        return None
    licence(to, subject, row, whole)
    return []


def publisher(to: Writing, subject: Resource, row: Row, value: Any) -> Words:
    nodes.write_agent(to.graph, subject, row.property, federal.without_bureau(value), to.standard, is_body=True)
    return None


def agents(to: Writing, subject: Resource, row: Row, value: Any) -> Words:
    for agent in value:
        nodes.write_agent(to.graph, subject, row.property, agent, to.standard, is_body=False)
    return None


def contacts(to: Writing, subject: Resource, row: Row, value: Any) -> Words:
    for contact in value:
        nodes.write_contact(to.graph, subject, row.property, row.kind_class, contact)
    return None


def periods(to: Writing, subject: Resource, row: Row, value: Any) -> Words:
    return nodes.write_periods(to.graph, subject, row.property, row.kind_class, value)


def places(to: Writing, subject: Resource, row: Row, value: Any) -> Words:
    return nodes.write_places(to.graph, subject, row.property, row.kind_class, value, to.standard)


def annotation(to: Writing, subject: Resource, row: Row, value: str) -> Words:
    dimension = "dqv:precision" if row.field == "uncertainty" else ""
    nodes.write_annotation(to.graph, subject, row.property, row.kind_class, value, dimension)
    return None


def dictionary(to: Writing, subject: Resource, row: Row, value: str) -> Words:
    media_type = to.owner.described_by_type
    exact = nodes.write_dictionary(to.graph, subject, row.property, row.kind_class, value, media_type)
    return None if exact else [value]


def columns(to: Writing, subject: Resource, row: Row, value: Sequence[str]) -> Words:
    nodes.write_columns(to.graph, subject, row.property, row.kind_class, value)
    return None


def checksum(to: Writing, subject: Resource, row: Row, value: str) -> Words:
    assert isinstance(to.owner, Distribution)
    written = nodes.write_checksum(to.graph, subject, row.property, row.kind_class, to.owner)
    return None if written else [value]


# The kinds that are written even if the record says nothing: the standard may demand them.
ALWAYS = ("access-url", "distribution-licence", "media-type")
KINDS: dict[str, Kind] = {
    "access": _by(authorities.of_access),
    "access-url": access_address,
    "agents": agents,
    "annotation": annotation,
    "as-written": as_written,
    "checksum": checksum,
    "columns": columns,
    "concept": concept,
    "contacts": contacts,
    "country": country,
    "date": date,
    "decimal": decimal,
    "dictionary": dictionary,
    "distribution-licence": distribution_licence,
    "duration": duration,
    "format": _by(authorities.of_format),
    "frequency": _by(authorities.of_frequency),
    "identifiers": identifiers,
    "iri": address,
    "languages": languages,
    "licence": licence,
    "media-type": media_type,
    "pages": pages,
    "periods": periods,
    "places": places,
    "publisher": publisher,
    "restriction": _labelled("dcat-us:restrictionNote"),
    "series": series,
    "size": size,
    "sources": sources,
    "standards": standards,
    "statement": _labelled("rdfs:label"),
    "statements": statements,
    "text": text,
    "texts": texts,
    "themes": themes,
}
