"""Mark records missing from a source as gone; large removals need confirmation. `deletion` deletes them later."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

# The names of the states stand in the table aivision_record.
_GONE = sa.text(
    """
    UPDATE aivision_record SET state = 'gone', gone_since = :now, missing_in = NULL
    WHERE source = :source AND state = 'active' AND identifier = ANY(:identifiers)
    """
)
_RETURNED = sa.text(
    """
    UPDATE aivision_record SET state = 'active', gone_since = NULL, missing_in = NULL
    WHERE source = :source AND state = 'gone' AND identifier = ANY(:identifiers)
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


def grace() -> datetime.timedelta:
    """How long a dataset that is gone from its source stays (setting `ckanext.aivision.gone_days`)."""
    return datetime.timedelta(days=toolkit.config.get("ckanext.aivision.gone_days", 7))


def mark_gone(source: str, identifiers: Sequence[str], now: datetime.datetime) -> None:
    """now: UTC without a time zone, as in all of this module."""
    with model.meta.engine.begin() as connection:
        connection.execute(_GONE, {"source": source, "identifiers": list(identifiers), "now": now})


def mark_returned(source: str, identifiers: Sequence[str]) -> None:
    """Notes that what was gone is there again, as it was: nothing else of it has to be written."""
    with model.meta.engine.begin() as connection:
        connection.execute(_RETURNED, {"source": source, "identifiers": list(identifiers)})


def mark_missing(source: str, identifiers: Sequence[str], run_id: str) -> None:
    """Notes what a run would have removed, so that a person can confirm exactly that."""
    with model.meta.engine.begin() as connection:
        connection.execute(_MISSING, {"source": source, "identifiers": list(identifiers), "run": run_id})


def confirm(run_id: str, now: datetime.datetime) -> int:
    """Marks as gone what a run asked about. Returns how many there were."""
    with model.meta.engine.begin() as connection:
        return connection.execute(_CONFIRMED, {"run": run_id, "now": now}).rowcount
