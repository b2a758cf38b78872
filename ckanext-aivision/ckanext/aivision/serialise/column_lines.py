"""The form's field `columns`: a data dictionary as text, one column a line, read and written part by part.

    name | type | description | title: River level; unit: metres; missing: -9, N/A

Only the name is needed. Lines of other people and programs stay as they are unless somebody changes their column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from ckanext.aivision.serialise.ckan_values import text

TYPES = ("text", "integer", "number", "boolean", "date", "datetime", "time", "year", "list", "object")
_BETWEEN = " | "
_LABELS = ("title", "unit", "missing")
_LABELLED = re.compile(r"\s*(title|unit|missing):\s*([^;]*?)\s*(?=;|$)", re.IGNORECASE)
_PARTS = 4


class Column(msgspec.Struct, frozen=True):
    """A column of a data dictionary. name: as the file has it. missing: codes of values that are missing."""

    name: str
    title: str = ""
    type: str = ""
    unit: str = ""
    description: str = ""
    missing: tuple[str, ...] = ()


def read_columns(written: str) -> list[Column]:
    """The columns of the field, in its order; empty lines are none."""
    return [column for line in written.splitlines() if (column := _read_line(line)).name]


def write_columns(columns: Iterable[Column], before: str = "") -> str:
    """The field for these columns. before: its text so far, whose lines stay if they say the same."""
    lines: dict[Column, str] = {}
    for line in before.splitlines():
        lines.setdefault(_read_line(line), line.strip())
    return "\n".join(lines.get(column) or _write_line(column) for column in columns if column.name)


def clean(column: Column) -> Column:
    """A column as the field can hold it: its separators are taken out of the texts."""
    return Column(
        name=_plain(column.name),
        title=_plain(column.title).replace(";", ","),
        type=_plain(column.type),
        unit=_plain(column.unit).replace(";", ","),
        description=_plain(column.description),
        missing=tuple(code for value in column.missing if (code := _plain(value.replace(";", " ").replace(",", " ")))),
    )


def read_pasted(pasted: str) -> list[Column]:
    """The columns of a table that was copied from a spreadsheet: cells between tabs, a column of the data in each row.

    The first row may name the cells (name, title, type, unit, description, missing values, in any order); else they
    come in this order. A single row of many cells is the header of the data itself: the names of its columns.
    """
    rows = [[cell.strip() for cell in line.split("\t")] for line in pasted.splitlines() if line.strip()]
    if len(rows) == 1 and len(rows[0]) > len(_CELLS):
        return [clean(Column(name)) for name in rows[0] if name]
    order: Sequence[str] = _CELLS
    if rows and (named := [_cell_name(cell) for cell in rows[0]]) and "name" in named:
        order, rows = named, rows[1:]
    found = []
    for row in rows:
        cells = {cell: value for cell, value in zip(order, row, strict=False) if cell}
        codes = tuple(re.split(r"[,;]", cells.pop("missing", "")))
        column = clean(Column(missing=codes, **{"name": "", **cells}))
        if column.name:
            found.append(column)
    return found


_CELLS = ("name", "title", "type", "unit", "description", "missing")
_CELL_NAMES = {
    "name": ("name", "column", "column name", "field", "field name", "variable", "variable name"),
    "title": ("title", "label"),
    "type": ("type", "data type", "datatype"),
    "unit": ("unit", "units", "unit of measure"),
    "description": ("description", "meaning", "definition", "notes"),
    "missing": ("missing", "missing values", "missing value", "missing value codes", "null values"),
}


def _cell_name(cell: str) -> str:
    folded = " ".join(cell.replace("_", " ").split()).casefold()
    return next((name for name, words in _CELL_NAMES.items() if folded in words), "")


def _read_line(line: str) -> Column:
    parts = [part.strip() for part in line.split("|", _PARTS - 1)] + [""] * _PARTS
    name, kind, description, rest = parts[:_PARTS]
    labelled = _labelled(rest)
    if rest and labelled is None:
        # Somebody's own fourth part.
        description, labelled = f"{description}{_BETWEEN}{rest}", {}
    more = labelled or {}
    codes = tuple(code.strip() for code in more.get("missing", "").split(",") if code.strip())
    return Column(name, more.get("title", ""), kind, more.get("unit", ""), description, codes)


def _labelled(rest: str) -> dict[str, str] | None:
    """The labelled values of the fourth part; None if it is anything else."""
    found: dict[str, str] = {}
    place = 0
    while place < len(rest):
        match = _LABELLED.match(rest, place)
        if match is None or match[1].lower() in found:
            return None
        found[match[1].lower()] = match[2]
        place = match.end() + 1
    return found


def _write_line(column: Column) -> str:
    values = {"title": column.title, "unit": column.unit, "missing": ", ".join(column.missing)}
    rest = "; ".join(f"{label}: {values[label]}" for label in _LABELS if values[label])
    parts = [column.name, column.type, column.description, rest]
    while not parts[-1]:
        parts.pop()
    return _BETWEEN.join(parts)


def _plain(value: str) -> str:
    return " ".join((text(value) or "").replace("|", "/").split())
