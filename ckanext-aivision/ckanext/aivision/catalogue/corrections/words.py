"""Corrections in words, for pages and letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue import field_labels
from ckanext.aivision.catalogue.corrections.correction_store import Correction
from ckanext.aivision.catalogue.corrections.package_fields import TAGS

_LONGEST = 300  # characters of a value
# A file as a whole is shown by these.
_OF_FILE = ("name", "url", "format")


def correction_row(item: Correction, package: Mapping[str, Any], can_edit: bool) -> dict[str, Any]:
    """A correction in words, as a row of `aivision_corrections`."""
    key = item.key
    source, value = values_in_words(item)
    row = {
        "resource": key.resource,
        "field": key.field,
        "label": field_label(key.resource, key.field),
        "file": file_title(package, key.resource, item) if key.resource else "",
        "source": source,
        "value": value,
        "made": item.made,
        "outcome": item.outcome or "",
        "ended": item.ended,
    }
    return {**row, "reason": item.reason, "author": item.author} if can_edit else row


def field_label(resource: str, field: str) -> str:
    """The label of a field of the form."""
    if not field:
        return str(toolkit._("File"))
    return field_labels.field_label("tag_string" if field == TAGS else field, of_file=bool(resource))


def file_title(package: Mapping[str, Any], id: str, item: Correction) -> str:
    """What a file is called; its address if it has no title."""
    stored = next((found for found in package.get("resources", ()) if found["id"] == id), None)
    whole = item.pair.source or item.pair.value if not item.key.field else None
    found = stored or whole or {}
    return str(found.get("name") or found.get("url") or id)


def values_in_words(item: Correction) -> tuple[str, str]:
    """What the source says and what was made of it, as people read them, shortened if long; empty for none."""
    labels = field_labels.choice_labels(item.key.field, of_file=bool(item.key.resource))
    source, value = (_in_words(found, labels, is_file=not item.key.field) for found in item.pair)
    return source, value


def _in_words(value: Any, labels: Mapping[str, str], is_file: bool) -> str:
    if is_file and isinstance(value, Mapping):
        value = {name: value[name] for name in _OF_FILE if name in value}
    text = field_labels.value_in_words(value, labels)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
