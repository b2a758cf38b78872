"""Count the public datasets by publisher straight from the tables, for the trends of a day that a rescore ends."""

from __future__ import annotations

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations import trends
from ckanext.aivision.catalogue.evaluations.evaluation_store import today
from ckanext.aivision.catalogue.sources.samples import sample_sources
from ckanext.aivision.compare.tallies.points import RunningTally
from ckanext.aivision.compare.tallies.tally import Tally
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.scoring.rubric import load

# A publisher has the name that snapshots give it, whose points stand in the same series; that of the record where no
# snapshot has placed it yet.
_POINTS = sa.text(
    f"""
    SELECT e.country,
        CASE WHEN f.package_id IS NULL THEN e.publisher ELSE coalesce(CAST(f.facets AS json) ->> 'publisher_title', '')
        END AS publisher,
        r.package_id IS NOT NULL AS sample, e.rubric_version, e.reference_date, e.point, count(*) AS times
    FROM aivision_evaluation e
    JOIN package p ON p.id = e.package_id
    LEFT JOIN aivision_facets f ON f.package_id = e.package_id
    LEFT JOIN (SELECT DISTINCT package_id FROM aivision_record WHERE source = ANY(:samples)) r
        ON r.package_id = e.package_id
    WHERE p.state = 'active' AND p.type = {DATASET_TYPES} AND NOT p.private
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3
    """  # noqa: S608
)


def keep_todays() -> None:
    """Sees to it that the trends have today's figures. Commits.

    While some datasets are evaluated under another version of the rubric nothing is kept; a rescore mends that.
    """
    found = tallies()
    if found is not None:
        trends.keep(today(), found)
    model.Session.commit()


def tallies() -> list[Tally] | None:
    """The tallies of all publishers with public datasets; None where some are of another version of the rubric."""
    rubric = load()
    running: dict[tuple[str, str, bool], RunningTally] = {}
    criteria = [row.id for row in rubric.criteria]
    for row in model.Session.execute(_POINTS, {"samples": sample_sources()}):
        if row.point is None or row.rubric_version != rubric.version:
            return None
        key = (row.country, row.publisher, row.sample)
        if key not in running:
            running[key] = RunningTally(criteria)
        running[key].count(row.point, row.reference_date, row.times)
    found = []
    for (country, publisher, sample), counted in running.items():
        tally = counted.tally(country, publisher, rubric.version, today())
        tally.sample = sample
        found.append(tally)
    return found
