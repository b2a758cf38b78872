"""The requirements of the UK Cross-Government Metadata Exchange Model, as tables, and what a record is missing.

Source: github.com/co-cddo/ukgov-metadata-exchange-model, commit d6d9a24 of 1 June 2026. A record that does not keep to
the model is taken as far as it goes; each departure is a warning.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.table import Raw, describe_value
from ckanext.aivision.normalise import contacts
from ckanext.aivision.normalise.text import one
from ckanext.aivision.normalise.vocabulary import rows


class Class(NamedTuple):
    """A class of the model: members that a record must have, and that it may have."""

    required: frozenset[str]
    optional: frozenset[str]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RESOURCE_REQUIRED = _names(
    "accessRights contactPoint creator description identifier licence modified publisher securityClassification title "
    "type version"
)
_RESOURCE_OPTIONAL = _names("alternativeTitle created issued keyword relatedResource summary theme")

CLASSES = {
    "Dataset": Class(_RESOURCE_REQUIRED | {"updateFrequency"}, _RESOURCE_OPTIONAL | {"distribution"}),
    "DataService": Class(
        _RESOURCE_REQUIRED | _names("endpointDescription serviceStatus serviceType"),
        _RESOURCE_OPTIONAL | _names("endpointURL servesData"),
    ),
    "Distribution": Class(
        _names("identifier licence mediaType title type"),
        _names("accessRights accessService byteSize description downloadURL issued modified"),
    ),
    "ContactPoint": Class(_names("contactName email"), _names("address telephone")),
}
# Members that make a record JSON-LD and are no part of the model.
_JSON_LD = _names("@context @id @type")
# Where `type` does not tell the class, the first of these members that a record has does.
_TELLING = {
    "updateFrequency": "Dataset",
    "distribution": "Dataset",
    "serviceType": "DataService",
    "serviceStatus": "DataService",
    "endpointDescription": "DataService",
    "endpointURL": "DataService",
    "servesData": "DataService",
    "mediaType": "Distribution",
    "downloadURL": "Distribution",
    "byteSize": "Distribution",
    "contactName": "ContactPoint",
}
_TYPE = re.compile(r"(?:dcat:|https?://www\.w3\.org/ns/dcat#|vcard:|https?://www\.w3\.org/2006/vcard/ns#)?(\w{1,30})")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CURIE = re.compile(r"[A-Za-z][\w.+-]*:\S+")
_MEDIA_TYPE = re.compile(r"(?:application|audio|font|image|message|model|multipart|text|video)/\S+")
_LONGEST_SUMMARY = 250
_MOST_UNKNOWN = 20  # members that are reported for one record


@functools.cache
def organisations() -> frozenset[str]:
    """The names that the model has for organisations of the UK government."""
    return frozenset(row["id"] for row in rows("uk_organisations"))


@functools.cache
def values(member: str) -> frozenset[str]:
    """The values that a member may have, where the model lists them."""
    return frozenset(row["value"] for row in rows("uk_metadata_exchange") if row["member"] == member)


def _is_value_of(member: str) -> Callable[[str], bool]:
    return lambda text: text in values(member)


def _is_organisation(text: str) -> bool:
    return text in organisations()


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None


# Member -> whether a text of it is as the model says, and what it should be.
_CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    **{
        member: (_is_value_of(member), "one of the model's values")
        for member in ("accessRights", "updateFrequency", "securityClassification", "serviceStatus", "serviceType")
    },
    **dict.fromkeys(("publisher", "creator"), (_is_organisation, "an organisation's name on GOV.UK")),
    **dict.fromkeys(("issued", "modified", "created"), (_is_date, "a date, such as 2026-06-01")),
    "type": (lambda text: _CURIE.fullmatch(text) is not None, "a name with its prefix, such as dcat:Dataset"),
    "mediaType": (lambda text: _MEDIA_TYPE.match(text) is not None, "a media type, such as text/csv"),
    "email": (lambda text: contacts.email(text) is not None, "an address, such as data@food.gov.uk"),
    "summary": (lambda text: len(text) <= _LONGEST_SUMMARY, f"text of at most {_LONGEST_SUMMARY} characters"),
    "byteSize": (lambda text: text.isdecimal() and text.strip("0") != "", "a number of bytes"),
}


def class_of(raw: Raw) -> str:
    """The class of a record, by its `type` or else by its members; a dataset where neither tells."""
    for key in ("type", "@type"):
        match = _TYPE.fullmatch(one(raw.get(key)) or "")
        if match is not None and match[1] in CLASSES:
            return match[1]
        if match is not None and match[1] == "Kind":
            return "ContactPoint"
    return next((name for member, name in _TELLING.items() if member in raw), "Dataset")


def departures(raw: Raw, name: str, where: str) -> list[Problem]:
    """A warning for each thing in which a record departs from its class. name: of the class, a key of CLASSES."""
    asked = CLASSES[name]
    found = [
        Problem(
            "mandatory-missing", f"{where}.{member}", f"there is no `{member}`, which every {name} must have: add it"
        )
        for member in sorted(asked.required)
        if raw.get(member) in (None, "", [], {})
    ]
    known = asked.required | asked.optional
    strange = [member for member in raw if member not in known and member not in _JSON_LD]
    for member in sorted(known & raw.keys()):
        found += _misfits(member, raw[member], f"{where}.{member}")
    for member in strange[:_MOST_UNKNOWN]:
        close = difflib.get_close_matches(member[:100], known, n=1)
        hint = f"did you mean `{close[0]}`?" if close else "take it out"
        found.append(
            Problem("member-unknown", f"{where}.{describe_value(member)}", f"a {name} has no such member; {hint}")
        )
    if name != "ContactPoint" and isinstance(contact := raw.get("contactPoint"), dict):
        found += departures(contact, "ContactPoint", f"{where}.contactPoint")
    return found


def _misfits(member: str, value: Any, where: str) -> list[Problem]:
    check, wanted = _CHECKS.get(member, (None, ""))
    if check is None:
        return []
    items = value if isinstance(value, list) else [value]
    odd = next((text for item in items if (text := one(item)) is not None and not check(text)), None)
    return (
        [Problem("value-not-of-model", where, f"not {wanted}: use one", seen=describe_value(odd))]
        if odd is not None
        else []
    )
