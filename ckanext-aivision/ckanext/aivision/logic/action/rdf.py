"""ckanext-dcat's actions: our own RDF by default, and our correction added to any other profiles that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from pyoxigraph import Triple

from ckanext.aivision.catalogue.rdf import bodies
from ckanext.aivision.catalogue.rdf.addresses import catalogue, entries
from ckanext.aivision.catalogue.rdf.bodies import Form, label_of
from ckanext.aivision.catalogue.rdf.standards import DEFAULT, own_standard, profiles
from ckanext.aivision.catalogue.registers.types import exclusion, is_register
from ckanext.aivision.logic.dcat_page import Page, search_page
from ckanext.aivision.logic.dcat_profile import with_correction
from ckanext.aivision.serialise.rdf.catalogue import dataset_triples, head_triples, member_triples
from ckanext.aivision.serialise.rdf.mapping import Standard
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, body, document, joined

__all__ = ["dcat_catalog_search", "dcat_catalog_show", "dcat_dataset_show"]

Action = Callable[[Any, dict[str, Any]], str]

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
    return b"".join(joined(_parts(page, Form(standard, _syntax(data_dict))), FORMATS[_syntax(data_dict)])).decode()


def _parts(page: Page, form: Form) -> Iterator[bytes]:
    """The bodies of a page: most datasets that are public are kept, and the others are written."""
    format, site = FORMATS[form.syntax], catalogue()
    public = {one.package_id: one for one in bodies.of_ids(form, page.ids, {}, keeps_session=True)}
    yield body(list(head_triples(site, form.standard, page.links)), format, whole=True)
    for id in page.ids:
        if id in public:
            yield body(list(member_triples(site, [public[id].node])), format, whole=True)
            yield public[id].text
            continue
        for entry in entries([id], {}):
            yield body(list(member_triples(site, [entry.node])), format, whole=True)
            alone = entry._replace(evaluated=None)
            yield body(list(dataset_triples(alone, form.standard, label_of(id))), format, whole=True)


def _own_standard(data_dict: dict[str, Any]) -> Standard | None:
    """The standard to write by ourselves; None where other profiles are asked for, or a syntax that we do not write."""
    return own_standard(data_dict.get("profiles")) if _syntax(data_dict) in FORMATS else None


def _with_profiles(data_dict: dict[str, Any]) -> dict[str, Any]:
    return {**data_dict, "profiles": with_correction(profiles(data_dict.get("profiles")), DEFAULT)}


def _syntax(data_dict: dict[str, Any]) -> str:
    asked = str(data_dict.get("format") or "xml")
    return _NAMES.get(asked, asked)


def _serialise(triples: Iterable[Triple], data_dict: dict[str, Any]) -> str:
    return document(triples, FORMATS[_syntax(data_dict)]).decode()


def _of_datasets(data_dict: dict[str, Any]) -> dict[str, Any]:
    """Without the entries of our registers, whatever the filter query asks for."""
    filters = [str(data_dict.get("fq") or ""), exclusion()]
    return {**data_dict, "fq": " ".join(part for part in filters if part)}
