"""Read the changes of public datasets, in an order that no reader misses anything of, and delete old ones.

Triggers note each change with its transaction (migration 0013). A reader gets those of the transactions before the
oldest that still runs (`txid_snapshot_xmin`), in the order of transactions: nothing can appear later before what it
has. A change says what the dataset is like now and not what it was like then, so that a reader who has followed all
changes has the catalogue as it is, whatever order concurrent transactions were committed in.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.changes import change_statements as statements
from ckanext.aivision.catalogue.changes.cursor import BEGINNING, Cursor, Position, TooOld

Kind = Literal["created", "updated", "deleted"]

_PRUNE_EVERY = datetime.timedelta(hours=1)


class Change(NamedTuple):
    """What happened to a dataset, once for all changes of a page, at the position of the last of them.

    name: as it is now; None if it was deleted.
    """

    position: Position
    kind: Kind
    package_id: str
    name: str | None
    changed: datetime.datetime

    def withdrawn(self) -> Change:
        """The same for a dataset that nobody can read after all."""
        return self._replace(kind="deleted", name=None)


class Page(NamedTuple):
    """changes: in order. next: from which the next page continues. complete: whether there are no further changes."""

    changes: list[Change]
    next: Cursor
    complete: bool


def read(connection: sa.Connection, cursor: Cursor | None, most: int) -> Page:
    """The changes after a cursor, or what there is, for a reader who has nothing yet.

    connection: in a transaction of its own that sees one snapshot (REPEATABLE READ). most: the number of changes to
    look at; those of the same dataset are one. Raises TooOld.
    """
    span = connection.execute(statements.SPAN).one()
    feed = connection.execute(statements.FEED).one()
    cursor = cursor or Cursor(feed.id, BEGINNING, span.visible)
    if cursor.feed != feed.id or cursor.position[0] > span.next or cursor.known < (feed.pruned_xid, feed.pruned_seq):
        raise TooOld(f"changes after {cursor} are not stored any more")
    values = {"xid": cursor.position[0], "seq": cursor.position[1], "visible": span.visible, "most": most}
    rows = connection.execute(statements.PAGE, {**values, "begun": cursor.begun or 0}).all()
    complete = len(rows) < most
    position: Position = (rows[-1].xid, rows[-1].seq) if rows else cursor.position
    begun = cursor.begun
    if begun is not None and (complete or position >= (begun, 0)):
        # From here on the reader has everything and follows.
        position, begun = max(position, (begun, 0)), None
    return Page(_merge(rows, cursor.begun or 0), Cursor(feed.id, position, begun), complete)


def _merge(rows: Sequence[Any], begun: int) -> list[Change]:
    """One change for each dataset, at the position of its last. begun: the reader had nothing before."""
    created = {row.package_id for row in rows if row.kind == "created" or row.xid < begun}
    last = {row.package_id: at for at, row in enumerate(rows)}
    merged = []
    for at, row in enumerate(rows):
        if last[row.package_id] == at:
            kind: Kind = "updated"
            if not row.public:
                kind = "deleted"
            elif row.package_id in created:
                kind = "created"
            merged.append(
                Change((row.xid, row.seq), kind, row.package_id, row.name if row.public else None, row.changed)
            )
    return merged


def prepare() -> None:
    """Makes the feed where there is none yet, and begins it again where the database is one of another server.

    Numbers of transactions mean nothing there: readers, whose cursors are refused, fetch everything again.
    """
    with model.meta.engine.connect() as connection:
        span = connection.execute(statements.SPAN).one()
        if connection.execute(statements.FEED).first() is not None and not _is_restored(span):
            return
    with model.meta.engine.begin() as connection:
        connection.execute(statements.ONE_AT_A_TIME)
        connection.execute(statements.NEW_FEED, {"id": _new_id()})
        if _is_restored(connection.execute(statements.SPAN).one()):
            connection.execute(statements.RENUMBER)
            connection.execute(statements.RENEW_FEED, {"id": _new_id()})


def prune(now: datetime.datetime, days: int) -> int:
    """Deletes changes that are older than so many days, at most once an hour. Returns their number.

    now: UTC without a time zone.
    """
    prepare()
    with model.meta.engine.begin() as connection:
        connection.execute(statements.ONE_AT_A_TIME)
        last = connection.execute(statements.PRUNED_AT).scalar()
        if last is not None and now - last < _PRUNE_EVERY:
            return 0
        found = connection.execute(statements.PRUNE, {"before": now - datetime.timedelta(days=days)}).one()
        xid, seq = found.last or BEGINNING
        connection.execute(statements.NOTE_PRUNED, {"now": now, "xid": xid, "seq": seq})
        return int(found.pruned)


def _is_restored(span: Any) -> bool:
    return span.newest is not None and span.newest >= span.next


def _new_id() -> str:
    return uuid.uuid4().hex[:8]
