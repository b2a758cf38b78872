"""`/best-practice`: the countries side by side."""

from __future__ import annotations

import functools
from typing import get_args

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue import trends
from ckanext.aivision.catalogue.tallies import tallies as current_tallies
from ckanext.aivision.compare import charts
from ckanext.aivision.compare.figures import Overview
from ckanext.aivision.compare.overview import overview, with_lens
from ckanext.aivision.compare.tally import Tally
from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.lens_file import named, names
from ckanext.aivision.scoring.rubric import load

best_practice = Blueprint("aivision_best_practice", __name__)
_MOST_POINTS = 40


@best_practice.route("/best-practice")
def show() -> str:
    """The page, with its charts drawn on the server: it needs no script. `?lens=` adds a framework's groups."""
    _check_access()
    lens, choices = _lens(), [named(name) for name in names()]
    try:
        tallies = _tallies()
        compared = _compared(tallies, lens)
    except UsageError as error:
        # Evaluations of two versions of the rubric are never mixed.
        return toolkit.render("aivision/best_practice.html", {"problem": str(error)})
    draw = functools.partial(_draw, tallies, lens)
    found = {"overview": compared, "draw": draw, "lenses": choices, "chosen": lens or choices[0].name}
    return toolkit.render("aivision/best_practice.html", {**found, **_trend()})


@best_practice.route("/best-practice.json")
def download() -> Response:
    """The figures of the page, with those of the lens that `?lens=` asks for."""
    _check_access()
    try:
        compared = _compared(_tallies(), _lens())
    except UsageError as error:
        return Response(msgspec.json.encode({"error": str(error)}), status=409, mimetype="application/json")
    return Response(msgspec.json.encode(compared), mimetype="application/json")


def _trend() -> dict[str, object]:
    """The latest points of the countries' trends, newest first; under the version that `?rubric_version=` asks for."""
    versions = trends.versions()
    version = toolkit.request.args.get("rubric_version", load().version)
    points = trends.points(trends.Asked(version, tuple(COUNTRIES))) if version in versions else []
    newest = sorted(points, key=lambda point: (point.day, point.country), reverse=True)
    return {"points": newest[:_MOST_POINTS], "version": version, "versions": versions}


def _check_access() -> None:
    toolkit.check_access("aivision_compare", {"user": toolkit.current_user.name}, {})


def _lens() -> str:
    """The lens that the address asks for, by name; empty for our own, whose groups the page has anyway."""
    wanted = toolkit.request.args.get("lens", "")
    if wanted and wanted not in names():
        return toolkit.abort(404, toolkit._("There is no such lens"))
    return "" if wanted == names()[0] else wanted


def _tallies() -> bytes:
    return msgspec.json.encode(current_tallies())


# Six lenses of two states of the catalogue.
@functools.lru_cache(maxsize=12)
def _compared(tallies: bytes, lens: str = "") -> Overview:
    """The figures of some tallies: made once, until a data set changes."""
    rows, criteria = msgspec.json.decode(tallies, type=list[Tally]), load().criteria
    return with_lens(_compared(tallies), rows, criteria, named(lens)) if lens else overview(rows, criteria)


def _draw(tallies: bytes, lens: str, what: charts.What, narrow: bool = False) -> str:
    """Only one chart is the lens's: the others are drawn once for all lenses."""
    return _drawn(tallies, lens if what == "lens" else "", what, narrow)


@functools.lru_cache(maxsize=2 * 2 * (len(get_args(charts.What)) + 5))
def _drawn(tallies: bytes, lens: str, what: charts.What, narrow: bool) -> str:
    return charts.svg(_compared(tallies, lens), what, narrow)
