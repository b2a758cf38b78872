"""Timely: can one tell how old the data are, when they will be renewed, and whether that happens?"""

from __future__ import annotations

from ckanext.aivision.normalise import frequencies
from ckanext.aivision.record import Dataset, Moment
from ckanext.aivision.scoring.evidence import mention, stated
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, valued

# An update is on time up to one and a half periods after the last, and as good as none after three.
_ON_TIME, _TOO_LATE = 1.5, 3.0
# Rhythms that promise no date, so that none can be missed.
_WITHOUT_DATES = ("irregular", "as-needed", "ended")
# Portals stamp to the second; what is newer than "continuous" can be checked is a day.
_SHORTEST_PERIOD_DAYS = 1.0


@criterion("issued-stated")
def issued_stated(dataset: Dataset, context: Context) -> Finding:
    return _date(dataset.issued, dataset.metadata_issued, "issued", "the date of first publication", context)


@criterion("modified-stated")
def modified_stated(dataset: Dataset, context: Context) -> Finding:
    return _date(dataset.modified, dataset.metadata_modified, "modified", "the date of the last change", context)


def _date(given: Moment | None, of_record: Moment | None, field: str, what: str, context: Context) -> Finding:
    """A date of the data passes; one of the catalogue's record tells half as much."""
    if given is not None and given.value is not None and given.value <= context.on:
        return passed(field, given.original)
    if of_record is not None and of_record.value is not None and of_record.value <= context.on:
        return valued(0.5, f"metadata_{field}", f"{of_record.original}: of the catalogue's record, not of the data")
    if given is not None:
        why = "in the future" if given.value is not None else "not a date that a program can read"
        return failed(field, f"{given.original}: {why}")
    # A profile may have room for the date of its record only; then that is what is missing.
    return context.absent(field if context.carries(field) else f"metadata_{field}", what)


@criterion("update-frequency-stated")
def update_frequency_stated(dataset: Dataset, context: Context) -> Finding:
    rhythm = dataset.accrual_periodicity
    if rhythm is None:
        found = mention(dataset, "maintenance")
        if found is not None:
            return valued(context.partly(0.5, "accrual_periodicity"), "description", found)
        return context.absent("accrual_periodicity", "the update rhythm")
    if rhythm.id in ("irregular", "as-needed") and mention(dataset, "maintenance") is None:
        return valued(context.partly(0.5, "accrual_periodicity"), "accrual_periodicity", f"{rhythm.original}: no reason")
    if rhythm.id is not None:
        return passed("accrual_periodicity", rhythm.original)
    worth = context.partly(0.5, "accrual_periodicity")
    return valued(worth, "accrual_periodicity", f"{rhythm.original}: words of its own")


@criterion("updated-on-rhythm")
def updated_on_rhythm(dataset: Dataset, context: Context) -> Finding:
    rhythm, changed = dataset.accrual_periodicity, dataset.modified
    if rhythm is not None and rhythm.id in _WITHOUT_DATES:
        return not_applicable("accrual_periodicity", f"{rhythm.original}: promises no date")
    period = frequencies.period_days(rhythm.id) if rhythm is not None and rhythm.id else None
    if period is None or not context.carries("accrual_periodicity"):
        return context.absent("accrual_periodicity", "an update rhythm to hold the dates against")
    if changed is None or changed.value is None or changed.value > context.on:
        return context.absent("modified", "a date of the last change to hold the rhythm against")
    age = (context.on - changed.value).days / max(period, _SHORTEST_PERIOD_DAYS)
    value = (_TOO_LATE - age) / (_TOO_LATE - _ON_TIME)
    late = f"{rhythm.original if rhythm else ''}, last changed {changed.original}: {age:.1f} periods ago on {context.on}"
    return valued(value, "modified", late)


@criterion("maintenance-stated")
def maintenance_stated(dataset: Dataset, context: Context) -> Finding:
    value = dataset.maintenance_plan or dataset.system_of_records
    return stated(dataset, context, "maintenance_plan", value, "maintenance", "who keeps the data up, and for how long")
