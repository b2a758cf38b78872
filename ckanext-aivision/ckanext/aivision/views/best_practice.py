"""`/best-practice`: the countries side by side."""

from __future__ import annotations

import functools
from typing import get_args

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue import evaluations
from ckanext.aivision.compare import charts
from ckanext.aivision.compare.figures import Overview
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tally import Tally
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.rubric import load

best_practice = Blueprint("aivision_best_practice", __name__)


@best_practice.route("/best-practice")
def show() -> str:
    """The page, with its charts drawn on the server: it needs no script."""
    _check_access()
    try:
        tallies = _tallies()
        compared = _compared(tallies)
    except UsageError as error:
        # Evaluations of two versions of the rubric are never mixed.
        return toolkit.render("aivision/best_practice.html", {"problem": str(error)})
    draw = functools.partial(_drawn, tallies)
    return toolkit.render("aivision/best_practice.html", {"overview": compared, "draw": draw})


@best_practice.route("/best-practice.json")
def download() -> Response:
    """The figures of the page."""
    _check_access()
    try:
        compared = _compared(_tallies())
    except UsageError as error:
        return Response(msgspec.json.encode({"error": str(error)}), status=409, mimetype="application/json")
    return Response(msgspec.json.encode(compared), mimetype="application/json")


def _check_access() -> None:
    toolkit.check_access("aivision_compare", {"user": toolkit.current_user.name}, {})


def _tallies() -> bytes:
    return msgspec.json.encode(evaluations.tallies())


@functools.lru_cache(maxsize=2)
def _compared(tallies: bytes) -> Overview:
    """The figures of some tallies: made once, until a data set changes."""
    return overview(msgspec.json.decode(tallies, type=list[Tally]), load().criteria)


@functools.lru_cache(maxsize=2 * 2 * len(get_args(charts.What)))
def _drawn(tallies: bytes, what: charts.What, narrow: bool = False) -> str:
    return charts.svg(_compared(tallies), what, narrow)
