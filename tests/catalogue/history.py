"""The past, for tests: what was stored today is made to be of another day, or of another version of the rubric."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

OLD = "0.9.0"


def rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    import ckan.model as model
    import sqlalchemy as sa

    model.Session.rollback()
    return [tuple(row) for row in model.Session.execute(sa.text(statement), values)]


def execute(statement: str, **values: Any) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(statement), values)


def as_of(
    day: datetime.date,
    ids: Sequence[str],
    publisher: str = "",
    version: str | None = None,
    of: datetime.date | None = None,
) -> None:
    """Moves the evaluations and points of datasets, and the tallies of a publisher, to a day and a version.

    of: only what is of that day.
    """
    moved = "reference_date = :day, rubric_version = coalesce(:version, rubric_version)"
    values = {"day": day, "version": version, "of": of}
    for table in ("aivision_evaluation", "aivision_history"):
        chosen = "package_id = ANY(:ids) AND (CAST(:of AS date) IS NULL OR reference_date = :of)"
        execute(f"UPDATE {table} SET {moved} WHERE {chosen}", ids=list(ids), **values)
    execute(
        "UPDATE aivision_trend SET day = :day, rubric_version = coalesce(:version, rubric_version)"
        " WHERE level = 'publisher' AND publisher = :publisher AND NOT recomputed",
        day=day,
        version=version,
        publisher=publisher,
    )
