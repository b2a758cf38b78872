"""One harvest from one source into one store: read, plan, evaluate, write in batches, remove what is gone.

It knows neither CKAN nor the command line: a store keeps what it is given, a listener hears how far the run is.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ckanext.aivision.catalogue.harvest.cut_records import refuse_cut
from ckanext.aivision.catalogue.harvest.plan import Change, plan, removal_needs_confirmation
from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.catalogue.harvest.source_ledger import Ledger, Present
from ckanext.aivision.catalogue.harvest.store import Evaluated, Listener, Refusal, Store
from ckanext.aivision.errors import RunCancelled, SourceError
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.parsing.entries import UNREADABLE
from ckanext.aivision.harvesters.sources.source import Source, shown_address
from ckanext.aivision.scoring.rubric import Rubric

# The first batches are small, so that the database and the index have work early; a batch costs some round trips.
SMALLEST_BATCH, BATCH = 60, 100
# Real datasets have up to 345 distributions, and those of one agency 29 each: several batches are in memory at once.
MOST_DISTRIBUTIONS = 700
# What has not changed takes hardly any memory, and nothing is written for it.
MOST_UNCHANGED = 2000
_WHOLE = (
    "Check the source; if it is right, harvest it with --confirm-removal. A source that is gzipped, has a "
    "Content-Length, or is RDF/XML or JSON does not need this, because it shows that it is complete"
)


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
                f"{run.source}: {self.cut} datasets have less than before, and it is not clear whether the document is "
                f"complete; they were not changed. {_WHOLE}"
            )
        elif self.unread and missing and complete:
            run.state = "incomplete" if self.ends_unread else "finished"
            run.message = (
                f"records that could not be read: {self.unread}; so none of the {len(missing)} missing records was "
                "marked as gone; fix the source"
            )
        return bool(run.message)


def run_harvest(
    source: Source,
    records: Harvest,
    store: Store,
    rubric: Rubric,
    started: datetime.datetime,
    listener: Listener | None = None,
    confirm_removal: bool = False,
) -> Run:
    """Runs one harvest to the end and returns its account.

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
        records.known = Present(ledger)
    doubts = _Doubts()
    try:
        for batch in split_into_batches(plan(records, ledger)):
            if records.is_open_ended and not confirm_removal:
                batch, refused = refuse_cut(batch, store.raw)
                doubts.cut += refused
            doubts.note_unreadable(batch)
            _take(batch, run, ledger, store, rubric)
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
        missing, active = ledger.missing(store.identifiers()) if ledger.active else [], ledger.active
        if not doubts.hold_back(run, missing, records.complete):
            _finish(run, records, store, missing, active, 1.0 if confirm_removal else source.max_gone_share)
    # What the source speaks may have been found out from its content only.
    run.kind, run.country = records.source.kind, records.source.country
    run.warnings += len(records.remarks)
    run.finished = datetime.datetime.now(datetime.timezone.utc)
    store.close(run, records)
    return run


def _take(batch: list[Change], run: Run, ledger: Ledger, store: Store, rubric: Rubric) -> None:
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
            ledger.see(change.harvested.identifier)
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
        run.message = "the source has not changed since the last harvest"
        return
    if records.incremental:
        run.message = "less than the whole source was read; removed records are found by the next full harvest"
        return
    if not records.complete:
        run.state = "limited"
        return
    if max_gone_share < 1 and missing and records.is_open_ended:
        store.ask(missing)
        run.state = "needs-confirmation"
        run.message = (
            f"{len(missing)} of {active} datasets are no longer in the source, and it is not clear whether it is "
            f"complete; nothing was removed. {_WHOLE}"
        )
        return
    if max_gone_share < 1 and removal_needs_confirmation(len(missing), active, max_gone_share):
        store.ask(missing)
        run.state = "needs-confirmation"
        run.message = (
            f"{len(missing)} of {active} datasets are no longer in the source; nothing was removed. "
            "Check the source; if it is right, confirm on the run's page or run again with --confirm-removal"
        )
        return
    store.remove(missing)
    run.counts.gone = len(missing)


def split_into_batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Batches, each twice the last, up to BATCH, or smaller where MOST_DISTRIBUTIONS are reached.

    Records that are known as they are do not count, up to MOST_UNCHANGED: a few changes among many records would
    otherwise be a transaction each. A source that breaks off in the middle of a batch loses none of it.
    """
    batch: list[Change] = []
    size, unchanged, distributions = SMALLEST_BATCH, 0, 0
    try:
        for change in changes:
            batch.append(change)
            unchanged += change.harvested.unchanged
            distributions += len(change.harvested.dataset.distribution) if change.harvested.dataset is not None else 0
            if len(batch) - unchanged >= size or unchanged >= MOST_UNCHANGED or distributions >= MOST_DISTRIBUTIONS:
                yield batch
                batch, size, unchanged, distributions = [], min(2 * size, BATCH), 0, 0
    except SourceError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
