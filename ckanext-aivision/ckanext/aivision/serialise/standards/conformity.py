"""Whether a dataset is valid in the JSON standards, as it is given out in them, and what of the form it needs."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import msgspec

from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise import federal
from ckanext.aivision.serialise.json_standards import dcat_us, uk_model
from ckanext.aivision.serialise.json_standards.places import table
from ckanext.aivision.serialise.standards.fields import form_fields
from ckanext.aivision.validation.findings import Finding
from ckanext.aivision.validation.json_schema import schemas

Part = Literal["dataset", "resource"]
# Members that no field of a record has, and the fields of the form that have them.
_FEDERAL = {federal.BUREAU: "bureau_code", federal.PROGRAM: "program_code"}
_UK_PARTS = {"dcat:Dataset": "Dataset", "dcat:DataService": "DataService", "dcat:Distribution": "Distribution"}
_MOST = 50
# A page waits for the answer.
_MOST_FILES = 100


class Requirement(NamedTuple):
    """A departure from a standard. part: where the field of the form is. form_field: empty if the form has none.

    member: of the standard. message: what the standard asks there. seen: the value; empty if there is none.
    """

    part: Part
    form_field: str
    member: str
    message: str
    seen: str


class Profile(NamedTuple):
    """standard: of config/standards.yaml. table: of config/serialise/. countries: whose publishers need it."""

    id: str
    standard: str
    table: str
    countries: tuple[str, ...]


PROFILES = (
    Profile("dcat-us-1.1-federal", "dcat-us-1.1", "dcat-us-1.1", ("US",)),
    Profile("dcat-us-1.1-non-federal", "dcat-us-1.1-non-federal", "dcat-us-1.1", ("US",)),
    Profile("dcat-us-3", "dcat-us-3", "dcat-us-3", ("US",)),
    Profile(uk_model.NAME, uk_model.NAME, uk_model.NAME, ("GB",)),
)


def find_requirements(dataset: Dataset, profile: Profile) -> list[Requirement]:
    """What keeps a dataset from being valid; an empty list if nothing does. Each field and message is told once.

    Of a dataset with more than a hundred files the first hundred are checked.
    """
    dataset = msgspec.structs.replace(dataset, distribution=dataset.distribution[:_MOST_FILES])
    found: dict[tuple[str, str, str], Requirement] = {}
    for part, finding in _findings(dataset, profile):
        if finding.level != "error":
            continue
        place, member = _place(part, finding.field)
        field = _form_field(profile.table, place, member)
        kept = Requirement(place, field, finding.field or member, finding.message, finding.seen)
        found.setdefault((place, member, finding.message), kept)
    return list(found.values())[:_MOST]


def _findings(dataset: Dataset, profile: Profile) -> Iterator[tuple[str, Finding]]:
    checked = schemas(profile.standard)
    for part, record in _records(dataset, profile):
        yield from ((part, finding) for finding in checked.faults(part, record, "$"))


def _records(dataset: Dataset, profile: Profile) -> Iterator[tuple[str, dict[str, Any]]]:
    if profile.table != uk_model.NAME:
        yield dcat_us.to_dcat_us(dataset, profile.table)
        return
    for record in uk_model.to_uk_model(dataset):
        yield _UK_PARTS.get(str(record.get("type")), "Dataset"), record


def _place(part: str, field: str) -> tuple[Part, str]:
    """The part of the form and the member of the standard that a path within a record leads to."""
    steps = [step.removesuffix("[]") for step in field.split(".")]
    if part == "Distribution":
        return "resource", ".".join(steps)
    if steps[0] == "distribution" and len(steps) > 1:
        return "resource", ".".join(steps[1:])
    return "dataset", ".".join(steps)


@functools.cache
def _form_fields(name: str) -> dict[tuple[str, str], str]:
    """The fields of the form by part and member of a standard, the first that the form asks for."""
    found: dict[tuple[str, str], str] = {("dataset", member): field for member, field in _FEDERAL.items()}
    parts: tuple[tuple[Part, str, Any], ...] = (
        ("dataset", "dataset", table(name).dataset),
        ("resource", "distribution", table(name).distribution),
    )
    for part, of_record, rows in parts:
        by_field: dict[str, str] = {}
        for row in form_fields():
            if row.field and row.part in (part, of_record):
                by_field.setdefault(row.field, row.form_field)
        for row in rows.places:
            if row.field in by_field:
                found.setdefault((part, row.member), by_field[row.field])
    return found


def _form_field(name: str, part: Part, member: str) -> str:
    """The field of a member, or of the member that it is in."""
    fields, steps = _form_fields(name), member.split(".")
    places = ((part, ".".join(steps[:number])) for number in range(len(steps), 0, -1))
    return next((fields[place] for place in places if place in fields), "")
