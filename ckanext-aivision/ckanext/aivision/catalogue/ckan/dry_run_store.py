"""A store that writes nothing and notes what a harvest would change (`--dry-run`, and the page of a preview)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.harvest.differences import Difference, differences
from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.catalogue.harvest.source_ledger import Ledger
from ckanext.aivision.catalogue.harvest.store import Evaluated, Refusal
from ckanext.aivision.catalogue.sources.source_store import identifiers, ledger, raw
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.sources.source_state import SourceState
from ckanext.aivision.model import record as record_table
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric

# So many records are shown of each kind; all are counted.
MOST = 50
# Of one record so many fields: a series with 8,327 distributions may have all of them changed.
MOST_FIELDS = 100


class Previewed(msgspec.Struct, frozen=True):
    """A record that would be new, changed, gone or refused.

    package_id: of the dataset that the catalogue has of it. reason: why it is refused, or counts as changed where no
    field shows it. differences: of a changed one, the first MOST_FIELDS; more: how many others there are.
    """

    kind: str
    identifier: str | None
    title: str = ""
    reason: str = ""
    package_id: str | None = None
    differences: list[Difference] = []
    more: int = 0


class DryRunStore:
    """A store that only compares. records: the first 50 of each kind."""

    KEEPS_UNCHANGED: ClassVar[bool] = True

    def __init__(self, source: str, check: Callable[[], None] = lambda: None) -> None:
        """check: raises RunCancelled when the preview must stop."""
        self._source, self._check = source, check
        self.records: list[Previewed] = []
        self._counts: dict[str, int] = {}
        self._ledger = Ledger()
        self._asked = 0

    def ledger(self) -> Ledger:
        self._ledger = ledger(self._source)
        _let_go()
        return self._ledger

    def identifiers(self) -> Iterator[str]:
        yield from identifiers(self._source)
        _let_go()

    def raw(self, identifiers: Collection[str]) -> dict[str, Any]:
        found = raw(self._source, identifiers)
        _let_go()
        return found

    def evaluate(self, datasets: Sequence[Dataset], rubric: Rubric, on: datetime.date) -> Sequence[Evaluation]:
        return evaluations.evaluate_all(datasets, rubric, on)

    def write(self, batch: Sequence[Evaluated]) -> list[Refusal]:
        self._check()
        changed = [item for item in batch if item.change.kind == "changed" and self._has_room("changed")]
        before = self._before([str(item.change.harvested.identifier) for item in changed])
        for item in batch:
            kind = item.change.kind
            if kind != "unchanged" and self._take(kind):
                self.records.append(self._previewed(item, before))
        return []

    def keep(self, state: SourceState) -> list[Refusal]:
        return []

    def drain(self) -> list[Refusal]:
        return []

    def remove(self, identifiers: Sequence[str]) -> None:
        """The first of them, with the titles that the catalogue has."""
        self._counts["gone"] = len(identifiers)
        shown, package = list(identifiers[:MOST]), model.Package.__table__
        query = (
            sa.select(record_table.c.identifier, package.c.title, package.c.id)
            .join(package, package.c.id == record_table.c.package_id)
            .where(record_table.c.source == self._source, record_table.c.identifier.in_(shown))
        )
        titles = {row.identifier: (row.title or "", row.id) for row in model.Session.execute(query)}
        _let_go()
        for identifier in shown:
            title, package_id = titles.get(identifier, ("", None))
            self.records.append(Previewed("gone", identifier, title, package_id=package_id))

    def ask(self, identifiers: Sequence[str]) -> None:
        self._asked = len(identifiers)
        self.remove(identifiers)

    def close(self, run: Run, records: Harvest) -> None:
        if self._asked:
            run.counts.gone = self._asked
            run.message = (
                f"{self._asked:,} datasets are no longer in the source; because there are so many, a harvest would "
                "ask for confirmation first: check the source"
            )
        _let_go()

    def _previewed(self, item: Evaluated, before: Mapping[str, Dataset]) -> Previewed:
        change, harvested = item.change, item.change.harvested
        dataset, old = harvested.dataset, before.get(str(harvested.identifier))
        found = differences(old, dataset) if old is not None and dataset is not None else []
        return Previewed(
            kind=change.kind,
            identifier=harvested.identifier,
            title=dataset.title if dataset is not None else "",
            reason=self._reason(item, bool(found)),
            package_id=change.package_id,
            differences=found[:MOST_FIELDS],
            more=max(0, len(found) - MOST_FIELDS),
        )

    def _reason(self, item: Evaluated, differs: bool) -> str:
        harvested, kind = item.change.harvested, item.change.kind
        if kind == "refused":
            return "; ".join(problem.message for problem in harvested.problems)
        if kind == "changed" and self._was_gone(harvested.identifier):
            return "it was missing from the source and is back"
        if kind == "changed" and not differs:
            return "only parts of the record that the catalogue does not show differ"
        return ""

    def _was_gone(self, identifier: str | None) -> bool:
        entry = self._ledger.get(identifier) if identifier is not None else None
        return entry is not None and entry.gone

    def _has_room(self, kind: str) -> bool:
        return self._counts.get(kind, 0) < MOST

    def _take(self, kind: str) -> bool:
        wanted = self._has_room(kind)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return wanted

    def _before(self, identifiers: list[str]) -> dict[str, Dataset]:
        if not identifiers:
            return {}
        columns = record_table.c
        ours = sa.and_(columns.source == self._source, columns.identifier.in_(identifiers[:MOST]))
        rows = model.Session.execute(sa.select(columns.identifier, columns.dataset).where(ours)).all()
        _let_go()
        return {row.identifier: msgspec.json.decode(row.dataset, type=Dataset) for row in rows}


def _let_go() -> None:
    """Ends the transaction that a look has begun: the database keeps old rows for as long as one lasts."""
    model.Session.rollback()
