"""Metadata in JSON standards: `/data.json`, `/uk-metadata-exchange.json`, and each dataset by itself.

Everybody may have what is public. Private datasets, drafts and entries of registers are in none of these documents.
Harvested records are what their sources gave; `corrected=1` asks for them with the corrections that were made here.
"""

from __future__ import annotations

import ckan.model as model
import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response, request

from ckanext.aivision.catalogue.corrections import corrected_records
from ckanext.aivision.catalogue.tables import public_contacts
from ckanext.aivision.catalogue.tables.public_records import public_records
from ckanext.aivision.catalogue.tables.revisions import of_catalogue
from ckanext.aivision.serialise.edition import edition
from ckanext.aivision.serialise.json_standards import vocabulary as own_terms
from ckanext.aivision.serialise.json_standards.documents import DOCUMENTS, About, Document
from ckanext.aivision.serialise.standards.fields import STANDARDS
from ckanext.aivision.views.access import action
from ckanext.aivision.views.documents.answers import whole
from ckanext.aivision.views.documents.parameters import (
    FILTERS,
    Refused,
    arguments,
    check_reading,
    filters,
    is_name,
    take_corrected,
)
from ckanext.aivision.views.problem_details import problem

json_standards = Blueprint("aivision_json_standards", __name__)
# Apart, since ckanext-datajson has pages at these addresses too.
data_json = Blueprint("aivision_data_json", __name__)
# The model in JSON, YAML and RDF.
_UK_FORMS = ", ".join(repr(form) for form in DOCUMENTS if form.startswith("uk-metadata-exchange."))
_KNOWN = ", ".join(STANDARDS)
_PROFILES = {"dcat-us-1.1": "dcat-us.json", "dcat-us-3": "dcat-us-3.json"}


@data_json.route("/data.json")
def catalogue() -> Response:
    """The whole catalogue in DCAT-US 1.1, or in 3.0 with `profile=dcat-us-3`."""
    return _catalogue(None, None)


@data_json.route("/organization/<name>/data.json")
def of_organization(name: str) -> Response:
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
        is_corrected = take_corrected(arguments(("corrected",)))
        id = _package_id(name)
        found = list(corrected_records.public_records(id=id) if is_corrected else public_records(id=id))
        if not found:
            raise Refused(404, toolkit._("There is no public dataset with this name"))
        check_reading("package_show", {"id": id})
    except Refused as error:
        return problem(error.status, error.detail)
    return _answer(DOCUMENTS[form], b"".join(DOCUMENTS[form].write(found, _about())))


@json_standards.route("/dataset/<name>/losses")
def losses(name: str) -> Response:
    """The values of a dataset that are not in its document in the standard `profile`, for whoever may read it."""
    try:
        given = arguments(("profile",))
        if "profile" not in given:
            raise Refused(400, toolkit._("profile: say which standard; use one of {known}").format(known=_KNOWN))
        found = action("aivision_loss_list", id=_package_id(name), profile=given["profile"])
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return problem(404, toolkit._("There is no public dataset with this name"))
    except toolkit.ValidationError:
        return problem(400, toolkit._("profile: there is no such profile; use one of {known}").format(known=_KNOWN))
    except Refused as error:
        return problem(error.status, error.detail)
    text = msgspec.json.encode({"profile": given["profile"], "losses": found})
    headers = {"X-Content-Type-Options": "nosniff"}
    return Response(text, headers=headers, mimetype="application/json")


def _catalogue(document: Document | None, organization: str | None, country: str = "") -> Response:
    """A catalogue as a stream. document: of the parameter `profile` if None. country: if none is asked for."""
    allowed = (*FILTERS, "corrected", *(("organization",) if organization is None else ()))
    try:
        given = arguments((*allowed, *(("profile",) if document is None else ())))
        is_corrected = take_corrected(given)
        if country:
            given.setdefault("country", country)
        check_reading("package_search", {})
        chosen = document or _profile(given.pop("profile", "dcat-us-1.1"))
        if organization is not None:
            given["organization"] = organization
        chosen_by = filters(given, missing=404 if organization is not None else 400)
    except Refused as error:
        return problem(error.status, error.detail)
    about = _about()
    form = f"{chosen.standard}{' corrected' if is_corrected else ''}"
    state = of_catalogue(f"{form} {edition()} {public_contacts.edition()} {about.title} {about.address}", **chosen_by)
    records = corrected_records.public_records if is_corrected else public_records
    return whole(chosen.mimetype, state, lambda: chosen.write(records(**chosen_by), about))


def _about() -> About:
    return About(toolkit.config.get("ckan.site_title") or "", request.base_url, _namespace())


def _namespace() -> str:
    address: str = toolkit.url_for("aivision_json_standards.vocabulary", _external=True, locale="default")
    return f"{address}#"


def _answer(document: Document, content: bytes) -> Response:
    headers = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    return Response(content, headers=headers, mimetype=document.mimetype)


def _profile(name: str) -> Document:
    if name not in _PROFILES:
        known = ", ".join(_PROFILES)
        raise Refused(400, toolkit._("profile: there is no such profile; use one of {known}").format(known=known))
    return DOCUMENTS[_PROFILES[name]]


def _package_id(name: str) -> str:
    found = model.Package.get(name) if is_name(name) else None
    if found is None:
        raise Refused(404, toolkit._("There is no public dataset with this name"))
    return str(found.id)
