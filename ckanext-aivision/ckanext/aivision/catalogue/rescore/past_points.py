"""Recalculate history under the current rubric: points from the records of their day, and the tallies of those days.

A point without a stored record stays under its own version; the recalculated tallies say how many datasets are missing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.evaluations import history, history_statements, trends
from ckanext.aivision.catalogue.sources.samples import sample_sources
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.compare.tallies.replay import Event, Folding
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.rubric import load

# What was made at its time, under another version, and has its record.
_OUTSTANDING = sa.text(
    """
    SELECT DISTINCT h.package_id, h.reference_date FROM aivision_history h
    WHERE NOT h.recomputed AND h.rubric_version <> :version AND h.record IS NOT NULL AND NOT EXISTS (
        SELECT FROM aivision_history n WHERE n.package_id = h.package_id AND n.rubric_version = :version
            AND n.reference_date = h.reference_date
    )
    ORDER BY h.package_id, h.reference_date
    """
)
_PAST = sa.text(
    """
    SELECT DISTINCT ON (h.package_id, h.reference_date) h.package_id, h.reference_date, h.public,
        h.record AS digest, r.record
    FROM aivision_history h
    JOIN unnest(CAST(:ids AS text[]), CAST(:days AS date[])) AS w(package_id, reference_date)
        ON w.package_id = h.package_id AND w.reference_date = h.reference_date
    JOIN aivision_past_record r ON r.digest = h.record
    WHERE NOT h.recomputed AND h.rubric_version <> :version
    ORDER BY h.package_id, h.reference_date, h.rubric_version DESC
    """
)
# Tallies stored under other versions, for past days that have none under this one.
_DAYS = sa.text(
    """
    SELECT t.day, t.level, t.publisher, max(CAST(CAST(t.tally AS json) ->> 'data_sets' AS integer)) AS data_sets
    FROM aivision_trend t
    WHERE t.rubric_version <> :version AND NOT t.recomputed AND t.country = :country AND t.day < :today
        AND t.level IN ('country', 'publisher') AND NOT EXISTS (
        SELECT FROM aivision_trend n WHERE n.rubric_version = :version AND n.country = t.country
            AND n.level = t.level AND n.publisher = t.publisher AND n.day = t.day
    )
    GROUP BY t.day, t.level, t.publisher
    """
)
_COUNTRIES = sa.text(
    "SELECT DISTINCT country FROM aivision_trend WHERE rubric_version <> :version AND NOT recomputed "
    "AND level IN ('country', 'publisher') ORDER BY country"
)
# A dataset that went to another country has left this one.
_EVENTS = sa.text(
    """
    SELECT reference_date, package_id, publisher, CASE WHEN public AND country = :country THEN point END AS point
    FROM aivision_history WHERE rubric_version = :version AND package_id IN (
        SELECT package_id FROM aivision_history WHERE rubric_version = :version AND country = :country
    ) AND package_id NOT IN (SELECT package_id FROM aivision_record WHERE source = ANY(:samples))
    ORDER BY reference_date, package_id
    """
)


def outstanding(rubric_version: str) -> list[tuple[str, datetime.date]]:
    """The points, by dataset and date, that can be recalculated under a version and have not been."""
    rows = [tuple(row) for row in model.Session.execute(_OUTSTANDING, {"version": rubric_version})]
    model.Session.rollback()
    return rows


def points(wanted: Sequence[tuple[str, datetime.date]], version: str) -> int:
    """Makes points again under the current rubric, each as of its own date, and commits. Returns how many.

    wanted: of `outstanding`. version: that of the current rubric.
    """
    ids, days = [id for id, _ in wanted], [day for _, day in wanted]
    rubric, rows = load(), []
    for past in model.Session.execute(_PAST, {"ids": ids, "days": days, "version": version}):
        evaluation = evaluate(history.read_record(past.record), rubric, past.reference_date)
        row = {name: value for name, value in evaluations.to_row(evaluation).items() if name != "evaluation"}
        told = {"package_id": past.package_id, "public": past.public, "record": bytes(past.digest).hex()}
        rows.append({**row, **told})
    if rows:
        statements.execute(model.Session, history_statements.RECOMPUTED, rows)
    model.Session.commit()
    return len(rows)


def countries(rubric_version: str) -> list[str]:
    """The countries that have a trend under another version."""
    return list(model.Session.execute(_COUNTRIES, {"version": rubric_version}).scalars())


def fold(country: str, rubric_version: str) -> int:
    """Makes the tallies of a country's and its publishers' past days under the current rubric, and commits.

    The days are those of the other versions' trends, so that the series can be laid one on the other.
    """
    values: dict[str, Any] = {"version": rubric_version, "country": country, "today": evaluations.today()}
    values["samples"] = sample_sources()
    wanted: dict[datetime.date, set[str]] = {}
    data_sets: dict[tuple[datetime.date, str | None], int] = {}
    for row in model.Session.execute(_DAYS, values):
        publisher = row.publisher if row.level == "publisher" else None
        data_sets[row.day, publisher] = row.data_sets
        publishers = wanted.setdefault(row.day, set())
        if publisher is not None:
            publishers.add(publisher)
    if not wanted:
        return 0
    folding = Folding(country, rubric_version, [row.id for row in load().criteria])
    found = folding.days(_events(values), wanted)
    number = trends.keep_recomputed((day for day in found if (day.day, day.publisher) in data_sets), data_sets)
    model.Session.commit()
    return number


def _events(values: dict[str, Any]) -> Iterator[Event]:
    # A connection of its own: its rows are read while others are written.
    with model.meta.engine.connect() as connection:
        for row in connection.execution_options(yield_per=1000).execute(_EVENTS, values):
            yield Event(*row)
