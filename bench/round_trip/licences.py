"""Whether a licence that the source states is in every output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bench.round_trip.ways import ABOUT, entries

from ckanext.aivision.harvesters.protocols.dcat_us.extensions import SOURCE_VALUES
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.json_standards.dcat_us import to_dcat_us
from ckanext.aivision.serialise.json_standards.uk_model import to_uk_model
from ckanext.aivision.serialise.rdf.catalogue import dataset_triples
from ckanext.aivision.serialise.rdf.graph import term
from ckanext.aivision.serialise.rdf.mapping import STANDARDS
from ckanext.aivision.serialise.rdf.terms import names_licence
from ckanext.aivision.serialise.web.catalogued import Catalogued
from ckanext.aivision.serialise.web.croissant import to_croissant
from ckanext.aivision.serialise.web.schema_org import to_schema_org

_HERE = Catalogued(id=f"{ABOUT.address}/dataset/1", page=f"{ABOUT.address}/dataset/1")


def count(dataset: Dataset, with_licence: Counter[str], without: Counter[str], first: dict[str, str]) -> None:
    """Counts the outputs of a dataset that has a licence, by format, and those of them that do not state it."""
    if not names_licence(dataset.license):
        return
    for format, is_stated in _stated(dataset):
        with_licence[format] += 1
        if not is_stated:
            without[format] += 1
            first.setdefault(format, dataset.identifier)


def _stated(dataset: Dataset) -> Iterator[tuple[str, bool]]:
    (entry,) = entries([dataset])
    for standard in STANDARDS:
        triples = dataset_triples(entry, standard)
        yield standard, any(t.subject == entry.node and t.predicate == term("dct:license") for t in triples)
    for name in ("dcat-us-1.1", "dcat-us-3"):
        record = to_dcat_us(dataset, name)[1]
        # In DCAT-US 1.1 a licence is an address: terms in words are beside it.
        yield f"{name} JSON", "license" in record or "license" in record.get(SOURCE_VALUES, {})
    yield "schema.org", "license" in to_schema_org(dataset, _HERE)
    yield "Croissant", "license" in to_croissant(dataset, _HERE)
    if dataset.country == "GB":
        yield "UK model", "licence" in to_uk_model(dataset)[0]
