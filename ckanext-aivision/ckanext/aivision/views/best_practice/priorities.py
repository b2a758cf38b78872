"""`/best-practice/priorities`: what to learn from the other country, to work on together, and to ask of formats."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.compare.priorities import WEAK
from ckanext.aivision.compare.priorities import priorities as priorities_of
from ckanext.aivision.compare.table.agency_counts import narrowed
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.examples.exemplars import first_exemplars
from ckanext.aivision.views.best_practice.question import answer_or_abort, common_variables

priorities = Blueprint("aivision_priorities", __name__)


@priorities.route("/best-practice/priorities")
def show() -> str:
    """Three lists from the figures, narrowed as those of the comparison."""
    found = answer_or_abort()
    given: dict[str, object] = {**common_variables(found), "weak_below": WEAK}
    if found.figures is not None and found.snapshot is not None:
        given["priorities"] = priorities_of(found.figures, load())
        condition = narrowed(found.question.filters, found.figures.samples)
        given["first"] = first_exemplars(found.snapshot, condition) or {}
    return toolkit.render("aivision/best_practice/priorities.html", given)
