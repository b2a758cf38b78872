"""`/best-practice/brief`: the comparison on two sheets of A4, to be handed out."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.snapshot.coverage import read_coverage
from ckanext.aivision.views.best_practice.question import answer_or_abort, common_variables

brief = Blueprint("aivision_brief", __name__)


@brief.route("/best-practice/brief")
def show() -> str:
    """The brief; filters and a day narrow it as they narrow `/best-practice`. All frameworks are in its table."""
    found = answer_or_abort(frameworks=True, lens="")
    coverage = read_coverage(found.snapshot) if found.snapshot is not None else None
    given = {"frameworks": found.frameworks, "covered": coverage.countries if coverage is not None else []}
    return toolkit.render("aivision/best_practice/brief.html", {**common_variables(found), **given})
