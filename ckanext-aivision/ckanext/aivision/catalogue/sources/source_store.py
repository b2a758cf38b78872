"""The stored sources of this catalogue: added by users, or harvested from config/sources.yaml."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from ckanext.aivision.catalogue.harvest.source_ledger import Entry, Ledger
from ckanext.aivision.harvesters.sources.source import Source, load_sources, resolve
from ckanext.aivision.harvesters.sources.source_state import SourceState
from ckanext.aivision.model import evaluation as evaluation_table
from ckanext.aivision.model import record as record_table
from ckanext.aivision.model import source as source_table

SCHEDULES = {
    "manual": None,
    "daily": datetime.timedelta(days=1),
    "weekly": datetime.timedelta(weeks=1),
    "monthly": datetime.timedelta(days=30),
}


def find_source(name: str) -> Source | None:
    """The source of that name in this catalogue."""
    stored = model.Session.execute(sa.select(source_table.c.source).where(source_table.c.name == name)).scalar()
    return msgspec.convert(stored, type=Source) if stored is not None else None


def resolve_source(
    target: str, kind: str | None = None, profile: str | None = None, country: str | None = None
) -> Source:
    """The source of that name in this catalogue, else what `harvesters.sources.source.resolve` makes of it.

    Raises UsageError if there is neither.
    """
    stored = find_source(target)
    # The samples lie where this package lies: where that was yesterday is of no use.
    if stored is None or (target in load_sources() and "://" not in stored.url):
        return resolve(target, kind, profile, country)
    given = {"kind": kind, "profile": profile, "country": country}
    return msgspec.structs.replace(stored, **{key: value for key, value in given.items() if value})


def save(source: Source, more: dict[str, Any], now: datetime.datetime) -> None:
    """Keeps a source as it is given now. Commits.

    more: schedule, priority and owner_org. now: UTC without a time zone; when it was made, where it is new.
    """
    values = {"source": msgspec.to_builtins(source), **more}
    defaults = {"name": source.name, "state": {}, "active": 0, "gone": 0, "created": now}
    statement = insert(source_table).values(**defaults, **values)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
    model.Session.commit()


def forget(name: str) -> None:
    """Deletes a source's row; its datasets, its ledger and its runs stay. Commits."""
    model.Session.execute(source_table.delete().where(source_table.c.name == name))
    model.Session.commit()


def note_attempt(source: Source, started: datetime.datetime) -> None:
    """Notes when a source was last tried, so that one that fails is not due again at once; keeps a new one. Commits.

    started: UTC without a time zone.
    """
    values: dict[str, Any] = {"name": source.name, "source": msgspec.to_builtins(source), "created": started}
    defaults = {"schedule": "manual", "priority": 0, "state": {}, "active": 0, "gone": 0, "last_started": started}
    statement = insert(source_table).values(**values, **defaults)
    tried = {"last_started": started}
    model.Session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=tried))
    model.Session.commit()


def ledger(name: str) -> Ledger:
    """What the catalogue has of a source; without what was deleted, or purged from CKAN."""
    columns = record_table.c
    query = sa.select(columns.identifier, columns.content_hash, columns.package_id, columns.state)
    package = model.Package.__table__
    query = query.where(columns.source == name, columns.state != "deleted")
    query = query.join(package, package.c.id == columns.package_id)
    rows = model.Session.execute(query.execution_options(yield_per=1_000))
    return Ledger((row.identifier, Entry(row.content_hash, row.package_id, row.state == "gone")) for row in rows)


def identifiers(name: str) -> Iterator[str]:
    """The identifiers of what the catalogue has of a source and the source had the last time."""
    columns = record_table.c
    query = sa.select(columns.identifier).where(columns.source == name, columns.state == "active")
    yield from model.Session.execute(query.execution_options(yield_per=1_000)).scalars()


class _Stored(msgspec.Struct):
    """Of a stored record.Dataset, the source's own record."""

    raw: dict[str, Any] = {}


def raw(name: str, identifiers: Collection[str]) -> dict[str, Any]:
    """The records of a source as it gave them, by identifier."""
    columns = record_table.c
    query = sa.select(columns.identifier, columns.dataset)
    rows = model.Session.execute(query.where(columns.source == name, columns.identifier.in_(identifiers)))
    return {row.identifier: msgspec.json.decode(row.dataset, type=_Stored).raw for row in rows}


def state(name: str) -> SourceState | None:
    """What the last reading of a source left to the next."""
    stored = model.Session.execute(sa.select(source_table.c.state).where(source_table.c.name == name)).scalar()
    return msgspec.convert(stored, type=SourceState) if stored else None


def keep_state(name: str, state: SourceState) -> None:
    """Keeps what a reading leaves to the next, once all that it gave is stored. Commits."""
    values = {"state": msgspec.to_builtins(state)}
    model.Session.execute(source_table.update().where(source_table.c.name == name).values(**values))
    model.Session.commit()


def keep_requests(name: str, state: SourceState) -> None:
    """Keeps of a state the requests of the last hour only, beside what a run has left; in a separate transaction."""
    if not state.requests:
        return
    kept = {"address": state.address, "requests": msgspec.to_builtins(state.requests)}
    columns = source_table.c
    # What was left at another address says nothing of this one, and must not seem to.
    same = sa.func.coalesce(columns.state["address"].astext, state.address) == state.address
    merged = columns.state.op("||")(sa.cast(kept, JSONB))
    with model.meta.engine.begin() as connection:
        connection.execute(source_table.update().where(columns.name == name, same).values(state=merged))


def mean_score(name: str) -> tuple[float | None, int]:
    """The mean score (0 to 100) of all that a source has here, and of how many; None if nothing of it is scored."""
    columns = evaluation_table.c
    ours = sa.and_(record_table.c.source == name, record_table.c.state == "active")
    query = sa.select(sa.func.avg(columns.score), sa.func.count(columns.score))
    mean, count = model.Session.execute(
        query.join(record_table, record_table.c.package_id == columns.package_id).where(ours)
    ).one()
    return mean, count


def count(name: str, run_id: str, started: datetime.datetime) -> None:
    """Brings a source's counts up to date at the end of a run, so that no page has to count. Commits."""
    columns = record_table.c
    query = sa.select(columns.state, sa.func.count()).where(columns.source == name).group_by(columns.state)
    numbers = dict(model.Session.execute(query).all())
    values = {"active": numbers.get("active", 0), "gone": numbers.get("gone", 0)}
    update = source_table.update().where(source_table.c.name == name)
    model.Session.execute(update.values(**values, last_run=run_id, last_started=started))
    model.Session.commit()
