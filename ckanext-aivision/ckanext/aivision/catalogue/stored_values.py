"""Values that datasets had before they had our form: they are shown, and stay as they are until somebody changes them.

Another schema may have kept a text where our form has several entries, or one word where it has a list.
ckanext-scheming 3.1 (`SchemingDatasetsPlugin.validate`) reads every repeating field as JSON, so such a dataset could
not be shown at all; and saving any other field would write the value anew, in our form, or refuse it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins as plugins

from ckanext.aivision.catalogue.tables.package_record import has_our_form
from ckanext.aivision.catalogue.tables.type_schema import dataset_fields
from ckanext.aivision.plugin_names import SCHEMA, WHOLE

Validate = Callable[[Any, dict[str, Any], dict[str, Any], str], tuple[dict[str, Any], dict[str, Any]]]
Entries = list[dict[str, Any]]
_SCHEMING = "scheming_datasets"
# The part of an entry of ours that a text of another schema becomes, or else the first of its parts.
_OF_TEXT = ("name", "text")


def keep_stored_values() -> None:
    """Has ckanext-scheming validate datasets by way of this module, where it is loaded and our form is on."""
    if plugins.plugin_loaded(_SCHEMING):
        scheming: Any = plugins.get_plugin(_SCHEMING)
        # Always around the method of the class, so that it is never around itself.
        scheming.validate = functools.partial(_validate, functools.partial(type(scheming).validate, scheming))


def _validate(
    original: Validate, context: Any, data: dict[str, Any], schema: dict[str, Any], action: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """ckanext-scheming's `validate`, which gets and gives values as they are stored where nobody has changed them."""
    package_type = str(data.get("type") or "")
    if not _is_ours(package_type):
        return original(context, data, schema, action)
    if action == "package_show":
        return original(context, _with_entries(package_type, data), schema, action)
    unchanged = dict(_unchanged(package_type, data, context.get("package"))) if action == "package_update" else {}
    validated, errors = original(context, data, schema, action)
    if unchanged:
        extras = [extra for extra in validated.get("extras") or () if extra.get("key") not in unchanged]
        stored = [{"key": field, "value": value} for field, value in unchanged.items()]
        others = {key: value for key, value in validated.items() if key not in unchanged}
        validated = {**others, "extras": extras + stored}
        errors = {field: found for field, found in errors.items() if field not in unchanged}
    return validated, errors


def with_entries_in_index(document: dict[str, Any]) -> dict[str, Any]:
    """A document for the search index whose repeating fields are all lists of entries, as ckanext-dcat takes them."""
    package_type = str(document.get("type") or "")
    if not _is_ours(package_type):
        return document
    others = {
        name: json.dumps(entries_of(name, value, parts))
        for name, parts in _repeating(package_type).items()
        if isinstance(value := document.get(name), str) and not _is_entries(_from_json(value))
    }
    return document | others


def _is_ours(package_type: str) -> bool:
    return any(plugins.plugin_loaded(name) for name in (SCHEMA, WHOLE)) and has_our_form(package_type)


def _with_entries(package_type: str, data: dict[str, Any]) -> dict[str, Any]:
    """A package of the database whose repeating fields are all lists of entries, as ckanext-scheming takes them."""
    parts = _repeating(package_type)
    others = {
        extra["key"]: entries_of(extra["key"], extra["value"], parts[extra["key"]])
        for extra in data.get("extras") or ()
        if extra["key"] in parts and not _is_entries(_from_json(extra["value"]))
    }
    if not others:
        return data
    extras = [
        {**extra, "value": json.dumps(others[extra["key"]])} if extra["key"] in others else extra
        for extra in data["extras"]
    ]
    return {**data, "extras": extras}


def _unchanged(package_type: str, data: Mapping[str, Any], package: Any) -> Iterator[tuple[str, str]]:
    """The fields that are sent as they were shown or stored, with their stored texts."""
    stored = (package.extras or {}) if package is not None else {}
    parts = _repeating(package_type)
    for field in dataset_fields(package_type):
        name = field["field_name"]
        value = stored.get(name)
        if not isinstance(value, str) or not value or name not in data or name in model.Package.__mapper__.columns:
            continue
        shown = entries_of(name, value, parts[name]) if name in parts else _from_json(value)
        if data[name] in (shown, value, [value]):
            yield name, value


def _repeating(package_type: str) -> dict[str, tuple[str, ...]]:
    """The names of the parts of each repeating field."""
    return {
        field["field_name"]: tuple(part["field_name"] for part in field["repeating_subfields"])
        for field in dataset_fields(package_type)
        if "repeating_subfields" in field
    }


def entries_of(field: str, text: str, parts: tuple[str, ...]) -> Entries:
    """The entries of a repeating field that a stored text says. parts: names of those of an entry. Never raises.

    A list of entries in JSON, or one entry of these parts, is what it says; other text becomes one part of one entry.
    """
    if not text.strip():
        return []
    found = _from_json(text)
    if isinstance(found, dict) and found.keys() <= set(parts):
        return [found]
    if _is_entries(found):
        return list(found)
    if field == "contact" and "@" in text:
        return [{"email": text}]
    return [{next((part for part in _OF_TEXT if part in parts), parts[0]): text}]


def _is_entries(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _from_json(text: str) -> Any:
    """What a text says in JSON, as ckanext-scheming reads it; the text itself if it is none."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text
