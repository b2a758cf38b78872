"""Validators of fields with choices: what a dataset had before the form was installed can stay.

An existing catalogue has licences, countries and access rights of its own, and other plugins that write datasets. A
value that is stored already is accepted unchanged; a new value must be on the list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from ckanext.scheming.validation import scheming_validator

__all__ = ["aivision_choice", "aivision_licence", "aivision_required"]

Validator = Callable[[Any, dict[Any, Any], dict[Any, list[str]], dict[str, Any]], None]


@scheming_validator
def aivision_required(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Where the schema requires a value, it cannot be sent empty, unless the published dataset has been without it.

    Forms send all their fields. Programs that have never heard of this field, such as other harvesters, do not send it,
    and are not refused for that.
    """

    def validate(key: Any, data: dict[Any, Any], errors: dict[Any, list[str]], context: dict[str, Any]) -> None:
        value = data.get(key)
        if value in (None, toolkit.missing):
            data.pop(key, None)
            raise toolkit.StopOnError
        if value == "" and field.get("required") and not _has_been_without(key, data, context):
            errors[key].append(toolkit._("Missing value"))
            raise toolkit.StopOnError

    return validate


@scheming_validator
def aivision_choice(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """One of the field's choices, or the value that is stored already."""

    def validate(key: Any, data: dict[Any, Any], errors: dict[Any, list[str]], context: dict[str, Any]) -> None:
        choices = [str(choice["value"]) for choice in toolkit.h.scheming_field_choices(field) or []]
        value = str(data[key])
        if value and value not in choices and value != _stored(key, data, context):
            errors[key].append(toolkit._("“{value}” is not on the list of this field").format(value=value[:100]))

    return validate


def aivision_licence(key: Any, data: dict[Any, Any], errors: dict[Any, list[str]], context: dict[str, Any]) -> None:
    """The identifier of a licence in the site's register, or the one that is stored already."""
    value = str(data[key])
    if value and model.Package.get_license_register().get(value) is None and value != _stored(key, data, context):
        message = toolkit._("There is no licence “{value}”. Choose one from the list (license_list in the API)")
        errors[key].append(message.format(value=value[:100]))


def _has_been_without(key: Any, data: dict[Any, Any], context: dict[str, Any]) -> bool:
    package = context.get("package")
    if package is None or str(package.state).startswith("draft"):
        return False
    return not _stored(key, data, context)


def _stored(key: Any, data: dict[Any, Any], context: dict[str, Any]) -> str | None:
    """What the stored dataset, or the stored resource, has in this field; None if there is none."""
    found = context.get("package")
    if key[0] == "resources":
        found = model.Resource.get(str(data.get((*key[:-1], "id")) or ""))
    if found is None:
        return None
    # Fields of CKAN's tables are attributes; those of the schema are extras.
    value = getattr(found, key[-1]) if key[-1] in found.__mapper__.columns else (found.extras or {}).get(key[-1])
    return None if value is None else str(value)
