"""Validators of the fields of `config/schemas/`."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
import flask
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.posted_form import CHECKED
from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT
from ckanext.aivision.catalogue.tables.type_schema import dataset_fields
from ckanext.aivision.normalise import contacts, dates, media_types
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.scoring.guidance import cite, load_guidance
from ckanext.aivision.serialise.federal import is_bureau, is_program

__all__ = [
    "aivision_bureau",
    "aivision_bureau_code",
    "aivision_citations",
    "aivision_date",
    "aivision_dcat_date",
    "aivision_download_url",
    "aivision_email",
    "aivision_entry_source",
    "aivision_link",
    "aivision_mailbox",
    "aivision_media_type",
    "aivision_partial_date",
    "aivision_program_code",
    "aivision_size",
    "aivision_web_url",
    "aivision_words_to_values",
]

# How much of an ISO date says as much as was written.
_ISO_LENGTHS = {"year": 4, "month": 7, "day": 10}
_TWO_DAYS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_BUREAU = "Write the code as three digits, a colon and two digits, such as 010:18"
_PROGRAM = "Write the code as three digits, a colon and three digits, such as 010:047"
_MEDIA_TYPE = re.compile(r"[a-z]{4,20}/[\w.+-]{1,100}", re.ASCII | re.IGNORECASE)
# PostgreSQL's bigint, in which CKAN keeps a size, has 19 digits.
_LONGEST_SIZE = 18
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#@<>\"]+\.[^\s<>\"]+", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


def aivision_download_url(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """Removes a resource's `download_url` if it belongs to a file that has been replaced.

    A harvest fills it in beside `url`. When a user replaces the file, only `url` changes, and the form sends the other
    fields back unchanged.
    """
    resource = model.Resource.get(data.get((*key[:-1], "id")) or "")
    if resource is None:
        return
    url = str(data.get((*key[:-1], "url")) or "")
    if data.get((*key[:-1], "url_type")) == "upload":
        # CKAN stores the bare name of an uploaded file and shows its address.
        url = url.rsplit("/")[-1]
    if url != resource.url and data.get(key) == resource.extras.get("download_url"):
        data.pop(key, None)


def aivision_partial_date(value: str) -> str:
    """A day, a month or a year that exists: 2026-01-19, 2026-01 or 2026."""
    match = _DATE.fullmatch(value.strip())
    try:
        datetime.date(*(int(part or 1) for part in match.groups()) if match else (0, 0, 0))
    except ValueError as error:
        message = toolkit._("Write the date as 2026-01-19, or 2026-01 or 2026 if the day is not known")
        raise toolkit.Invalid(message) from error
    return value.strip()


def aivision_web_url(value: str) -> str:
    """An http or https address."""
    if not _WEB_ADDRESS.fullmatch(value.strip()):
        raise toolkit.Invalid(toolkit._("Write a web address that begins with https:// or http://"))
    return value.strip()


def aivision_date(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """A date as people write it, to what ISO 8601 writes for as much: 31 December 2024 to 2024-12-31, 2024 to 2024.

    Read as the rubric reads it (`normalise.dates`). What can be two days is asked back, what is no date is refused;
    what a harvester stores stays as its source gave it.
    """
    value = data.get(key)
    if not isinstance(value, str) or not value.strip() or _stays_as_written(value, context):
        return
    found = dates.moment(value)
    if found is None or found.value is None:
        errors.setdefault(key, []).append(_ask_for_date(value.strip()))
        raise toolkit.StopOnError
    if found.precision != "time":
        data[key] = found.value.isoformat()[: _ISO_LENGTHS[found.precision]]


def aivision_dcat_date(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """`dcat_date` of ckanext-dcat, which refuses what is no date also where a harvester stores it."""
    value = data.get(key)
    if not isinstance(value, str) or not value.strip() or not _stays_as_written(value, context):
        toolkit.get_validator("dcat_date")(key, data, errors, context)


def _stays_as_written(value: str, context: Any) -> bool:
    """Whether a text is no date and is stored by a harvester."""
    if is_checked(context):
        return False
    found = dates.moment(value)
    return found is None or found.value is None


def _ask_for_date(written: str) -> str:
    match = _TWO_DAYS.fullmatch(written)
    if match is not None and (days := [_day(match[3], match[number], match[3 - number]) for number in (2, 1)]):
        possible = [day for day in days if day is not None]
        if len(possible) == 2:
            message = toolkit._("{written} can be {first} or {second}. Which one is meant? Write it like that")
            return str(message.format(written=written, first=possible[0].isoformat(), second=possible[1].isoformat()))
    message = toolkit._("Write the date as 2026-01-19 or 19 January 2026, or 2026-01 or 2026 if the day is not known")
    return str(message)


def _day(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_checked(context: Any) -> bool:
    """Whether a value is checked: of what people and programs send here.

    Harvesters, ours and those of other extensions, store what a source gives as it is; the evaluation says what is
    wrong with it. They run in jobs and commands, where nothing is sent by POST.
    """
    sent = flask.has_request_context() and flask.request.method == "POST"
    return bool(sent or context.get(CHECKED)) and "aivision_record" not in context


def aivision_email(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """An e-mail address, read as the rubric reads one (`normalise.contacts`): words around it are taken off."""
    value = data.get(key)
    if not isinstance(value, str) or not value.strip() or _is_left_alone(key, value, data, context):
        return
    data[key] = aivision_mailbox(value)


def aivision_mailbox(value: str) -> str:
    """The e-mail address in a text. Raises Invalid if there is none."""
    address = contacts.email(value)
    if address is None:
        raise toolkit.Invalid(toolkit._("Write an email address such as data@agency.example"))
    return address


def aivision_link(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """A web address, or the JSON list of several, judged by the rubric's functions (`normalise.web.addresses`).

    What is stored already is left alone, as a source may have given it. The name of an uploaded file is no address.
    """
    value = data.get(key)
    if not isinstance(value, str) or not value.strip() or _is_left_alone(key, value, data, context):
        return
    if data.get((*key[:-1], "url_type")) == "upload" or data.get((*key[:-1], "upload")):
        return
    for address in _addresses_in(value):
        if not _is_stored(key, address, data, context) and (why := addresses.fault_of_form(address)):
            message = toolkit._("{address} is {why}. Write it like https://agency.example/data")
            raise toolkit.Invalid(message.format(address=address[:100], why=toolkit._(why)))


def _addresses_in(value: str) -> list[str]:
    try:
        found = json.loads(value) if value.startswith("[") else [value]
    except (ValueError, RecursionError):
        found = [value]
    if not isinstance(found, list) or not all(isinstance(address, str) for address in found):
        raise toolkit.Invalid(toolkit._("Enter a web address, or a list of web addresses"))
    return found


def aivision_words_to_values(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """The JSON list of a field with choices, with the value of a choice for its label: `Welsh` is `cy`.

    What is stored already is left alone: a source's own words are not replaced because they are a label too.
    """
    value = data.get(key)
    field = next((field for field in dataset_fields(DEFAULT) if field["field_name"] == key[-1]), None)
    if not isinstance(value, str) or not value or field is None or not is_checked(context):
        return
    values = {choice["label"]: choice["value"] for choice in toolkit.h.scheming_field_choices(field) or ()}
    read = [text if _is_stored(key, text, data, context) else values.get(text, text) for text in json.loads(value)]
    data[key] = json.dumps(read)


def aivision_size(value: Any) -> Any:
    """A size in bytes; blanks and commas between the digits are taken off. None for an empty text."""
    if value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    digits = re.sub(r"[\s,]", "", str(value))
    if not digits.isdecimal() or not digits.isascii() or len(digits) > _LONGEST_SIZE:
        raise toolkit.Invalid(toolkit._("Write the size in bytes, such as 48200311"))
    return int(digits)


def aivision_media_type(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """A media type by its name in IANA's registry, for the name of a format too: `CSV` is text/csv."""
    value = data.get(key)
    if not isinstance(value, str) or not value.strip() or _is_left_alone(key, value, data, context):
        return
    format_key = media_types.from_format(value).id
    traits = media_types.traits(format_key) if format_key is not None else None
    if (registered := media_types.clean(value).id) is not None:
        data[key] = registered
    elif "/" not in value and traits is not None and traits.media_type:
        data[key] = traits.media_type
    elif not _MEDIA_TYPE.fullmatch(value.strip()):
        raise toolkit.Invalid(toolkit._("Write a media type such as text/csv or application/json"))


def _is_left_alone(key: Any, value: str, data: Mapping[Any, Any], context: Any) -> bool:
    return not is_checked(context) or _is_stored(key, value, data, context)


def _is_stored(key: Any, value: str, data: Mapping[Any, Any], context: Any) -> bool:
    """Whether a value of a field, or of one of its entries, is stored already."""
    in_resource = key[0] == "resources"
    stored = model.Resource.get(data.get((*key[:-1], "id")) or "") if in_resource else context.get("package")
    if stored is None:
        return False
    kept = (stored.extras or {}).get(key[2 if in_resource else 0]) or getattr(stored, key[-1], None)
    quoted = (json.dumps(value), json.dumps(value, ensure_ascii=False))
    return isinstance(kept, str) and (value == kept or any(text in kept for text in quoted))


def aivision_bureau(value: str) -> str:
    """The code of a US federal bureau (OMB Circular A-11, appendix C), such as 010:18."""
    if not is_bureau(value.strip()):
        raise toolkit.Invalid(toolkit._(_BUREAU))
    return value.strip()


def aivision_bureau_code(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """The JSON list of codes of US federal bureaus; what is stored already is left alone."""
    _check_codes(key, data, context, is_bureau, _BUREAU)


def aivision_program_code(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """The JSON list of codes of the US Federal Program Inventory, such as 010:047; what is stored is left alone."""
    _check_codes(key, data, context, is_program, _PROGRAM)


def _check_codes(key: Any, data: Mapping[Any, Any], context: Any, is_code: Callable[[str], bool], why: str) -> None:
    value = data.get(key)
    for code in json.loads(value) if isinstance(value, str) and value else ():
        if not is_code(code) and not _is_left_alone(key, code, data, context):
            raise toolkit.Invalid(toolkit._(why))


def aivision_citations(value: str) -> str:
    """Documents and clauses that `config/guidance.yaml` has. value: the JSON list of a field for several texts."""
    for code in json.loads(value):
        if code not in load_guidance() and not cite(code).title:
            raise toolkit.Invalid(toolkit._("{code}: there is no such document or clause").format(code=code))
    return value


def aivision_entry_source(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """An entry of a register has the address of at least one source."""
    if not any(found[0] == "sources" and found[-1] == "url" and value for found, value in data.items()):
        message = toolkit._("Give the web address of at least one public source")
        errors.setdefault(("sources", 0, "url"), []).append(message)
