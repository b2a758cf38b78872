"""Changes to many datasets at once, as they are stored: what was asked, how far it is, what each row was and became."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.lease import DEAD_AFTER
from ckanext.aivision.catalogue.tables import moments
from ckanext.aivision.model.bulk_edits import bulk_edit as edit_table
from ckanext.aivision.model.bulk_edits import bulk_row as row_table

Kind = Literal["fix", "sheet", "new"]
MOST_ROWS = 5000
# Of one organization, that wait or are worked on.
MOST_OPEN = 20
AT_WORK = ("checking", "applying", "undoing")
_KEPT = datetime.timedelta(days=30)
_LONGEST_WAIT = datetime.timedelta(hours=1)
_BATCH = 50
_edits, _rows = edit_table.c, row_table.c


class NewRow(msgspec.Struct, frozen=True):
    """What is asked of one dataset. patch: fields of the form with their values. message: why it cannot be done."""

    place: int
    package_id: str
    title: str
    patch: dict[str, Any]
    message: str = ""


def create(organization: str, user_id: str, kind: Kind, what: Mapping[str, Any], rows: Sequence[NewRow]) -> str:
    """Stores a change that is to be checked, and forgets those that nobody has applied for a month. Commits.

    Returns its id.
    """
    id, now = str(uuid.uuid4()), moments.now()
    forgotten = sa.and_(_edits.state.in_(("checked", "discarded", "failed")), _edits.asked < now - _KEPT)
    model.Session.execute(edit_table.delete().where(forgotten))
    values = {"organization": organization, "user_id": user_id, "kind": kind, "what": dict(what), "asked": now}
    model.Session.execute(edit_table.insert().values(id=id, state="checking", message="", heartbeat=now, **values))
    unknown = {"before": "{}", "grade_before": "", "grade_after": "", "digest": ""}
    stored = [
        {
            **unknown,
            "edit": id,
            "place": row.place,
            "package_id": row.package_id,
            "title": row.title[:500],
            "patch": msgspec.json.encode(row.patch).decode(),
            "state": "refused" if row.message else "waiting",
            "message": row.message,
        }
        for row in rows
    ]
    if stored:
        model.Session.execute(row_table.insert(), stored)
    model.Session.commit()
    return id


def count_open(organization: str) -> int:
    """How many changes of an organization, asked for in the last hour, a job works on, or is to work on."""
    recent = _edits.asked > moments.now() - _LONGEST_WAIT
    query = sa.select(sa.func.count()).where(_edits.organization == organization, _edits.state.in_(AT_WORK), recent)
    return int(model.Session.execute(query).scalar_one())


def find(id: str) -> Any:
    """The row of a change, or None."""
    return model.Session.execute(sa.select(edit_table).where(_edits.id == id)).first()


def of_organization(organization: str, limit: int, offset: int = 0) -> list[Any]:
    """The changes of an organization, the latest first."""
    query = sa.select(edit_table).where(_edits.organization == organization).order_by(_edits.asked.desc(), _edits.id)
    return list(model.Session.execute(query.limit(limit).offset(offset)))


def is_stalled(row: Any) -> bool:
    """Whether the job that works on a change has died, or no worker has taken it up."""
    return row.state in AT_WORK and (row.heartbeat is None or row.heartbeat < moments.now() - DEAD_AFTER)


def begin(id: str, states: Sequence[str], state: str) -> bool:
    """Moves a change from one of some states, or from a job that has died, to that of a job. Commits.

    Returns whether it was in one of them.
    """
    dead = sa.and_(_edits.state == state, _edits.heartbeat < moments.now() - DEAD_AFTER)
    wanted = sa.and_(_edits.id == id, sa.or_(_edits.state.in_(states), dead))
    statement = edit_table.update().where(wanted).values(state=state, heartbeat=moments.now(), message="")
    count = model.Session.execute(statement).rowcount
    model.Session.commit()
    return bool(count)


def beat(id: str) -> None:
    """Notes that the job is alive, within the session's transaction."""
    model.Session.execute(edit_table.update().where(_edits.id == id).values(heartbeat=moments.now()))


def end(id: str, state: str, message: str = "") -> None:
    """Notes what a job came to. Commits."""
    values = {"state": state, "message": message[:2000], "finished": moments.now(), "heartbeat": None}
    model.Session.execute(edit_table.update().where(_edits.id == id).values(**values))
    model.Session.commit()


def count_rows(id: str) -> Counter[str]:
    """How many rows of a change are in each state."""
    query = sa.select(_rows.state, sa.func.count().label("number")).where(_rows.edit == id).group_by(_rows.state)
    return Counter({row.state: row.number for row in model.Session.execute(query)})


def rows(id: str, limit: int, offset: int = 0, state: str = "") -> list[Any]:
    """The rows of a change by their places, those that were refused first."""
    query = sa.select(row_table).where(_rows.edit == id)
    if state:
        query = query.where(_rows.state == state)
    order = sa.case((_rows.state.in_(("refused", "kept")), 0), else_=1)
    return list(model.Session.execute(query.order_by(order, _rows.place).limit(limit).offset(offset)))


def batches(id: str, state: str) -> Iterator[list[Any]]:
    """The rows in a state, some at a time, each once."""
    after = -1
    while True:
        query = sa.select(row_table).where(_rows.edit == id, _rows.state == state, _rows.place > after)
        found = list(model.Session.execute(query.order_by(_rows.place).limit(_BATCH)))
        if not found:
            return
        yield found
        after = found[-1].place


def claim(row: Any, state: str) -> bool:
    """Takes a row from the state that it was read in to another, within the session's transaction.

    Returns False where another job was faster.
    """
    here = sa.and_(_rows.edit == row.edit, _rows.place == row.place, _rows.state == row.state)
    return bool(model.Session.execute(row_table.update().where(here).values(state=state)).rowcount)


def note(row: Any, **values: Any) -> None:
    """Writes columns of a row, within the session's transaction."""
    here = sa.and_(_rows.edit == row.edit, _rows.place == row.place)
    model.Session.execute(row_table.update().where(here).values(**values))


def scores(id: str) -> tuple[float, float, int]:
    """The sums of the scores before and after, of rows that have both, and how many these are."""
    both = sa.and_(_rows.score_before.is_not(None), _rows.score_after.is_not(None))
    query = sa.select(sa.func.sum(_rows.score_before), sa.func.sum(_rows.score_after), sa.func.count())
    before, after, number = model.Session.execute(query.where(_rows.edit == id, both)).one()
    return before or 0.0, after or 0.0, number
