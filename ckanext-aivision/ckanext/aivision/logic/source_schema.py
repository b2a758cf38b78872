"""The validation schema of a source, as CKAN validators."""

from __future__ import annotations

import re
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sources.listing import choices, find
from ckanext.aivision.catalogue.sources.settings import Setting, all_settings
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.sources.source import shown_address

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,99}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST = 1000


def source_schema(new: bool) -> dict[str, list[Any]]:
    """The schema of `aivision_source_create`, or of `aivision_source_update`, which leaves missing fields unchanged."""
    get = toolkit.get_validator
    once, given = get("ignore_missing"), get("not_empty")
    schema: dict[str, list[Any]] = {setting.name: [once, *_validators(setting)] for setting in all_settings()}
    schema["name"] = [given, _text, _new_name] if new else [given, _text]
    # An address that is given must be one: the form's empty field is no wish to have none.
    schema["url"] = [given if new else once, given, _text, _address]
    return {**schema, "__extras": [get("empty")]}


def _validators(setting: Setting) -> list[Any]:
    """Of a setting that is given."""
    if setting.is_number:
        # In the place of an empty field stands what a source has that says nothing of it.
        return [toolkit.get_validator("default")(setting.default), _number(setting)]
    if setting.blank is not None:
        return [_text, _one_of(setting.name)]
    return [_text, *_OF_THEIR_OWN.get(setting.name, ())]


def _text(key: Any, data: Any, errors: Any, context: Any) -> None:
    """Text on one line, stripped. Stops at the first error."""
    value = data[key]
    if not isinstance(value, str):
        problem = toolkit._("This must be text")
    elif _CONTROL.search(value.strip()):
        problem = toolkit._("Enter text on one line, without control characters")
    elif len(value) > _LONGEST:
        problem = toolkit._("Enter at most {number} characters").format(number=_LONGEST)
    else:
        data[key] = value.strip()
        return
    errors[key].append(problem)
    raise toolkit.StopOnError


def _new_name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise toolkit.Invalid(
            toolkit._(
                "Use 2 to 100 lower-case letters, digits, dots, hyphens or underscores; start with a letter or digit"
            )
        )
    if find(value) is not None:
        raise toolkit.Invalid(toolkit._("A source with this name already exists: choose another name"))
    return value


def _address(value: str) -> str:
    try:
        shown_address(value)
    except UsageError as error:
        raise toolkit.Invalid(str(error)) from error
    return value


def _one_of(field: str) -> Any:
    def check(value: str) -> str:
        known = choices()[field]
        if value and value not in known:
            raise toolkit.Invalid(toolkit._("Use one of: {known}").format(known=", ".join(known)))
        return value

    return check


def _country(value: str) -> str:
    if value and not re.fullmatch("[A-Z]{2}", value.upper()):
        raise toolkit.Invalid(toolkit._("Enter a two-letter ISO 3166-1 code, such as US or GB"))
    return value.upper()


def _number(setting: Setting) -> Any:
    least, most = setting.least, setting.most
    assert least is not None
    assert most is not None

    def check(value: Any) -> float:
        try:
            number = int(value) if setting.is_whole else float(value)
        except (TypeError, ValueError, OverflowError):
            number = least - 1
        if not least <= number <= most:
            whole = toolkit._("Enter a whole number from {least} to {most}")
            message = whole if setting.is_whole else toolkit._("Enter a number from {least} to {most}")
            raise toolkit.Invalid(message.format(least=least, most=most))
        return number

    return check


def _organization(value: str) -> str | None:
    if not value:
        return None
    group = model.Group.get(value)
    if group is None or not group.is_organization or group.state != "active":
        raise toolkit.Invalid(toolkit._("There is no such organization"))
    return group.id


# Validators of one setting only.
_OF_THEIR_OWN = {"country": (_country,), "owner_org": (_organization,)}
