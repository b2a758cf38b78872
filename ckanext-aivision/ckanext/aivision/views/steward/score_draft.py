"""`/dataset/score-draft`: the score that a dataset would have if its form were saved, for the panel beside the form."""

from __future__ import annotations

from typing import Any

import ckan.lib.navl.dictization_functions as dict_fns
from ckan.logic import clean_dict, parse_params, tuplize_dict
from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.views.access import action, guarded

score_draft = Blueprint("aivision_score_draft", __name__)
# What the form sends beside the fields of the dataset.
_OTHERS = ("save", "pkg_name")


@score_draft.post("/dataset/score-draft")
@guarded
def show() -> Any:
    """The score of the form that is sent: a part of a page for htmx, and a page of its own for others.

    `id` in the address is of the stored dataset that is edited, `page` the number of the page of the form.
    """
    id, page = toolkit.request.args.get("id", ""), toolkit.request.args.get("page", "1")
    draft: dict[str, Any] = {"package": _typed(), **({"id": id} if id else {})}
    found, profiles = action("aivision_score_draft", **draft), action("aivision_profile_check", **draft)
    values = {"found": found, "profiles": profiles, "name": id}
    if toolkit.request.headers.get("HX-Request"):
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1
        return toolkit.render("aivision/snippets/draft_score.html", {**values, "page": number})
    # On a page of its own no field is beside it.
    return toolkit.render("aivision/form_check.html", {**values, "page": -1})


def _typed() -> dict[str, Any]:
    """The fields of the page of the form, as the form's own view reads them."""
    try:
        data = clean_dict(dict_fns.unflatten(tuplize_dict(parse_params(toolkit.request.form))))
    except dict_fns.DataError as error:
        raise toolkit.ValidationError({"package": [toolkit._("The form could not be read")]}) from error
    token = toolkit.config.get("WTF_CSRF_FIELD_NAME")
    return {name: value for name, value in data.items() if name not in (*_OTHERS, token)}
