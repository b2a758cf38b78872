"""Rows of a spreadsheet that came back: what each changes, or why it cannot be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.improvement.edits import NewRow
from ckanext.aivision.catalogue.improvement.form_fields import FormField, read_value
from ckanext.aivision.catalogue.improvement.sheets import BETWEEN, ID, TOLD, Column, cell_of, columns_of, read_packages
from ckanext.aivision.catalogue.improvement.work_list import find_members
from ckanext.aivision.catalogue.tables.names import LONGEST, slug

Row = Mapping[str, str]
# Of a new dataset's one file, and whether only the organization sees the dataset.
FILE_COLUMNS = ("file.url", "file.name", "file.format", "file.description")
PRIVATE = "private"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_TRUE = ("true", "yes", "1", "private")


def changes(organization: str, rows: Sequence[Row], fields: Mapping[str, FormField]) -> list[NewRow]:
    """What rows change in an organization's datasets; a row that changes nothing is left out. The first row is row 2.

    An empty cell leaves its field as it is. Raises toolkit.Invalid for a column that is no field, or a missing `id`.
    """
    columns = _columns(rows, fields, (ID, *TOLD))
    if rows and ID not in rows[0]:
        raise toolkit.Invalid(
            toolkit._("The column {name} is missing: it says which dataset a row is about").format(name=ID)
        )
    members = find_members(organization, [row.get(ID, "").strip() for row in rows])
    packages = read_packages(
        [member.id for member in {row.id: row for row in members.values()}.values()], fields.values()
    )
    found, seen = [], dict[str, int]()
    for place, row in enumerate(rows, 2):
        named = row.get(ID, "").strip()
        if not named and not any(cell.strip() for cell in row.values()):
            continue
        member = members.get(named)
        if member is None:
            message = toolkit._("The organization has no dataset {name}").format(name=named[:100] or "–")
            found.append(NewRow(place, "", named[:100], {}, message))
        elif member.id in seen:
            message = toolkit._("Row {number} is about the same dataset").format(number=seen[member.id])
            found.append(NewRow(place, member.id, member.title or member.name, {}, message))
        else:
            seen[member.id] = place
            patch, message = _patch(packages[member.id], row, columns)
            if patch or message:
                found.append(NewRow(place, member.id, member.title or member.name, patch, message))
    return found


def additions(rows: Sequence[Row], fields: Mapping[str, FormField], mapping: Mapping[str, str]) -> list[NewRow]:
    """New datasets of rows. The first row is row 2. mapping: the column of a field by the header that stands above it.

    Raises toolkit.Invalid for a column that is no field.
    """
    read = [
        {mapping.get(header, header): cell for header, cell in row.items() if mapping.get(header, header)}
        for row in rows
    ]
    columns = _columns(read, fields, (*FILE_COLUMNS, PRIVATE))
    found, names = [], set[str]()
    for place, row in enumerate(read, 2):
        if not any(cell.strip() for cell in row.values()):
            continue
        package, message = _patch({}, row, columns)
        title = str(package.get("title") or "")
        if not title and not message:
            message = toolkit._("Title: Missing value")
        file = {name.partition(".")[2]: text for name in FILE_COLUMNS if (text := _plain(row.get(name, "")))}
        package |= {
            "resources": [file] if file else [],
            "private": _plain(row.get(PRIVATE, "")).lower() in _TRUE,
            "name": free_name(title or str(place), names),
        }
        found.append(NewRow(place, "", title, package, message))
    return found


def free_name(title: str, taken: set[str]) -> str:
    """A name for a new dataset that none has, and none of these, to which it is added."""
    base = slug(title, LONGEST - 5) or "dataset"
    name, number = base if len(base) > 1 else f"{base}-data", 2
    while name in taken or model.Package.get(name) is not None:
        name, number = f"{base}-{number}", number + 1
    taken.add(name)
    return name


def _columns(rows: Sequence[Row], fields: Mapping[str, FormField], others: Sequence[str]) -> list[Column]:
    known = {column.header: column for column in columns_of(fields.values())}
    headers = [header for header in (rows[0] if rows else ()) if header.strip() and header not in others]
    if unknown := [header for header in headers if header not in known]:
        message = toolkit._("There is no field {name}. Fields are: {known}")
        raise toolkit.Invalid(message.format(name=unknown[0][:100], known=", ".join(known)))
    return [known[header] for header in headers]


def _patch(package: Mapping[str, Any], row: Row, columns: Sequence[Column]) -> tuple[dict[str, Any], str]:
    """The values of a row that are others than the package has, and what is wrong with them."""
    patch: dict[str, Any] = {}
    messages = []
    groups: dict[str, dict[str, str]] = {}
    for column in columns:
        text = _plain(row.get(column.header, ""))
        if not text or text == cell_of(package, column).strip():
            continue
        if column.part:
            groups.setdefault(column.field.name, {})[column.part] = text
            continue
        given: Any = [part for item in text.split(BETWEEN.strip()) if (part := item.strip())]
        try:
            patch[column.field.name] = read_value(column.field, given if column.field.kind == "list" else text)
        except toolkit.Invalid as error:
            messages.append(f"{column.field.label}: {error.error}")
    for name, parts in groups.items():
        had = package.get(name)
        entries = [dict(entry) for entry in had if isinstance(entry, Mapping)] if isinstance(had, list) else []
        patch[name] = [{**(entries[0] if entries else {}), **parts}, *entries[1:]]
    return patch, "; ".join(messages)


def _plain(cell: str) -> str:
    """A cell as it was before it was guarded against formulas."""
    text = cell.strip()
    return text[1:].strip() if text.startswith("'") and text[1:].startswith(_FORMULAS) else text
