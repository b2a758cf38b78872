"""The problems of runs: records that were refused or repaired, by kind and one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.model import problem as problem_table
from ckanext.aivision.normalise.web.credentials import mask

# How many are counted while a run has not kept its own count: enough to show, and soon done.
_MOST_COUNTED = 100_000
_PORTION = 1_000

_columns = problem_table.c
# The order of the index aivision_problem_kind: errors first, each kind together.
_ORDER = (_columns.severity, _columns.code, _columns.id)


def count(run_id: str, most: int | None = None) -> list[dict[str, Any]]:
    """How many problems of each kind a run met: severity, code and count.

    most: the maximum to count; None for all.
    """
    counted = sa.select(_columns.severity, _columns.code).where(_columns.run_id == run_id).limit(most).subquery()
    query = sa.select(*counted.c, sa.func.count()).group_by(*counted.c).order_by(*counted.c)
    return [
        {"severity": severity, "code": code, "count": number} for severity, code, number in model.Session.execute(query)
    ]


def kinds(row: Any) -> list[dict[str, Any]]:
    """The kinds of problems of a run, each with its count and the message of its first one.

    row: of the run. A run that has ended has kept its counts.
    """
    kept = row.account.get("problems")
    counted = kept if kept is not None else count(row.id, _MOST_COUNTED)
    return [{**kind, "example": _first_message(row.id, kind)} for kind in counted]


def find(problem_id: int, run_id: str) -> Any:
    """A row of a run by its id, or None."""
    query = sa.select(problem_table).where(_columns.id == problem_id, _columns.run_id == run_id)
    return model.Session.execute(query).first()


def of_run(
    run_id: str, filters: dict[str, str], most: int, after: Any = None, raw_length: int | None = None
) -> list[dict[str, Any]]:
    """A run's problems, errors first, each kind together.

    filters: severity, code, identifier: only those with these values. after: the row before the first one.
    raw_length: so many characters of each raw record at most, 0 for no raw records at all; None for all of each.
    """
    fields: list[Any] = [column for column in _columns if column.name != "raw"]
    if raw_length is None:
        fields.append(_columns.raw)
    elif raw_length:
        fields.append(sa.func.left(_columns.raw, raw_length).label("raw"))
    query = sa.select(*fields).where(_columns.run_id == run_id).order_by(*_ORDER).limit(most)
    for name, value in filters.items():
        query = query.where(_columns[name] == value)
    if after is not None:
        query = query.where(sa.tuple_(*_ORDER) > sa.tuple_(after.severity, after.code, after.id))
    return [_describe_problem(row) for row in model.Session.execute(query)]


def every(run_id: str) -> Iterator[dict[str, Any]]:
    """All of a run's problems, read in portions, so that any number takes the same memory."""
    after = None
    while portion := of_run(run_id, {}, _PORTION, after):
        yield from portion
        after = find(portion[-1]["id"], run_id)
        if after is None:
            return  # The run was pruned meanwhile.


def _describe_problem(row: Any) -> dict[str, Any]:
    problem = dict(row._mapping)
    del problem["run_id"]
    problem["where"] = problem.pop("location")
    if problem.get("raw"):
        # What was stored before credentials were masked may hold some.
        problem["raw"] = mask(problem["raw"])
    return problem


def _first_message(run_id: str, kind: dict[str, Any]) -> str:
    query = sa.select(_columns.message).order_by(_columns.id).limit(1)
    query = query.where(_columns.run_id == run_id, _columns.severity == kind["severity"], _columns.code == kind["code"])
    return model.Session.execute(query).scalar() or ""
