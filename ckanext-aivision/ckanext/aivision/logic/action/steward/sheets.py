"""Change datasets by the rows of a spreadsheet, and create new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.improvement.edits import MOST_ROWS
from ckanext.aivision.catalogue.improvement.form_fields import form_fields
from ckanext.aivision.catalogue.improvement.sheet_rows import additions, changes
from ckanext.aivision.catalogue.improvement.uploads import LARGEST, read_data_json
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.action.steward.bulk_edits import start
from ckanext.aivision.logic.action.steward.work_list import organization_of
from ckanext.aivision.logic.parameter_types import Fields, Rows, Text
from ckanext.aivision.logic.shared_parameters import COUNTRY, REQUIRED_NAME

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


@accepts(
    organization=REQUIRED_NAME,
    rows=Rows(longest=_LONGEST, most=MOST_ROWS),
    mapping=Fields(longest=100_000),
    data_json=Text(longest=LARGEST),
    country=COUNTRY,
    file=_FILE,
)
def aivision_bulk_edit_add(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Prepare new datasets of an organization, one a row. Nothing is created yet.

    It is checked and applied as `aivision_bulk_edit_create` says, by the validators and the rights of a
    `package_create`. Only editors and admins of the organization and sysadmins can do this.

    :param organization: its id or name
    :param rows: objects with fields of the form and their values as text; `contact.email` is a part of a field, ` | `
        stands between several values; `file.url`, `file.name`, `file.format` and `file.description` are of its file,
        `private` is yes for a dataset that only the organization sees
    :param mapping: an object with the field of each header that is not the name of one (optional)
    :param data_json: a data.json (DCAT-US) as text, in place of `rows`
    :param country: of the publisher: US, GB or XX; needed for a data.json
    :param file: the name of the file that they come from (optional)
    :returns: id, and rows: how many datasets are to be created, or cannot be
    :raises NotFound: if there is no such organization
    :raises ValidationError: if a column is no field, there is no row, or too many changes wait already
    """
    group = organization_of(context, data_dict, "aivision_bulk_edit_add")
    try:
        if "data_json" in data_dict:
            if "country" not in data_dict:
                raise toolkit.ValidationError({"country": [toolkit._("Choose the country of the publisher")]})
            rows = read_data_json(data_dict["data_json"].encode(), data_dict["country"])
        else:
            mapping = {str(header): str(field) for header, field in data_dict.get("mapping", {}).items()}
            rows = additions(_texts(data_dict.get("rows", [])), form_fields(), mapping)
    except toolkit.Invalid as error:
        raise toolkit.ValidationError({"data_json" if "data_json" in data_dict else "rows": [error.error]}) from error
    return start(context, group.id, "new", {"file": data_dict.get("file", "")}, rows)


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
