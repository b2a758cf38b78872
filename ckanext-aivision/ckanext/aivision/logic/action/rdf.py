"""ckanext-dcat's actions, with our correction added to the requested RDF profiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.index.rdf_profile import with_correction

__all__ = ["dcat_catalog_search", "dcat_catalog_show", "dcat_dataset_show"]

Action = Callable[[Any, dict[str, Any]], str]

_CONFIGURED = "ckanext.dcat.rdf.profiles"
_DEFAULT = "euro_dcat_ap_3"


@toolkit.chained_action
def dcat_dataset_show(following: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """A dataset in RDF; see ckanext-dcat."""
    return following(context, _with_profiles(data_dict))


@toolkit.chained_action
@toolkit.side_effect_free
def dcat_catalog_show(following: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """A page of the catalogue in RDF; see ckanext-dcat."""
    return following(context, _with_profiles(data_dict))


@toolkit.chained_action
@toolkit.side_effect_free
def dcat_catalog_search(following: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """A page of a search's datasets in RDF; see ckanext-dcat."""
    return following(context, _with_profiles(data_dict))


def _with_profiles(data_dict: dict[str, Any]) -> dict[str, Any]:
    asked = data_dict.get("profiles") or toolkit.config.get(_CONFIGURED)
    return {**data_dict, "profiles": with_correction(asked, _DEFAULT)}
