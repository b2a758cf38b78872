"""The columns of the table of records: a catalogue's id and name, then each field of `record.Dataset`.

Their types are DuckDB's. `api.record_table` gives the fields as Apache Arrow.
"""

from __future__ import annotations

import datetime
import functools
import types
import typing
from typing import Any, NamedTuple

import msgspec

from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.rdf.mapping import mapping
from ckanext.aivision.serialise.tables.values import RAW, row_of

# In a dump; a record itself has neither.
OF_CATALOGUE = ("id", "name")
_SIMPLE: dict[Any, str] = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN", datetime.date: "DATE"}


class Column(NamedTuple):
    """type: of DuckDB. text: what it holds."""

    name: str
    type: str
    text: str


@functools.cache
def columns() -> tuple[Column, ...]:
    """All columns, in their order."""
    hints = typing.get_type_hints(Dataset)
    fixed = (
        Column("id", "VARCHAR", "The dataset's id in this catalogue."),
        Column("name", "VARCHAR", "The name in the address of the dataset's page."),
    )
    own = (
        Column(name, "VARCHAR" if name == RAW else _type_of(hints[name]), _text_of(name))
        for name in Dataset.__struct_fields__
    )
    return (*fixed, *own)


def row(id: str, name: str, record: Dataset) -> dict[str, Any]:
    """A row in JSON's types, by column. What the record does not say is null or an empty list."""
    return {"id": id, "name": name, **row_of(record)}


def _type_of(hint: Any) -> str:
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        hints = typing.get_type_hints(hint)
        members = (f'"{name}" {_type_of(hints[name])}' for name in hint.__struct_fields__)
        return f"STRUCT({', '.join(members)})"
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (list, tuple):
        # Readers other than DuckDB stumble over its arrays of a fixed length.
        return f"{_type_of(arguments[0])}[]"
    if origin is dict:
        return f"MAP({_type_of(arguments[0])}, {_type_of(arguments[1])})"
    if origin is typing.Literal:
        return "VARCHAR"
    assert origin in (typing.Union, types.UnionType), hint
    (wanted,) = (argument for argument in arguments if argument is not type(None))
    return _type_of(wanted)


@functools.cache
def _properties() -> dict[str, str]:
    """Fields -> the properties that they are given out with in RDF."""
    return {row.field: row.property for row in mapping("dcat-ap-3") if row.part == "dataset" and row.property}


_OTHERS = {
    RAW: "The source's own record, as JSON.",
    "profile": "The standard that the source's record is in: a key of config/profiles.yaml.",
    "country": "The publisher's country, ISO 3166-1 alpha-2; XX if it is not known.",
    "source": "The source that it was harvested from; empty for one published here.",
    "described_by_type": "The media type of the data dictionary.",
    "beside": "What the source says of it elsewhere, as written: in its catalogue record, or in its series.",
    "unread": "What is written in a field and cannot be read, by the field's name.",
}


def _text_of(field: str) -> str:
    if field in _OTHERS:
        return _OTHERS[field]
    property = _properties().get(field)
    return f"The record's {field.replace('_', ' ')}" + (f" (`{property}`)." if property else ".")
