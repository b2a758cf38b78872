"""`/best-practice/robustness`: whether the comparison depends on how it is counted and weighed."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.views.best_practice.question import answer_or_abort, common_variables

robustness = Blueprint("aivision_robustness", __name__)


@robustness.route("/best-practice/robustness")
def show() -> str:
    """Agencies, grades, other ways to count and to weigh; filters narrow them as they narrow `/best-practice`."""
    return toolkit.render("aivision/best_practice/robustness.html", common_variables(answer_or_abort(lens="")))
