"""Corrections in words, for pages and letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.corrections.correction_store import Correction
from ckanext.aivision.catalogue.corrections.package_fields import TAGS
from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT
from ckanext.aivision.catalogue.tables.type_schema import dataset_fields, resource_fields

_LONGEST = 300  # characters of a value
# A file as a whole is shown by these.
_OF_FILE = ("name", "url", "format")


def correction_row(item: Correction, package: Mapping[str, Any], can_edit: bool) -> dict[str, Any]:
    """A correction in words, as a row of `aivision_corrections`."""
    key = item.key
    row = {
        "resource": key.resource,
        "field": key.field,
        "label": field_label(key.resource, key.field),
        "file": file_title(package, key.resource, item) if key.resource else "",
        "source": value_in_words(key.field, item.pair.source),
        "value": value_in_words(key.field, item.pair.value),
        "made": item.made,
        "outcome": item.outcome or "",
        "ended": item.ended,
    }
    return {**row, "reason": item.reason, "author": item.author} if can_edit else row


def field_label(resource: str, field: str) -> str:
    """The label of a field of the form."""
    if not field:
        return str(toolkit._("File"))
    if field == TAGS:
        field = "tag_string"
    fields = resource_fields(DEFAULT) if resource else dataset_fields(DEFAULT)
    label = next((row.get("label") for row in fields if row["field_name"] == field), None)
    return str(toolkit.h.scheming_language_text(label)) if label else field


def file_title(package: Mapping[str, Any], id: str, item: Correction) -> str:
    """What a file is called; its address if it has no title."""
    stored = next((found for found in package.get("resources", ()) if found["id"] == id), None)
    whole = item.pair.source or item.pair.value if not item.key.field else None
    found = stored or whole or {}
    return str(found.get("name") or found.get("url") or id)


def value_in_words(field: str, value: Any) -> str:
    """A value as people read it; empty for none."""
    if value is None:
        return ""
    if field == "license_id":
        licence = model.Package.get_license_register().get(value)
        return str(licence.title) if licence is not None else str(value)
    text = _words(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        shown = [name for name in _OF_FILE if name in value] if "url" in value else list(value)
        return ", ".join(_words(value[name]) for name in shown)
    if isinstance(value, list):
        return "; ".join(_words(item) for item in value)
    return str(value)
