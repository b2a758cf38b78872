"""Whether outputs are valid by their standards, and why those that are not are not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from bench.round_trip.ways import entries

from ckanext.aivision.harvesters.parsing import rdf_text
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.serialise.json_standards.dcat_us import to_dcat_us
from ckanext.aivision.serialise.json_standards.places import table
from ckanext.aivision.serialise.json_standards.uk_model import to_uk_model
from ckanext.aivision.serialise.rdf.catalogue import dataset_triples
from ckanext.aivision.serialise.rdf.mapping import Standard
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, document
from ckanext.aivision.validation.findings import Finding
from ckanext.aivision.validation.json_schema import schemas
from ckanext.aivision.validation.shapes import checked_graph
from ckanext.aivision.validation.standards import find_standard

_SHAPES: dict[Standard, str] = {"dcat-ap-3": "dcat-ap-3", "dcat-us-3": "dcat-us-3-rdf"}


@dataclass
class Validity:
    """records, valid: how many. reasons: why others are not, each record once by reason. first: its identifier.

    unexplained: of those, which are not for what the source lacks or wrote.
    """

    records: int = 0
    valid: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    unexplained: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, dataset: Dataset, findings: Iterable[tuple[str, bool]]) -> None:
        """findings: what is wrong in words, and whether it is the source's."""
        self.records += 1
        found = dict(findings)
        self.valid += not found
        for reason, is_sources in found.items():
            (self.reasons if is_sources else self.unexplained)[reason] += 1
            self.first.setdefault(reason, dataset.identifier)

    def as_json(self) -> dict[str, Any]:
        counts = {name: dict(getattr(self, name).most_common()) for name in ("reasons", "unexplained")}
        return {"records": self.records, "valid": self.valid, **counts, "first": self.first}


def check_json(dataset: Dataset, found: dict[str, Validity]) -> None:
    """The record in each JSON standard, as it is given out: harvested records of the standard as they came."""
    for name in ("dcat-us-1.1", "dcat-us-3"):
        listed, record = to_dcat_us(dataset, name)
        is_federal = name == "dcat-us-1.1" and "bureauCode" in record
        schema = name if is_federal or name == "dcat-us-3" else "dcat-us-1.1-non-federal"
        part = listed if name == "dcat-us-3" else "dataset"
        title = {"dcat-us-1.1": "DCAT-US 1.1", "dcat-us-3": "DCAT-US 3.0 in JSON"}[name]
        errors = _errors(schema, part, record, dataset)
        found.setdefault(title, Validity()).add(dataset, errors)
    if dataset.country == "GB":
        records = to_uk_model(dataset)
        of_all = [
            (f"{'distribution ' if one['type'].endswith('Distribution') else ''}{reason}", is_sources)
            for one in records
            for reason, is_sources in _errors("uk-metadata-exchange", one["type"].rpartition(":")[2], one, dataset)
        ]
        found.setdefault("UK model", Validity()).add(dataset, of_all)


def _errors(standard: str, part: str, record: dict[str, Any], dataset: Dataset) -> Iterator[tuple[str, bool]]:
    text = json.dumps([msgspec.to_builtins(dataset)], ensure_ascii=False, default=str)
    for finding in schemas(standard).errors(part, record, "$"):
        where = ".".join(step.partition("[")[0] for step in finding.where.removeprefix("$.").split("."))
        if finding.rule == "required":
            yield _reason(where, finding), _source_lacks(standard, part, where, dataset)
        else:
            own = record is dataset.raw or _is_sources(record, finding.where, text)
            yield _reason(where, finding), own


def _source_lacks(standard: str, part: str, member: str, dataset: Dataset) -> bool:
    """Whether no field of the record, or of one of its files, could fill a required member."""
    places = table("dcat-us-1.1" if standard.startswith("dcat-us-1.1") else standard)
    rows = places.dataset.places
    owners: list[Dataset | Distribution] = [dataset]
    if part == "Distribution":
        rows, owners = places.distribution.places, [*dataset.distribution]
    fields = [row.field for row in rows if row.member == member]
    return any(not any(getattr(one, field) or field in one.unread for field in fields) for one in owners)


def _reason(where: str, finding: Finding) -> str:
    return f"{where} is missing" if finding.rule == "required" else f"{where}: {finding.rule} ({finding.message[:90]})"


def _is_sources(record: dict[str, Any], where: str, text: str) -> bool:
    """Whether the wrong value is one that the source wrote: all its texts are in the record."""
    value: Any = record
    for step in where.removeprefix("$").replace("[", ".[").split("."):
        if step.startswith("["):
            value = value[int(step[1:-1])] if isinstance(value, list) else None
        elif step and isinstance(value, dict):
            value = value.get(step)
    return value is not None and all(json.dumps(leaf, ensure_ascii=False)[1:-1] in text for leaf in _leaves(value))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [item for key, item in value.items() if key != "@type"]
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value is not None:
        yield str(value).removeprefix("mailto:")


def check_rdf(records: Sequence[Dataset], standard: Standard, lacks: dict[str, str], found: Validity) -> None:
    """The records by SHACL. lacks: what a standard requires and only the source can know, by path and rule."""
    given = entries(records)
    triples = (
        triple for number, entry in enumerate(given) for triple in dataset_triples(entry, standard, f"d{number}")
    )
    shown = rdf_text.document(document(triples, FORMATS["ttl"]), FORMATS["ttl"], "", "records.ttl")
    wrong: dict[str, list[Finding]] = {}
    for checked in checked_graph(shown, find_standard(_SHAPES[standard])):
        errors = [finding for finding in checked.findings if finding.level == "error"]
        if errors:
            wrong[checked.where] = errors
    for entry in given:
        findings = wrong.get(entry.node.value, [])
        reasons = [(f"{one.field}: {one.rule}", lacks.get(one.field) == one.rule) for one in findings]
        found.add(entry.dataset, reasons)
