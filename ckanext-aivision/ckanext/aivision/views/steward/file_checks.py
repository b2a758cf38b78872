"""`/dataset/NAME/files/RESOURCE`: what a look into one file has found, and what of it is put into the metadata."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, request

from ckanext.aivision.views.access import action, describe_error, guarded
from ckanext.aivision.views.steward.work_list import keep_out_of_caches

file_checks = Blueprint("aivision_file_checks", __name__)


@file_checks.route("/dataset/<name>/files/<resource_id>")
@guarded
def show(name: str, resource_id: str) -> Any:
    """What was found, what still runs, or what failed and what to do; for people who can edit the dataset."""
    package, resource = _find(name, resource_id)
    found = action("aivision_file_inspection_show", id=resource_id)
    others = [item for item in package["resources"] if item["id"] != resource_id and item.get("url_type") == "upload"]
    values = {
        "pkg_dict": package,
        "resource": resource,
        "found": found,
        "others": [(item, action("aivision_file_inspection_show", id=item["id"])) for item in others[:20]],
        "is_draft": str(package["state"]).startswith("draft"),
    }
    return toolkit.render("aivision/file_check.html", values)


@file_checks.post("/dataset/<name>/files/<resource_id>/ask")
@guarded
def ask(name: str, resource_id: str) -> Any:
    """Asks for a look into the file."""
    _find(name, resource_id)
    try:
        action("aivision_file_inspect", id=resource_id)
    except toolkit.ValidationError as error:
        toolkit.h.flash_error(describe_error(error))
    return toolkit.redirect_to("aivision_file_checks.show", name=name, resource_id=resource_id)


@file_checks.post("/dataset/<name>/files/<resource_id>/use")
@guarded
def use(name: str, resource_id: str) -> Any:
    """Puts the chosen findings into the metadata of the resource."""
    _find(name, resource_id)
    chosen = request.form.getlist("field")
    try:
        if not chosen:
            raise toolkit.ValidationError({"fields": [toolkit._("Tick at least one row of the table")]})
        changed = action("aivision_file_inspection_apply", id=resource_id, fields=chosen)["fields"]
    except toolkit.ValidationError as error:
        toolkit.h.flash_error(describe_error(error))
    else:
        told = toolkit.ungettext(
            "{number} field is now in the metadata.", "{number} fields are now in the metadata.", len(changed)
        )
        toolkit.h.flash_success(told.format(number=len(changed)))
    return toolkit.redirect_to("aivision_file_checks.show", name=name, resource_id=resource_id)


def _find(name: str, resource_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The dataset and its resource. Raises NotAuthorized before anything is said of either."""
    toolkit.check_access("aivision_file_inspection_show", {"user": toolkit.current_user.name}, {"id": resource_id})
    package = action("package_show", id=name)
    resource = next((item for item in package["resources"] if item["id"] == resource_id), None)
    if resource is None or package["type"] != "dataset":
        raise toolkit.ObjectNotFound(toolkit._("This dataset has no such file"))
    return package, resource


keep_out_of_caches(file_checks)
