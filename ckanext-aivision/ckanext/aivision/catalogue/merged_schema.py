"""A site's own schema of datasets with the fields of our form added, for ckanext-scheming."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

import yaml
from ckanext.scheming.helpers import scheming_get_dataset_schema

from ckanext.aivision.errors import UsageError

Field = Mapping[str, Any]
_PAGE = "start_form_page"
# The page of the site's own fields, after ours.
_OWN_PAGE = {"title": "More", "description": "Fields of this catalogue."}
_PARTS = ("dataset_fields", "resource_fields")


def merged_schema(package_type: str) -> dict[str, Any]:
    """The schema of a type, as its file has it, with our fields. Nothing is written.

    Raises UsageError if ckanext-scheming has no schema of this type.
    """
    theirs = scheming_get_dataset_schema(package_type, expanded=False)
    if theirs is None:
        raise UsageError(
            f"ckanext-scheming has no schema of the type `{package_type}`: list ours in scheming.dataset_schemas"
        )
    path = resources.files("ckanext.aivision.config") / "schemas" / "ai_ready_dataset.yaml"
    return merge(theirs, yaml.safe_load(path.read_text(encoding="utf-8")))


def merge(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with all fields of both, on the pages of ours; those that only theirs has come last, on another page.

    A field that both have is theirs, so that what datasets have in it stays valid.
    """
    parts = {part: _merge_fields(theirs.get(part) or (), ours[part]) for part in _PARTS}
    own = parts["dataset_fields"][len(ours["dataset_fields"]) :]
    if own and _PAGE not in own[0]:
        own[0][_PAGE] = _OWN_PAGE
    return {**theirs, **parts}


def _merge_fields(theirs: Iterable[Field], ours: Iterable[Field]) -> list[dict[str, Any]]:
    own = {field["field_name"]: dict(field) for field in theirs}
    merged = []
    for field in ours:
        same = own.pop(field["field_name"], None)
        if same is None:
            merged.append(dict(field))
            continue
        same.pop(_PAGE, None)
        merged.append({**({_PAGE: field[_PAGE]} if _PAGE in field else {}), **same})
    return [*merged, *own.values()]
