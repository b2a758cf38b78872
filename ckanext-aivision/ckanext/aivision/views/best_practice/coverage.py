"""`/best-practice/coverage`: which sources and agencies the newest snapshot has, and what share of each country."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.compare.coverage import national_catalogues
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.answers.comparison import Question
from ckanext.aivision.snapshot.coverage import read_coverage
from ckanext.aivision.views.best_practice.question import refuse_choices

coverage = Blueprint("aivision_coverage", __name__)


@coverage.route("/best-practice/coverage")
def show() -> str:
    """The page. It has no choices: 400 for an address with any."""
    refuse_choices()
    found = read.newest()
    return toolkit.render(
        "aivision/best_practice/coverage.html",
        {
            "question": Question(),
            "problem": read.problem(),
            "made": found.moment if found is not None else None,
            "coverage": read_coverage(found) if found is not None else None,
            "catalogues": national_catalogues(),
        },
    )
