"""The public datasets as one number: where it changes, the next snapshot may say something else.

It is read from the tables and not from hooks, so it sees every way in which a dataset became public or stopped being
public: a save, a bulk action, a purge, an SQL statement.
"""

from __future__ import annotations

import sqlalchemy as sa

from ckanext.aivision.model.dataset_types import DATASET_TYPES

# A sum of 64-bit numbers (PostgreSQL's hashtextextended): in any order the same. `xmin` is the transaction that wrote a
# row: whatever a row says now, it says since then. Reading what the rows say instead takes seconds of half a million
# datasets.
_HASH = "sum(hashtextextended(p.id, (e.xmin::text::bigint << 32) | p.xmin::text::bigint))"
_PUBLIC = f"""
    FROM aivision_evaluation e JOIN package p ON p.id = e.package_id
    WHERE p.state = 'active' AND p.type = {DATASET_TYPES} AND NOT p.private
"""
# A source that is marked as made-up samples moves its datasets out of the comparison.
_SAMPLES = """
    SELECT coalesce(sum(hashtextextended(name, 0)), 0) FROM aivision_source WHERE source ->> 'sample' = 'true'
"""
_NOW = f"SELECT count(*) || ':' || coalesce({_HASH}, 0) || ':' || ({_SAMPLES}) AS fingerprint {_PUBLIC}"
NOW = sa.text(_NOW)

_RUNNING = "state = 'running' AND heartbeat > timezone('utc', now()) - interval '45 seconds'"
# The fingerprint, whether a harvest is running, and whether a rescore is.
STATE = sa.text(
    f"""
    SELECT ({_NOW}), EXISTS (SELECT FROM aivision_run WHERE {_RUNNING}),
        EXISTS (SELECT FROM aivision_rescore WHERE {_RUNNING})
    """
)
