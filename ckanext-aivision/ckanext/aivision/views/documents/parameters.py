"""Parameters of documents about many datasets: what means nothing is refused, and nothing is ignored."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from flask import request

from ckanext.aivision.agencies.register import with_bureaus
from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.compare.table.entry import GRADES

# Filters that all documents about many datasets have.
FILTERS = ("country", "agency", "grade", "modified_since")
_COUNTRY = re.compile(r"[A-Z]{2}")
_AGENCY = re.compile(r"[a-z0-9-]{2,100}")
_LONGEST_NAME = 100


class Refused(Exception):
    """A request that is answered with a problem document."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def arguments(allowed: Collection[str]) -> dict[str, str]:
    """The parameters of the address that have a value. Raises Refused for one that means nothing here, comes twice, or
    has a NUL."""
    unknown = sorted(set(request.args) - set(allowed))
    if unknown:
        known = ", ".join(sorted(allowed)) or toolkit._("none")
        detail = toolkit._("There is no parameter {name}; there are: {known}")
        raise Refused(400, detail.format(name=repr(unknown[0])[:_LONGEST_NAME], known=known))
    for name in request.args:
        if len(request.args.getlist(name)) > 1:
            raise Refused(400, toolkit._("{name} is given twice; give it once").format(name=name))
        if "\0" in request.args[name]:
            raise Refused(400, toolkit._("{name} has a NUL character; leave it out").format(name=name))
    return {name: value.strip() for name, value in request.args.items() if value.strip()}


def filters(given: dict[str, str], missing: int = 400) -> dict[str, Any]:
    """The filters of `public_records` that parameters ask for. missing: the status where there is no such organization.

    Raises Refused for a value that means nothing.
    """
    found: dict[str, Any] = {}
    if "country" in given:
        found["country"] = given["country"].upper()
        if not _COUNTRY.fullmatch(found["country"]):
            raise Refused(400, toolkit._("country: use a code of two letters (ISO 3166-1), such as US or GB"))
    if "agency" in given:
        if not _AGENCY.fullmatch(given["agency"]):
            raise Refused(400, toolkit._("agency: use the id of an agency, such as us-026"))
        found["agency"] = list(with_bureaus(given["agency"]))
    if "grade" in given:
        found["grade"] = given["grade"].upper()
        if found["grade"] not in GRADES:
            raise Refused(400, toolkit._("grade: use one of {grades}").format(grades=", ".join(GRADES)))
    if "modified_since" in given:
        found["modified_since"] = _moment(given["modified_since"])
    if "organization" in given:
        found["organization"] = _organization(given["organization"], missing)
    return found


def take_corrected(given: dict[str, str]) -> bool:
    """Whether the corrections that were made here are asked for; takes the parameter out.

    Raises Refused for another value than 1.
    """
    asked = given.pop("corrected", "")
    if asked not in ("", "1"):
        raise Refused(400, toolkit._("corrected: use 1, or leave it out"))
    return asked == "1"


def check_reading(action: str, data: dict[str, Any]) -> None:
    """Raises Refused: a catalogue may be closed to those who are not logged in."""
    try:
        toolkit.check_access(action, {"user": toolkit.current_user.name}, data)
    except toolkit.NotAuthorized as error:
        raise Refused(403, toolkit._("You may not read this catalogue")) from error


def is_name(text: str) -> bool:
    """Whether CKAN could have something of this name or id."""
    return len(text) <= _LONGEST_NAME and text.isprintable()


def _moment(text: str) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(re.sub(r"[Zz]$", "+00:00", text))
        return naive(moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc))
    except (ValueError, OverflowError) as error:
        detail = toolkit._(
            "modified_since: use a day or a moment of ISO 8601, such as 2026-11-24 or 2026-11-24T09:30:00Z"
        )
        raise Refused(400, detail) from error


def _organization(name: str, missing: int) -> str:
    """The id of an active organization."""
    found = model.Group.get(name) if is_name(name) else None
    if found is None or not found.is_organization or found.state != "active":
        raise Refused(missing, toolkit._("There is no organization with this name"))
    return str(found.id)
