"""The store in CKAN: each batch and its ledger are one transaction, and are indexed while the next batch is prepared.

What a crash leaves unindexed stands in the ledger (`indexed` is false) and is indexed when the next run of the source
starts.
"""

from __future__ import annotations

import contextlib
import datetime
import time
from collections.abc import Collection, Iterator, Sequence
from typing import Any, ClassVar

import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan.plugins import toolkit
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from ckanext.aivision.catalogue import snapshot_queue
from ckanext.aivision.catalogue.ckan.dataset_hooks import Hooks
from ckanext.aivision.catalogue.ckan.deletion import Deletion
from ckanext.aivision.catalogue.ckan.harvest_lease import HarvestLease
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.catalogue.harvest.source_ledger import Ledger
from ckanext.aivision.catalogue.harvest.store import Evaluated, Refusal
from ckanext.aivision.catalogue.hook_calls import HookCalls
from ckanext.aivision.catalogue.index.reindex import index_outstanding
from ckanext.aivision.catalogue.sources import problems, removal, runs
from ckanext.aivision.catalogue.sources import source_store as sources
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.moments import naive, now
from ckanext.aivision.catalogue.tables.rows import package_id
from ckanext.aivision.catalogue.writer.activities import activities_kept
from ckanext.aivision.catalogue.writer.one_by_one import SingleWriter
from ckanext.aivision.catalogue.writer.pipeline import Batch, Pipe, problem_row
from ckanext.aivision.catalogue.writer.prepare import Preparation
from ckanext.aivision.catalogue.writer.run_activity import Harvested, RunActivity
from ckanext.aivision.catalogue.writer.transaction import Row, store_problems
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.harvesters.sources.source_state import SourceState
from ckanext.aivision.model import run as run_table
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric

KEEP_EVERY = 60.0  # seconds


class CkanStore:
    """Writes one source's records as CKAN datasets, in the name of the site user."""

    KEEPS_UNCHANGED: ClassVar[bool] = True

    def __init__(self, source: Source, lease: HarvestLease) -> None:
        """lease: entered. Brings the index up to date with what an interrupted run had committed."""
        self._source, self._lease = source, lease
        user: str = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        self._run_id = lease.id
        self._kept = time.monotonic()
        self._calls = HookCalls()
        self._hooks = Hooks(user, self._calls)
        self._preparation = Preparation(source.name, user, self._calls)
        self._single = SingleWriter(source.name, user, self._calls)
        self._deletion = Deletion(source.name, user, self._calls)
        self._pipe = Pipe(source.name, self._run_id, keep=self._hooks.any)
        self._activity = RunActivity(source.name, source.title or source.name)
        self._asked = self._hook_warnings = 0
        index_outstanding(source.name, self._calls, self._hooks.after_write)

    def ledger(self) -> Ledger:
        return sources.ledger(self._source.name)

    def identifiers(self) -> Iterator[str]:
        return sources.identifiers(self._source.name)

    def raw(self, identifiers: Collection[str]) -> dict[str, Any]:
        return sources.raw(self._source.name, identifiers)

    def evaluate(self, datasets: Sequence[Dataset], rubric: Rubric, on: datetime.date) -> Sequence[Evaluation]:
        return evaluations.evaluate_all(datasets, rubric, on)

    def write(self, batch: Sequence[Evaluated]) -> list[Refusal]:
        self._lease.check()
        to_write = [item for item in batch if item.change.kind in ("new", "changed") and not item.change.returned]
        prepared, apart = self._preparation.prepared(to_write) if to_write else ([], [])
        self._note_activity(to_write)
        # Batches are written on connections of their own; ours must not hold on to what it has read.
        model.Session.commit()
        refusals = self._single.write(apart)
        self._call_hooks()
        rows = [problem_row(self._run_id, refusal) for refusal in (*_read_problems(batch), *refusals)]
        rows += self._hook_problems()
        if returned := [str(item.change.harvested.identifier) for item in batch if item.change.returned]:
            removal.mark_returned(self._source.name, returned)
        if prepared or rows:
            refusals += self._pipe.put(Batch(prepared, rows))
        return refusals

    def keep(self, state: SourceState) -> list[Refusal]:
        """A reading that is cut off goes on from what is kept, so all before it must be stored."""
        if time.monotonic() - self._kept < KEEP_EVERY:
            return []
        refusals = self.drain()
        sources.keep_state(self._source.name, state)
        self._kept = time.monotonic()
        return refusals

    def drain(self) -> list[Refusal]:
        refusals = self._pipe.drain()
        self._call_hooks()
        return refusals

    def remove(self, identifiers: Sequence[str]) -> None:
        removal.mark_gone(self._source.name, identifiers, now())

    def ask(self, identifiers: Sequence[str]) -> None:
        removal.mark_missing(self._source.name, identifiers, self._run_id)
        self._asked = len(identifiers)

    def close(self, run: Run, records: Harvest) -> None:
        self._pipe.close()
        rows = [problem_row(self._run_id, Refusal(None, problem, "refused")) for problem in records.remarks]
        sources.keep_state(self._source.name, records.state)
        if run.state == "finished":
            # Also where the document is unchanged and nothing was fetched: what was gone before has its days behind it.
            for deleted in self._deletion.due(now()):
                self._hooks.after_delete(deleted)
                self._activity.note(_deleted(deleted))
        with model.meta.engine.begin() as connection:
            store_problems(connection, [*rows, *self._hook_problems()])
            if activities := self._activity.rows(self._run_id, now()) if activities_kept() else []:
                statements.execute(connection, statements.ACTIVITIES, activities)
        run.warnings += self._hook_warnings
        run.mean_score, run.scored = sources.mean_score(self._source.name)
        finished = naive(run.finished) if run.finished is not None else None
        # What pages would else have to count each time.
        counted = {"problems": problems.count(self._run_id), "missing": self._asked}
        account = {**msgspec.to_builtins(run), **counted}
        values: dict[str, Any] = {"finished": finished, "state": run.state, "account": account}
        model.Session.execute(run_table.update().where(run_table.c.id == self._run_id).values(**values))
        model.Session.commit()
        sources.count(self._source.name, self._run_id, naive(run.started))
        runs.prune(self._source.name)
        snapshot_queue.request()

    def _note_activity(self, written: Sequence[Evaluated]) -> None:
        owners = self._preparation.owners(written) if written else []
        changes = []
        for item, owner in zip(written, owners, strict=True):
            dataset = item.change.harvested.dataset
            if dataset is not None:
                id = item.change.package_id or package_id(self._source.name, dataset.identifier)
                changes.append(Harvested("new" if item.change.kind == "new" else "changed", owner, id, dataset.title))
        self._activity.note(changes)

    def _call_hooks(self) -> None:
        """Of plugins, for what is stored and with Solr by now."""
        if sent := self._pipe.sent():
            self._hooks.after_write([msgspec.json.decode(item.document["data_dict"]) for item in sent])

    def _hook_problems(self) -> list[Row]:
        failed = self._calls.take_failures()
        self._hook_warnings += len(failed)
        return [problem_row(self._run_id, refusal) for refusal in failed]

    def fail(self, message: str) -> None:
        """Ends a run that could not go on, with the reason; where even that cannot be written, the next run does."""
        self._pipe.close()
        with contextlib.suppress(DBAPIError, PendingRollbackError):
            self._note_failure(message)
        # What was stored until then counts.
        snapshot_queue.request()

    def _note_failure(self, message: str) -> None:
        model.Session.rollback()
        values: dict[str, Any] = {
            "finished": now(),
            "state": "failed",
            # Beside the counts that were kept last: so much is stored.
            "account": run_table.c.account.op("||")(sa.cast({"message": message}, JSONB)),
        }
        model.Session.execute(run_table.update().where(run_table.c.id == self._run_id).values(**values))
        model.Session.commit()
        runs.prune(self._source.name)


def _deleted(package_ids: Sequence[str]) -> list[Harvested]:
    package = model.Package
    query = sa.select(package.id, package.title, package.owner_org).where(package.id.in_(package_ids))
    rows = model.Session.execute(query).all()
    return [Harvested("deleted", row.owner_org, row.id, row.title or "") for row in rows if row.owner_org]


def _read_problems(batch: Sequence[Evaluated]) -> list[Refusal]:
    """What was found while the records were read; with the raw record where it was refused."""
    found = []
    for item in batch:
        harvested, kind = item.change.harvested, item.change.kind
        raw = harvested.raw if harvested.dataset is None else None
        found += [Refusal(harvested.identifier, problem, kind, raw) for problem in harvested.problems]
    return found
