"""`/best-practice/criteria`: all criteria with both countries' figures, and a page of each with what is behind it."""

from __future__ import annotations

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.compare.table.agency_counts import narrowed
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.answers import criteria as figures
from ckanext.aivision.snapshot.examples.exemplars import exemplars_of
from ckanext.aivision.views.best_practice.question import answer_or_abort, common_variables

criteria = Blueprint("aivision_criteria", __name__)
# Of the datasets that pass, and of those that fail.
_EXAMPLES = 10
# Of a country's words on this page; there is a page of them with more.
_EXEMPLARS = 2


@criteria.route("/best-practice/criteria")
def index() -> str:
    """The list; filters in the address narrow its figures as those of `/best-practice`."""
    found = answer_or_abort()
    rows = load().everything
    by_dimension = {id: [row for row in rows if row.dimension == id] for id in DIMENSIONS}
    return toolkit.render(
        "aivision/best_practice/criteria.html", {**common_variables(found), "by_dimension": by_dimension}
    )


@criteria.route("/best-practice/criteria/<id>")
def show(id: str) -> str:
    """The page of one criterion; 404 for an id that the rubric does not have."""
    row = figures.find_criterion(id)
    if row is None:
        return toolkit.abort(404, toolkit._("There is no such criterion"))
    found = answer_or_abort()
    weight = sum(one.weight for one in load().criteria)
    share = 100 * row.weight / weight if row.depth == "metadata" else None
    given = {**common_variables(found), "criterion": row, "title": in_words(row.id), "share_of_weight": share}
    measure = figures.measure_of(row.id, found.figures)
    if found.figures is not None and found.snapshot is not None and measure is not None:
        condition = narrowed(found.question.filters, found.figures.samples)
        exemplars = exemplars_of(found.snapshot, row.id, condition)
        given |= {
            "measure": msgspec.structs.replace(measure, title=toolkit._("Mean score")),
            "behind": figures.behind(found.snapshot, row.id, condition, _EXAMPLES),
            "examples": {code: some[:_EXEMPLARS] for code, some in (exemplars or {}).items()},
            "dropped": [one for one in found.figures.dropped if one.criterion == row.id],
        }
    return toolkit.render("aivision/best_practice/criterion.html", given)
