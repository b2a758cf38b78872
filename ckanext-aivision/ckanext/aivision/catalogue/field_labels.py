"""What the form calls its fields and their choices, and values in these words, for pages and letters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT
from ckanext.aivision.catalogue.tables.type_schema import dataset_fields, resource_fields


def field_label(name: str, of_file: bool = False) -> str:
    """The label of a field of datasets, or of files; its name if the form has no such field."""
    label = (_field(name, of_file) or {}).get("label")
    return str(toolkit.h.scheming_language_text(label)) if label else name


def choice_labels(name: str, of_file: bool = False) -> dict[str, str]:
    """The labels of what a field offers, by their values; empty if it offers nothing."""
    field = _field(name, of_file)
    return dict(field_choices(field)) if field is not None else {}


def field_choices(field: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a field of a schema offers: values and labels."""
    words = toolkit.h.scheming_language_text
    found = toolkit.h.scheming_field_choices(field) or []
    return tuple((str(choice["value"]), words(choice["label"])) for choice in found)


def value_in_words(value: Any, labels: Mapping[str, str] = MappingProxyType({})) -> str:
    """A value of a field for readers: semicolons between the entries, commas between the parts of an entry.

    labels: as of `choice_labels`.
    """
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, list):
        return "; ".join(value_in_words(item, labels) for item in value)
    return labels.get(str(value), str(value))


def _field(name: str, of_file: bool) -> dict[str, Any] | None:
    fields = resource_fields(DEFAULT) if of_file else dataset_fields(DEFAULT)
    return next((field for field in fields if field["field_name"] == name), None)
