"""A store in CKAN: batches through CKAN's own actions, each with its ledger rows in one transaction.

The search index follows after the commit. What a crash leaves unindexed stands in the ledger (`indexed` is false)
and is indexed when the next run of the source starts.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

import ckan.lib.search as search
import ckan.logic as logic
import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan.plugins import toolkit
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.names import package_name
from ckanext.aivision.catalogue.organizations import Organizations
from ckanext.aivision.catalogue.plan import Entry
from ckanext.aivision.catalogue.run import Evaluated, Refusal, Run
from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.model import problem as problem_table
from ckanext.aivision.model import record as record_table
from ckanext.aivision.model import run as run_table
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.package import to_package


class CkanStore:
    """Writes one source's records as CKAN data sets, in the name of the site user."""

    def __init__(self, source: Source, started: datetime.datetime) -> None:
        """started: in UTC. Brings the index up to date with what an interrupted run had committed."""
        self._source = source
        self._user: str = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        self._organizations = Organizations(self._user)
        self._run_id = str(uuid.uuid4())
        values = {"id": self._run_id, "source": source.name, "started": _naive(started), "state": "running"}
        model.Session.execute(run_table.insert().values(account={}, **values))
        model.Session.commit()
        self._index_outstanding()

    def ledger(self) -> dict[str, Entry]:
        columns = record_table.c
        query = sa.select(columns.identifier, columns.content_hash, columns.package_id)
        rows = model.Session.execute(query.where(columns.source == self._source.name))
        return {row.identifier: Entry(row.content_hash, row.package_id) for row in rows}

    def write(self, batch: Sequence[Evaluated]) -> list[Refusal]:
        to_write = [item for item in batch if item.change.kind in ("new", "changed")]
        refusals: list[Refusal] = []
        try:
            self._write_together(to_write)
        except (logic.ActionError, sa.exc.DBAPIError):
            # One record of the batch cannot be taken: find it by taking them one by one.
            model.Session.rollback()
            refusals = self._write_apart(to_write)
        self._note_problems(batch, refusals)
        model.Session.commit()
        self._index_outstanding()
        return refusals

    def remove(self, identifiers: Sequence[str]) -> None:
        columns = record_table.c
        for identifier in identifiers:
            ours = sa.and_(columns.source == self._source.name, columns.identifier == identifier)
            package_id = model.Session.execute(sa.select(columns.package_id).where(ours)).scalar_one()
            model.Session.execute(record_table.delete().where(ours))
            toolkit.get_action("package_delete")(self._context(), {"id": package_id})

    def close(self, run: Run) -> None:
        search.commit()
        finished = _naive(run.finished) if run.finished is not None else None
        values: dict[str, Any] = {"finished": finished, "state": run.state, "account": msgspec.to_builtins(run)}
        model.Session.execute(run_table.update().where(run_table.c.id == self._run_id).values(**values))
        model.Session.commit()

    def fail(self, message: str) -> None:
        """Ends a run that could not go on, with the reason."""
        model.Session.rollback()
        values: dict[str, Any] = {
            "finished": _naive(datetime.datetime.now(datetime.timezone.utc)),
            "state": "failed",
            "account": {"message": message},
        }
        model.Session.execute(run_table.update().where(run_table.c.id == self._run_id).values(**values))
        model.Session.commit()

    def _write_together(self, items: Sequence[Evaluated]) -> None:
        for item in items:
            self._write_one(item)
        model.Session.commit()

    def _write_apart(self, items: Sequence[Evaluated]) -> list[Refusal]:
        refusals = []
        for item in items:
            try:
                self._write_together([item])
            except (logic.ActionError, sa.exc.DBAPIError) as error:
                model.Session.rollback()
                harvested = item.change.harvested
                message = f"CKAN does not take this record: {_reason(error)}; mend it in the source"
                refusals.append(
                    Refusal(harvested.identifier, Problem("catalogue-refused", harvested.where, message, "error"))
                )
        return refusals

    def _write_one(self, item: Evaluated) -> None:
        dataset = item.change.harvested.dataset
        if dataset is None or item.evaluation is None:
            raise ValueError("a refused record cannot be written")
        package = to_package(dataset)
        package["owner_org"] = self._organizations.of(dataset)
        # The evaluation is of the source's own record, so the plugin must not make one of the package.
        context = self._context(defer_commit=True, return_id_only=True, aivision_evaluation=item.evaluation)
        existing = self._existing(item.change.package_id, dataset)
        if existing is None:
            package["name"] = self._name(dataset)
            package_id = toolkit.get_action("package_create")(context, package)
        else:
            package_id = existing.id
            package |= {"id": package_id, "name": existing.name, "state": "active"}
            toolkit.get_action("package_update")(context, package)
        self._note_in_ledger(dataset, item.change.content_hash, package_id)

    def _name(self, dataset: Dataset) -> str:
        return package_name(dataset.title, self._source.name, dataset.identifier)

    def _existing(self, package_id: str | None, dataset: Dataset) -> model.Package | None:
        """The package of a record: the ledger's, or a deleted one that comes back under its old name."""
        return model.Package.get(package_id or self._name(dataset))

    def _note_in_ledger(self, dataset: Dataset, content_hash: str, package_id: str) -> None:
        values = {
            "content_hash": content_hash,
            "package_id": package_id,
            "dataset": msgspec.json.encode(dataset).decode(),
            "indexed": False,
            "last_changed": _naive(datetime.datetime.now(datetime.timezone.utc)),
        }
        key = {"source": self._source.name, "identifier": dataset.identifier}
        statement = insert(record_table).values(**key, **values)
        model.Session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))

    def _note_problems(self, batch: Sequence[Evaluated], refusals: Sequence[Refusal]) -> None:
        rows = []
        for item in batch:
            harvested = item.change.harvested
            raw = msgspec.json.encode(harvested.raw).decode() if harvested.dataset is None else None
            rows += [self._problem_row(harvested.identifier, problem, raw) for problem in harvested.problems]
        raws = {item.change.harvested.identifier: item.change.harvested.raw for item in batch}
        for refusal in refusals:
            raw = msgspec.json.encode(raws[refusal.identifier]).decode()
            rows.append(self._problem_row(refusal.identifier, refusal.problem, raw))
        if rows:
            model.Session.execute(problem_table.insert(), rows)

    def _problem_row(self, identifier: str | None, problem: Problem, raw: str | None) -> dict[str, Any]:
        return {
            "run_id": self._run_id,
            "identifier": _storable(identifier),
            "location": _storable(problem.where),
            "code": problem.code,
            "severity": problem.severity,
            "message": _storable(problem.message),
            "seen": _storable(problem.seen),
            "raw": raw,
        }

    def _index_outstanding(self) -> None:
        columns = record_table.c
        ours = sa.and_(columns.source == self._source.name, columns.indexed.is_(False))
        package_ids = model.Session.execute(sa.select(columns.package_id).where(ours)).scalars().all()
        if not package_ids:
            return
        for package_id in package_ids:
            logic.index_update_package({"ignore_auth": True}, package_id, defer_commit=True)
        search.commit()
        model.Session.execute(
            record_table.update().where(ours, columns.package_id.in_(package_ids)).values(indexed=True)
        )
        model.Session.commit()

    def _context(self, **more: Any) -> Any:
        return {"user": self._user, "ignore_auth": True, **more}


def _reason(error: Exception) -> str:
    if isinstance(error, logic.ValidationError):
        return "; ".join(f"{field}: {problem}" for field, problem in error.error_summary.items())
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _naive(moment: datetime.datetime) -> datetime.datetime:
    """CKAN keeps UTC without saying so."""
    return moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)


def _storable(text: str | None) -> str | None:
    """PostgreSQL's text takes neither U+0000 nor a lone surrogate."""
    return text if text is None else text.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()
