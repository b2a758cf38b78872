"""Columns of tables: record sets and fields of Croissant where a program can read them, variables elsewhere."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from ckanext.aivision.normalise.vocabulary import folded, rows
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, FileProfile
from ckanext.aivision.serialise.ckan_values import text
from ckanext.aivision.serialise.web.catalogued import Catalogued, DescribedColumn
from ckanext.aivision.serialise.web.files import File
from ckanext.aivision.serialise.web.identifiers import Identifiers
from ckanext.aivision.serialise.web.node import Node, typed

_DELIMITERS = {"text/csv": ",", "text/tab-separated-values": "\t", "application/vnd.apache.parquet": ""}
_ENCODINGS = ("", "ascii", "utf8", "utf8sig")
_TEXT = "sc:Text"
# What a reader makes of values as they are written: what it could read wrongly is text, which it cannot.
_PROFILED = {
    "integer": "sc:Integer",
    "year": "sc:Integer",
    "number": "sc:Float",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}


class Column(NamedTuple):
    """name: as it stands in the file. type: of Croissant. meaning: as a person wrote it.

    in_file: whether the file has it, as far as is known; a profile may show that a described column is not there.
    """

    name: str
    type: str
    meaning: str = ""
    unit: str = ""
    in_file: bool = True


def columns_of(file: File, catalogued: Catalogued) -> list[Column]:
    """The columns of a file, each name once: those of its profile, if there is one, and the described ones."""
    described = {column.name: column for column in _described(file, catalogued)}
    profiled = file.profile.columns if file.profile is not None else []
    if not profiled:
        return [Column(item.name, _type_of(item), item.meaning, item.unit) for item in described.values()]
    by_name = {folded(column.name): column for column in described.values()}
    names = {folded(column.name) for column in profiled}
    found: dict[str, Column] = {}
    for number, column in enumerate(profiled, 1):
        # The name of a column without one, or one that looks like personal data.
        if (name := text(column.name)) and name != f"column {number}":
            told = by_name.get(folded(name), DescribedColumn(name))
            found.setdefault(name, Column(name, _data_type(column), told.meaning, told.unit or column.unit))
    others = (column for column in described.values() if folded(column.name) not in names)
    return [
        *found.values(),
        *(Column(item.name, _type_of(item), item.meaning, item.unit, in_file=False) for item in others),
    ]


def _described(file: File, catalogued: Catalogued) -> list[DescribedColumn]:
    lines = catalogued.form.columns.get(file.item.identifier or "")
    listed = lines or [DescribedColumn(name) for name in file.item.columns]
    clean = (msgspec.structs.replace(column, name=(text(column.name) or "").strip()) for column in listed)
    return [column for column in clean if column.name]


@functools.cache
def _types() -> dict[str, str]:
    return {row["word"]: row["data_type"] for row in rows("data_types", "serialise")}


def _type_of(column: DescribedColumn) -> str:
    return _types().get(folded(column.type), _TEXT)


def _data_type(column: ColumnProfile) -> str:
    is_plain = not column.form and not column.exceptions and not any(column.markers)
    return _PROFILED.get(column.type, _TEXT) if is_plain else _TEXT


def record_set(file: File, file_id: str, columns: Sequence[Column], ids: Identifiers) -> Node | None:
    """The record set of a table in a file; None if a program that follows it could not find the columns."""
    columns = [column for column in columns if column.in_file]
    if not columns or not _is_readable_table(file):
        return None
    id = ids.take(f"{file_id.rpartition('.')[0] or file_id}-rows", "rows")
    fields = {column.name: _field(column, file_id, ids.take(column.name, "column", within=id)) for column in columns}
    node = typed("cr:RecordSet", {"@id": id, "name": id})
    if (key := _key(file.profile)) and all(name in fields for name in key):
        node["key"] = [{"@id": fields[name]["@id"]} for name in key]
    return node | {"field": list(fields.values())}


def _is_readable_table(file: File) -> bool:
    if file.media_type not in _DELIMITERS or not file.is_file_object:
        return False
    profile = file.profile
    if profile is None:
        return True
    header = profile.header
    is_named = header.found and not any((header.rows_above, header.blank, header.duplicate, header.spaced))
    is_as_usual = profile.delimiter in ("", _DELIMITERS[file.media_type]) and folded(profile.encoding) in _ENCODINGS
    return is_named and is_as_usual and not profile.packed


def _key(profile: FileProfile | None) -> list[str]:
    """The shortest key that was seen to tell all rows apart."""
    return profile.keys[0] if profile is not None and profile.whole and profile.keys else []


def _field(column: Column, file_id: str, id: str) -> Node:
    source = {"fileObject": {"@id": file_id}, "extract": {"column": column.name}}
    members = {"@id": id, "name": column.name, "description": text(column.meaning), "unitText": text(column.unit)}
    return typed("cr:Field", members | {"dataType": column.type, "source": source})


def variables(columns: Iterable[Column]) -> list[Node]:
    """Columns as variables of schema.org."""
    said = ({"name": item.name, "description": text(item.meaning), "unitText": text(item.unit)} for item in columns)
    return [typed("PropertyValue", members) for members in said]
