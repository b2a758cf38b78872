"""Datasets as schema.org and Croissant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue import structured_data
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.web.catalogued import Catalogued
from ckanext.aivision.serialise.web.croissant import to_croissant
from ckanext.aivision.serialise.web.schema_org import to_schema_org

__all__ = ["aivision_croissant_show", "aivision_schema_org_show"]


@toolkit.side_effect_free
def aivision_croissant_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A dataset in Croissant 1.1 with RAI 1.0.

    It has what the record says, and what looks at its files have shown: columns and checksums.

    :param id: the id or name of the dataset
    :returns: a JSON-LD object
    :raises NotFound: if there is no such dataset
    """
    return _show("aivision_croissant_show", to_croissant, context, data_dict)


@toolkit.side_effect_free
def aivision_schema_org_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A dataset in schema.org, as it is in its page for search engines.

    :param id: the id or name of the dataset
    :returns: a JSON-LD object
    :raises NotFound: if there is no such dataset
    """
    return _show("aivision_schema_org_show", to_schema_org, context, data_dict)


def _show(
    action: str, write: Callable[[Dataset, Catalogued], dict[str, Any]], context: Any, data_dict: dict[str, Any]
) -> dict[str, Any]:
    id = toolkit.get_or_bust(data_dict, "id")
    if not isinstance(id, str) or "\0" in id:
        raise toolkit.ValidationError({"id": [toolkit._("Use the id or the name of a dataset")]})
    toolkit.check_access(action, context, {"id": id})
    package = toolkit.get_action("package_show")(dict(context), {"id": id})
    found = structured_data.parts(package)
    if found is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))
    return write(*found)
