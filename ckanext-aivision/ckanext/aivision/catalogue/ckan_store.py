"""The store in CKAN: each batch is one transaction with its ledger, and is indexed while the next one is prepared.

What a crash leaves unindexed stands in the ledger (`indexed` is false) and is indexed when the next run of the source
starts.
"""

from __future__ import annotations

import contextlib
import datetime
import time
from collections.abc import Sequence
from typing import Any, ClassVar

import ckan.lib.search as search
import ckan.logic as logic
import ckan.model as model
import msgspec
from ckan.plugins import toolkit
from sqlalchemy.exc import DBAPIError

from ckanext.aivision.catalogue import links, problems, removal, runs, sources, statements
from ckanext.aivision.catalogue.control import Control, naive
from ckanext.aivision.catalogue.pipe import Batch, Pipe, problem_row
from ckanext.aivision.catalogue.plan import Entry
from ckanext.aivision.catalogue.prepare import Preparation
from ckanext.aivision.catalogue.run import Evaluated, Refusal, Run
from ckanext.aivision.catalogue.single import SingleWriter
from ckanext.aivision.catalogue.transaction import store_problems
from ckanext.aivision.harvesters.reading import Harvest
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.harvesters.state import SourceState
from ckanext.aivision.model import run as run_table
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.observed import Observed

KEEP_EVERY = 60.0  # seconds


class CkanStore:
    """Writes one source's records as CKAN data sets, in the name of the site user."""

    KEEPS_UNCHANGED: ClassVar[bool] = True

    def __init__(self, source: Source, control: Control) -> None:
        """control: entered. Brings the index up to date with what an interrupted run had committed."""
        self._source, self._control = source, control
        user: str = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        self._run_id = control.run_id
        self._kept = time.monotonic()
        self._preparation = Preparation(source.name, user)
        self._single = SingleWriter(source.name, user)
        self._pipe = Pipe(source.name, self._run_id)
        self._asked = 0
        self._index_outstanding()

    def ledger(self) -> dict[str, Entry]:
        return sources.ledger(self._source.name)

    def observed(self, datasets: Sequence[Dataset]) -> Sequence[Observed]:
        return links.observed(datasets)

    def write(self, batch: Sequence[Evaluated]) -> list[Refusal]:
        self._control.check()
        to_write = [item for item in batch if item.change.kind in ("new", "changed")]
        prepared, apart = self._preparation.prepared(to_write) if to_write else ([], [])
        # Batches are written on connections of their own; ours must not hold on to what it has read.
        model.Session.commit()
        refusals = self._single.write(apart)
        rows = [problem_row(self._run_id, refusal) for refusal in (*_read_problems(batch), *refusals)]
        if prepared or rows:
            refusals += self._pipe.put(Batch(prepared, rows))
        return refusals

    def keep(self, state: SourceState) -> list[Refusal]:
        """A reading that is cut off goes on from what is kept, so all before it must be stored."""
        if time.monotonic() - self._kept < KEEP_EVERY:
            return []
        refusals = self._pipe.drain()
        sources.keep_state(self._source.name, state)
        self._kept = time.monotonic()
        return refusals

    def drain(self) -> list[Refusal]:
        return self._pipe.drain()

    def remove(self, identifiers: Sequence[str]) -> None:
        removal.mark_gone(self._source.name, identifiers, naive(datetime.datetime.now(datetime.timezone.utc)))

    def ask(self, identifiers: Sequence[str]) -> None:
        removal.mark_missing(self._source.name, identifiers, self._run_id)
        self._asked = len(identifiers)

    def close(self, run: Run, records: Harvest) -> None:
        self._pipe.close()
        remarks = [problem_row(self._run_id, Refusal(None, problem, "refused")) for problem in records.remarks]
        with model.meta.engine.begin() as connection:
            store_problems(connection, remarks)
        sources.keep_state(self._source.name, records.state)
        if run.state == "finished":
            # Also where the document is unchanged and nothing was fetched: what was gone before has its days behind it.
            removal.remove_due(self._source.name, naive(datetime.datetime.now(datetime.timezone.utc)))
        run.mean_score = sources.mean_score(self._source.name)
        finished = naive(run.finished) if run.finished is not None else None
        # What pages would else have to count each time.
        counted = {"problems": problems.count(self._run_id), "missing": self._asked}
        account = {**msgspec.to_builtins(run), **counted}
        values: dict[str, Any] = {"finished": finished, "state": run.state, "account": account}
        model.Session.execute(run_table.update().where(run_table.c.id == self._run_id).values(**values))
        model.Session.commit()
        sources.count(self._source.name, self._run_id, naive(run.started))
        runs.prune(self._source.name)

    def fail(self, message: str) -> None:
        """Ends a run that could not go on, with the reason; where even that cannot be written, the next run does."""
        self._pipe.close()
        with contextlib.suppress(DBAPIError):
            self._note_failure(message)

    def _note_failure(self, message: str) -> None:
        model.Session.rollback()
        values: dict[str, Any] = {
            "finished": naive(datetime.datetime.now(datetime.timezone.utc)),
            "state": "failed",
            "account": {"message": message},
        }
        model.Session.execute(run_table.update().where(run_table.c.id == self._run_id).values(**values))
        model.Session.commit()
        runs.prune(self._source.name)

    def _index_outstanding(self) -> None:
        package_ids = model.Session.execute(statements.UNINDEXED, {"source": self._source.name}).scalars().all()
        if not package_ids:
            return
        for package_id in package_ids:
            logic.index_update_package({"ignore_auth": True}, package_id, defer_commit=True)
        search.commit()
        model.Session.execute(statements.INDEXED, {"ids": package_ids})
        model.Session.commit()


def _read_problems(batch: Sequence[Evaluated]) -> list[Refusal]:
    """What was found while the records were read; with the raw record where it was refused."""
    found = []
    for item in batch:
        harvested, kind = item.change.harvested, item.change.kind
        raw = harvested.raw if harvested.dataset is None else None
        found += [Refusal(harvested.identifier, problem, kind, raw) for problem in harvested.problems]
    return found
