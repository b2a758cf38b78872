"""`/best-practice/frameworks`: the comparison through published frameworks, and both countries' guidance."""

from __future__ import annotations

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.scoring.crosswalk import crosswalk as clauses_side_by_side
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.views.best_practice.question import answer_or_abort, common_variables

frameworks = Blueprint("aivision_frameworks", __name__)


@frameworks.route("/best-practice/frameworks")
def index() -> str:
    """All frameworks in one table; filters narrow it as they narrow `/best-practice`."""
    found = answer_or_abort(frameworks=True, lens="")
    return toolkit.render(
        "aivision/best_practice/frameworks.html", {**common_variables(found), "frameworks": found.frameworks}
    )


@frameworks.route("/best-practice/frameworks/<name>")
def show(name: str) -> str:
    """The same results grouped as one framework groups them; 404 for a name that is no lens of this installation."""
    if name not in names():
        known = ", ".join(names())
        return toolkit.abort(404, toolkit._("There is no such framework; there are {names}").format(names=known))
    lens = load_lens(name)
    found = answer_or_abort(lens="" if name == names()[0] else name)
    # Its other addresses are those of all frameworks, and have their filters without it.
    given = {**common_variables(found), "question": found.question._replace(lens="")}
    asked = lens.asking({row.id for row in load().criteria}, ())
    figures = found.figures
    if figures is not None:
        seen = figures.lens
        # Its overall result is another figure than ours.
        overall = toolkit._("Overall, {framework}").format(framework=lens.short)
        given |= {
            "whole": msgspec.structs.replace(seen.overall, title=overall) if seen is not None else figures.overall,
            "groups": seen.groups if seen is not None else figures.dimensions,
            "left_out": seen.left_out if seen is not None else figures.left_out,
            "not_measured": seen.not_measured if seen is not None else [],
            "lacking": seen.lacking if seen is not None else "",
        }
    return toolkit.render(
        "aivision/best_practice/framework.html", {**given, "lens": lens, "own": name == names()[0], "asked": asked}
    )


@frameworks.route("/best-practice/frameworks/crosswalk")
def crosswalk() -> str:
    """The guidance of both countries, clause by clause, with the criteria that answer them and their figures."""
    found = answer_or_abort(lens="")
    return toolkit.render(
        "aivision/best_practice/crosswalk.html", {**common_variables(found), "documents": clauses_side_by_side(load())}
    )
