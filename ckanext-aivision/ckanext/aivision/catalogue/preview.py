"""What a harvest would change, field by field, without writing anything (`--dry-run`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue import links
from ckanext.aivision.catalogue.plan import Entry
from ckanext.aivision.catalogue.run import Evaluated, Refusal, Run
from ckanext.aivision.catalogue.sources import ledger
from ckanext.aivision.harvesters.reading import Harvest
from ckanext.aivision.harvesters.state import SourceState
from ckanext.aivision.model import record as record_table
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.observed import Observed

# So many records are shown of each kind; all are counted.
MOST = 50
_LONGEST = 200
_MISSING = "(nothing)"


class Difference(msgspec.Struct, frozen=True):
    """One field that would change. field: as `title` or `distribution[0].download_url`; before, after: shortened."""

    field: str
    before: str
    after: str


class Previewed(msgspec.Struct, frozen=True):
    """A record that would be new, changed, gone or refused. differences: of a changed one."""

    kind: str
    identifier: str | None
    title: str = ""
    reason: str = ""
    differences: list[Difference] = []


class Preview:
    """A store that only looks. records: the first 50 of each kind."""

    KEEPS_UNCHANGED: ClassVar[bool] = True

    def __init__(self, source: str) -> None:
        self._source = source
        self.records: list[Previewed] = []
        self._counts: dict[str, int] = {}

    def ledger(self) -> dict[str, Entry]:
        return ledger(self._source)

    def observed(self, datasets: Sequence[Dataset]) -> Sequence[Observed]:
        return links.observed(datasets)

    def write(self, batch: Sequence[Evaluated]) -> list[Refusal]:
        changed = [item for item in batch if item.change.kind == "changed" and self._wanted("changed")]
        before = self._before([str(item.change.harvested.identifier) for item in changed])
        for item in batch:
            harvested, kind = item.change.harvested, item.change.kind
            if kind == "unchanged" or not self._take(kind):
                continue
            dataset = harvested.dataset
            old = before.get(str(harvested.identifier))
            self.records.append(
                Previewed(
                    kind=kind,
                    identifier=harvested.identifier,
                    title=dataset.title if dataset is not None else "",
                    reason="; ".join(p.message for p in harvested.problems) if kind == "refused" else "",
                    differences=differences(old, dataset) if old is not None and dataset is not None else [],
                )
            )
        return []

    def keep(self, state: SourceState) -> list[Refusal]:
        return []

    def drain(self) -> list[Refusal]:
        return []

    def remove(self, identifiers: Sequence[str]) -> None:
        self.records += [Previewed("gone", identifier) for identifier in identifiers if self._take("gone")]

    def ask(self, identifiers: Sequence[str]) -> None:
        self.remove(identifiers)

    def close(self, run: Run, records: Harvest) -> None:
        model.Session.rollback()

    def _wanted(self, kind: str) -> bool:
        return self._counts.get(kind, 0) < MOST

    def _take(self, kind: str) -> bool:
        wanted = self._wanted(kind)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return wanted

    def _before(self, identifiers: list[str]) -> dict[str, Dataset]:
        columns = record_table.c
        ours = sa.and_(columns.source == self._source, columns.identifier.in_(identifiers[:MOST]))
        rows = model.Session.execute(sa.select(columns.identifier, columns.dataset).where(ours))
        return {row.identifier: msgspec.json.decode(row.dataset, type=Dataset) for row in rows}


def differences(before: Dataset, after: Dataset) -> list[Difference]:
    """The fields in which two records differ, in the record's words; not in the source's own, which lie beside them."""
    one, other = (_flat(msgspec.to_builtins(dataset)) for dataset in (before, after))
    fields = [field for field in dict.fromkeys([*one, *other]) if one.get(field) != other.get(field)]
    return [Difference(field, one.get(field, _MISSING), other.get(field, _MISSING)) for field in fields]


def _flat(value: Any, place: str = "") -> dict[str, str]:
    """The values inside a record by their places."""
    if isinstance(value, Mapping):
        inside = [(f"{place}.{key}".lstrip("."), item) for key, item in value.items() if place or key != "raw"]
    elif isinstance(value, list):
        inside = [(f"{place}[{index}]", item) for index, item in enumerate(value)]
    else:
        text = str(value)
        return {place: text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"}
    return {field: text for where, item in inside for field, text in _flat(item, where).items()}
