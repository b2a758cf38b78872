"""`/dataset/NAME/files`: the contents of a dataset's files, which a steward can copy into the metadata."""

from __future__ import annotations

from typing import Any

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.content.dictionary import merged
from ckanext.aivision.scoring.observations.file_profile import FileProfile
from ckanext.aivision.views.access import action, describe_error, guarded

files = Blueprint("aivision_files", __name__)


@files.route("/dataset/<name>/files")
@guarded
def show(name: str) -> Any:
    """The columns of each file; the flags for personal data are only for people who can edit the dataset."""
    package = action("package_show", id=name)
    profiles = _profiles(name)
    rows = [(resource, profiles[resource["id"]]) for resource in package["resources"] if resource["id"] in profiles]
    values = {"pkg_dict": package, "rows": rows, "merged": merged}
    return toolkit.render("aivision/files.html", values)


@files.post("/dataset/<name>/files/<resource_id>/dictionary")
@guarded
def use_as_dictionary(name: str, resource_id: str) -> Any:
    """Adds the columns of a file to the `columns` field of its resource; existing entries are kept."""
    profile = _profiles(name).get(resource_id)
    if profile is None or profile.refusal:
        raise toolkit.ObjectNotFound(toolkit._("This file has not been profiled"))
    resource = action("resource_show", id=resource_id)
    try:
        action("resource_patch", id=resource_id, columns=merged(resource.get("columns") or "", profile))
    except toolkit.ValidationError as error:
        toolkit.h.flash_error(describe_error(error))
    else:
        toolkit.h.flash_success(toolkit._("The columns are now in the metadata. Describe what each of them means."))
        return toolkit.redirect_to("resource.edit", id=name, resource_id=resource_id)
    return toolkit.redirect_to("aivision_files.show", name=name)


def _profiles(name: str) -> dict[str, FileProfile]:
    listed = action("aivision_file_profile_list", id=name)
    return {row["resource_id"]: msgspec.convert(row["profile"], type=FileProfile) for row in listed}
