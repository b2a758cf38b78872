"""Where the fields of the record stand in a JSON standard: the tables of config/serialise/."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Any

import msgspec

# The standards by the name of their table.
NAMES = ("dcat-us-1.1", "dcat-us-3", "uk-metadata-exchange")


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row: a field of the record, and the member that holds it. `member.part` is a member of an object.

    form: a function of `forms`. values: the id of a term -> the standard's word for it. note: for the documentation.
    instead: the field from which the member is made where the source does not state it and the standard demands it.
    """

    field: str
    member: str
    form: str = "as_written"
    instead: str = ""
    values: dict[str, str] = {}
    note: str = ""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dataset or a distribution. schema: below config/standards/. always: members that are the same in all."""

    schema: str
    places: list[Place]
    always: dict[str, Any] = {}


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of config/serialise/. standard: a key of config/standards.yaml. lost: field -> why it has no place.

    source_values: whether the standard allows members beyond its own, so that a value that none of its members can hold
    as the source wrote it has a place all the same (`aivision:sourceValues`).
    """

    title: str
    standard: str
    dataset: Part
    distribution: Part
    lost: dict[str, str]
    source_values: bool = True


@functools.cache
def table(name: str) -> Table:
    """The table of that name, one of NAMES."""
    file = resources.files("ckanext.aivision.config") / "serialise" / f"{name}.yaml"
    return msgspec.yaml.decode(file.read_bytes(), type=Table)
