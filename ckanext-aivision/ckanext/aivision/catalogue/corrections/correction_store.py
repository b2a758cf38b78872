"""Store and load corrections of harvested datasets, field by field, beside the source's record."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.corrections.package_fields import Key, Outcome, Pair
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.moments import now
from ckanext.aivision.model import correction as table
from ckanext.aivision.model import record as record_table
from ckanext.aivision.record import Dataset

LONGEST_REASON = 1000  # characters
_columns = table.c
_ENDED = sa.text(
    f"""
    UPDATE aivision_correction c SET outcome = r.outcome, ended = r.ended
    {statements.from_rows("package_id text, resource_id text, field text, outcome text, ended timestamp")}
    WHERE c.package_id = r.package_id AND c.resource_id = r.resource_id AND c.field = r.field
    """  # noqa: S608 - columns of ours
)
_decode = msgspec.json.Decoder(Dataset).decode


class Correction(NamedTuple):
    """A correction of one field.

    author: the user's name; empty once the account is gone. made, ended: UTC without a time zone. outcome: why it no
    longer applies (`agreed`: the source says the same; `changed`: the source says something new); empty while it does.
    """

    package_id: str
    key: Key
    pair: Pair
    reason: str
    author: str
    made: datetime.datetime
    outcome: Outcome | None = None
    ended: datetime.datetime | None = None


class Ended(NamedTuple):
    """A correction that a harvest dropped, and why."""

    correction: Correction
    outcome: Outcome


def of_dataset(package_id: str, with_ended: bool = False) -> list[Correction]:
    """The corrections of a dataset that apply, by field; with those that a harvest dropped if asked for."""
    query = _selected().where(_columns.package_id == package_id)
    if not with_ended:
        query = query.where(_columns.ended.is_(None))
    return [_correction(row) for row in model.Session.execute(query)]


def of_datasets(package_ids: Sequence[str]) -> dict[str, list[Correction]]:
    """The corrections that apply, by dataset; datasets without any are left out."""
    query = _selected().where(_columns.package_id.in_(package_ids), _columns.ended.is_(None))
    found: dict[str, list[Correction]] = {}
    for row in model.Session.execute(query):
        found.setdefault(row.package_id, []).append(_correction(row))
    return found


def of_organization(organization_id: str) -> dict[str, list[Correction]]:
    """The corrections that apply to an organization's datasets, by dataset."""
    package = model.Package.__table__
    query = (
        _selected()
        .join(package, package.c.id == _columns.package_id)
        .where(package.c.owner_org == organization_id, package.c.state == "active", _columns.ended.is_(None))
    )
    found: dict[str, list[Correction]] = {}
    for row in model.Session.execute(query):
        found.setdefault(row.package_id, []).append(_correction(row))
    return found


def count_of_organization(organization_id: str) -> int:
    """The number of corrections that apply to an organization's datasets."""
    package = model.Package.__table__
    query = (
        sa.select(sa.func.count())
        .select_from(table.join(package, package.c.id == _columns.package_id))
        .where(package.c.owner_org == organization_id, package.c.state == "active", _columns.ended.is_(None))
    )
    return int(model.Session.execute(query).scalar_one())


def source_records(package_ids: Sequence[str]) -> dict[str, Dataset]:
    """The records of datasets as their sources gave them, with the source's own record; those that were harvested."""
    columns = record_table.c
    query = sa.select(columns.package_id, columns.dataset).where(columns.package_id.in_(package_ids))
    return {row.package_id: _decode(row.dataset) for row in model.Session.execute(query)}


def keep(package_id: str, found: Mapping[Key, Pair], user_id: str, reason: str) -> list[Key]:
    """Makes the corrections of a dataset those that are given, within the session's transaction.

    One that stays as it is keeps its author, day and reason. Returns the keys of those that are new or other.
    """
    known = {item.key: item for item in of_dataset(package_id)}
    gone = [key for key in known if key not in found]
    new = [key for key, pair in found.items() if key not in known or known[key].pair != pair]
    for key in gone:
        delete(package_id, key)
    for key in new:
        values = {
            "value": _encoded(found[key].value),
            "source_value": _encoded(found[key].source),
            "reason": reason[:LONGEST_REASON],
            "user_id": user_id,
            "made": now(),
            "outcome": "",
            "ended": None,
        }
        row = {"package_id": package_id, "resource_id": key.resource, "field": key.field}
        statement = insert(table).values(**row, **values)
        model.Session.execute(statement.on_conflict_do_update(index_elements=list(row), set_=values))
    return new


def delete(package_id: str, key: Key) -> bool:
    """Removes a correction, within the session's transaction. Returns whether there was one."""
    of_key = sa.and_(_columns.resource_id == key.resource, _columns.field == key.field)
    return model.Session.execute(sa.delete(table).where(_columns.package_id == package_id, of_key)).rowcount > 0


def end(connection: Any, ended: Iterable[Ended]) -> None:
    """Notes that a harvest dropped corrections, within a transaction. connection: or a session."""
    rows = [
        {
            "package_id": item.correction.package_id,
            "resource_id": item.correction.key.resource,
            "field": item.correction.key.field,
            "outcome": item.outcome,
            "ended": now().isoformat(),
        }
        for item in ended
    ]
    if rows:
        statements.execute(connection, _ENDED, rows)


def _encoded(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _selected() -> Any:
    user = model.User.__table__
    return (
        sa.select(table, user.c.name.label("author"))
        .outerjoin(user, user.c.id == _columns.user_id)
        .order_by(_columns.package_id, _columns.resource_id, _columns.field)
    )


def _correction(row: Any) -> Correction:
    return Correction(
        row.package_id,
        Key(row.resource_id, row.field),
        Pair(msgspec.json.decode(row.source_value), msgspec.json.decode(row.value)),
        row.reason,
        row.author or "",
        row.made,
        row.outcome or None,
        row.ended,
    )
