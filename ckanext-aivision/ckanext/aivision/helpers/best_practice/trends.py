"""Template helpers of the page of trends: its choices, and where its marks lead."""

from __future__ import annotations

import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from ckan.plugins import toolkit

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.compare.series.points import OVERALL
from ckanext.aivision.helpers.best_practice.criteria import aivision_criterion_address
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.trend.trends import TrendAnswer, TrendQuestion

__all__ = ["aivision_trend_addresses", "aivision_trend_choices", "aivision_trend_title", "aivision_trends_address"]

# Of the agencies to choose from, those with most datasets; others have a link on their own page.
_MOST_AGENCIES = 200


class TrendChoice(NamedTuple):
    """One choice of the form."""

    value: str
    label: str
    chosen: bool


class TrendChoices(NamedTuple):
    """What the form offers, by group of the choice where it has groups."""

    countries: list[TrendChoice]
    agencies: dict[str, list[TrendChoice]]
    dimensions: list[TrendChoice]
    criteria: dict[str, list[TrendChoice]]
    versions: list[TrendChoice]


def aivision_trend_choices(found: TrendAnswer) -> TrendChoices:
    """The choices of the form, with what is chosen."""
    asked, register = found.question, load_register().agencies
    listed = [id for id in found.contents.agencies if id in register][:_MOST_AGENCIES]
    if asked.agency and asked.agency not in listed:
        listed.append(asked.agency)
    titles = sorted((register[id].title, id) for id in listed)
    agencies = {
        label: [TrendChoice(id, title, id == asked.agency) for title, id in titles if register[id].country == code]
        for code, label in COUNTRIES.items()
    }
    criteria = {
        toolkit._(dimension.capitalize()): [
            TrendChoice(row.id, toolkit._(in_words(row.id)), row.id == asked.measure)
            for row in load().criteria
            if row.dimension == dimension
        ]
        for dimension in DIMENSIONS
    }
    current = {row.id for row in load().criteria}
    former = set(found.contents.measures).difference(current, DIMENSIONS, (OVERALL,))
    if former:
        criteria[toolkit._("Of former versions")] = [
            TrendChoice(id, in_words(id), id == asked.measure) for id in sorted(former)
        ]
    return TrendChoices(
        countries=[TrendChoice(code, label, code == asked.country) for code, label in COUNTRIES.items()],
        agencies={label: rows for label, rows in agencies.items() if rows},
        dimensions=[TrendChoice(id, toolkit._(id.capitalize()), id == asked.measure) for id in DIMENSIONS],
        criteria=criteria,
        versions=[
            TrendChoice(version, version, version == asked.rubric_version) for version in found.contents.versions
        ],
    )


def aivision_trend_title(question: TrendQuestion) -> str:
    """What is shown: `Overall`, `Licensed`, `Licence open`."""
    return toolkit._(in_words(question.measure)) if question.measure != OVERALL else toolkit._("Overall")


def aivision_trend_addresses(found: TrendAnswer) -> dict[datetime.date, str]:
    """Where the marks of a day lead: the figures that are kept of that day."""
    asked = found.question
    days = {point.day for one in found.series for point in one.points}
    if asked.agency:
        return {day: f"#day-{day.isoformat()}" for day in days}
    current = {row.id for row in load().criteria}
    base: str = toolkit.url_for("aivision_best_practice.show")
    if asked.measure in current:
        base = aivision_criterion_address(asked.measure)
    return {day: f"{base}?{urlencode({'as_of': day.isoformat()})}" for day in days}


def aivision_trends_address(**asked: str) -> str:
    """The address of the page. asked: its choices, such as agency or criterion."""
    base: str = toolkit.url_for("aivision_trends.show")
    return f"{base}?{urlencode(asked)}" if asked else base
