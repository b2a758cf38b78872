"""`/dataset/form`: saves a page of the dataset form and leads on: back, to the next page, to the data, or out of it.

The pages themselves are those of ckanext-scheming (`/dataset/new`, `/dataset/new/NAME/2`, `/dataset/edit/NAME/2`).
"""

from __future__ import annotations

from typing import Any

import ckan.lib.navl.dictization_functions as dict_fns
import ckan.model as model
from ckan.lib.munge import munge_title_to_name
from ckan.logic import clean_dict, parse_params, tuplize_dict
from ckan.plugins import toolkit
from ckan.views.dataset import CreateView, EditView
from flask import Blueprint

from ckanext.aivision.catalogue.organization_defaults import default_fields
from ckanext.aivision.catalogue.posted_form import ASKED_FOR, describe_long_texts, read_page, texts_in
from ckanext.aivision.catalogue.tables.type_schema import form_pages
from ckanext.aivision.serialise.known_places import fill_boxes
from ckanext.aivision.views.access import guarded

dataset_form = Blueprint("aivision_dataset_form", __name__)
_TYPE = "dataset"
# Values of the buttons `save`. Any other saves the page and leads to the next one.
_DRAFT, _PREVIOUS, _DATA, _SAVE = "go-draft", "go-previous", "go-data", "go-save"
_UNPUBLISH = "go-metadata-unpublish"
# With these nothing is asked for that can be filled in later.
_UNFINISHED = (_DRAFT, _PREVIOUS, _UNPUBLISH)
# The hidden field that says of which organization the page already shows the defaults.
_SHOWN_DEFAULTS = "aivision_defaults_of"
_MOST_NAMES = 1000


@dataset_form.route("/dataset/form/new", methods=["GET", "POST"])
@guarded
def create() -> Any:
    """Makes a draft of the first page of the form."""
    toolkit.check_access("package_create", {"user": toolkit.current_user.name})
    if toolkit.request.method == "GET":
        return toolkit.redirect_to(f"{_TYPE}.new")
    data = _read_form()
    fill_boxes(data.get("spatial_coverage") or [])
    shown = data.pop(_SHOWN_DEFAULTS, None)
    filled = _fill_defaults(data, shown)
    data["name"] = data.get("name") or _derive_name(data.get("title"))
    context = {"allow_state_change": True, ASKED_FOR: _asked_for(1)}
    try:
        package = _save("package_create", context, {**data, "type": _TYPE, "state": "draft"})
    except toolkit.ValidationError as error:
        if not data.get("title"):
            error.error_dict["title"] = error.error_dict.pop("name", [toolkit._("Missing value")])
        return CreateView().get(_TYPE, {**data, "state": "none"}, error.error_dict, error.error_summary)
    if filled:
        toolkit.h.flash_notice(
            toolkit._("Filled in as your organization has set it: {fields}. You can change it.").format(
                fields=", ".join(filled)
            )
        )
    return _lead_on(package["name"], 1, is_draft=True)


@dataset_form.route("/dataset/form/<id>/<int:page>", methods=["GET", "POST"])
@guarded
def save_page(id: str, page: int) -> Any:
    """Saves one page of a dataset's form; its other fields and its files stay as they are."""
    stored = toolkit.get_action("package_show")({"user": toolkit.current_user.name}, {"id": id})
    pages = form_pages(_TYPE)
    if stored["type"] != _TYPE or not 1 <= page <= len(pages):
        raise toolkit.ObjectNotFound(toolkit._("The form has no such page"))
    toolkit.check_access("package_update", {"user": toolkit.current_user.name}, {"id": id})
    is_draft = str(stored["state"]).startswith("draft")
    if toolkit.request.method == "GET":
        return toolkit.redirect_to(f"{_TYPE}.scheming_{'new' if is_draft else 'edit'}_page", id=id, page=page)
    data = {**_read_form(), "id": stored["id"]}
    known = [place["text"] for place in stored.get("spatial_coverage") or () if place.get("text")]
    fill_boxes(data.get("spatial_coverage") or [], known)
    if is_draft:
        data["state"] = "draft"
    if page == 1:
        data["name"] = data.get("name") or stored["name"]
    try:
        package = _save("package_patch", {ASKED_FOR: _asked_for(page)}, dict(data))
    except toolkit.ValidationError as error:
        typed = {**data, "state": stored["state"], "name": stored["name"], "_form_page": page}
        typed.update({field: data[field] for field in ("name",) if data.get(field)})
        if is_draft:
            return CreateView().get(_TYPE, {**stored, **typed}, error.error_dict, error.error_summary)
        return EditView().get(_TYPE, stored["id"], typed, error.error_dict, error.error_summary)
    return _lead_on(package["name"], page, is_draft=is_draft or package["state"] == "draft")


def _read_form() -> dict[str, Any]:
    """The fields as CKAN's own views read them, with entries in lists. Raises ValidationError for what is no form."""
    try:
        data: dict[str, Any] = clean_dict(dict_fns.unflatten(tuplize_dict(parse_params(toolkit.request.form))))
    except dict_fns.DataError as error:
        raise toolkit.ValidationError({"form": [toolkit._("The form could not be read")]}) from error
    if isinstance(data.get("tag_string"), str):
        words = (word.strip() for word in data["tag_string"].split(","))
        data["tags"] = [{"name": word, "state": "active"} for word in words if word]
    data.pop("pkg_name", None)
    read_page(data, _TYPE)
    return data


def _save(called: str, context: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    if too_long := describe_long_texts(data):
        raise toolkit.ValidationError(too_long)
    user = {"user": toolkit.current_user.name, "auth_user_obj": toolkit.current_user}
    saved: dict[str, Any] = toolkit.get_action(called)({**user, **context}, data)
    return saved


def _asked_for(page: int) -> frozenset[str]:
    """The fields of a page that have to be filled in before the form leads on."""
    if toolkit.request.form.get("save") in _UNFINISHED:
        return frozenset()
    fields = form_pages(_TYPE)[page - 1]["fields"]
    return frozenset(field["field_name"] for field in fields if toolkit.h.scheming_field_required(field))


def _fill_defaults(data: dict[str, Any], shown: Any) -> list[str]:
    """Fills the empty fields of a new dataset as its organization has set it; gives the labels of those.

    shown: the organization whose defaults the page was filled with, so that what is empty there was emptied.
    """
    organization = data.get("owner_org")
    group = model.Group.get(organization) if isinstance(organization, str) and organization else None
    if group is None:
        return []
    pages = form_pages(_TYPE)
    on_page = {field["field_name"] for field in pages[0]["fields"]} if shown == group.id else set()
    labels = {field["field_name"]: field["label"] for page in pages for field in page["fields"]}
    typed = {field for field, value in data.items() if any(texts_in(value))}
    filled = {field: value for field, value in default_fields(group.id).items() if field not in on_page | typed}
    data.update(filled)
    return [toolkit.h.scheming_language_text(labels[field]) for field in filled]


def _derive_name(title: Any) -> str:
    """An address for a title that no other dataset has; empty where the title is."""
    if not isinstance(title, str) or not title.strip():
        return ""
    name = munge_title_to_name(title)
    names = (name, *(f"{name[:90]}-{number}" for number in range(2, _MOST_NAMES)))
    return next((name for name in names if model.Package.get(name) is None), name)


def _lead_on(name: str, page: int, *, is_draft: bool) -> Any:
    button = toolkit.request.form.get("save")
    pages = len(form_pages(_TYPE))
    if button == _DRAFT:
        toolkit.h.flash_success(toolkit._("Saved as a draft. Only people who can edit it can see it."))
    if button in (_DRAFT, _SAVE, _UNPUBLISH):
        return toolkit.redirect_to(f"{_TYPE}.read", id=name)
    to = page - 1 if button == _PREVIOUS else page + 1
    if button == _DATA or to > pages:
        return toolkit.redirect_to(f"{_TYPE}_resource.new" if is_draft else f"{_TYPE}.resources", id=name)
    route = "new" if is_draft else "edit"
    return toolkit.redirect_to(f"{_TYPE}.scheming_{route}_page", id=name, page=max(to, 1))
