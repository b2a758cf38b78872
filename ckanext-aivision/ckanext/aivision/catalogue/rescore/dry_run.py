"""Evaluate every dataset as a rescore would, write nothing, and count how the grades would change."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ckanext.aivision.catalogue.evaluations.encoding import from_text
from ckanext.aivision.catalogue.evaluations.evaluation_store import evaluate_all, today
from ckanext.aivision.catalogue.rescore.grade_changes import GradeChange, GradeChanges
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.errors import ServiceError
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.process_pool import ProcessPool
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.score_effects import find_effects

# Datasets that are evaluated together.
SIZE = 500
_READ_ONLY = sa.text("SET TRANSACTION READ ONLY")
_NEXT = sa.text(
    f"SELECT id FROM package WHERE state = 'active' AND type = {DATASET_TYPES} AND id > :after ORDER BY id LIMIT :size"  # noqa: S608
)
_COUNT = sa.text(f"SELECT count(*) FROM package WHERE state = 'active' AND type = {DATASET_TYPES}")  # noqa: S608
_STORED = sa.text(
    """
    SELECT p.id AS package_id, p.name, e.rubric_version, e.reference_date, e.evaluation
    FROM package p LEFT JOIN aivision_evaluation e ON e.package_id = p.id WHERE p.id = ANY(:ids)
    ORDER BY p.id
    """
)

# Hears how many datasets of how many are done.
Listener = Callable[[int, int], None]
# Gets the changes of each batch, in a process of its own.
Keep = Callable[[Sequence[GradeChange]], None]


class DryRun(NamedTuple):
    """What a rescore would do under a version of the rubric as of a date."""

    rubric_version: str
    reference_date: datetime.date
    changes: GradeChanges


def run_dry(
    on: datetime.date | None = None,
    jobs: int = 1,
    listener: Listener = lambda done, total: None,
    keep: Keep | None = None,
) -> DryRun:
    """Compares the stored evaluations with those under the current rubric, in read-only transactions.

    on: the reference date (UTC; default: today). What is evaluated under this version as of that date or later is
    skipped, as a rescore would. jobs: processes. keep: see `Keep`; it may write.
    Raises ServiceError if the connection to the database is lost.
    """
    version, date = load().version, on or today()
    changes = GradeChanges()
    step = functools.partial(_compare, version=version, on=date, keep=keep)
    try:
        total = model.Session.execute(_COUNT).scalar() or 0
        if jobs > 1:
            # Each process needs connections of its own.
            model.Session.remove()
            model.meta.engine.dispose()
        done = 0
        with ProcessPool(jobs) as processes:
            for size, part in processes.map(step, _batches()):
                changes.add(part)
                done += size
                listener(done, max(done, total))
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0] if error.orig else type(error).__name__
        raise ServiceError(f"the connection to the database was lost ({reason}); run the command again") from error
    return DryRun(version, date, changes)


def _batches() -> Iterator[list[str]]:
    after = ""
    while True:
        ids = list(model.Session.execute(_NEXT, {"after": after, "size": SIZE}).scalars())
        model.Session.rollback()
        if not ids:
            return
        yield ids
        after = ids[-1]


def _compare(ids: list[str], version: str, on: datetime.date, keep: Keep | None) -> tuple[int, GradeChanges]:
    """Counts the changes of some datasets. Returns how many datasets these were, and the counts."""
    model.Session.rollback()
    model.Session.execute(_READ_ONLY)
    part = GradeChanges()
    rows = {}
    for row in model.Session.execute(_STORED, {"ids": ids}):
        if row.evaluation is None:
            part.new += 1
        elif row.rubric_version == version and row.reference_date >= on:
            part.current += 1
        else:
            rows[row.package_id] = row
    found = _changes(rows, on)
    model.Session.rollback()
    for change in found:
        part.count(change)
    if keep is not None:
        keep(found)
    return len(ids), part


def _changes(rows: dict[str, Any], on: datetime.date) -> list[GradeChange]:
    rubric = load()
    known = list(datasets(list(rows)))
    evaluations = evaluate_all([dataset for _, dataset in known], rubric, on)
    changes = []
    for (package_id, dataset), after in zip(known, evaluations, strict=True):
        row = rows[package_id]
        before = from_text(row.evaluation, row.rubric_version, row.reference_date)
        changes.append(GradeChange(row, dataset, before, after, find_effects(before, after, rubric)))
    return changes
