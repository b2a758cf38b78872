"""`/dataset/NAME/publish`: the last step of the form, to publish a draft for everybody or members, or to leave it."""

from __future__ import annotations

from typing import Any

import flask
from ckan.plugins import toolkit
from ckan.views.resource import CreateView
from flask import Blueprint
from werkzeug.datastructures import ImmutableMultiDict

from ckanext.aivision.catalogue.tables.type_schema import form_pages
from ckanext.aivision.views.access import action, describe_error, guarded

publication = Blueprint("aivision_publication", __name__)
# What the last page sends beside what somebody has typed.
_NOT_TYPED = ("save", "id", "url_type", "resource_type")


@publication.post("/dataset/<name>/publish")
@guarded
def publish(name: str) -> Any:
    """Saves the resource form of a draft as CKAN does, and publishes the dataset.

    `to` in the address says for whom: `everyone`, `members` of its organization only, or `draft` for nobody yet. With
    an uploaded file the draft stays a draft, and the page leads to what the file holds: it may hold personal data, and
    the button there publishes.
    """
    package = action("package_show", id=name)
    toolkit.check_access("package_update", {"user": toolkit.current_user.name}, {"id": name})
    to = toolkit.request.args.get("to", "everyone")
    is_draft = str(package["state"]).startswith("draft")
    if to == "draft":
        return _save_draft(package)
    missing = _find_missing(package)
    if is_draft and missing:
        return _ask_for(package, missing)
    if is_draft and any(file.filename for file in toolkit.request.files.values()):
        return _show_file(package)
    if to == "members" and not package["private"]:
        # Before it is active, so that nobody else sees it in between.
        action("package_patch", id=name, private=True)
    answer = _post_file(package["type"], name) if _is_anything_typed() or not is_draft else _activate(package)
    if to == "everyone" and action("package_show", id=name)["state"] == "active":
        try:
            action("package_patch", id=name, private=False)
        except toolkit.ValidationError as error:
            toolkit.h.flash_error(
                toolkit._("The dataset is still private: {reason}").format(reason=describe_error(error))
            )
    return answer


def _activate(package: dict[str, Any]) -> Any:
    try:
        action("package_patch", id=package["id"], state="active")
    except toolkit.ValidationError as error:
        toolkit.h.flash_error(describe_error(error))
        return toolkit.redirect_to(f"{package['type']}.scheming_new_page", id=package["name"], page=1)
    return toolkit.redirect_to(f"{package['type']}.read", id=package["name"])


def _show_file(package: dict[str, Any]) -> Any:
    """Saves an uploaded file, and leads to what is found in it; the draft stays a draft."""
    known = {resource["id"] for resource in package["resources"]}
    # CKAN's view publishes by this button, and with this one it asks for another file.
    others = [item for item in toolkit.request.form.items(multi=True) if item[0] != "save"]
    flask.request.form = ImmutableMultiDict([*others, ("save", "again")])
    if (refused := _save_file(package)) is not None:
        return refused
    resources = action("package_show", id=package["id"])["resources"]
    uploaded = next((item for item in resources if item["id"] not in known), resources[-1])
    return toolkit.redirect_to("aivision_file_checks.show", name=package["name"], resource_id=uploaded["id"])


def _post_file(package_type: str, name: str) -> Any:
    """CKAN's own answer to its form of a file, which has the hidden field `id`."""
    if "id" not in toolkit.request.form:
        return toolkit.abort(400, toolkit._("The form is not complete: open the page again"))
    return CreateView().post(package_type, name)


def _save_draft(package: dict[str, Any]) -> Any:
    """Saves the file, if something was typed for one, and leaves the draft a draft."""
    if (refused := _save_file(package)) is not None:
        return refused
    toolkit.h.flash_success(toolkit._("Saved as a draft. Only people who can edit it can see it."))
    return toolkit.redirect_to(f"{package['type']}.read", id=package["name"])


def _ask_for(package: dict[str, Any], missing: list[tuple[str, int]]) -> Any:
    """Saves the file, and leads to the first page on which something is missing that a dataset has to have."""
    if (refused := _save_file(package)) is not None:
        return refused
    labels = ", ".join(label for label, _ in missing)
    toolkit.h.flash_error(toolkit._("Before you can publish, fill in: {fields}").format(fields=labels))
    return toolkit.redirect_to(f"{package['type']}.scheming_new_page", id=package["name"], page=missing[0][1])


def _find_missing(package: dict[str, Any]) -> list[tuple[str, int]]:
    """The labels of the required fields that are empty, each with the number of its page."""
    pages = form_pages(package["type"])
    return [
        (toolkit.h.scheming_language_text(field["label"]), number)
        for number, page in enumerate(pages, 1)
        for field in page["fields"]
        if toolkit.h.scheming_field_required(field) and not package.get(field["field_name"])
    ]


def _save_file(package: dict[str, Any]) -> Any:
    """Saves the file of the form, if something was typed for one. Gives the form again if it is refused, else None."""
    if not _is_anything_typed():
        return None
    answer = _post_file(package["type"], package["name"])
    if getattr(answer, "status_code", 200) == 302:
        return None
    # CKAN saves the file, and refuses to publish a dataset that is not complete.
    saved = len(action("package_show", id=package["id"])["resources"]) > len(package["resources"])
    return None if saved else answer


def _is_anything_typed() -> bool:
    token = toolkit.config.get("WTF_CSRF_FIELD_NAME")
    typed = any(value for name, value in toolkit.request.form.items() if name not in (*_NOT_TYPED, token))
    return typed or any(file.filename for file in toolkit.request.files.values())
