"""`/best-practice/exemplars`: real words and values worth copying, by criterion, of both countries."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.compare.table.agency_counts import narrowed
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.answers.criteria import find_criterion
from ckanext.aivision.snapshot.examples.exemplars import exemplars_of, first_exemplars
from ckanext.aivision.views.best_practice.question import answer_or_abort, common_variables

exemplars = Blueprint("aivision_exemplars", __name__)
_CRITERION = "criterion"


@exemplars.route("/best-practice/exemplars")
def show() -> str:
    """The best of every criterion and country; `?criterion=` shows more of one, with snippets to copy.

    Takes the filters of the comparison. 400 for an unknown criterion, filter or value.
    """
    found = answer_or_abort((_CRITERION,))
    wanted = toolkit.request.args.getlist(_CRITERION)
    row = find_criterion(wanted[0].strip()) if wanted else None
    if wanted and (row is None or len(wanted) > 1):
        return toolkit.abort(400, f"{_CRITERION}={wanted[-1][:100]}: there is no such criterion, or more than one")
    given: dict[str, object] = {**common_variables(found), "criterion": row}
    snapshot = found.snapshot if found.figures is not None else None
    samples = found.figures is not None and found.figures.samples
    condition = narrowed(found.question.filters, samples)
    if row is not None:
        given |= {"title": in_words(row.id)}
        given["examples"] = exemplars_of(snapshot, row.id, condition) if snapshot is not None else None
        return toolkit.render("aivision/best_practice/exemplars_of_criterion.html", given)
    rows = load().criteria
    given["by_dimension"] = {id: [one for one in rows if one.dimension == id] for id in DIMENSIONS}
    given["first"] = first_exemplars(snapshot, condition) if snapshot is not None else None
    return toolkit.render("aivision/best_practice/exemplars.html", given)
