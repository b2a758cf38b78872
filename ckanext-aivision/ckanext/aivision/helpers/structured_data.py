"""ckanext-dcat's helpers that write JSON-LD into the pages of datasets, with ours in their place for our datasets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.serialise.web.script import to_script

Helper = Callable[..., str]


@toolkit.chained_helper
def structured_data(following: Helper, dataset_dict: dict[str, Any], *args: Any, **options: Any) -> str:
    """A dataset in schema.org, safe within a script element. Other types of packages are as ckanext-dcat has them."""
    if _is_another(dataset_dict) or args or options:
        return following(dataset_dict, *args, **options)
    return _written("aivision_schema_org_show", dataset_dict)


@toolkit.chained_helper
def croissant(following: Helper, dataset_dict: dict[str, Any], *args: Any, **options: Any) -> str:
    """A dataset in Croissant, safe within a script element. Other types of packages are as ckanext-dcat has them."""
    if _is_another(dataset_dict) or args or options:
        return following(dataset_dict, *args, **options)
    return _written("aivision_croissant_show", dataset_dict)


def _is_another(package: Mapping[str, Any]) -> bool:
    return package.get("type") != "dataset"


def _written(action: str, package: Mapping[str, Any]) -> str:
    user = getattr(toolkit.current_user, "name", "")
    return to_script(toolkit.get_action(action)({"user": user}, {"id": package["id"]}))
