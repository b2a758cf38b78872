"""`/organization/NAME/corrections`: what was corrected of harvested datasets, to send to their publisher.

For the organization's editors and admins.
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue.corrections.corrected_datasets import (
    Corrected,
    corrected_datasets,
    corrected_package,
)
from ckanext.aivision.catalogue.corrections.publisher_letter import write_letter
from ckanext.aivision.catalogue.corrections.words import correction_row
from ckanext.aivision.serialise.json_standards.documents import DOCUMENTS, About
from ckanext.aivision.views.access import guarded

publisher_corrections = Blueprint("aivision_publisher_corrections", __name__)
# By the end of the address: the document, and what it is in words.
_STANDARDS = {
    "dcat-us.json": "data.json in DCAT-US 1.1",
    "dcat-us-3.json": "data.json in DCAT-US 3.0",
    "uk-metadata-exchange.json": "UK Cross-Government Metadata Exchange Model",
}
_FORMS = ", ".join(repr(form) for form in _STANDARDS)


@publisher_corrections.route("/organization/<name>/corrections")
@guarded
def show(name: str) -> Any:
    """The page: each corrected dataset, the documents and the e-mail."""
    organization = _organization(name)
    datasets = list(corrected_datasets(organization.id))
    letter = write_letter(organization.title or organization.name, datasets, _attachments())
    rows = [(item, [correction_row(found, {}, True) for found in item.corrections]) for item in datasets]
    values = {"group_dict": _describe(organization), "rows": rows, "letter": letter}
    return toolkit.render("aivision/publisher_corrections.html", {**values, "documents": _documents(organization.name)})


@publisher_corrections.route(f"/organization/<name>/corrections/<any({_FORMS}):form>")
@guarded
def document(name: str, form: str) -> Response:
    """The corrected datasets in a standard, complete records."""
    organization = _organization(name)
    about = About(organization.title or organization.name, toolkit.config.get("ckan.site_url") or "")
    records = (item.dataset for item in corrected_datasets(organization.id))
    return _download(b"".join(DOCUMENTS[form].write(records, about)), f"corrected-{form}")


@publisher_corrections.route("/organization/<name>/corrections/packages.json")
@guarded
def packages(name: str) -> Response:
    """The corrected datasets as CKAN's packages."""
    found = [corrected_package(item) for item in corrected_datasets(_organization(name).id)]
    return _download(msgspec.json.format(msgspec.json.encode(found)), "corrected-packages.json")


@publisher_corrections.route("/organization/<name>/corrections/patch.json")
@guarded
def patch(name: str) -> Response:
    """What to change in each record, as JSON Patch (RFC 6902)."""
    found = [_patch(item) for item in corrected_datasets(_organization(name).id)]
    return _download(msgspec.json.format(msgspec.json.encode(found)), "corrections-patch.json")


@publisher_corrections.route("/organization/<name>/corrections/email.txt")
@guarded
def email(name: str) -> Response:
    """The e-mail in plain text."""
    organization = _organization(name)
    datasets = list(corrected_datasets(organization.id))
    letter = write_letter(organization.title or organization.name, datasets, _attachments())
    text = "\n".join(["To: " + ", ".join(letter.to), f"Subject: {letter.subject}", "", letter.text])
    return _download(text.encode(), "corrections-email.txt", "text/plain; charset=utf-8")


def _patch(item: Corrected) -> dict[str, Any]:
    return {
        "identifier": item.source.identifier,
        "title": item.source.title,
        "standard": item.standard,
        "patch": item.patch(),
    }


def _organization(name: str) -> Any:
    """Raises NotAuthorized for people who are neither editors nor admins of the organization."""
    found = model.Group.get(name)
    if found is None or not found.is_organization or found.state != "active":
        raise toolkit.ObjectNotFound(toolkit._("There is no such organization"))
    toolkit.check_access("aivision_correction_list", {"user": toolkit.current_user.name}, {"organization": found.id})
    return found


def _describe(organization: Any) -> dict[str, Any]:
    return {"id": organization.id, "name": organization.name, "title": organization.title or organization.name}


def _documents(name: str) -> list[tuple[str, str]]:
    """What can be sent, each with its title and its address."""
    endpoint = "aivision_publisher_corrections"
    found = [
        (title, toolkit.url_for(f"{endpoint}.document", name=name, form=form, _external=True))
        for form, title in _STANDARDS.items()
    ]
    found.append(
        (toolkit._("CKAN packages (JSON)"), toolkit.url_for(f"{endpoint}.packages", name=name, _external=True))
    )
    patched = toolkit._("What to change in each record, as JSON Patch")
    return [*found, (patched, toolkit.url_for(f"{endpoint}.patch", name=name, _external=True))]


def _attachments() -> list[tuple[str, str]]:
    """The same as files: whoever gets the e-mail has no account here."""
    names = [f"corrected-{form}" for form in _STANDARDS] + ["corrected-packages.json", "corrections-patch.json"]
    return [(title, name) for (title, _), name in zip(_documents("-"), names, strict=True)]


def _download(content: bytes, name: str, mimetype: str = "application/json") -> Response:
    toolkit.request.environ["__no_cache__"] = True
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers, content_type=mimetype)
