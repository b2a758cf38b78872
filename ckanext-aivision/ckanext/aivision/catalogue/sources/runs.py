"""Read runs: their state, progress and problems; delete old ones."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.lease import DEAD_AFTER
from ckanext.aivision.catalogue.tables.moments import iso, now
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.sources.source import shown_address
from ckanext.aivision.model import run as run_table

# A later run in one of these states has seen more of the source than the one before it.
_LATER_WORD = ("running", "finished", "needs-confirmation")

# The newest of a source always stays.
_PRUNED = sa.text(
    """
    DELETE FROM aivision_run WHERE source = :source AND state <> 'running' AND started < (
        SELECT started FROM aivision_run WHERE source = :source ORDER BY started DESC OFFSET :older LIMIT 1
    )
    """
)


def is_stalled(row: Any) -> bool:
    """Whether a run's process has died without saying so: its row says running, its heart does not beat."""
    return row.state == "running" and (row.heartbeat or row.started) < now() - DEAD_AFTER


def describe_run(row: Any) -> dict[str, Any]:
    """A run without what is secret. state: as in the table, or `stalled`."""
    account = dict(row.account)
    if account.get("url"):
        account["url"] = without_secrets(account["url"])
    return {
        "id": row.id,
        "source": row.source,
        "state": "stalled" if is_stalled(row) else row.state,
        "started": iso(row.started),
        "finished": iso(row.finished),
        "heartbeat": iso(row.heartbeat),
        "cancel_requested": row.cancel_requested,
        "account": account,
    }


def without_secrets(address: str) -> str:
    """A source's address without credentials and keys; of a path only the file's name."""
    try:
        return shown_address(address)
    except UsageError:
        return address.rpartition("/")[2]


def find(run_id: str) -> Any:
    """The row of a run, or None."""
    return model.Session.execute(sa.select(run_table).where(run_table.c.id == run_id)).first()


def latest(
    most: int, source: str | None = None, after: Any = None, of_sources: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """Runs, newest first.

    after: the row of the run before the first one. of_sources: only of these; None for all.
    """
    columns = run_table.c
    query = sa.select(run_table).order_by(columns.started.desc(), columns.id.desc()).limit(most)
    if source is not None:
        query = query.where(columns.source == source)
    if of_sources is not None:
        query = query.where(columns.source.in_(of_sources))
    if after is not None:
        query = query.where(sa.tuple_(columns.started, columns.id) < sa.tuple_(after.started, after.id))
    return [describe_run(row) for row in model.Session.execute(query)]


def at_work(source: str) -> str | None:
    """The id of the run of a source that is at work, or None."""
    query = sa.select(run_table).where(run_table.c.source == source, run_table.c.state == "running")
    return next((row.id for row in model.Session.execute(query) if not is_stalled(row)), None)


def is_superseded(row: Any) -> bool:
    """Whether a later run has read the source: what this one asked about may have come back since."""
    return has_run_since(row.source, row.started, _LATER_WORD)


def has_run_since(source: str, moment: datetime.datetime, states: Collection[str] | None = None) -> bool:
    """Whether a run of a source started after a moment. states: only runs in these; None for all."""
    columns = run_table.c
    query = sa.select(columns.id).where(columns.source == source, columns.started > moment)
    if states is not None:
        query = query.where(columns.state.in_(states))
    return model.Session.execute(query.limit(1)).first() is not None


def prune(source: str) -> int:
    """Deletes a source's oldest runs with their problems, and returns how many. Commits.

    The setting `ckanext.aivision.keep_runs` says how many stay.
    """
    keep = max(1, toolkit.config.get("ckanext.aivision.keep_runs", 100))
    count = model.Session.execute(_PRUNED, {"source": source, "older": keep - 1}).rowcount
    model.Session.commit()
    return count
