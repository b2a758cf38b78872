"""ckanext-dcat's actions, with our correction added to the requested RDF profiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.registers.types import exclusion, is_register
from ckanext.aivision.logic.dcat_profile import with_correction

__all__ = ["dcat_catalog_search", "dcat_catalog_show", "dcat_dataset_show"]

Action = Callable[[Any, dict[str, Any]], str]

_CONFIGURED = "ckanext.dcat.rdf.profiles"
_DEFAULT = "euro_dcat_ap_3"


@toolkit.chained_action
def dcat_dataset_show(following: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """A dataset in RDF; see ckanext-dcat. Entries of our registers are no datasets."""
    package = model.Package.get(data_dict.get("id") or "")
    if package is not None and is_register(package.type):
        raise toolkit.ObjectNotFound
    return following(context, _with_profiles(data_dict))


@toolkit.chained_action
@toolkit.side_effect_free
def dcat_catalog_show(following: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """A page of the catalogue in RDF; see ckanext-dcat."""
    return following(context, _of_datasets(_with_profiles(data_dict)))


@toolkit.chained_action
@toolkit.side_effect_free
def dcat_catalog_search(following: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """A page of a search's datasets in RDF; see ckanext-dcat."""
    return following(context, _of_datasets(_with_profiles(data_dict)))


def _with_profiles(data_dict: dict[str, Any]) -> dict[str, Any]:
    asked = data_dict.get("profiles") or toolkit.config.get(_CONFIGURED)
    return {**data_dict, "profiles": with_correction(asked, _DEFAULT)}


def _of_datasets(data_dict: dict[str, Any]) -> dict[str, Any]:
    """Without the entries of our registers, whatever the filter query asks for."""
    filters = [str(data_dict.get("fq") or ""), exclusion()]
    return {**data_dict, "fq": " ".join(part for part in filters if part)}
