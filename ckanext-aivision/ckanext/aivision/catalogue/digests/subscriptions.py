"""Who gets the weekly e-mail: people who asked for it, each at most once in seven days."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.tables.moments import now
from ckanext.aivision.model import digest as table

EVERY = datetime.timedelta(days=7)
# After a failure, as of a mail server that is away.
_REST = datetime.timedelta(hours=1)
_columns = table.c
_last = sa.func.coalesce(_columns.sent, _columns.asked)


class Due(NamedTuple):
    """A user whose e-mail is due. since: what is new since then is in it (UTC without a time zone)."""

    user_id: str
    since: datetime.datetime


def is_subscribed(user_id: str) -> bool:
    """Whether a user asked for the e-mail."""
    return model.Session.execute(sa.select(_columns.user_id).where(_columns.user_id == user_id)).first() is not None


def subscribe(user_id: str) -> None:
    """Notes that a user wants the e-mail, within the session's transaction."""
    statement = insert(table).values(user_id=user_id, asked=now(), sent=None)
    model.Session.execute(statement.on_conflict_do_nothing())


def unsubscribe(user_id: str) -> None:
    """Notes that a user wants no e-mail any more, within the session's transaction."""
    model.Session.execute(sa.delete(table).where(_columns.user_id == user_id))


def due(moment: datetime.datetime) -> list[str]:
    """The ids of the active users whose e-mail is due. moment: UTC without a time zone."""
    user = model.User.__table__
    query = (
        sa.select(_columns.user_id)
        .join(user, user.c.id == _columns.user_id)
        .where(user.c.state == "active", _last <= moment - EVERY)
        .order_by(_last, _columns.user_id)
    )
    return list(model.Session.execute(query).scalars())


def claim(user_id: str, moment: datetime.datetime) -> Due | None:
    """Takes a user's e-mail on, so that nobody else sends it too; None if somebody did. Commits."""
    row = model.Session.execute(
        sa.select(_last.label("since")).where(_columns.user_id == user_id, _last <= moment - EVERY).with_for_update()
    ).first()
    if row is not None:
        model.Session.execute(table.update().where(_columns.user_id == user_id).values(sent=moment))
    model.Session.commit()
    return Due(user_id, row.since) if row is not None else None


def put_off(claimed: Due, moment: datetime.datetime) -> None:
    """Notes that an e-mail could not be sent; it is due again in an hour. Commits."""
    later = moment - EVERY + _REST
    model.Session.execute(table.update().where(_columns.user_id == claimed.user_id).values(sent=later))
    model.Session.commit()
