"""Corrections of harvested datasets: what people here say otherwise than the source."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.correction_store import Correction
from ckanext.aivision.catalogue.corrections.package_fields import Key
from ckanext.aivision.catalogue.corrections.withdrawal import withdraw
from ckanext.aivision.catalogue.tables.moments import iso
from ckanext.aivision.catalogue.tables.public_contacts import public_values
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Text
from ckanext.aivision.logic.shared_parameters import NAME, REQUIRED_NAME

__all__ = ["aivision_correction_delete", "aivision_correction_list"]
_FIELD = Text(longest=100, empty_counts=True)


@toolkit.side_effect_free
@accepts(id=NAME, organization=NAME)
def aivision_correction_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The corrections of a harvested dataset, or of all harvested datasets of an organization.

    Give `id` or `organization`. Those of a dataset are for everybody who can read it; who made them and why is shown to
    people who can edit it. Those of an organization are for its editors and admins.

    :param id: the id or name of a dataset
    :param organization: the id or name of an organization
    :returns: package_id, resource (the id of a file; empty for the dataset), field (empty for a file that was added or
        removed), source_value, value, made (UTC), outcome (`agreed` or `changed` for one that a harvest dropped, as the
        source says the same or something new; empty while it applies) and ended (UTC, or null); for people who can edit
        the dataset also reason and author
    :raises NotFound: if there is no such dataset or organization
    :raises ValidationError: if neither or both are given
    """
    if ("id" in data_dict) == ("organization" in data_dict):
        toolkit.check_access("aivision_correction_list", context, {})
        raise toolkit.ValidationError({"id": [toolkit._("Give the id of a dataset, or an organization")]})
    if "organization" in data_dict:
        group = model.Group.get(data_dict["organization"])
        if group is None or not group.is_organization or group.state != "active":
            raise toolkit.ObjectNotFound(toolkit._("There is no such organization"))
        toolkit.check_access("aivision_correction_list", context, {"organization": group.id})
        found = correction_store.of_organization(group.id)
        return [_plain(item, with_author=True) for items in found.values() for item in items]
    package = _dataset(data_dict["id"])
    toolkit.check_access("aivision_correction_list", context, {"id": package.id})
    with_author = _can_edit(context, package.id)
    found_of_one = correction_store.of_dataset(package.id, with_ended=with_author)
    shown: list[dict[str, Any]] = [_plain(item, with_author) for item in found_of_one]
    if with_author:
        return shown
    about = {"id": package.id, "owner_org": package.owner_org, "country": (package.extras or {}).get("country")}
    return list(public_values(shown, about))


@accepts(id=REQUIRED_NAME, field=_FIELD, resource=_FIELD)
def aivision_correction_delete(context: Any, data_dict: dict[str, Any]) -> None:
    """Withdraw a correction: the field has the source's value again. One that a harvest dropped is no longer listed.

    Only people who can edit the dataset can do this.

    :param id: the id or name of the dataset
    :param field: the name of the field; empty for a file that was added or removed
    :param resource: the id of the file; empty for a field of the dataset (default)
    :raises NotFound: if there is no such dataset or no such correction
    """
    package = _dataset(data_dict["id"])
    toolkit.check_access("aivision_correction_delete", context, {"id": package.id})
    key = Key(data_dict.get("resource", ""), data_dict.get("field", ""))
    known = {item.key: item for item in correction_store.of_dataset(package.id, with_ended=True)}
    if key not in known:
        raise toolkit.ObjectNotFound(toolkit._("There is no such correction"))
    if known[key].ended is None:
        fields = withdraw(package.id, key)
        toolkit.get_action("package_update")({"user": context["user"]}, fields)
    # What CKAN does not save, as nothing of the package differs, is no correction any more all the same.
    correction_store.delete(package.id, key)
    model.Session.commit()


def _dataset(id: str) -> Any:
    package = model.Package.get(id)
    if package is None or package.state == "deleted":
        raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))
    return package


def _can_edit(context: Any, id: str) -> bool:
    try:
        toolkit.check_access("package_update", {"user": context.get("user", "")}, {"id": id})
    except toolkit.NotAuthorized:
        return bool(context.get("ignore_auth"))
    return True


def _plain(item: Correction, with_author: bool) -> dict[str, Any]:
    shown = {
        "package_id": item.package_id,
        "resource": item.key.resource,
        "field": item.key.field,
        "source_value": item.pair.source,
        "value": item.pair.value,
        "made": iso(item.made),
        "outcome": item.outcome or "",
        "ended": iso(item.ended),
    }
    return {**shown, "reason": item.reason, "author": item.author} if with_author else shown
