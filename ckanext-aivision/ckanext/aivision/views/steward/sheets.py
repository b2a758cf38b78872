"""`/organization/NAME/improve/sheet`: datasets as a spreadsheet, out and back, and new datasets from a file."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from flask import Blueprint, Response, request

from ckanext.aivision.catalogue.improvement import work_list
from ckanext.aivision.catalogue.improvement.edits import MOST_ROWS
from ckanext.aivision.catalogue.improvement.fixes import load_fixes
from ckanext.aivision.catalogue.improvement.form_fields import FormField, form_fields
from ckanext.aivision.catalogue.improvement.sheet_rows import FILE_COLUMNS, PRIVATE
from ckanext.aivision.catalogue.improvement.sheets import ID, TOLD, cell_of, columns_of, read_packages, to_csv, to_xlsx
from ckanext.aivision.catalogue.improvement.uploads import (
    LARGEST,
    describe_mapping,
    is_json,
    read_sheet,
)
from ckanext.aivision.catalogue.improvement.work_list import FILTERS
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.views.access import action, guarded, query_parameters
from ckanext.aivision.views.steward.work_list import download, keep_out_of_caches

sheets = Blueprint("aivision_sheets", __name__)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LEFT_OUT = ("", "-")


@sheets.route("/organization/<name>/improve/sheet/<fix>.<form>")
@guarded
def fill(name: str, fix: str, form: str) -> Response:
    """The datasets that need a fix, with the fields to fill; `all` for every dataset and every field that many need."""
    if form not in ("csv", "xlsx") or (fix != "all" and fix not in load_fixes()):
        raise toolkit.ObjectNotFound(toolkit._("There is nothing of this name"))
    # The action refuses who may not see them, and filters that mean nothing.
    found = action("aivision_fix_list", organization=name, **query_parameters(*FILTERS))
    organization, rows = found["organization"], _datasets(name, fix)
    fields = _fields(fix)
    packages = read_packages([row["id"] for row in rows], fields)
    columns = columns_of(fields)
    lines: list[list[Any]] = [[ID, *TOLD, *(column.header for column in columns)]]
    for row in rows:
        told = (row["title"], row["state"], row["grade"], row["score"])
        lines.append([row["id"], *told, *(cell_of(packages[row["id"]], column) for column in columns)])
    file = f"{organization['name']}-{fix}.{form}"
    if form == "csv":
        return download(to_csv(lines), "text/csv; charset=utf-8", file)
    return download(to_xlsx(lines), _XLSX, file)


@sheets.route("/organization/<name>/improve/sheet")
@guarded
def show(name: str) -> Any:
    """The page to upload a filled-in spreadsheet, or new datasets."""
    return _page(name)


@sheets.post("/organization/<name>/improve/sheet")
@guarded
def upload(name: str) -> Any:
    """Prepares the changes of a spreadsheet that came back."""
    try:
        file, content = _file()
        made = action("aivision_bulk_edit_import", organization=name, rows=read_sheet(content), file=file)
    except toolkit.Invalid as error:
        return _page(name, error.error), 400
    except toolkit.ValidationError as error:
        return _page(name, "; ".join(str(text) for texts in error.error_dict.values() for text in texts)), 400
    return toolkit.redirect_to("aivision_bulk_edit.show", name=name, id=made["id"])


@sheets.post("/organization/<name>/improve/new")
@guarded
def add(name: str) -> Any:
    """Prepares new datasets of a spreadsheet or of a data.json; asks first what unknown columns mean."""
    try:
        file, content = _file()
        if is_json(content):
            given = {"data_json": _text(content), **_country()}
            made = action("aivision_bulk_edit_add", organization=name, file=file, **given)
        else:
            read = read_sheet(content)
            mapping = _mapping(list(read[0]) if read else [])
            if mapping is None:
                return _ask_for_columns(name, list(read[0]))
            kept = [{header: cell for header, cell in row.items() if mapping[header] not in _LEFT_OUT} for row in read]
            made = action("aivision_bulk_edit_add", organization=name, rows=kept, mapping=mapping, file=file)
    except toolkit.Invalid as error:
        return _page(name, error.error), 400
    except toolkit.ValidationError as error:
        return _page(name, "; ".join(str(text) for texts in error.error_dict.values() for text in texts)), 400
    return toolkit.redirect_to("aivision_bulk_edit.show", name=name, id=made["id"])


def _page(name: str, error: str = "", **more: Any) -> str:
    found = action("aivision_fix_list", organization=name)
    values = {"organization": found["organization"], "error": error, "countries": COUNTRIES, **more}
    values |= {"most": MOST_ROWS, "megabytes": LARGEST // 2**20, "columns": [*_known(), ID]}
    return toolkit.render("aivision/improve/sheet.html", values)


def _ask_for_columns(name: str, headers: list[str]) -> str:
    guessed = describe_mapping(headers, _known())
    return _page(name, headers=headers, guessed=guessed, known=_known())


def _known() -> dict[str, str]:
    """What a column can be, with its words."""
    known = {}
    for column in columns_of(form_fields().values()):
        part = dict(column.field.subfields).get(column.part, "")
        known[column.header] = f"{column.field.label}: {part}" if part else column.field.label
    return {**known, **{header: header for header in (*FILE_COLUMNS, PRIVATE)}}


def _mapping(headers: list[str]) -> dict[str, str] | None:
    """What was chosen for each header; None where a header is unknown and nothing was chosen yet."""
    known = _known()
    given = {header: request.form.get(f"column-{place}", "") for place, header in enumerate(headers)}
    if "mapped" in request.form:
        return {header: field if field in known else "-" for header, field in given.items()}
    guessed = describe_mapping(headers, known)
    return guessed if len(guessed) == len(headers) else None


def _country() -> dict[str, str]:
    given = request.form.get("country", "")
    return {"country": given} if given else {}


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise toolkit.Invalid(toolkit._("This must be text in UTF-8")) from error


def _file() -> tuple[str, bytes]:
    """The name and the content of the file that was sent. Raises toolkit.Invalid if there is none."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise toolkit.Invalid(toolkit._("Choose a file"))
    return sent.filename[:200], sent.stream.read(LARGEST + 1)


def _fields(fix: str) -> list[FormField]:
    fields = form_fields()
    if fix == "all":
        names = ["title", "notes", *(name for row in load_fixes().values() for name in row.fields)]
    else:
        row = load_fixes()[fix]
        names = list(row.fields or (row.form_field,))
    return [fields[name] for name in dict.fromkeys(names) if name in fields]


def _datasets(name: str, fix: str) -> list[dict[str, Any]]:
    group = model.Group.get(name)
    assert group is not None
    filters = work_list.Filters(**query_parameters(*FILTERS))
    return work_list.find_sheet(group.id, load_fixes().get(fix), filters, MOST_ROWS)


keep_out_of_caches(sheets)
