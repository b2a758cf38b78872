"""What a source no longer has: marked at first, removed after some days, never much of it without a person's yes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import ckan.model as model
import sqlalchemy as sa
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit

# The names of the states stand in the table aivision_record.
_GONE = sa.text(
    """
    UPDATE aivision_record SET state = 'gone', gone_since = :now, missing_in = NULL
    WHERE source = :source AND state = 'active' AND identifier = ANY(:identifiers)
    """
)
_MISSING = sa.text(
    "UPDATE aivision_record SET missing_in = :run WHERE source = :source AND identifier = ANY(:identifiers)"
)
_CONFIRMED = sa.text(
    """
    UPDATE aivision_record SET state = 'gone', gone_since = :now, missing_in = NULL
    WHERE missing_in = :run AND state = 'active'
    """
)
_DUE = sa.text(
    """
    SELECT package_id FROM aivision_record
    WHERE source = :source AND state = 'gone' AND gone_since <= :before ORDER BY identifier LIMIT :most
    """
)
_DELETED = sa.text(
    """
    WITH gone AS (
        UPDATE aivision_record SET state = 'deleted', content_hash = '' WHERE package_id = ANY(:ids)
        RETURNING package_id
    ), stale AS (
        INSERT INTO aivision_tally (country, publisher, stale)
        SELECT DISTINCT country, publisher, TRUE FROM aivision_evaluation WHERE package_id = ANY(:ids)
        ORDER BY country, publisher
        ON CONFLICT (country, publisher) DO UPDATE SET stale = TRUE
    )
    UPDATE package p SET state = 'deleted', metadata_modified = :now FROM gone WHERE p.id = gone.package_id
    """
)
_BATCH = 500


def grace() -> datetime.timedelta:
    """How long a data set that is gone from its source stays (setting `ckanext.aivision.gone_days`)."""
    return datetime.timedelta(days=toolkit.config.get("ckanext.aivision.gone_days", 7))


def mark_gone(source: str, identifiers: Sequence[str], now: datetime.datetime) -> None:
    """now: UTC without a time zone, as in all of this module."""
    with model.meta.engine.begin() as connection:
        connection.execute(_GONE, {"source": source, "identifiers": list(identifiers), "now": now})


def mark_missing(source: str, identifiers: Sequence[str], run_id: str) -> None:
    """Notes what a run would have removed, so that a person can say yes to just that."""
    with model.meta.engine.begin() as connection:
        connection.execute(_MISSING, {"source": source, "identifiers": list(identifiers), "run": run_id})


def confirm(run_id: str, now: datetime.datetime) -> int:
    """Marks as gone what a run asked about. Returns how many there were."""
    with model.meta.engine.begin() as connection:
        return connection.execute(_CONFIRMED, {"run": run_id, "now": now}).rowcount


def remove_due(source: str, now: datetime.datetime) -> int:
    """Deletes the data sets whose days have passed, as `package_delete` does. Returns how many there were."""
    count = 0
    while True:
        with model.meta.engine.begin() as connection:
            values = {"source": source, "before": now - grace(), "most": _BATCH}
            ids = list(connection.execute(_DUE, values).scalars())
            if not ids:
                return count
            # First from the index: a crash in between leaves them due, and they are taken again.
            _remove_from_index(ids)
            connection.execute(_DELETED, {"ids": ids, "now": now})
        count += len(ids)


def _remove_from_index(ids: Sequence[str]) -> None:
    site = toolkit.config.get("ckan.site_id")
    make_connection().delete(q=f'+site_id:"{site}" +id:({" OR ".join(ids)})', commit=True)
