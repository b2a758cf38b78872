"""`/dataset/NAME/citation.*`, `card.md` and `score-sheet`: for whoever may read the dataset."""

from __future__ import annotations

from typing import Any

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue.sharing import citation_of, shown_record
from ckanext.aivision.catalogue.tables.dataset_types import is_dataset
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.sharing.citation import FORMS
from ckanext.aivision.serialise.sharing.dataset_card import write_card
from ckanext.aivision.views.access import action, guarded
from ckanext.aivision.views.documents.parameters import is_name
from ckanext.aivision.views.problem_details import problem

sharing = Blueprint("aivision_sharing", __name__)
_FORMS = ", ".join(repr(form) for form in FORMS)


@sharing.route(f"/dataset/<name>/citation.<any({_FORMS}):form>")
def citation(name: str, form: str) -> Response:
    """A citation in a form of reference managers."""
    found = _find(name)
    if found is None:
        return problem(404, toolkit._("There is no public dataset with this name"))
    package, dataset = found
    chosen = FORMS[form]
    return _answer(chosen.write(citation_of(dataset, package)), chosen.media_type, package, f"{package['name']}.{form}")


@sharing.route("/dataset/<name>/card.md")
def card(name: str) -> Response:
    """A dataset card in Markdown."""
    found = _find(name)
    if found is None:
        return problem(404, toolkit._("There is no public dataset with this name"))
    package, dataset = found
    page = toolkit.url_for("dataset.read", id=package["name"], qualified=True, locale="default")
    text = write_card(dataset, citation_of(dataset, package), page)
    return _answer(text.encode("utf-8", "replace"), "text/markdown; charset=utf-8", package, "README.md")


@sharing.route("/dataset/<name>/score-sheet")
@guarded
def score_sheet(name: str) -> Any:
    """The evaluation on paper: every criterion with its evidence and, where something is missing, the fix."""
    package = action("package_show", id=name)
    if not is_dataset(package.get("type")):
        raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))
    action("aivision_score_show", id=package["id"])
    return toolkit.render("aivision/score_sheet.html", {"pkg_dict": package})


def _find(name: str) -> tuple[dict[str, Any], Dataset] | None:
    """A dataset that the visitor may read, with its record as its page shows it."""
    if not is_name(name):
        return None
    try:
        package = action("package_show", id=name)
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None
    dataset = shown_record(package["id"]) if is_dataset(package.get("type")) else None
    return (package, msgspec.structs.replace(dataset, raw={})) if dataset is not None else None


def _answer(content: bytes, media_type: str, package: dict[str, Any], file: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = f'inline; filename="{file}"'
    is_public = not package.get("private") and package.get("state") == "active"
    if is_public:
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        toolkit.request.environ["__no_cache__"] = True
        response.headers["Cache-Control"] = "private, no-store"
    response.add_etag()
    response.make_conditional(toolkit.request)
    return response
