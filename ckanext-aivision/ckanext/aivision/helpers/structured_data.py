"""ckanext-dcat's helpers that write JSON-LD into the pages of datasets, with ours in their place for our datasets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ckan.plugins import toolkit
from flask import g

from ckanext.aivision.catalogue.structured_data import parts
from ckanext.aivision.helpers.page_record import own_record
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.web.catalogued import Catalogued
from ckanext.aivision.serialise.web.croissant import to_croissant
from ckanext.aivision.serialise.web.schema_org import to_schema_org
from ckanext.aivision.serialise.web.script import to_script

Helper = Callable[..., str]
_LAST = "aivision_last_described"


@toolkit.chained_helper
def structured_data(following: Helper, dataset_dict: dict[str, Any], *args: Any, **options: Any) -> str:
    """A dataset in schema.org, safe within a script element. Other types of packages are as ckanext-dcat has them."""
    found = _parts(dataset_dict) if not args and not options else None
    return to_script(to_schema_org(*found)) if found is not None else following(dataset_dict, *args, **options)


@toolkit.chained_helper
def croissant(following: Helper, dataset_dict: dict[str, Any], *args: Any, **options: Any) -> str:
    """A dataset in Croissant, safe within a script element. Other types of packages are as ckanext-dcat has them."""
    found = _parts(dataset_dict) if not args and not options else None
    return to_script(to_croissant(*found)) if found is not None else following(dataset_dict, *args, **options)


def _parts(package: Mapping[str, Any]) -> tuple[Dataset, Catalogued] | None:
    """What both descriptions of a page are made of, read once for the request."""
    key = (package.get("id"), package.get("metadata_modified"))
    last = g.get(_LAST)
    if last is None or last[0] != key:
        last = (key, parts(package, own_record))
        setattr(g, _LAST, last)
    found: tuple[Dataset, Catalogued] | None = last[1]
    return found
