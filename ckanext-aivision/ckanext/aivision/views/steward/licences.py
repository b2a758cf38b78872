"""`/dataset/form/licences`: what each licence means, with a search; and what one means, for the form."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint

licences = Blueprint("aivision_licences", __name__)


@licences.route("/dataset/form/licences")
def index() -> str:
    """All licences, or those with the words of `q`."""
    return toolkit.render("aivision/licences.html", {"query": toolkit.request.args.get("q", "")[:200]})


@licences.route("/dataset/form/licences/meaning")
def meaning() -> str:
    """What the licence `license_id` means: a part of a page, which the form loads when a licence is chosen."""
    values = {"id": toolkit.request.args.get("license_id", "")[:200]}
    return toolkit.render("aivision/snippets/licence_meaning.html", values)
