"""Reading what was observed of datasets: link checks, and profiles of files."""

from __future__ import annotations

from typing import Any

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.observations import file_profiles, links
from ckanext.aivision.catalogue.tables.records import with_own_address
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.shared_parameters import REQUIRED_NAME

__all__ = ["aivision_file_profile_list", "aivision_link_list"]


@toolkit.side_effect_free
@accepts(id=REQUIRED_NAME)
def aivision_link_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The latest link checks of a dataset's resources.

    :param id: the id or name of the dataset
    :returns: for each address that was checked: url, resources (their ids), state (`reachable`; `broken`, after two
        failures at least a day apart; or `unknown`), fault, detail, status, location, media_type, byte_size, etag,
        last_modified, checksum (SHA-256), checked_at, failing_since, failures and due (UTC); unknown fields are left
        out
    :raises NotFound: if there is no such dataset
    """
    toolkit.check_access("aivision_link_list", context, data_dict)
    package = toolkit.get_action("package_show")(dict(context), {"id": data_dict["id"]})
    resources: dict[str, list[str]] = {}
    for resource in package["resources"]:
        if resource.get("url"):
            resources.setdefault(resource["url"], []).append(resource["id"])
    known = links.find(list(resources))
    return [
        {**msgspec.to_builtins(known[url]), "state": known[url].state, "resources": ids}
        for url, ids in resources.items()
        if url in known
    ]


@toolkit.side_effect_free
@accepts(id=REQUIRED_NAME)
def aivision_file_profile_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The profiles of those files of a dataset that have been profiled.

    Only people who can edit the dataset see which columns look like personal data.

    :param id: the id or name of the dataset
    :returns: resource_id and profile of each: url, refusal and reason, or format, encoding, rows, header, keys and
        columns ([{name, type, form, unit, missing, markers, exceptions, distinct, least, greatest, personal}])
    :raises NotFound: if there is no such dataset
    """
    toolkit.check_access("aivision_file_profile_list", context, data_dict)
    package = toolkit.get_action("package_show")(dict(context), {"id": data_dict["id"]})
    urls = {resource["id"]: with_own_address(resource)["url"] for resource in package["resources"]}
    found = {
        resource_id: profile
        for resource_id, profile in file_profiles.of_package(package["id"]).items()
        if urls.get(resource_id) == profile.url
    }
    if not _may_edit(context, package["id"]):
        found = {resource_id: file_profiles.without_flags(profile) for resource_id, profile in found.items()}
    return [
        {"resource_id": resource_id, "profile": msgspec.to_builtins(found[resource_id])}
        for resource_id in urls
        if resource_id in found
    ]


def _may_edit(context: Any, package_id: str) -> bool:
    try:
        toolkit.check_access("package_update", dict(context), {"id": package_id})
    except toolkit.NotAuthorized:
        return False
    return True
