"""The public datasets' evaluations as one number: where it changes, the comparison may change.

It is read from the tables and not from hooks, so it sees every way in which a dataset became public or stopped being
public: a save, a bulk action, a purge, an SQL statement.
"""

from __future__ import annotations

import sqlalchemy as sa

# A sum of 64-bit numbers (PostgreSQL's hashtextextended): in any order the same. What was stored before there were
# points has its whole evaluation in the place of one.
_HASH = """
    sum(hashtextextended(
        concat_ws(
            ' ', e.country, e.publisher, e.rubric_version, e.reference_date, coalesce(e.point, e.evaluation),
            m.package_id
        ), 0
    ))
"""
# `m` has the made-up samples: a source that is marked as one moves its datasets out of the comparison.
_PUBLIC = """
    FROM aivision_evaluation e
    JOIN package p ON p.id = e.package_id
    LEFT JOIN (
        SELECT DISTINCT r.package_id FROM aivision_record r JOIN aivision_source s ON s.name = r.source
        WHERE s.source ->> 'sample' = 'true'
    ) m ON m.package_id = e.package_id
    WHERE p.state = 'active' AND NOT p.private
"""
BY_PUBLISHER = sa.text(
    f"""
    SELECT e.country, e.publisher, count(*) AS datasets, {_HASH} AS hash {_PUBLIC} GROUP BY e.country, e.publisher
    """
)
_NOW = f"SELECT count(*) || ':' || coalesce({_HASH}, 0) AS fingerprint {_PUBLIC}"
NOW = sa.text(_NOW)

_RUNNING = "state = 'running' AND heartbeat > timezone('utc', now()) - interval '45 seconds'"
# Whether the figures should be renewed now (:software is the installed version), being of other evaluations or of an
# other version. While a harvest or a rescore is running, and after a renewal that failed, two are ten minutes apart.
RENEWAL_DUE = sa.text(
    f"""
    SELECT NOT EXISTS (
        SELECT FROM ({_NOW}) present JOIN aivision_comparison c ON c.lens = ''
        WHERE (c.software = :software AND c.fingerprint = present.fingerprint) OR (
            c.tried > timezone('utc', now()) - interval '10 minutes' AND (
                c.tried IS DISTINCT FROM c.made
                OR EXISTS (SELECT FROM aivision_run WHERE {_RUNNING})
                OR EXISTS (SELECT FROM aivision_rescore WHERE {_RUNNING})
            )
        )
    )
    """
)


def fingerprint(datasets: int, total: int) -> str:
    """The fingerprint of all public datasets, as NOW gives it.

    datasets: their number. total: the sum of the hashes of BY_PUBLISHER.
    """
    return f"{datasets}:{total}"
