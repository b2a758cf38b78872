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

Drawings = dict[str, tuple[str, str]]


@best_practice.route("/best-practice")
def show() -> str:
    """The page, with its charts drawn on the server: it needs no script."""
    _check_access()
    try:
        compared, drawings = _compared(_tallies())
    except UsageError as error:
        # Evaluations of two versions of the rubric are never mixed.
        return toolkit.render("aivision/best_practice.html", {"problem": str(error)})
    return toolkit.render("aivision/best_practice.html", {"overview": compared, "drawings": drawings})


@best_practice.route("/best-practice.json")
def download() -> Response:
    """The figures of the page."""
    _check_access()
    try:
        compared, _ = _compared(_tallies())
    except UsageError as error:
        return Response(msgspec.json.encode({"error": str(error)}), status=409, mimetype="application/json")
    return Response(msgspec.json.encode(compared), mimetype="application/json")


def _check_access() -> None:
    toolkit.check_access("aivision_compare", {"user": toolkit.current_user.name}, {})


def _tallies() -> bytes:
    return msgspec.json.encode(evaluations.tallies())


@functools.lru_cache(maxsize=2)
def _compared(tallies: bytes) -> tuple[Overview, Drawings]:
    """The figures and charts of some tallies: made once, until a data set changes."""
    figures = overview(msgspec.json.decode(tallies, type=list[Tally]), load().criteria)
    return figures, {what: tuple(charts.svg(figures, what, narrow) for narrow in (False, True)) for what in get_args(charts.What)}
