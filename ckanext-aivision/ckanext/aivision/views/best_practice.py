"""`/best-practice`: the comparison of the countries, as last computed in the background."""

from __future__ import annotations

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue.comparison import trends
from ckanext.aivision.catalogue.comparison.stored_comparison import (
    Comparison,
    as_data,
    chart_name,
    load_comparison,
    load_problem,
)
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.lenses.load import named, names
from ckanext.aivision.scoring.rubric import load

best_practice = Blueprint("aivision_best_practice", __name__)
_MOST_POINTS = 40


@best_practice.route("/best-practice")
def show() -> str:
    """The page with its stored charts; it works without scripts. `?lens=` adds the groups of a framework."""
    _check_access()
    lens, choices = _lens(), [named(name) for name in names()]
    found, problem = load_comparison(lens), load_problem()
    given: dict[str, object] = {"problem": problem, "lenses": choices, "chosen": lens or choices[0].name}
    if found is not None:
        given |= {"overview": found.figures, "draw": _charts(found), "made": found.made, **_trend()}
    return toolkit.render("aivision/best_practice.html", given)


@best_practice.route("/best-practice.json")
def download() -> Response:
    """The figures of the page, including those of the lens in `?lens=`, and the time at which they were computed.

    Status 202 while the first figures are being computed, 409 if datasets are evaluated under different versions of
    the rubric.
    """
    _check_access()
    found, problem = load_comparison(_lens()), load_problem()
    if problem:
        # Evaluations under different versions of the rubric are never mixed.
        return _json({"error": problem}, 409)
    return _json(as_data(found), 202 if found is None else 200)


def _json(content: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status=status, mimetype="application/json")


def _charts(found: Comparison) -> object:
    """`draw` of compare_tables.html: returns the stored charts, draws nothing."""
    return lambda what, narrow: found.charts.get(chart_name(what, narrow), "")


def _trend() -> dict[str, object]:
    """The latest points of the countries' trends, newest first, under the version in `?rubric_version=`."""
    versions = trends.versions()
    version = toolkit.request.args.get("rubric_version", load().version)
    points = trends.points(trends.Asked(version, tuple(COUNTRIES))) if version in versions else []
    newest = sorted(points, key=lambda point: (point.day, point.country), reverse=True)
    return {"points": newest[:_MOST_POINTS], "version": version, "versions": versions}


def _check_access() -> None:
    toolkit.check_access("aivision_compare", {"user": toolkit.current_user.name}, {})


def _lens() -> str:
    """The name of the lens in the address; empty for our own, whose groups are always on the page."""
    wanted = toolkit.request.args.get("lens", "")
    if wanted and wanted not in names():
        return toolkit.abort(404, toolkit._("There is no such lens"))
    return "" if wanted == names()[0] else wanted
