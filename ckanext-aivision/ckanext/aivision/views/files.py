"""`/dataset/NAME/files`: what the files of a dataset hold, and what of it a steward takes into the metadata."""

from __future__ import annotations

from typing import Any

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.content.dictionary import merged
from ckanext.aivision.scoring.observations.file_profile import FileProfile
from ckanext.aivision.views.access import action, guarded, told

files = Blueprint("aivision_files", __name__)


@files.route("/dataset/<name>/files")
@guarded
def show(name: str) -> Any:
    """Each file's columns, for everybody who may read the dataset; flags for those who may edit it."""
    package = action("package_show", id=name)
    profiles = _profiles(name)
    rows = [(resource, profiles[resource["id"]]) for resource in package["resources"] if resource["id"] in profiles]
    values = {"pkg_dict": package, "rows": rows, "merged": merged}
    return toolkit.render("aivision/files.html", values)


@files.post("/dataset/<name>/files/<resource_id>/dictionary")
@guarded
def use_as_dictionary(name: str, resource_id: str) -> Any:
    """Puts the columns of a file into its resource's field, beside what somebody wrote there."""
    profile = _profiles(name).get(resource_id)
    if profile is None or profile.refusal:
        raise toolkit.ObjectNotFound(toolkit._("This file was not profiled"))
    resource = action("resource_show", id=resource_id)
    try:
        action("resource_patch", id=resource_id, columns=merged(resource.get("columns") or "", profile))
    except toolkit.ValidationError as error:
        toolkit.h.flash_error(told(error))
    else:
        toolkit.h.flash_success(toolkit._("The columns are in the metadata now. Add what each of them means."))
        return toolkit.redirect_to("resource.edit", id=name, resource_id=resource_id)
    return toolkit.redirect_to("aivision_files.show", name=name)


def _profiles(name: str) -> dict[str, FileProfile]:
    listed = action("aivision_file_profile_list", id=name)
    return {row["resource_id"]: msgspec.convert(row["profile"], type=FileProfile) for row in listed}
