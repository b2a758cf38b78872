"""Validators of the fields of `config/schemas/`."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.scoring.guidance import cite, load_guidance

__all__ = [
    "aivision_citations",
    "aivision_download_url",
    "aivision_entry_source",
    "aivision_partial_date",
    "aivision_web_url",
]

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
