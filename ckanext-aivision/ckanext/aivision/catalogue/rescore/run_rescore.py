"""Evaluate every dataset again: harvested datasets from the original record, others from the package.

What is left to do is what is not yet evaluated under the current rubric as of the date: so the next run
continues an interrupted one, wherever it stopped.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Sequence
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ckanext.aivision.catalogue import snapshot_queue
from ckanext.aivision.catalogue.evaluations import history
from ckanext.aivision.catalogue.evaluations.evaluation_store import today
from ckanext.aivision.catalogue.evaluations.tallies import keep_todays
from ckanext.aivision.catalogue.hook_calls import HookCalls
from ckanext.aivision.catalogue.index.reindex import BATCH, Reindexing
from ckanext.aivision.catalogue.rescore import announcement
from ckanext.aivision.catalogue.rescore import batch as rescore_batch
from ckanext.aivision.catalogue.rescore import past_points as recompute
from ckanext.aivision.catalogue.rescore.other_types import forget_other_types
from ckanext.aivision.catalogue.rescore.rescore_lease import RescoreRun
from ckanext.aivision.catalogue.tables.server_faults import database_outage
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.process_pool import ProcessPool
from ckanext.aivision.scoring.rubric import load

# Datasets in one transaction.
SIZE = 500
# How often rows that another transaction has locked are tried again.
_PASSES = 3
_TO_DO = sa.text(
    f"""
    SELECT p.id FROM package p LEFT JOIN aivision_evaluation e ON e.package_id = p.id
    WHERE p.state = 'active' AND p.type = {DATASET_TYPES}
        AND (e.point IS NULL OR e.rubric_version <> :version OR e.reference_date < :on)
    ORDER BY p.id
    """  # noqa: S608
)
_UNINDEXED = sa.text("SELECT package_id FROM aivision_unindexed ORDER BY package_id")
_INDEXED = sa.text("DELETE FROM aivision_unindexed WHERE package_id = ANY(:ids)")

# Hears what is done, how much of it, and how much there is of it.
Listener = Callable[[str, int, int], None]


class Account(msgspec.Struct):
    """What a run did: datasets evaluated, rewritten, with another text, with another grade; points and tallies of the
    past made again; datasets indexed again."""

    total: int = 0
    evaluated: int = 0
    rewritten: int = 0
    with_text: int = 0
    regraded: int = 0
    points: int = 0
    tallies: int = 0
    indexed: int = 0


def rescore(
    on: datetime.date | None = None,
    jobs: int = 1,
    listener: Listener = lambda stage, done, total: None,
) -> tuple[RescoreRun, Account]:
    """Evaluates all active datasets under the current rubric, and the points of their past as far as these can be.

    on: the reference date (UTC); where none is given, that of a run that was cut off under this rubric, or today.
    What is evaluated under this rubric as of that date or later already stays as it is. jobs: processes that evaluate.
    The search index is brought up to date with what was graded again.
    Raises UsageError while another run is running, RunCancelled where somebody called it off, Outage where the
    database or Solr breaks off.
    """
    try:
        keep_todays()
        if jobs > 1:
            # A connection that two processes hold outlives the one that dies, and with it its locks.
            model.Session.remove()
            model.meta.engine.dispose()
        with ProcessPool(jobs) as processes, RescoreRun(load().version, on, today()) as run:
            return run, _Work(processes, run, listener).done()
    except DBAPIError as error:
        raise database_outage(error) from error
    finally:
        snapshot_queue.request()


class _Work:
    """The stages of one run."""

    def __init__(self, processes: ProcessPool, run: RescoreRun, listener: Listener) -> None:
        self._processes, self._run, self._listener = processes, run, listener
        self._account = Account()

    def done(self) -> Account:
        forget_other_types()
        self._present()
        self._past()
        ids = find_ids(_UNINDEXED)
        index_noted(ids, lambda done: self._report_progress("indexed", done, len(ids)))
        self._account.indexed = len(ids)
        keep_todays()
        history.prune(today())
        announcement.end(load().version)
        self._run.account = msgspec.to_builtins(self._account)
        return self._account

    def _present(self) -> None:
        version, on = load().version, self._run.reference_date
        step = functools.partial(_batch, version=version, on=on)
        for _ in range(_PASSES):
            ids = find_ids(_TO_DO, version=version, on=on)
            if not ids:
                break
            account = self._account
            account.total = account.evaluated + len(ids)
            for counts in self._processes.map(step, _slices(ids, SIZE)):
                account.evaluated += counts.evaluated
                account.rewritten += counts.rewritten
                account.with_text += counts.with_text
                account.regraded += counts.regraded
                self._report_progress("evaluated", account.evaluated, account.total)

    def _past(self) -> None:
        version = load().version
        points = recompute.outstanding(version)
        step = functools.partial(recompute.points, version=version)
        done = 0
        for number in self._processes.map(step, _slices(points, SIZE)):
            self._account.points += number
            done += SIZE
            self._report_progress("points of the past", min(done, len(points)), len(points))
        for country in recompute.countries(version):
            self._account.tallies += recompute.fold(country, version)
            self._run.check()

    def _report_progress(self, stage: str, done: int, total: int) -> None:
        self._listener(stage, done, total)
        self._run.account = msgspec.to_builtins(self._account)
        self._run.check()


def evaluate_again(package_ids: Sequence[str]) -> None:
    """Evaluates datasets of which more is known now, and indexes those whose grade is another. Commits."""
    rescore_batch.rescored(package_ids, today(), left=lambda row: False)
    again = set(package_ids)
    index_noted([id for id in find_ids(_UNINDEXED) if id in again])


def index_noted(ids: list[str], told: Callable[[int], None] = lambda done: None) -> None:
    """Indexes packages as they are stored, and deletes what `aivision_unindexed` notes of them. Commits."""
    if not ids:
        return
    reindexing = Reindexing(HookCalls())
    for start in range(0, len(ids), BATCH):
        reindexing.index(ids[start : start + BATCH])
        told(min(start + BATCH, len(ids)))
    reindexing.commit()
    model.Session.execute(_INDEXED, {"ids": ids})
    model.Session.commit()


def _batch(ids: Sequence[str], version: str, on: datetime.date) -> rescore_batch.Counts:
    def is_current(row: Any) -> bool:
        return row.point is not None and row.rubric_version == version and row.reference_date >= on

    return rescore_batch.rescored(ids, on, is_current)


def find_ids(statement: sa.TextClause, **values: Any) -> list[str]:
    """The ids that a statement selects, read in a transaction of its own."""
    ids = list(model.Session.execute(statement, values).scalars())
    model.Session.rollback()
    return ids


def _slices(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
