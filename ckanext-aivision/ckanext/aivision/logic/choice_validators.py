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

from ckanext.aivision.catalogue.posted_form import ASKED_FOR
from ckanext.aivision.logic.validators import is_checked

__all__ = ["aivision_choice", "aivision_licence", "aivision_required"]

Validator = Callable[[Any, dict[Any, Any], dict[Any, list[str]], dict[str, Any]], None]


@scheming_validator
def aivision_required(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """A value where the schema requires one, as far as the dataset is asked for it.

    A draft is saved as far as somebody has got; the form names the fields that it asks for before it leads on, under
    `ASKED_FOR` of the context. A program that has never heard of this field, such as another harvester, does not send
    it, and is not refused for that; nor is an edit of a published dataset that has been without it so far.
    """

    def validate(key: Any, data: dict[Any, Any], errors: dict[Any, list[str]], context: dict[str, Any]) -> None:
        value = data.get(key)
        if value not in (None, "", toolkit.missing) or (value == "" and not field.get("required")):
            return
        if field.get("required") and _is_asked_for(key, data, context):
            errors[key].append(toolkit._("Missing value"))
        else:
            data.pop(key, None)
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


def _is_asked_for(key: Any, data: dict[Any, Any], context: dict[str, Any]) -> bool:
    """Whether a dataset cannot be saved without this field."""
    package = context.get("package")
    before = str(package.state) if package is not None else ""
    if key[-1] in context.get(ASKED_FOR, ()):
        return True
    if str(data.get(("state",)) or before).startswith("draft"):
        return False
    if package is None:
        # Harvesters of others send an empty text where a source says nothing.
        return data.get(key) == "" and is_checked(context)
    return before.startswith("draft") or bool(_stored(key, data, context))


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
