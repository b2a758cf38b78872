"""The latest preview of each source: requested on a page, run by the job worker, kept until the next one."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.ckan.dry_run_store import Previewed
from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.catalogue.lease import DEAD_AFTER, Heartbeat
from ckanext.aivision.catalogue.sources import runs
from ckanext.aivision.catalogue.tables import moments
from ckanext.aivision.model import preview as preview_table

_BEAT = sa.text(
    "UPDATE aivision_preview SET heartbeat = timezone('utc', clock_timestamp())"
    " WHERE id = :id AND state = 'running' RETURNING false"
)
_STOPPED = "{name}: the preview was cancelled"
_columns = preview_table.c


def ask(source: str) -> str:
    """Requests a preview, which replaces the one before. Returns its id. Commits."""
    values: dict[str, Any] = {"id": str(uuid.uuid4()), "state": "queued", "asked": moments.now(), "account": {}}
    blank = {"started": None, "finished": None, "heartbeat": None, "records": "[]"}
    statement = insert(preview_table).values(source=source, **values, **blank)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["source"], set_={**values, **blank}))
    model.Session.commit()
    return str(values["id"])


def begin(preview_id: str) -> str | None:
    """Notes that a worker has taken a preview up, for the first time or again. Commits.

    Returns the name of its source; None if it was cancelled, or another one was asked for since.
    """
    now = moments.now()
    mine = sa.and_(_columns.id == preview_id, _columns.state.in_(("queued", "running")))
    statement = preview_table.update().where(mine).values(state="running", started=now, heartbeat=now)
    source: str | None = model.Session.execute(statement.returning(_columns.source)).scalar()
    model.Session.commit()
    return source


def end(preview_id: str, run: Run, records: Sequence[Previewed]) -> None:
    """Stores the result of a preview. Commits."""
    _close(preview_id, run.state, msgspec.to_builtins(run), msgspec.json.encode(records).decode())


def fail(preview_id: str, message: str) -> None:
    """Stores why a preview failed. Commits."""
    _close(preview_id, "failed", {"message": message}, "[]")


def cancel(source: str) -> bool:
    """Cancels the preview of a source that waits or is being made; False if there is none. Commits."""
    open_one = sa.and_(_columns.source == source, _columns.state.in_(("queued", "running")))
    statement = preview_table.update().where(open_one).values(state="cancelled", finished=moments.now())
    count = model.Session.execute(statement).rowcount
    model.Session.commit()
    return bool(count)


def forget(source: str) -> None:
    """Deletes the preview of a source. Commits."""
    model.Session.execute(preview_table.delete().where(_columns.source == source))
    model.Session.commit()


def find(source: str, with_records: bool = True) -> Any:
    """The row of a source's preview, or None."""
    fields = [column for column in _columns if with_records or column.name != "records"]
    return model.Session.execute(sa.select(*fields).where(_columns.source == source)).first()


def state(row: Any) -> str:
    """As in the table; `stalled` where the worker has died over it."""
    is_dead = row.state == "running" and row.heartbeat < moments.now() - DEAD_AFTER
    return "stalled" if is_dead else str(row.state)


def describe_preview(row: Any) -> dict[str, Any]:
    """A preview without what is secret, and without `records` where the row has none. superseded: by a later run."""
    account = dict(row.account)
    if account.get("url"):
        account["url"] = runs.without_secrets(account["url"])
    records = {"records": msgspec.json.decode(row.records)} if "records" in row._mapping else {}
    return {
        "id": row.id,
        "source": row.source,
        "state": state(row),
        "asked": moments.iso(row.asked),
        "started": moments.iso(row.started),
        "finished": moments.iso(row.finished),
        "account": account,
        "superseded": runs.has_run_since(row.source, row.started or row.asked),
        **records,
    }


@contextlib.contextmanager
def alive(preview_id: str, source: str) -> Iterator[Heartbeat]:
    """Within this context a preview shows that it lives, and hears when it is cancelled."""
    with model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        heartbeat = Heartbeat(source, connection, _BEAT, preview_id, _STOPPED)
        try:
            yield heartbeat
        finally:
            heartbeat.end()


def _close(preview_id: str, outcome: str, account: dict[str, Any], records: str) -> None:
    model.Session.rollback()
    running = sa.and_(_columns.id == preview_id, _columns.state == "running")
    values = {"state": outcome, "finished": moments.now(), "account": account, "records": records}
    model.Session.execute(preview_table.update().where(running).values(**values))
    model.Session.commit()
