"""The validation schema of a source, as CKAN validators."""

from __future__ import annotations

import re
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sources.listing import find
from ckanext.aivision.catalogue.sources.source_store import SCHEDULES
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.sources.source import KINDS, Source, shown_address
from ckanext.aivision.scoring.rubric import load

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,99}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST = 1000
_WIDEST = 2**31 - 1
_MOST_DAYS = 3650
_MOST_REQUESTS = 1_000_000


def source_schema(new: bool) -> dict[str, list[Any]]:
    """The schema of `aivision_source_create`, or of `aivision_source_update`, which leaves missing fields unchanged."""
    get = toolkit.get_validator
    text, once, given = [_text], get("ignore_missing"), get("not_empty")
    first = given if new else once
    schema: dict[str, list[Any]] = {
        "name": [given, _text, _new_name] if new else [given, _text],
        # An update can leave the address out, but an empty field in the form is an error.
        "url": [first, given, _text, _address],
        "kind": [once, *text, _one_of(KINDS)],
        "profile": [once, *text, _one_of(load().profiles)],
        "country": [once, *text, _country],
        "schedule": [once, *text, _one_of(SCHEDULES)],
        "priority": [once, get("default")(0), _in_range(-1000, 1000)],
        "min_records": [once, _usual("min_records"), _in_range(0, _WIDEST)],
        "max_gone_share": [once, _usual("max_gone_share"), _share],
        "full_every_days": [once, _usual("full_every_days"), _days],
        "requests_per_hour": [once, _usual("requests_per_hour"), _in_range(0, _MOST_REQUESTS)],
        "owner_org": [once, *text, _organization],
        "__extras": [get("empty")],
    }
    return schema | {field: [once, *text] for field in ("title", "publisher", "license", "organization")}


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


def _one_of(known: Any) -> Any:
    def check(value: str) -> str:
        if value and value not in known:
            raise toolkit.Invalid(toolkit._("Use one of: {known}").format(known=", ".join(known)))
        return value

    return check


def _country(value: str) -> str:
    if value and not re.fullmatch("[A-Z]{2}", value.upper()):
        raise toolkit.Invalid(toolkit._("Enter a two-letter ISO 3166-1 code, such as US or GB"))
    return value.upper()


def _in_range(least: int, most: int) -> Any:
    def check(value: Any) -> int:
        try:
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            number = least - 1
        if not least <= number <= most:
            message = toolkit._("Enter a whole number from {least} to {most}")
            raise toolkit.Invalid(message.format(least=least, most=most))
        return number

    return check


def _usual(field: str) -> Any:
    """Fills an empty field with the default value of a source."""
    return toolkit.get_validator("default")(getattr(Source(name="", url=""), field))


def _days(value: Any) -> float:
    try:
        days = float(value)
    except (TypeError, ValueError):
        days = -1.0
    if not 0 <= days <= _MOST_DAYS:
        message = toolkit._("Enter a number of days from 0 (a full harvest every time) to {most}")
        raise toolkit.Invalid(message.format(most=_MOST_DAYS))
    return days


def _share(value: Any) -> float:
    try:
        share = float(value)
    except (TypeError, ValueError):
        share = -1.0
    if not 0 <= share <= 1:
        raise toolkit.Invalid(
            toolkit._("Enter a number from 0 (nothing can be removed) to 1 (everything can be removed)")
        )
    return share


def _organization(value: str) -> str | None:
    if not value:
        return None
    group = model.Group.get(value)
    if group is None or not group.is_organization or group.state != "active":
        raise toolkit.Invalid(toolkit._("There is no such organization"))
    return group.id
