"""Metadata in JSON standards: `/data.json`, `/uk-metadata-exchange.json`, and each dataset by itself.

Everybody may have what is public. Private datasets, drafts and entries of registers are in none of these documents.
"""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Iterator
from typing import Any

import ckan.model as model
import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response, request, stream_with_context

from ckanext.aivision.agencies.register import with_bureaus
from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.catalogue.tables.public_records import public_records
from ckanext.aivision.serialise.json_standards import vocabulary as own_terms
from ckanext.aivision.serialise.json_standards.documents import DOCUMENTS, About, Document
from ckanext.aivision.serialise.standards.fields import STANDARDS
from ckanext.aivision.views import limits
from ckanext.aivision.views.access import action
from ckanext.aivision.views.problem_details import problem

json_standards = Blueprint("aivision_json_standards", __name__)
# The model in JSON, YAML and RDF.
_UK_FORMS = ", ".join(repr(form) for form in DOCUMENTS if form.startswith("uk-metadata-exchange."))
_KNOWN = ", ".join(STANDARDS)
_PROFILES = {"dcat-us-1.1": "dcat-us.json", "dcat-us-3": "dcat-us-3.json"}
_COUNTRY = re.compile(r"[A-Z]{2}")
_AGENCY = re.compile(r"[a-z0-9-]{2,100}")
_LONGEST_NAME = 100
# Catalogues that a process writes at once: each keeps a thread busy for as long as its reader reads.
_AT_ONCE = threading.BoundedSemaphore(2)
_BUSY = 10  # seconds until one asks again


class _Refused(Exception):
    """A request that is answered with a problem document."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


@json_standards.route("/data.json")
def data_json() -> Response:
    """The whole catalogue in DCAT-US 1.1, or in 3.0 with `profile=dcat-us-3`."""
    return _catalogue(None, None)


@json_standards.route("/organization/<name>/data.json")
def data_json_of_organization(name: str) -> Response:
    """The datasets of an organization in DCAT-US."""
    return _catalogue(None, name)


@json_standards.route(f"/<any({_UK_FORMS}):form>")
def uk_metadata_exchange(form: str) -> Response:
    """The datasets of the UK, or of the country that is asked for, in the UK Cross-Government Metadata Exchange Model.

    The model has no member for a country: readers take its records for the UK's.
    """
    return _catalogue(DOCUMENTS[form], None, country="GB")


@json_standards.route(own_terms.PATH)
def vocabulary() -> Response:
    """The terms of our own in these documents, as JSON-LD."""
    headers = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    text = msgspec.json.encode(own_terms.vocabulary(_namespace()))
    return Response(text, headers=headers, mimetype="application/ld+json")


@json_standards.route("/dataset/<name>/<any('dcat-us.json', 'dcat-us-3.json'):form>")
@json_standards.route(f"/dataset/<name>/<any({_UK_FORMS}):form>")
def dataset(name: str, form: str) -> Response:
    """One dataset in a standard."""
    try:
        _arguments(())
        id = _package_id(name)
        found = list(public_records(id=id))
        if not found:
            raise _Refused(404, toolkit._("There is no public dataset with this name"))
        _check_reading("package_show", {"id": id})
    except _Refused as error:
        return problem(error.status, error.detail)
    return _answer(DOCUMENTS[form], b"".join(DOCUMENTS[form].write(found, _about())))


@json_standards.route("/dataset/<name>/losses")
def losses(name: str) -> Response:
    """The values of a dataset that are not in its document in the standard `profile`, for whoever may read it."""
    try:
        given = _arguments(("profile",))
        if "profile" not in given:
            raise _Refused(400, toolkit._("profile: say which standard; use one of {known}").format(known=_KNOWN))
        found = action("aivision_loss_list", id=_package_id(name), profile=given["profile"])
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return problem(404, toolkit._("There is no public dataset with this name"))
    except toolkit.ValidationError:
        return problem(400, toolkit._("profile: there is no such profile; use one of {known}").format(known=_KNOWN))
    except _Refused as error:
        return problem(error.status, error.detail)
    text = msgspec.json.encode({"profile": given["profile"], "losses": found})
    headers = {"X-Content-Type-Options": "nosniff"}
    return Response(text, headers=headers, mimetype="application/json")


def _catalogue(document: Document | None, organization: str | None, country: str = "") -> Response:
    """A catalogue as a stream. document: of the parameter `profile` if None. country: if none is asked for."""
    allowed = ("country", "agency", "modified_since", *(("organization",) if organization is None else ()))
    try:
        given = _arguments((*allowed, *(("profile",) if document is None else ())))
        if country:
            given.setdefault("country", country)
        _check_reading("package_search", {})
        chosen = document or _profile(given.pop("profile", "dcat-us-1.1"))
        if organization is not None:
            given["organization"] = organization
        filters = _filters(given, missing=404 if organization is not None else 400)
        limits.count("catalogues")
    except _Refused as error:
        return problem(error.status, error.detail)
    except limits.TooMany as error:
        detail = toolkit._("Too many requests in a minute. Please try again in {seconds} seconds.")
        return problem(429, detail.format(seconds=error.seconds), Retry_After=str(error.seconds))
    slot = _Slot.take()
    if slot is None:
        detail = toolkit._("Too many catalogues are being downloaded. Please try again in {seconds} seconds.")
        return problem(503, detail.format(seconds=_BUSY), Retry_After=str(_BUSY))
    written = slot.until_the_end(chosen.write(public_records(**filters), _about()))
    answer = _answer(chosen, stream_with_context(written))
    answer.call_on_close(slot.release)
    return answer


class _Slot:
    """The right to write a catalogue; it is given back once, however the writing ends."""

    def __init__(self) -> None:
        self._held = True

    @classmethod
    def take(cls) -> _Slot | None:
        """None if as many as may be are being written."""
        return cls() if _AT_ONCE.acquire(blocking=False) else None

    def until_the_end(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces. Of an answer that nobody reads, as that to HEAD, no piece is asked for: `release` then."""
        try:
            yield from pieces
        finally:
            self.release()

    def release(self) -> None:
        """Does nothing the second time."""
        if self._held:
            self._held = False
            _AT_ONCE.release()


def _about() -> About:
    return About(toolkit.config.get("ckan.site_title") or "", request.base_url, _namespace())


def _namespace() -> str:
    address: str = toolkit.url_for("aivision_json_standards.vocabulary", _external=True, locale="default")
    return f"{address}#"


def _answer(document: Document, content: Any) -> Response:
    headers = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    return Response(content, headers=headers, mimetype=document.mimetype)


def _check_reading(action: str, data: dict[str, Any]) -> None:
    """A catalogue may be closed to those who are not logged in."""
    try:
        toolkit.check_access(action, {"user": toolkit.current_user.name}, data)
    except toolkit.NotAuthorized as error:
        raise _Refused(403, toolkit._("You may not read this catalogue")) from error


def _arguments(allowed: tuple[str, ...]) -> dict[str, str]:
    """The parameters of the address. Raises _Refused for one that means nothing here, or comes twice."""
    unknown = sorted(set(request.args) - set(allowed))
    if unknown:
        known = ", ".join(sorted(allowed)) or toolkit._("none")
        detail = toolkit._("There is no parameter {name}; there are: {known}")
        raise _Refused(400, detail.format(name=repr(unknown[0])[:_LONGEST_NAME], known=known))
    twice = [name for name in request.args if len(request.args.getlist(name)) > 1]
    if twice:
        raise _Refused(400, toolkit._("{name} is given twice; give it once").format(name=twice[0]))
    return {name: value.strip() for name, value in request.args.items() if value.strip()}


def _profile(name: str) -> Document:
    if name not in _PROFILES:
        known = ", ".join(_PROFILES)
        raise _Refused(400, toolkit._("profile: there is no such profile; use one of {known}").format(known=known))
    return DOCUMENTS[_PROFILES[name]]


def _filters(given: dict[str, str], missing: int) -> dict[str, Any]:
    """The filters of `public_records`. missing: the status where there is no such organization."""
    found: dict[str, Any] = {}
    if "country" in given:
        found["country"] = given["country"].upper()
        if not _COUNTRY.fullmatch(found["country"]):
            raise _Refused(400, toolkit._("country: use a code of two letters (ISO 3166-1), such as US or GB"))
    if "agency" in given:
        if not _AGENCY.fullmatch(given["agency"]):
            raise _Refused(400, toolkit._("agency: use the id of an agency, such as us-026"))
        found["agency"] = list(with_bureaus(given["agency"]))
    if "modified_since" in given:
        found["modified_since"] = _moment(given["modified_since"])
    if "organization" in given:
        found["organization"] = _organization(given["organization"], missing)
    return found


def _moment(text: str) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(re.sub(r"[Zz]$", "+00:00", text))
        return naive(moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc))
    except (ValueError, OverflowError) as error:
        detail = toolkit._(
            "modified_since: use a day or a moment of ISO 8601, such as 2026-11-24 or 2026-11-24T09:30:00Z"
        )
        raise _Refused(400, detail) from error


def _organization(name: str, missing: int) -> str:
    """The id of an active organization."""
    found = model.Group.get(name) if _is_name(name) else None
    if found is None or not found.is_organization or found.state != "active":
        raise _Refused(missing, toolkit._("There is no organization with this name"))
    return str(found.id)


def _package_id(name: str) -> str:
    found = model.Package.get(name) if _is_name(name) else None
    if found is None:
        raise _Refused(404, toolkit._("There is no public dataset with this name"))
    return str(found.id)


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and text.isprintable()
