"""Template helpers of the brief: its talking points, its address, and how it is cited."""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

from ckan.plugins import toolkit

from ckanext.aivision.compare.brief import Side, WeakInBoth, talking_points, weak_in_both
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.snapshot.answers.comparison import Question

__all__ = ["aivision_brief_address", "aivision_brief_citation", "aivision_talking_points", "aivision_weak_in_both"]


def aivision_talking_points(overview: Overview) -> list[Side]:
    """Three talking points for each country with datasets."""
    return talking_points(overview, toolkit._)


def aivision_weak_in_both(overview: Overview) -> WeakInBoth:
    """What both countries are weak in."""
    return weak_in_both(overview, toolkit._)


def aivision_brief_address(question: Question, whole: bool = False) -> str:
    """The address of the brief, narrowed as `question` is. whole: with the name of the site's host."""
    pairs = question._replace(lens="").pairs()
    address: str = toolkit.url_for("aivision_brief.show", qualified=whole)
    return f"{address}?{urlencode(pairs)}" if pairs else address


def aivision_brief_citation(question: Question, made: datetime.datetime, rubric: str, narrowed: str) -> str:
    """How the brief is cited. made: the moment (UTC) of the figures. narrowed: to what, in words, or empty."""
    title = toolkit._("Best practice, US and UK: a brief")
    return toolkit._("{site} ({year}). {title}. Figures as of {day}, rubric {rubric}. {address}").format(
        site=toolkit.config.get("ckan.site_title") or "CKAN",
        year=made.year,
        title=f"{title} ({narrowed})" if narrowed else title,
        day=f"{made:%Y-%m-%d}",
        rubric=rubric,
        address=aivision_brief_address(question, whole=True),
    )
