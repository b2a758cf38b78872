"""Objections: what the people who look after a dataset say against the result of a criterion.

An objection changes no score. It stands beside the result on the dataset's page, and operators see all of them.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.tables.moments import now
from ckanext.aivision.model import objection as table

LONGEST = 1000  # characters of a text
_columns = table.c


class Objection(NamedTuple):
    """made: UTC without a time zone. author: the user's name; empty once the account is gone."""

    package_id: str
    criterion: str
    text: str
    author: str
    made: datetime.datetime


class Listed(NamedTuple):
    """An objection with its dataset."""

    objection: Objection
    name: str
    title: str


def save(package_id: str, criterion: str, text: str, user_id: str) -> None:
    """Keeps an objection in place of an earlier one to the same result, within the session's transaction."""
    values = {"text": text, "user_id": user_id, "made": now()}
    statement = insert(table).values(package_id=package_id, criterion=criterion, **values)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["package_id", "criterion"], set_=values))


def withdraw(package_id: str, criterion: str) -> bool:
    """Removes an objection, within the session's transaction. Returns whether there was one."""
    statement = sa.delete(table).where(_columns.package_id == package_id, _columns.criterion == criterion)
    return model.Session.execute(statement).rowcount > 0


def of_dataset(package_id: str) -> dict[str, Objection]:
    """The objections to a dataset's results, by criterion."""
    rows = model.Session.execute(_selected().where(_columns.package_id == package_id))
    return {row.criterion: _objection(row) for row in rows}


def newest_first(limit: int, offset: int = 0) -> list[Listed]:
    """The objections to results of datasets that there still are, the newest first."""
    query = _selected().order_by(_columns.made.desc(), _columns.package_id, _columns.criterion)
    rows = model.Session.execute(query.limit(limit).offset(offset))
    return [Listed(_objection(row), row.name, row.title or row.name) for row in rows]


def _selected() -> sa.Select[tuple[object, ...]]:
    package, user = model.Package.__table__, model.User.__table__
    return (
        sa.select(table, package.c.name, package.c.title, user.c.name.label("author"))
        .join(package, package.c.id == _columns.package_id)
        .outerjoin(user, user.c.id == _columns.user_id)
        .where(package.c.state == "active")
    )


def _objection(row: sa.Row[tuple[object, ...]]) -> Objection:
    found = row._mapping
    return Objection(found["package_id"], found["criterion"], found["text"], found["author"] or "", found["made"])
