"""`/best-practice/trends`: the scores of countries and agencies over time, from the newest snapshot."""

from __future__ import annotations

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.errors import UsageError
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.answers.comparison import Question
from ckanext.aivision.snapshot.trend.trends import TrendAnswer, answer, as_data

trends = Blueprint("aivision_trends", __name__)


@trends.route("/best-practice/trends")
def show() -> str:
    """The page; the address holds every choice. 400 for a name or value that means nothing."""
    found = _answer_or_abort()
    return toolkit.render(
        "aivision/best_practice/trends.html",
        {"found": found, "question": Question(), "problem": read.problem()},
    )


@trends.route("/best-practice/trends.json")
def download() -> Response:
    """The points of the page under the same address, and what changed between them."""
    found = _answer_or_abort()
    return Response(msgspec.json.encode(as_data(found)), mimetype="application/json")


def _answer_or_abort() -> TrendAnswer:
    toolkit.check_access("aivision_trend_list", {"user": toolkit.current_user.name}, {})
    try:
        return answer(toolkit.request.args.items(multi=True))
    except UsageError as error:
        return toolkit.abort(400, str(error))
