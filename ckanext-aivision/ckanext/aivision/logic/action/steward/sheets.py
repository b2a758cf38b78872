"""Change datasets by the rows of a spreadsheet, and create new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.improvement.edits import MOST_ROWS, NewRow
from ckanext.aivision.catalogue.improvement.form_fields import form_fields
from ckanext.aivision.catalogue.improvement.sheet_rows import additions, changes
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.action.steward.bulk_edits import start
from ckanext.aivision.logic.action.steward.work_list import organization_of
from ckanext.aivision.logic.parameter_types import Fields, Rows, Text
from ckanext.aivision.logic.shared_parameters import REQUIRED_NAME

__all__ = ["aivision_bulk_edit_add", "aivision_bulk_edit_import"]
_LONGEST = 20_000_000
_ROWS = Rows(longest=_LONGEST, most=MOST_ROWS, required=True)
_FILE = Text(longest=200)


@accepts(organization=REQUIRED_NAME, rows=_ROWS, file=_FILE)
def aivision_bulk_edit_import(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Prepare changes to datasets of an organization by the rows of a spreadsheet. Nothing is changed yet.

    It is checked and applied as `aivision_bulk_edit_create` says. Only editors and admins of the organization and
    sysadmins can do this.

    :param organization: its id or name
    :param rows: objects with `id` (of the dataset, or its name) and fields of the form with their new values as text;
        `contact.email` is a part of a field, ` | ` stands between several values; what is empty stays as it is
    :param file: the name of the file that they come from (optional)
    :returns: id, and rows: how many datasets are to be changed, or cannot be
    :raises NotFound: if there is no such organization
    :raises ValidationError: if a column is no field, no row changes anything, or too many changes wait already
    """
    group = organization_of(context, data_dict, "aivision_bulk_edit_import")
    try:
        rows = changes(group.id, _texts(data_dict["rows"]), form_fields())
    except toolkit.Invalid as error:
        raise toolkit.ValidationError({"rows": [error.error]}) from error
    if not rows:
        raise toolkit.ValidationError({"rows": [toolkit._("No row changes anything")]})
    return start(context, group.id, "sheet", {"file": data_dict.get("file", "")}, rows)


@accepts(organization=REQUIRED_NAME, rows=_ROWS, mapping=Fields(longest=100_000), file=_FILE)
def aivision_bulk_edit_add(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Prepare new datasets of an organization, one a row. Nothing is created yet.

    It is checked and applied as `aivision_bulk_edit_create` says, by the validators and the rights of a
    `package_create`. Only editors and admins of the organization and sysadmins can do this.

    :param organization: its id or name
    :param rows: objects with fields of the form and their values as text; `contact.email` is a part of a field, ` | `
        stands between several values; `file.url`, `file.name`, `file.format` and `file.description` are of its file,
        `private` is yes for a dataset that only the organization sees
    :param mapping: an object with the field of each header that is not the name of one (optional)
    :param file: the name of the file that they come from (optional)
    :returns: id, and rows: how many datasets are to be created, or cannot be
    :raises NotFound: if there is no such organization
    :raises ValidationError: if a column is no field, there is no row, or too many changes wait already
    """
    group = organization_of(context, data_dict, "aivision_bulk_edit_add")
    mapping = {str(header): str(field) for header, field in data_dict.get("mapping", {}).items()}
    try:
        rows = additions(_texts(data_dict["rows"]), form_fields(), mapping)
    except toolkit.Invalid as error:
        raise toolkit.ValidationError({"rows": [error.error]}) from error
    return start(context, group.id, "new", {"file": data_dict.get("file", "")}, rows)


def add_packages(context: Any, organization: str, rows: list[NewRow], file: str) -> dict[str, Any]:
    """The same for packages that were read from a file of metadata. Raises as the action does."""
    group = organization_of(context, {"organization": organization}, "aivision_bulk_edit_add")
    return start(context, group.id, "new", {"file": file[:200]}, rows)


def _texts(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Rows with texts alone. Raises ValidationError for a cell that is none."""
    found = []
    for row in rows:
        cells = {}
        for header, cell in row.items():
            text = "" if cell is None else str(cell) if isinstance(cell, int | float) else cell
            if not isinstance(text, str) or "\0" in text or "\0" in header:
                raise toolkit.ValidationError({"rows": [toolkit._("Give each cell as text")]})
            cells[header] = text
        found.append(cells)
    return found
