"""Interfaces of a harvest: the store that it writes to, and the listener for its progress."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from typing import Any, ClassVar, Protocol

import msgspec

from ckanext.aivision.catalogue.harvest.plan import Change, ChangeKind
from ckanext.aivision.catalogue.harvest.run_account import Counts, Run
from ckanext.aivision.catalogue.harvest.source_ledger import Ledger
from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.sources.source_state import SourceState
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric


class Evaluated(msgspec.Struct, frozen=True):
    """A planned change with its evaluation; None if the record was refused, or stays as it is in the store."""

    change: Change
    evaluation: Evaluation | None


class Refusal(msgspec.Struct, frozen=True):
    """A record that the store did not take. kind: what it would have been. raw: as the source gave it."""

    identifier: str | None
    problem: Problem
    kind: ChangeKind
    raw: Any = None


class Store(Protocol):
    """Where harvested datasets go.

    KEEPS_UNCHANGED: what has not changed stays in the store by itself; it need be neither read nor written again.
    """

    KEEPS_UNCHANGED: ClassVar[bool]

    def ledger(self) -> Ledger:
        """What the store holds of this source, as a run begins."""

    def identifiers(self) -> Iterator[str]:
        """The identifiers of what the store holds of this source, in any order; maybe with what came since."""

    def raw(self, identifiers: Collection[str]) -> dict[str, Any]:
        """The records that the store holds, as the source gave them, by identifier."""

    def evaluate(self, datasets: Sequence[Dataset], rubric: Rubric, on: datetime.date) -> Sequence[Evaluation]:
        """The evaluations of datasets, with what the store knows of them beyond their metadata. on: UTC."""

    def write(self, batch: Sequence[Evaluated]) -> list[Refusal]:
        """Takes a batch; gives what could not be taken of it, or of batches before it."""

    def keep(self, state: SourceState) -> list[Refusal]:
        """Hears after each batch from where a reading could go on; gives what `drain` does, where it had to wait."""

    def drain(self) -> list[Refusal]:
        """Ends when all that was taken is safe; gives what could not be taken and was not told yet."""

    def remove(self, identifiers: Sequence[str]) -> None:
        """Takes note of datasets that are gone from the source; a store may keep them for some days."""

    def ask(self, identifiers: Sequence[str]) -> None:
        """Notes what would have been removed but needs a person's confirmation, because it is so much."""

    def close(self, run: Run, records: Harvest) -> None:
        """Ends the run: what was written becomes visible together with its account.

        records: read as far as they go; what they say of the source as a whole, and leave to the next reading, is kept.
        """


class Listener(Protocol):
    """Hears of a run's progress. `expected` is None if the source does not say how many it has."""

    def progress(self, counts: Counts, expected: int | None) -> None: ...
