"""Where each field of a record is in each standard, from the tables of config/serialise/."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.serialise.json_standards.places import Part as JsonPart
from ckanext.aivision.serialise.json_standards.places import table
from ckanext.aivision.serialise.rdf.mapping import Standard as RdfStandard
from ckanext.aivision.serialise.rdf.mapping import mapping
from ckanext.aivision.serialise.web.property_table import Standard as WebStandard
from ckanext.aivision.serialise.web.property_table import places

Fields = dict[tuple[str, str], "Place"]


class Place(NamedTuple):
    """Where a field is: the property or member, empty if the standard cannot express it.

    note: why, or what is given out. without: what of the value is not.
    """

    where: str
    note: str = ""
    without: str = ""


class Standard(NamedTuple):
    """A standard that datasets are given out in. places: by part (`dataset`, `distribution`) and record's field."""

    id: str
    title: str
    places: Callable[[], Fields]


class FormField(NamedTuple):
    """A field of the dataset form. field: of the record; empty if no record has it."""

    part: str
    form_field: str
    field: str
    note: str


@functools.cache
def form_fields() -> tuple[FormField, ...]:
    """The fields of the form, in its order."""
    return tuple(FormField(**row) for row in rows("form_fields", "serialise"))


def _of_rdf(standard: RdfStandard) -> Fields:
    return {(row.part, row.field): Place(row.property, row.remark) for row in mapping(standard)}


def _of_json(name: str) -> Fields:
    found = table(name)
    parts: tuple[tuple[str, JsonPart], ...] = (("dataset", found.dataset), ("distribution", found.distribution))
    placed: dict[tuple[str, str], list[Place]] = {}
    for part, of_part in parts:
        for row in of_part.places:
            placed.setdefault((part, row.field), []).append(Place(row.member, row.note))
    fields = {key: Place(" or ".join(one.where for one in all), all[0].note) for key, all in placed.items()}
    for name_of_field, reason in found.lost.items():
        outer, _, inner = name_of_field.partition(".")
        if outer == "distribution" or not inner:
            fields.setdefault(("distribution", inner) if inner else ("dataset", outer), Place("", reason))
        else:
            fields["dataset", outer] = fields["dataset", outer]._replace(without=reason)
    return fields


def _of_web(standard: WebStandard) -> Fields:
    parts = {"dataset": "dataset", "file": "distribution"}
    return {(parts[row.of], row.field): Place(row.path(standard), row.note) for row in places()}


STANDARDS = {
    standard.id: standard
    for standard in (
        Standard("dcat-ap-3", "DCAT-AP 3", functools.partial(_of_rdf, "dcat-ap-3")),
        Standard("dcat-us-3-rdf", "DCAT-US 3 in RDF", functools.partial(_of_rdf, "dcat-us-3")),
        Standard("dcat-us-1.1", "DCAT-US 1.1", functools.partial(_of_json, "dcat-us-1.1")),
        Standard("dcat-us-3", "DCAT-US 3 in JSON", functools.partial(_of_json, "dcat-us-3")),
        Standard("uk-metadata-exchange", "UK model", functools.partial(_of_json, "uk-metadata-exchange")),
        Standard("schema-org", "schema.org", functools.partial(_of_web, "schema_org")),
        Standard("croissant", "Croissant 1.1", functools.partial(_of_web, "croissant")),
    )
}


@functools.cache
def places_of(standard: str) -> Fields:
    """The places of all fields of a record in a standard. standard: a key of STANDARDS."""
    return STANDARDS[standard].places()
