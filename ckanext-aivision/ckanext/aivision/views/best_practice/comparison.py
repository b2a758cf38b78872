"""`/best-practice`: the comparison of the countries, from the newest snapshot."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.errors import UsageError
from ckanext.aivision.snapshot.answers.comparison import NoFigures
from ckanext.aivision.snapshot.read import as_data
from ckanext.aivision.views.best_practice.question import (
    answer_or_abort,
    common_variables,
    find_answer,
    find_question,
)

best_practice = Blueprint("aivision_best_practice", __name__)


@best_practice.route("/best-practice")
def show() -> Any:
    """The answer, the dimensions and the frameworks; it works without scripts. Filters narrow it.

    `?lens=` leads to the page of that framework, which was once a part of this one.
    """
    try:
        question = find_question()
    except UsageError as error:
        return toolkit.abort(400, str(error))
    if question.lens:
        address: str = toolkit.url_for("aivision_frameworks.show", name=question.lens)
        pairs = question._replace(lens="").pairs()
        return toolkit.redirect_to(f"{address}?{urlencode(pairs)}" if pairs else address)
    found = answer_or_abort(frameworks=True)
    return toolkit.render(
        "aivision/best_practice/comparison.html", {**common_variables(found), "frameworks": found.frameworks}
    )


@best_practice.route("/best-practice.json")
def download() -> Response:
    """The figures of the page under the same address, and the time that they are of.

    Status 202 while the first figures are being computed, 400 for a choice that means nothing, 404 where there are no
    figures of a day.
    """
    try:
        found = find_answer()
    except NoFigures as error:
        return _json({"error": str(error)}, 404)
    except UsageError as error:
        return _json({"error": str(error)}, 400)
    return _json(as_data(found.snapshot, found.figures, found.problem), 202 if found.figures is None else 200)


def _json(content: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status=status, mimetype="application/json")
