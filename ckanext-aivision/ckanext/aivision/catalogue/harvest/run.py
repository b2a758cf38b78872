"""One harvest from one source into one store: read, plan, evaluate, write in batches, remove what is gone.

It knows neither CKAN nor the command line: a store keeps what it is given, a listener hears how far the run is.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Literal, Protocol

import msgspec

from ckanext.aivision.catalogue.harvest.cut_records import refuse_cut
from ckanext.aivision.catalogue.harvest.plan import Change, ChangeKind, Entry, gone, plan, removal_needs_confirmation
from ckanext.aivision.errors import Problem, RunCancelled, SourceError
from ckanext.aivision.harvesters.harvest import Harvest
from ckanext.aivision.harvesters.parsing.entries import UNREADABLE
from ckanext.aivision.harvesters.sources.source import Source, shown_address
from ckanext.aivision.harvesters.sources.state import SourceState
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric

# The first batches are small, so that the database and the index have work early; a batch costs some round trips.
SMALLEST_BATCH, BATCH = 60, 250
# Real data sets have up to 345 distributions, and those of one agency 29 each: several batches are in memory at once.
MOST_DISTRIBUTIONS = 1500

_WHOLE = (
    "Look at the source; if it is right, harvest it with --confirm-removal. A source that is gzipped, has a "
    "Content-Length, or is RDF/XML or JSON shows by itself that it is whole"
)

RunState = Literal["finished", "limited", "incomplete", "needs-confirmation", "cancelled"]


class Evaluated(msgspec.Struct, frozen=True):
    """A planned change with its evaluation; None where the record was refused, or stays as it is in the store."""

    change: Change
    evaluation: Evaluation | None


class Refusal(msgspec.Struct, frozen=True):
    """A record that the store did not take. kind: what it would have been. raw: as the source gave it."""

    identifier: str | None
    problem: Problem
    kind: ChangeKind
    raw: Any = None


class Counts(msgspec.Struct):
    """How many records a run fetched, and what became of them; fetched = the sum of all others but gone.

    Of a document that is still the same nothing is fetched: `unchanged` are then all that there were.
    """

    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    gone: int = 0


class Run(msgspec.Struct, kw_only=True):
    """The account of one run.

    state: `finished`; `limited` by --limit; `incomplete` when the source broke off; `needs-confirmation` when the
    run would have removed too much; `cancelled` when somebody asked it to stop. Only a finished run removes anything.
    warnings: repairs and other remarks on records that were taken. mean_score: 0 to 100, of the `scored` records that
    the store has at the end; of a preview, which stores nothing, of those that it would have written. sample: whether
    the source's records are made up.
    """

    source: str
    url: str
    kind: str
    country: str
    started: datetime.datetime
    finished: datetime.datetime | None = None
    state: RunState = "finished"
    counts: Counts = msgspec.field(default_factory=Counts)
    expected: int | None = None
    warnings: int = 0
    scored: int = 0
    mean_score: float | None = None
    message: str = ""
    rubric_version: str = ""
    reference_date: datetime.date | None = None
    sample: bool = False


class _Doubts(msgspec.Struct):
    """Why what did not come may still be in the source.

    unread: records that could not be read; ends_unread: whether the last one was among them. cut: records that came
    with less than the store has, from a document of which nothing shows whether it is whole.
    """

    unread: int = 0
    ends_unread: bool = False
    cut: int = 0

    def note_unreadable(self, batch: Sequence[Change]) -> None:
        counts = [sum(problem.code in UNREADABLE for problem in change.harvested.problems) for change in batch]
        self.unread += sum(counts)
        self.ends_unread = counts[-1] > 0

    def hold_back(self, run: Run, missing: Sequence[str], complete: bool) -> bool:
        """Whether nothing may be removed; the run then says why."""
        if self.cut:
            run.state = "incomplete"
            run.message = (
                f"{run.source}: {self.cut} datasets have less than before, and nothing shows whether the document came "
                f"whole; they stay as they are. {_WHOLE}"
            )
        elif self.unread and missing and complete:
            run.state = "incomplete" if self.ends_unread else "finished"
            run.message = (
                f"records that could not be read: {self.unread}; so none of the {len(missing)} that did not come was "
                "held for gone; mend the source"
            )
        return bool(run.message)


class Store(Protocol):
    """Where harvested data sets go.

    KEEPS_UNCHANGED: what has not changed stays in the store by itself; it need be neither read nor written again.
    """

    KEEPS_UNCHANGED: ClassVar[bool]

    def ledger(self) -> dict[str, Entry]:
        """What the store holds of this source, by identifier."""

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
        """Takes note of data sets that are gone from the source; a store may keep them for some days."""

    def ask(self, identifiers: Sequence[str]) -> None:
        """Takes note of what would have been removed, were it not so much that a person has to say yes."""

    def close(self, run: Run, records: Harvest) -> None:
        """Ends the run: what was written becomes visible together with its account.

        records: read as far as they go; what they say of the source as a whole, and leave to the next reading, is kept.
        """


class Listener(Protocol):
    """Hears of a run's progress. `expected` is None where the source does not say how many it has."""

    def progress(self, counts: Counts, expected: int | None) -> None: ...


def harvest(
    source: Source,
    records: Harvest,
    store: Store,
    rubric: Rubric,
    started: datetime.datetime,
    listener: Listener | None = None,
    confirm_removal: bool = False,
) -> Run:
    """Runs one harvest to its end and returns its account.

    started: now, in UTC; ages in the evaluations count to its date.
    A source that breaks off ends the run as `incomplete`: what was read is kept, nothing is removed.
    """
    run = Run(
        source=source.name,
        url=shown_address(source.url) if source.is_remote else source.url,
        kind=source.kind,
        country=source.country,
        started=started,
        rubric_version=rubric.version,
        reference_date=started.date(),
        sample=source.sample,
    )
    ledger = store.ledger()
    if store.KEEPS_UNCHANGED:
        records.known = {identifier: entry.content_hash for identifier, entry in ledger.items() if not entry.gone}
    seen, doubts = set[str](), _Doubts()
    try:
        for batch in _batches(plan(records, ledger)):
            if records.is_open_ended and not confirm_removal:
                batch, refused = refuse_cut(batch, store.raw)
                doubts.cut += refused
            doubts.note_unreadable(batch)
            _take(batch, run, seen, store, rubric)
            _count_refusals(run, store.keep(records.state))
            run.expected = records.expected
            if listener is not None:
                listener.progress(run.counts, run.expected)
        _count_refusals(run, store.drain())
    except (SourceError, RunCancelled) as error:
        _count_refusals(run, store.drain())
        run.state = "cancelled" if isinstance(error, RunCancelled) else "incomplete"
        run.message = str(error)
    else:
        missing, active = gone(ledger, seen), sum(not entry.gone for entry in ledger.values())
        if not doubts.hold_back(run, missing, records.complete):
            _finish(run, records, store, missing, active, 1.0 if confirm_removal else source.max_gone_share)
    # What the source speaks may have been found out from its content only.
    run.kind, run.country = records.source.kind, records.source.country
    run.warnings += len(records.remarks)
    run.finished = datetime.datetime.now(datetime.timezone.utc)
    store.close(run, records)
    return run


def _take(batch: list[Change], run: Run, seen: set[str], store: Store, rubric: Rubric) -> None:
    on = run.started.date()
    datasets = [
        None if change.kind == "unchanged" and store.KEEPS_UNCHANGED else change.harvested.dataset for change in batch
    ]
    evaluations = iter(store.evaluate([dataset for dataset in datasets if dataset is not None], rubric, on))
    evaluated = []
    for change, dataset in zip(batch, datasets, strict=True):
        evaluation = next(evaluations) if dataset is not None else None
        evaluated.append(Evaluated(change, evaluation))
        if change.harvested.identifier is not None:
            # A record that is refused this time is still there: it must not be taken for gone.
            seen.add(change.harvested.identifier)
    # Nothing of a batch counts before the store has it: a run that is cancelled ends here.
    refusals = store.write(evaluated)
    _count_scores(run, evaluated)
    for change in batch:
        setattr(run.counts, change.kind, getattr(run.counts, change.kind) + 1)
        run.counts.fetched += 1
        run.warnings += sum(problem.severity == "warning" for problem in change.harvested.problems)
    _count_refusals(run, refusals)


def _count_refusals(run: Run, refusals: Sequence[Refusal]) -> None:
    """What was counted when it was handed over, and came back."""
    for refusal in refusals:
        setattr(run.counts, refusal.kind, getattr(run.counts, refusal.kind) - 1)
        run.counts.refused += 1


def _count_scores(run: Run, evaluated: Sequence[Evaluated]) -> None:
    scores = [item.evaluation.score for item in evaluated if item.evaluation and item.evaluation.score is not None]
    if scores:
        total = (run.mean_score or 0.0) * run.scored + sum(scores)
        run.scored += len(scores)
        run.mean_score = total / run.scored


def _finish(run: Run, records: Harvest, store: Store, missing: list[str], active: int, max_gone_share: float) -> None:
    if records.unchanged:
        run.counts.unchanged = active
        run.message = "the source has not changed since it was last read"
        return
    if records.incremental:
        run.message = "only changes were asked for; what is gone shows in the next full reading"
        return
    if not records.complete:
        run.state = "limited"
        return
    if max_gone_share < 1 and missing and records.is_open_ended:
        store.ask(missing)
        run.state = "needs-confirmation"
        run.message = (
            f"{len(missing)} of {active} datasets are no longer in the source, and nothing shows whether it came "
            f"whole; nothing was removed. {_WHOLE}"
        )
        return
    if max_gone_share < 1 and removal_needs_confirmation(len(missing), active, max_gone_share):
        store.ask(missing)
        run.state = "needs-confirmation"
        run.message = (
            f"{len(missing)} of {active} data sets are no longer in the source; nothing was removed. "
            "Look at the source; if it is right, say yes on the run's page or run again with --confirm-removal"
        )
        return
    store.remove(missing)
    run.counts.gone = len(missing)


def _batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Batches, each twice the last, up to BATCH, or smaller where MOST_DISTRIBUTIONS are reached.

    A source that breaks off in the middle of one loses none of it.
    """
    batch: list[Change] = []
    size, distributions = SMALLEST_BATCH, 0
    try:
        for change in changes:
            batch.append(change)
            distributions += len(change.harvested.dataset.distribution) if change.harvested.dataset is not None else 0
            if len(batch) >= size or distributions >= MOST_DISTRIBUTIONS:
                yield batch
                batch, size, distributions = [], min(2 * size, BATCH), 0
    except SourceError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
