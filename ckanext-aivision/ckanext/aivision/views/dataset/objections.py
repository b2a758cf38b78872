"""`/dataset/NAME/objection/CRITERION`: say that a result is wrong; `/ckan-admin/objections`: all that was said."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.catalogue.evaluations.objections import LONGEST
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.views.access import action, guarded

objections = Blueprint("aivision_objections", __name__)
_PAGE = 50


@objections.route("/dataset/<name>/objection/<criterion>")
@guarded
def edit(name: str, criterion: str) -> Any:
    """The form, with what was said before."""
    package = _package(name)
    said = {row["criterion"]: row["text"] for row in action("aivision_objection_list", id=name)}
    return _form(package, criterion, said.get(criterion, ""))


@objections.post("/dataset/<name>/objection/<criterion>")
@guarded
def save(name: str, criterion: str) -> Any:
    """Keeps the objection, or withdraws it if the text is empty."""
    package, text = _package(name), toolkit.request.form.get("text", "")
    if "withdraw" in toolkit.request.form:
        action("aivision_objection_delete", id=name, criterion=criterion)
        toolkit.h.flash_success(toolkit._("The objection is withdrawn"))
    else:
        try:
            action("aivision_objection_save", id=name, criterion=criterion, text=text)
        except toolkit.ValidationError as error:
            return _form(package, criterion, text, error.error_dict), 400
        toolkit.h.flash_success(toolkit._("The objection is shown beside the result"))
    return toolkit.redirect_to(f"{package['type']}.read", id=package["name"], _anchor="ai-readiness")


@objections.route("/ckan-admin/objections")
@guarded
def index() -> Any:
    """All objections, the newest first, for sysadmins."""
    page = _page()
    rows = action("aivision_objection_list", limit=_PAGE, page=page)
    has_more = len(rows) == _PAGE and bool(action("aivision_objection_list", limit=_PAGE, page=page + 1))
    values = {"rows": rows, "page": page, "has_more": has_more}
    return toolkit.render("aivision/objections.html", {**values, "criteria": _criteria()})


def _page() -> int:
    asked = toolkit.request.args.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 and int(asked) else 1


def _package(name: str) -> dict[str, Any]:
    """Raises NotAuthorized for people who cannot edit the dataset."""
    package: dict[str, Any] = action("package_show", id=name)
    toolkit.check_access("aivision_objection_save", {"user": toolkit.current_user.name}, {"id": package["id"]})
    return package


def _form(package: dict[str, Any], criterion: str, text: str, errors: dict[str, Any] | None = None) -> str:
    row = _criteria().get(criterion)
    if row is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such criterion"))
    values = {"pkg_dict": package, "row": row, "text": text, "errors": errors or {}, "longest": LONGEST}
    return toolkit.render("aivision/objection_form.html", values)


def _criteria() -> dict[str, Any]:
    return {row.id: row for row in load().everything}
