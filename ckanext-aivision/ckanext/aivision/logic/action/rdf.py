"""ckanext-dcat's actions: our own RDF by default, and our correction added to any other profiles that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from pyoxigraph import Triple

from ckanext.aivision.catalogue.rdf_entries import PROFILES, catalogue, entries
from ckanext.aivision.catalogue.registers.types import exclusion, is_register
from ckanext.aivision.logic.dcat_page import search_page
from ckanext.aivision.logic.dcat_profile import NAME as CORRECTION
from ckanext.aivision.logic.dcat_profile import with_correction
from ckanext.aivision.serialise.rdf.catalogue import catalogue_triples, dataset_triples
from ckanext.aivision.serialise.rdf.mapping import Standard
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, document

__all__ = ["dcat_catalog_search", "dcat_catalog_show", "dcat_dataset_show"]

Action = Callable[[Any, dict[str, Any]], str]

_CONFIGURED = "ckanext.dcat.rdf.profiles"
_DEFAULT = "aivision_dcat_ap_3"
_NAMES = {"xml": "xml", "rdf": "xml", "ttl": "ttl", "turtle": "ttl", "jsonld": "jsonld", "json-ld": "jsonld"}


@toolkit.chained_action
def dcat_dataset_show(following: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """A dataset in RDF; see ckanext-dcat. Entries of our registers are no datasets."""
    package = model.Package.get(data_dict.get("id") or "")
    if package is not None and is_register(package.type):
        raise toolkit.ObjectNotFound
    standard = _own_standard(data_dict)
    if standard is None:
        return following(context, _with_profiles(data_dict))
    toolkit.check_access("dcat_dataset_show", context, data_dict)
    if package is None:
        raise toolkit.ObjectNotFound
    toolkit.check_access("package_show", context, {"id": package.id})
    found = next(entries([package.id], {}, whole=True), None)
    if found is None:
        raise toolkit.ObjectNotFound
    return _serialise(dataset_triples(found, standard), data_dict)


@toolkit.chained_action
@toolkit.side_effect_free
def dcat_catalog_show(following: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """A page of the catalogue in RDF; see ckanext-dcat."""
    return _catalogue(following, context, data_dict, "dcat_catalog_show")


@toolkit.chained_action
@toolkit.side_effect_free
def dcat_catalog_search(following: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """A page of a search's datasets in RDF; see ckanext-dcat."""
    return _catalogue(following, context, data_dict, "dcat_catalog_search")


def _catalogue(following: Action, context: Any, data_dict: dict[str, Any], action: str) -> str:
    standard = _own_standard(data_dict)
    if standard is None:
        return following(context, _of_datasets(_with_profiles(data_dict)))
    toolkit.check_access(action, context, data_dict)
    page = search_page(context, _of_datasets(data_dict))
    return _serialise(catalogue_triples(catalogue(), page.entries, standard, page.links), data_dict)


def _own_standard(data_dict: dict[str, Any]) -> Standard | None:
    """The standard to write by ourselves; None where other profiles are asked for, or a syntax that we do not write."""
    names = [name for name in _profiles(data_dict) if name != CORRECTION]
    if len(names) != 1 or _syntax(data_dict) not in FORMATS:
        return None
    return PROFILES.get(names[0])


def _profiles(data_dict: dict[str, Any]) -> list[str]:
    asked = data_dict.get("profiles") or toolkit.config.get(_CONFIGURED) or _DEFAULT
    return asked.split() if isinstance(asked, str) else list(asked)


def _with_profiles(data_dict: dict[str, Any]) -> dict[str, Any]:
    return {**data_dict, "profiles": with_correction(_profiles(data_dict), _DEFAULT)}


def _syntax(data_dict: dict[str, Any]) -> str:
    asked = str(data_dict.get("format") or "xml")
    return _NAMES.get(asked, asked)


def _serialise(triples: Iterable[Triple], data_dict: dict[str, Any]) -> str:
    return document(triples, FORMATS[_syntax(data_dict)]).decode()


def _of_datasets(data_dict: dict[str, Any]) -> dict[str, Any]:
    """Without the entries of our registers, whatever the filter query asks for."""
    filters = [str(data_dict.get("fq") or ""), exclusion()]
    return {**data_dict, "fq": " ".join(part for part in filters if part)}
