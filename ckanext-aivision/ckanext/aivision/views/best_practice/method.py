"""`/best-practice/method`: how the countries are compared, and what that does not say."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.answers.comparison import Question
from ckanext.aivision.views.best_practice.question import refuse_choices

method = Blueprint("aivision_method", __name__)


@method.route("/best-practice/method")
def show() -> str:
    """The page. It has no choices: 400 for an address with any."""
    refuse_choices()
    toolkit.check_access("aivision_compare", {"user": toolkit.current_user.name}, {})
    found = read.newest()
    return toolkit.render(
        "aivision/best_practice/method.html",
        {
            "question": Question(),
            "rubric": load(),
            "made": found.moment if found is not None else None,
            "overview": found.figures() if found is not None else None,
        },
    )
