"""Datasets as rows of a spreadsheet and back: a column a field, and one for each part of a field that has parts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import ckan.model as model
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from ckanext.aivision.catalogue.improvement import work_list_statements as statements
from ckanext.aivision.catalogue.improvement.form_fields import FormField
from ckanext.aivision.serialise.spreadsheet import harmless

ID = "id"
# What a row tells and nobody changes.
TOLD = ("title now", "state", "grade", "score")
# Between the values of a field that has several.
BETWEEN = " | "
_BATCH = 500


class Column(NamedTuple):
    """A column that is filled in. part: of an entry of a field that has parts; empty for the others."""

    field: FormField
    part: str = ""

    @property
    def header(self) -> str:
        """What stands above it."""
        return f"{self.field.name}.{self.part}" if self.part else self.field.name


def columns_of(fields: Iterable[FormField]) -> list[Column]:
    """The columns of fields, in their order."""
    return [
        column
        for field in fields
        for column in (
            [Column(field, part) for part, _ in field.subfields] if field.kind == "group" else [Column(field)]
        )
    ]


def cell_of(package: Mapping[str, Any], column: Column) -> str:
    """What a package has in a column; of a field with several entries, the first."""
    if column.field.kind == "keywords":
        return ", ".join(sorted(tag["name"] for tag in package.get("tags") or ()))
    value = package.get(column.field.name)
    if column.part:
        first = value[0] if isinstance(value, list) and value and isinstance(value[0], Mapping) else {}
        return str(first.get(column.part) or "")
    return BETWEEN.join(map(str, value)) if isinstance(value, list) else str(value or "")


def read_packages(ids: Sequence[str], fields: Iterable[FormField]) -> dict[str, dict[str, Any]]:
    """The fields of stored datasets by their ids, without what only `package_show` knows."""
    lists = {field.name for field in fields if field.kind in ("group", "list")}
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), _BATCH):
        values = {"ids": list(ids[start : start + _BATCH])}
        for row in model.Session.execute(statements.PACKAGES, values).mappings():
            extras = {key: _of_extra(key, value, lists) for key, value in (row["extras"] or {}).items()}
            found[row["id"]] = {**row, **extras, "tags": []}
        for row in model.Session.execute(statements.TAGS, values):
            found[row.package_id]["tags"].append({"name": row.name})
    return found


def to_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV in UTF-8, with a mark so that spreadsheets know it, and without formulas."""
    stream = io.StringIO()
    csv.writer(stream).writerows([_safe(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig", "replace")


def to_xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as a workbook with one sheet, without formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Datasets")
    sheet.freeze_panes = "C2"
    for row in rows:
        sheet.append([_safe(cell) for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _safe(cell: Any) -> Any:
    return harmless(ILLEGAL_CHARACTERS_RE.sub("", cell)) if isinstance(cell, str) else cell


def _of_extra(key: str, value: Any, lists: set[str]) -> Any:
    if key not in lists or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
