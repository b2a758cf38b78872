"""The SQL for the history of datasets: adds a point if there is none or the evaluation has changed."""

from __future__ import annotations

import sqlalchemy as sa

from ckanext.aivision.catalogue.tables.statements import from_rows

_LAST_POINT = """
    SELECT * FROM aivision_history h WHERE h.package_id = p.id AND h.rubric_version = {version}
        AND h.reference_date <= {date} ORDER BY h.reference_date DESC LIMIT 1
"""
_PUBLIC = "(p.state = 'active' AND NOT p.private)"
_POINT_REPLACED = """
    ON CONFLICT (package_id, rubric_version, reference_date) DO UPDATE SET
        country = excluded.country, publisher = excluded.publisher, public = excluded.public, point = excluded.point,
        record = excluded.record, recomputed = excluded.recomputed
"""
# A point where there is none, or where the one before it says something else.
HISTORY = sa.text(
    f"""
    INSERT INTO aivision_history (
        package_id, rubric_version, reference_date, country, publisher, public, point, record, recomputed
    )
    SELECT r.package_id, r.rubric_version, r.reference_date, r.country, r.publisher, {_PUBLIC}, r.point,
        decode(r.record, 'hex'), r.recomputed
    {
        from_rows(
            "package_id text, rubric_version text, reference_date date, country text, publisher text, point text,"
            "record text, recomputed boolean"
        )
    }
    JOIN package p ON p.id = r.package_id
    LEFT JOIN LATERAL ({_LAST_POINT.format(version="r.rubric_version", date="r.reference_date")}) last ON TRUE
    WHERE last.package_id IS NULL
        OR (last.point, last.country, last.publisher, last.public) <> (r.point, r.country, r.publisher, {_PUBLIC})
    {_POINT_REPLACED}
    RETURNING record
    """
)
# A recalculated point of the past; the original one is kept.
RECOMPUTED = sa.text(
    f"""
    INSERT INTO aivision_history (
        package_id, rubric_version, reference_date, country, publisher, public, point, record, recomputed
    )
    SELECT r.package_id, r.rubric_version, r.reference_date, r.country, r.publisher, r.public, r.point,
        decode(r.record, 'hex'), TRUE
    {
        from_rows(
            "package_id text, rubric_version text, reference_date date, country text, publisher text, public boolean,"
            "point text, record text"
        )
    }
    ON CONFLICT DO NOTHING
    """
)
DELETED = sa.text(
    f"""
    INSERT INTO aivision_history (
        package_id, rubric_version, reference_date, country, publisher, public, point, record, recomputed
    )
    SELECT p.id, e.rubric_version, :on, last.country, last.publisher, FALSE, last.point, last.record, FALSE
    FROM package p JOIN aivision_evaluation e ON e.package_id = p.id
    CROSS JOIN LATERAL ({_LAST_POINT.format(version="e.rubric_version", date=":on")}) last
    WHERE p.id = ANY(:ids) AND last.public
    {_POINT_REPLACED}
    """
)
PAST_RECORDS = sa.text(
    f"""
    INSERT INTO aivision_past_record (digest, record) SELECT decode(r.digest, 'hex'), decode(r.record, 'base64')
    {from_rows("digest text, record text")} ON CONFLICT DO NOTHING
    """
)
