"""Sources whose records are made-up samples are marked, and counted by themselves, in the past as well."""

import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MARKED = """
    UPDATE aivision_source SET source = source || jsonb_build_object('sample', TRUE)
    WHERE name IN ('sample-us', 'sample-uk') OR source ->> 'url' LIKE '%/config/samples/us.data.json'
        OR source ->> 'url' LIKE '%/config/samples/uk.ckan.ndjson'
"""
_SAMPLES = """
    SELECT package_id FROM aivision_record WHERE source IN (
        SELECT name FROM aivision_source WHERE source ->> 'sample' = 'true'
        UNION VALUES ('sample-us'), ('sample-uk')
    )
"""
# Of publishers that had nothing but samples, at any time.
_PUBLISHERS = f"""
    UPDATE aivision_trend t SET level = 'sample publisher' WHERE level = 'publisher' AND EXISTS (
        SELECT FROM aivision_history h
        WHERE h.country = t.country AND h.publisher = t.publisher AND h.package_id IN ({_SAMPLES})
    ) AND NOT EXISTS (
        SELECT FROM aivision_history h
        WHERE h.country = t.country AND h.publisher = t.publisher AND h.package_id NOT IN ({_SAMPLES})
    )
"""  # noqa: S608 - of this file's own text
_STALE = f"""
    UPDATE aivision_tally t SET fingerprint = NULL FROM aivision_evaluation e
    WHERE e.country = t.country AND e.publisher = t.publisher AND e.package_id IN ({_SAMPLES})
"""  # noqa: S608 - of this file's own text
_ROWS = """
    SELECT rubric_version, country, level, publisher, day, tally FROM aivision_trend
    WHERE country IN (SELECT country FROM aivision_trend WHERE level = 'sample publisher')
    ORDER BY rubric_version, country, day, level DESC
"""
_MIXED = """
    UPDATE aivision_trend SET level = 'mixed'
    WHERE level = 'country' AND country IN (SELECT country FROM aivision_trend WHERE level = 'sample publisher')
"""
_INSERTED = """
    INSERT INTO aivision_trend (
        rubric_version, country, level, publisher, day, publishers, lacking, recomputed, tally
    ) SELECT rubric_version, country, :level, '', day, :publishers, lacking, recomputed, :tally
    FROM aivision_trend WHERE rubric_version = :version AND country = :country AND level = 'mixed' AND day = :day
"""


def upgrade() -> None:
    op.add_column("aivision_tally", sa.Column("sample_tally", JSONB))
    op.execute(_MARKED)
    op.execute(_PUBLISHERS)
    _divide_countries()
    op.execute(_STALE)


def downgrade() -> None:
    op.execute("DELETE FROM aivision_trend WHERE level IN ('sample country', 'sample publisher')")
    op.execute("UPDATE aivision_source SET source = source - 'sample'")
    op.execute("UPDATE aivision_tally SET fingerprint = NULL WHERE sample_tally IS NOT NULL")
    op.drop_column("aivision_tally", "sample_tally")


def _divide_countries() -> None:
    """A country's days are added up again from its publishers, real ones and samples each by themselves."""
    connection = op.get_bind()
    last: dict[tuple[str, str, str], dict[str, Any]] = defaultdict(dict)
    rows = []
    for row in connection.execute(sa.text(_ROWS)).all():
        # On each day the publishers come before the country.
        if row.level != "country":
            last[row.rubric_version, row.country, row.level][row.publisher] = json.loads(row.tally)
            continue
        for level in ("country", "sample country"):
            publishers = last[row.rubric_version, row.country, level.replace("country", "publisher")]
            some = [tally for tally in publishers.values() if tally["data_sets"]]
            if some:
                told = {**_sum(some), "publisher": "", "sample": level == "sample country"}
                key = {"version": row.rubric_version, "country": row.country, "day": row.day}
                rows.append({**key, "level": level, "publishers": len(some), "tally": json.dumps(told)})
    op.execute(_MIXED)
    if rows:
        connection.execute(sa.text(_INSERTED), rows)
    op.execute("DELETE FROM aivision_trend WHERE level = 'mixed'")


def _sum(tallies: list[dict[str, Any]]) -> dict[str, Any]:
    """Numbers are added, in objects member by member; of dates the span is kept, of the rest the first."""
    found: dict[str, Any] = {}
    for name in {name for tally in tallies for name in tally}:
        values = [tally[name] for tally in tallies if name in tally]
        if isinstance(values[0], dict):
            found[name] = _sum(values)
        elif name in ("first_date", "last_date"):
            found[name] = min(values) if name == "first_date" else max(values)
        else:
            found[name] = sum(values) if isinstance(values[0], int) else values[0]
    return found
