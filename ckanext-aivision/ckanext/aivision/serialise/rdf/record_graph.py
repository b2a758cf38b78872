"""A record as triples in DCAT-AP 3 or DCAT-US 3, field by field as config/serialise/rdf.csv says.

What a property alone does not give again as the source wrote it (a licence by its address, a date in words) is beside
it as a `schema:PropertyValue` of `schema:additionalProperty`: `propertyID` is the field, `value` the source's words. If
it has no value, the source has no such statement: it was made because the standard demands it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode, Triple

from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.serialise import federal
from ckanext.aivision.serialise.rdf.graph import Graph, Resource, iri, term
from ckanext.aivision.serialise.rdf.kinds import ALWAYS, CLASSES, KINDS, Writing, date
from ckanext.aivision.serialise.rdf.mapping import AS_WRITTEN, Row, Standard, mapping

_RECORD_DATES = "record-date"
# Before the name of a field in which something is written that cannot be read.
_UNREAD = "unread."


def record_triples(
    dataset: Dataset,
    node: NamedNode,
    standard: Standard,
    distributions: Sequence[NamedNode] = (),
    label: str = "",
) -> Iterator[Triple]:
    """The triples of one record, subject by subject, the dataset first. Never raises on a record's content.

    node: the dataset's IRI. distributions: those of its distributions, in their order; fragments of the dataset's IRI
    where there are fewer or more. label: what the labels of blank nodes begin with, which must differ between the
    records of a document.
    """
    graph = Graph(label, typed=standard == "dcat-ap-3")
    subject = graph.resource(node, CLASSES.get(dataset.type or "", "dcat:Dataset"))
    to = Writing(graph, standard, dataset, dataset)
    _write_fields(to, subject, _rows(standard, "dataset"))
    for member, codes in federal.codes_of(dataset).items():
        for code in codes:
            subject.text(f"pod:{member}", code)
    _write_catalogue_record(to, subject, standard)
    names = distributions
    if len(names) != len(dataset.distribution):
        names = [NamedNode(f"{node.value}#distribution-{number}") for number, _ in enumerate(dataset.distribution, 1)]
    for position, (item, name) in enumerate(zip(dataset.distribution, names, strict=True), 1):
        file = graph.resource(name, "dcat:Distribution")
        if len(names) > 1:
            file.text("schema:position", str(position), "xsd:integer")
        subject.add("dcat:distribution", name)
        _write_fields(Writing(graph, standard, dataset, item), file, _rows(standard, "distribution"))
    return graph.triples()


@functools.cache
def _rows(standard: Standard, part: str) -> tuple[Row, ...]:
    return tuple(row for row in mapping(standard) if row.part == part and row.property)


def _write_fields(to: Writing, subject: Resource, table: Sequence[Row]) -> None:
    """The fields first, then what the source's words are where they do not show."""
    owner, graph = to.owner, to.graph
    beside: list[tuple[str, Sequence[str]]] = []
    for row in table:
        value = getattr(owner, row.field, None)
        if not value and (value != 0 or value is False) and row.kind not in ALWAYS:
            continue
        kind = KINDS.get(row.kind)
        if kind is not None and (words := kind(to, subject, row, value)) is not None:
            beside.append((row.field, words))
    beside += ((f"{_UNREAD}{field}", [written]) for field, written in owner.unread.items())
    if owner.described_by_type and iri(owner.described_by or "") is None:
        beside.append(("described_by_type", [owner.described_by_type]))
    if isinstance(owner, Distribution) and owner.checksum_algorithm:
        beside.append(("checksum_algorithm", [owner.checksum_algorithm]))
    for field, words in beside:
        _write_beside(graph, subject, field, words)


def _write_beside(graph: Graph, subject: Resource, field: str, words: Sequence[str]) -> None:
    node = graph.blank("schema:PropertyValue")
    node.text("schema:propertyID", field)
    for written in words:
        node.text("schema:value", written)
    subject.add(AS_WRITTEN, node.node)


def _write_catalogue_record(to: Writing, subject: Resource, standard: Standard) -> None:
    """The source's record of the dataset: the standard that it is in, and its dates.

    It is a dcat:CatalogRecord where the date is known that both standards demand of one.
    """
    dataset, graph = to.dataset, to.graph
    is_dated = dataset.metadata_modified is not None and dataset.metadata_modified.value is not None
    record = graph.blank("dcat:CatalogRecord" if is_dated else "")
    subject.add("foaf:isPrimaryTopicOf", record.node)
    if is_dated and standard == "dcat-ap-3":
        # What every dataset is; its shape of a catalogue record asks for it.
        subject.add("rdf:type", term("dcat:Resource"))
    record.add("foaf:primaryTopic", subject.node)
    followed = graph.blank("dct:Standard")
    record.add("dct:conformsTo", followed.node)
    followed.text("dct:identifier", dataset.profile)
    if (described := _profiles().get(dataset.profile)) is not None:
        followed.text("dct:title", described["title"])
        followed.address("rdfs:seeAlso", described["iri"])
    for row in mapping(standard):
        moment = getattr(dataset, row.field) if row.kind == _RECORD_DATES else None
        if moment is not None and (words := date(to, record, row, moment)) is not None:
            _write_beside(graph, record, row.field, words)


@functools.cache
def _profiles() -> dict[str, dict[str, str]]:
    return {row["profile"]: row for row in rows("profile_addresses")}
