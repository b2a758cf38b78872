"""The SQL of work lists: an organization's datasets with what can be mended in each, drafts and private ones too."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.scoring.scores.mendable import NOTHING, WIDTH

_HARVESTED = "EXISTS (SELECT FROM aivision_record l WHERE l.package_id = p.id)"
_OF_ORGANIZATION = f"p.owner_org = :organization AND p.type = {DATASET_TYPES} AND p.state <> 'deleted'"
# Gains are points by the weights of one version of the rubric.
_WORKED_OUT = "e.rubric_version = :version AND length(e.gains) = :width"
# What is left to mend in a harvested dataset that people here have corrected; its evaluation is of the source's record.
_GAINS = "coalesce(g.gains, e.gains)"
_CORRECTED = """
    LEFT JOIN aivision_corrected g ON g.package_id = p.id AND g.rubric_version = :version AND length(g.gains) = :width
        AND EXISTS (SELECT FROM aivision_correction c WHERE c.package_id = p.id AND c.ended IS NULL)
"""
CONDITIONS = {
    "public": "p.state = 'active' AND NOT p.private",
    "private": "p.state = 'active' AND p.private",
    "draft": "p.state <> 'active'",
    "harvested": _HARVESTED,
    "own": f"NOT {_HARVESTED}",
    "grade": "e.grade = :grade",
    "title": "strpos(lower(p.title), lower(:title)) > 0",
}
SORTS = {
    "points": "points DESC, p.title, p.id",
    "score": "e.score NULLS FIRST, p.title, p.id",
    "title": "p.title, p.id",
    "changed": "p.metadata_modified DESC, p.id",
}


def together(conditions: Sequence[str]) -> sa.TextClause:
    """What can be mended in each dataset (`scoring.scores.mendable`), all in one text. conditions: of CONDITIONS."""
    return sa.text(
        f"""
        SELECT string_agg({_GAINS}, '') FROM package p JOIN aivision_evaluation e ON e.package_id = p.id {_CORRECTED}
        WHERE {_where(conditions)} AND {_WORKED_OUT}
        """
    )


def for_sheet(conditions: Sequence[str]) -> sa.TextClause:
    """All datasets by their titles."""
    return sa.text(
        f"""
        SELECT p.id, p.name, p.title, p.state, p.private, p.metadata_modified, e.score, e.grade,
            {_HARVESTED} AS harvested, 0 AS points
        FROM package p LEFT JOIN aivision_evaluation e ON e.package_id = p.id
        WHERE {_where(conditions)} ORDER BY p.title, p.id LIMIT :limit
        """
    )


def with_fix(conditions: Sequence[str], places: Sequence[int], sort: str) -> sa.TextClause:
    """The datasets in which one of some keys can be mended, in an order of SORTS, with the points.

    places: of the keys among `mendable_keys`.
    """
    starts = [f"substr({_GAINS}, {place * WIDTH + 1:d}, {WIDTH})" for place in places]
    needed = " OR ".join(f"{start} <> '{NOTHING}'" for start in starts)
    points = " + ".join(
        f"CASE {start} WHEN '{NOTHING}' THEN 0 ELSE CAST(CAST('x' || {start} AS bit(16)) AS integer) END"
        for start in starts
    )
    return sa.text(
        f"""
        SELECT p.id, p.name, p.title, p.state, p.private, p.metadata_modified, e.score, e.grade,
            {_HARVESTED} AS harvested, ({points}) / 100.0 AS points, count(*) OVER () AS datasets
        FROM package p JOIN aivision_evaluation e ON e.package_id = p.id {_CORRECTED}
        WHERE {_where(conditions)} AND {_WORKED_OUT} AND ({needed})
        ORDER BY {SORTS[sort]} LIMIT :limit OFFSET :offset
        """
    )


COUNTS = sa.text(
    f"""
    SELECT count(*) AS datasets, count(*) FILTER (WHERE {_WORKED_OUT}) AS evaluated
    FROM package p LEFT JOIN aivision_evaluation e ON e.package_id = p.id WHERE {_OF_ORGANIZATION}
    """
)
WAITING = sa.text(
    f"""
    SELECT p.id, p.state FROM package p LEFT JOIN aivision_evaluation e ON e.package_id = p.id
    WHERE {_OF_ORGANIZATION} AND NOT coalesce({_WORKED_OUT}, FALSE) AND p.id > :after ORDER BY p.id LIMIT :size
    """
)
# Of these packages, those that are the organization's, by their ids or names.
MEMBERS = sa.text(
    f"""
    SELECT p.id, p.name, p.title FROM package p
    WHERE {_OF_ORGANIZATION} AND (p.id = ANY(:named) OR p.name = ANY(:named))
    """
)
PACKAGES = sa.text("SELECT id, name, title, notes, url, version, license_id, extras FROM package WHERE id = ANY(:ids)")
TAGS = sa.text(
    """
    SELECT p.package_id, t.name FROM package_tag p JOIN tag t ON t.id = p.tag_id
    WHERE p.package_id = ANY(:ids) AND p.state = 'active'
    """
)


def _where(conditions: Sequence[str]) -> str:
    return " AND ".join([_OF_ORGANIZATION, *(CONDITIONS[name] for name in conditions)])
