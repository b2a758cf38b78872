"""A data dictionary of a profile: as the form's field `columns` has it, as Table Schema, as CSV on the Web.

A person adds the meaning, which the file does not show; what a person wrote is kept.
"""

from __future__ import annotations

from typing import Any

from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, ColumnType, FileProfile

_BETWEEN = " | "
_DATES = ("date", "datetime")
# (type of Table Schema (https://specs.frictionlessdata.io/table-schema/), datatype of CSVW (Tabular Data, 5.11.1))
_TYPES: dict[ColumnType, tuple[str, str]] = {
    "empty": ("any", "string"),
    "boolean": ("boolean", "boolean"),
    "integer": ("integer", "integer"),
    "number": ("number", "number"),
    "date": ("date", "date"),
    "datetime": ("datetime", "datetime"),
    "time": ("time", "time"),
    "year": ("year", "gYear"),
    "text": ("string", "string"),
    "list": ("array", "json"),
    "object": ("object", "json"),
    "binary": ("any", "base64Binary"),
}


def merged(written: str, profile: FileProfile) -> str:
    """The field `columns`, one column a line as `name | type | meaning and unit`, with what the file tells.

    written: what stands there. Its lines keep their order, and whatever they say; of the profile come the types that
    they lack, and the columns that they do not name.
    """
    known = {_folded(column.name): column for column in profile.columns}
    lines = []
    for line in written.splitlines():
        parts = [part.strip() for part in line.split("|")]
        column = known.pop(_folded(parts[0]), None)
        if column is None or len([part for part in parts if part]) > 2:
            lines.append(line.strip())
            continue
        lines.append(
            _BETWEEN.join([parts[0], parts[1] if len(parts) > 1 and parts[1] else column.type, describe_values(column)])
        )
    lines += [_BETWEEN.join([_plain(column.name), column.type, describe_values(column)]) for column in known.values()]
    return "\n".join(line.rstrip().removesuffix(_BETWEEN.rstrip()).rstrip() for line in lines if line)


def describe_values(column: ColumnProfile) -> str:
    """What the file tells of a column's values, in words: unit, form, range, what is missing."""
    parts = [f"in {column.unit}" if column.unit else "", column.form]
    if column.least is not None and column.greatest is not None:
        parts.append(f"{column.least} to {column.greatest}")
    if column.missing:
        signs = ", ".join(marker or "blank" for marker in column.markers)
        parts.append(f"missing in {column.missing:.1%} of rows ({signs})")
    return "; ".join(_plain(part) for part in parts if part)


def table_schema(profile: FileProfile) -> dict[str, Any]:
    """The profile as a Frictionless Table Schema."""
    fields = []
    for column in profile.columns:
        field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type][0]}
        if column.form and column.type in _DATES:
            field["format"] = "any"
        if words := describe_values(column):
            field["description"] = words
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields, "missingValues": _markers(profile)}
    return schema | ({"primaryKey": profile.keys[0]} if profile.keys else {})


def csvw(profile: FileProfile) -> dict[str, Any]:
    """The profile as metadata of CSV on the Web (https://www.w3.org/TR/tabular-metadata/)."""
    columns = []
    for number, column in enumerate(profile.columns, 1):
        # Dates that are written in another way than XML Schema's are text to CSVW.
        datatype = "string" if column.form and column.type in _DATES else _TYPES[column.type][1]
        row: dict[str, Any] = {"name": f"c{number}", "titles": column.name, "datatype": datatype}
        if words := describe_values(column):
            row["dc:description"] = words
        if column.markers:
            row["null"] = column.markers
        columns.append(row)
    names = {column.name: f"c{number}" for number, column in enumerate(profile.columns, 1)}
    schema: dict[str, Any] = {"columns": columns}
    if profile.keys:
        schema["primaryKey"] = [names[name] for name in profile.keys[0]]
    dialect: dict[str, Any] = {"header": profile.header.found}
    if profile.encoding:
        dialect["encoding"] = profile.encoding
    if profile.delimiter:
        dialect["delimiter"] = profile.delimiter
    if profile.header.rows_above:
        dialect["skipRows"] = profile.header.rows_above
    return {"@context": "http://www.w3.org/ns/csvw", "url": profile.url, "dialect": dialect, "tableSchema": schema}


def _markers(profile: FileProfile) -> list[str]:
    return sorted({marker for column in profile.columns for marker in column.markers}) or [""]


def _plain(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def _folded(name: str) -> str:
    return _plain(name).casefold()
