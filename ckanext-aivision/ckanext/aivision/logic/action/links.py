"""Reading the link checks of datasets."""

from __future__ import annotations

from typing import Any

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.observations import links

__all__ = ["aivision_link_list"]


@toolkit.side_effect_free
def aivision_link_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The latest link checks of a dataset's resources.

    :param id: the id or name of the dataset
    :returns: for each address that was checked: url, resources (their ids), state (`reachable`; `broken`, after two
        failures at least a day apart; or `unknown`), fault, detail, status, location, media_type, byte_size, etag,
        last_modified, checksum (SHA-256), checked_at, failing_since, failures and due (UTC); unknown fields are left
        out
    :raises NotFound: if there is no such dataset
    """
    toolkit.get_or_bust(data_dict, "id")
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
