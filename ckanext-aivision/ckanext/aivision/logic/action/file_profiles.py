"""Reading the profiles of files."""

from __future__ import annotations

from typing import Any

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.observations import file_profiles
from ckanext.aivision.catalogue.tables.records import with_own_address

__all__ = ["aivision_file_profile_list"]


@toolkit.side_effect_free
def aivision_file_profile_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The profiles of those files of a dataset that have been profiled.

    Only people who can edit the dataset see which columns look like personal data.

    :param id: the id or name of the dataset
    :returns: resource_id and profile of each: url, refusal and reason, or format, encoding, rows, header, keys and
        columns ([{name, type, form, unit, missing, markers, exceptions, distinct, least, greatest, personal}])
    :raises NotFound: if there is no such dataset
    """
    toolkit.get_or_bust(data_dict, "id")
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
