"""Look into a file of a dataset, and put what was found into its metadata."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.jobs import inspect_file
from ckanext.aivision.catalogue.observations import file_profiles, inspections
from ckanext.aivision.catalogue.tables.moments import iso
from ckanext.aivision.content.inspection import Inspection
from ckanext.aivision.content.offers import offers
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Several
from ckanext.aivision.logic.shared_parameters import REQUIRED_NAME
from ckanext.aivision.scoring.observations.file_profile import FileProfile

__all__ = ["aivision_file_inspect", "aivision_file_inspection_apply", "aivision_file_inspection_show"]
_FIELDS = ("format", "mimetype", "size", "hash", "columns")
_WEB = ("http://", "https://")


@accepts(id=REQUIRED_NAME)
def aivision_file_inspect(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask for a look into the file of a resource: a job finds its size, checksum, media type, encoding and columns.

    An uploaded file is read where it is stored; another one is fetched from its web address, if robots.txt permits.
    Only people who can edit the dataset can do this. Nothing in the metadata changes.

    :param id: the id of the resource
    :returns: as by `aivision_file_inspection_show`
    :raises NotFound: if there is no such resource
    :raises ValidationError: if the resource has no web address, or too many files wait already
    """
    resource = _resource(context, data_dict["id"], "aivision_file_inspect")
    row = inspections.find(resource["id"])
    if row is None or not inspections.is_open(row):
        user = model.User.get(context["user"])
        user_id = user.id if user is not None else ""
        if resource.get("url_type") != "upload" and not str(resource["url"]).lower().startswith(_WEB):
            _refuse("id", toolkit._("This file has no web address, so it cannot be fetched. Upload it instead"))
        if inspections.count_open(user_id) >= inspections.MOST_OPEN:
            _refuse("id", toolkit._("Many of your files wait already. Try again when some of them are done"))
        inspect_file.request(resource["id"], resource["package_id"], str(resource["url"]), user_id)
    return _describe(resource)


@toolkit.side_effect_free
@accepts(id=REQUIRED_NAME)
def aivision_file_inspection_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What the latest look into the file of a resource found.

    Only people who can edit the dataset can see this.

    :param id: the id of the resource
    :returns: resource_id, state (`never`, `waiting`, `running`, `done`, `failed` or `stalled`), reason (why nothing
        was found, if so), asked, finished, encoding, columns (how many), described ([{name, type, unit,
        missing}]), rows, personal ([{column, kinds}]: columns that look like personal
        data) and offers ([{field, stored, found, state}]: `new` if the metadata have nothing, `differs` or `agrees`)
    :raises NotFound: if there is no such resource
    """
    return _describe(_resource(context, data_dict["id"], "aivision_file_inspection_show"))


@accepts(id=REQUIRED_NAME, fields=Several(known=lambda: list(_FIELDS), required=True))
def aivision_file_inspection_apply(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Put what was found of a file into the metadata of its resource: these fields, and no others.

    Only people who can edit the dataset can do this. A harvested dataset gets a correction, as by any other edit.

    :param id: the id of the resource
    :param fields: of `format`, `mimetype`, `size`, `hash` (with its algorithm) and `columns`, which are added to what
        is described already
    :returns: fields: those that were changed
    :raises NotFound: if there is no such resource
    :raises ValidationError: if the file has not been looked into since it was last changed, or a value is refused
    """
    resource = _resource(context, data_dict["id"], "aivision_file_inspection_apply")
    if unknown := [field for field in data_dict["fields"] if field not in _FIELDS]:
        message = toolkit._("{field}: use some of {known}")
        _refuse("fields", message.format(field=unknown[0][:100], known=", ".join(_FIELDS)))
    state, found = _find(resource)
    if state != "done" or found is None:
        message = toolkit._("The file has not been looked into since it was last changed. Ask for a look first")
        raise toolkit.ValidationError({"id": [message]})
    chosen = [offer for offer in offers(resource, found) if offer.field in data_dict["fields"]]
    changed: dict[str, str] = {}
    for offer in chosen:
        if offer.state != "agrees":
            changed |= offer.fields
    if changed:
        toolkit.get_action("resource_patch")({"user": context["user"]}, {"id": resource["id"], **changed})
    return {"fields": [offer.field for offer in chosen if offer.state != "agrees"]}


def _resource(context: Any, id: str, action: str) -> dict[str, Any]:
    """The resource with the address of its data. Raises NotAuthorized and, for sysadmins, NotFound."""
    toolkit.check_access(action, context, {"id": id})
    stored = model.Resource.get(id)
    found = inspect_file.find_resource(stored.package_id, id) if stored is not None else None
    if found is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such file"))
    return found


def _find(resource: dict[str, Any]) -> tuple[str, Inspection | None]:
    """How far the look at the resource's present file is, and what it found."""
    row = inspections.find(resource["id"])
    if row is None or row.url != resource["url"]:
        return "never", None
    if row.state in inspections.OPEN:
        return (row.state if inspections.is_open(row) else "stalled"), None
    profile = file_profiles.of_package(resource["package_id"]).get(resource["id"])
    if row.state == "done" and (profile is None or profile.url != resource["url"]):
        return "never", None
    found = inspections.read(row)
    return row.state, Inspection(
        profile=profile or FileProfile(url=""),
        byte_size=found.byte_size,
        sha256=found.sha256,
        media_type=found.media_type,
    )


def _describe(resource: dict[str, Any]) -> dict[str, Any]:
    state, found = _find(resource)
    row = inspections.find(resource["id"]) if state != "never" else None
    profile = found.profile if found is not None and state == "done" else FileProfile(url="")
    return {
        "resource_id": resource["id"],
        "state": state,
        "reason": profile.reason or (row.message if row is not None else ""),
        "refusal": profile.refusal,
        "asked": iso(row.asked) if row is not None else None,
        "finished": iso(row.finished) if row is not None else None,
        "encoding": profile.encoding,
        "rows": profile.rows,
        "whole": profile.whole,
        "columns": len(profile.columns),
        "described": [
            {
                "name": item.name,
                "type": item.type,
                "unit": item.unit,
                "missing": list(filter(None, item.markers)),
            }
            for item in profile.columns
        ],
        "personal": [{"column": item.name, "kinds": item.personal} for item in profile.columns if item.personal],
        "offers": [
            {"field": offer.field, "stored": offer.stored, "found": offer.found, "state": offer.state}
            for offer in (offers(resource, found) if found is not None and state == "done" else ())
        ],
    }


def _refuse(field: str, message: str) -> Any:
    raise toolkit.ValidationError({field: [message]})
