"""`/dataset/NAME/files/RESOURCE/columns`: edits the data dictionary of a file, column by column."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, request

from ckanext.aivision.serialise.column_lines import (
    TYPES,
    Column,
    clean,
    read_columns,
    read_pasted,
    write_columns,
)
from ckanext.aivision.views.access import action, describe_error, guarded
from ckanext.aivision.views.steward.work_list import keep_out_of_caches

columns = Blueprint("aivision_columns", __name__)
# As many as a profile reads.
MOST = 2000
_SPARE = 3
_MORE = 20
_TEXTS = ("name", "title", "type", "unit", "description")


@columns.route("/dataset/<name>/files/<resource_id>/columns", methods=["GET", "POST"])
@guarded
def edit(name: str, resource_id: str) -> Any:
    """The table of columns. Buttons: `save`; `paste`, which adds what was pasted; `file`, which adds what was found in
    the file; `more` for empty rows. Only the first one stores anything.
    """
    toolkit.check_access("aivision_file_inspection_show", {"user": toolkit.current_user.name}, {"id": resource_id})
    package = action("package_show", id=name)
    resource = next((item for item in package["resources"] if item["id"] == resource_id), None)
    if resource is None or package["type"] != "dataset":
        raise toolkit.ObjectNotFound(toolkit._("This dataset has no such file"))
    stored = str(resource.get("columns") or "")
    if request.method == "GET":
        return _page(package, resource, read_columns(stored))
    rows, button = _typed(), request.form.get("button", "save")
    if button == "save":
        return _save(package, resource, rows)
    pasted = request.form.get("pasted", "")
    added = read_pasted(pasted) if button == "paste" else _of_file(resource_id) if button == "file" else []
    if button in ("paste", "file") and not added:
        toolkit.h.flash_error(
            toolkit._("No columns could be read. Copy cells in your spreadsheet and paste them, one column in a row")
            if button == "paste"
            else toolkit._("The file's columns are not known yet. Have the file looked into first")
        )
    elif added:
        toolkit.h.flash_notice(toolkit._("Check the table, and press Save: nothing is stored yet"))
    kept = "" if added else pasted
    return _page(package, resource, _merge(rows, added), spare=_MORE if button == "more" else _SPARE, pasted=kept)


def _save(package: dict[str, Any], resource: dict[str, Any], rows: list[Column]) -> Any:
    names = [row.name.casefold() for row in rows]
    twice = next((row.name for place, row in enumerate(rows) if row.name.casefold() in names[:place]), None)
    try:
        if len(rows) > MOST:
            message = toolkit._("Describe at most {most} columns; these are {number}")
            raise toolkit.ValidationError({"columns": [message.format(most=f"{MOST:,}", number=f"{len(rows):,}")]})
        if twice is not None:
            message = toolkit._("The column {name} is there twice: change or clear one of its rows")
            raise toolkit.ValidationError({"columns": [message.format(name=twice[:100])]})
        text = write_columns(rows, str(resource.get("columns") or ""))
        action("resource_patch", id=resource["id"], columns=text)
    except toolkit.ValidationError as error:
        toolkit.h.flash_error(describe_error(error))
        return _page(package, resource, rows)
    told = toolkit.ungettext("{number} column is stored.", "{number} columns are stored.", len(rows))
    toolkit.h.flash_success(told.format(number=len(rows)))
    return toolkit.redirect_to("aivision_columns.edit", name=package["name"], resource_id=resource["id"])


def _typed() -> list[Column]:
    """The rows of the form that have a name, in their order."""
    values = {field: request.form.getlist(field) for field in (*_TEXTS, "missing")}
    found = []
    for place, name in enumerate(values["name"]):
        texts = {field: (values[field][place : place + 1] or [""])[0] for field in _TEXTS}
        codes = tuple((values["missing"][place : place + 1] or [""])[0].split(","))
        if name.strip():
            found.append(clean(Column(missing=codes, **texts)))
    return found


def _of_file(resource_id: str) -> list[Column]:
    found = action("aivision_file_inspection_show", id=resource_id)
    return [
        clean(Column(item["name"], "", item["type"], item["unit"], "", tuple(item["missing"])))
        for item in found["described"]
    ]


def _merge(rows: list[Column], added: list[Column]) -> list[Column]:
    """The rows with what is added: of a column that is there already, what its row leaves empty."""
    new = {column.name.casefold(): column for column in added}
    merged = []
    for row in rows:
        more = new.pop(row.name.casefold(), None)
        if more is not None:
            texts = {field: getattr(row, field) or getattr(more, field) for field in _TEXTS}
            row = Column(missing=row.missing or more.missing, **texts)
        merged.append(row)
    return [*merged, *new.values()]


def _page(
    package: dict[str, Any], resource: dict[str, Any], rows: list[Column], spare: int = _SPARE, pasted: str = ""
) -> str:
    values = {"pkg_dict": package, "resource": resource, "rows": rows[:MOST], "types": TYPES, "pasted": pasted}
    return toolkit.render("aivision/columns.html", {**values, "spare": spare})


keep_out_of_caches(columns)
