"""Timely: does the record say how old the data are and when they will be updated, and does that happen?"""

from __future__ import annotations

import datetime

from ckanext.aivision.normalise import frequencies
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset, Moment, Term
from ckanext.aivision.scoring.facts.distributions import addressed, is_home_page
from ckanext.aivision.scoring.facts.evidence import mention, stated, statement, without_distributions
from ckanext.aivision.scoring.facts.link_quality import changed_on, checked
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, unknown, valued

# An update is on time up to one and a half periods after the last, and as good as none after three.
_ON_TIME, _TOO_LATE = 1.5, 3.0
# What programs write where they hold no date: the first day of .NET, of spreadsheets and databases, and of Unix. Seven
# recalls of 2009 in the corpus were last changed on 1900-01-01.
_FIRST_DAYS = frozenset(map(datetime.date.fromisoformat, ("0001-01-01", "1899-12-30", "1900-01-01", "1970-01-01")))
_FIRST_DAYS_TOLD = ", ".join(map(str, sorted(_FIRST_DAYS)))
# Rhythms that promise no date, so that none can be missed. The first two ask for a reason.
_WITHOUT_RHYTHM = ("irregular", "as-needed")
_WITHOUT_DATES = (*_WITHOUT_RHYTHM, "ended")
# Portals stamp to the second; what is newer than "continuous" can be checked is a day.
_SHORTEST_PERIOD_DAYS = 1.0
# So far may a stated date and that of a file lie apart: publishers upload some time after, and state months.
_NEAR, _NEAR_A_YEAR = datetime.timedelta(31), datetime.timedelta(366)
# A file that changed after the stated date hides an update, which is half as bad as to claim one that never was.
_HIDDEN = 0.5


@criterion("issued-stated", first_days=_FIRST_DAYS_TOLD)
def issued_stated(dataset: Dataset, context: Context) -> Finding:
    return _date(dataset, dataset.issued, dataset.metadata_issued, "issued", "the date of first publication", context)


@criterion("modified-stated", first_days=_FIRST_DAYS_TOLD)
def modified_stated(dataset: Dataset, context: Context) -> Finding:
    return _date(
        dataset, dataset.modified, dataset.metadata_modified, "modified", "the date of the last change", context
    )


def _date(
    dataset: Dataset, given: Moment | None, of_record: Moment | None, field: str, what: str, context: Context
) -> Finding:
    """A date of the data passes; one of the catalogue's record tells half as much."""
    if _can_be(given, dataset, context):
        return passed(field, given.original if given else "")
    if of_record is not None and _is_past(of_record, context):
        return valued(
            0.5, f"metadata_{field}", f"{of_record.original}: the date of the catalogue record, not of the data"
        )
    if given is not None and not is_placeholder(given.original):
        why = _why_not(given, context)
        # A wrong date says no less than none: where none is unknown, so is this.
        place = _place_of_date(field, context)
        return (failed if context.carries(place) else unknown)(field, f"{given.original}: {why}")
    return context.absent(_place_of_date(field, context), what)


def _is_past(moment: Moment | None, context: Context) -> bool:
    return moment is not None and moment.value is not None and moment.value <= context.on


def _can_be(moment: Moment | None, dataset: Dataset, context: Context) -> bool:
    """Whether something can have happened then: not in the future, nor on the first day of a program's clock.

    Where the period of the data begins on that very day, the date is meant (155 records of traffic since 1970).
    """
    if moment is None or not _is_past(moment, context):
        return False
    return not _is_first_day(moment) or any(period.start == moment.value for period in dataset.temporal)


def _is_first_day(moment: Moment) -> bool:
    return moment.value in _FIRST_DAYS and moment.precision in ("day", "time")


def _why_not(moment: Moment, context: Context) -> str:
    if moment.value is None:
        return "not a date that a program can read"
    return "a day that programs write when they have no date" if _is_past(moment, context) else "in the future"


def _place_of_date(field: str, context: Context) -> str:
    """A profile may have room for the date of its record only; then that is what is missing."""
    return field if context.carries(field) else f"metadata_{field}"


@criterion("update-frequency-stated")
def update_frequency_stated(dataset: Dataset, context: Context) -> Finding:
    rhythm = _rhythm(dataset)
    half = context.partly(0.5, "accrual_periodicity")
    if rhythm is None:
        found = mention(dataset, "rhythm")
        if found is not None:
            return valued(half, "description", found)
        return context.absent("accrual_periodicity", "the update rhythm")
    if rhythm.id in _WITHOUT_RHYTHM:
        # 8,622 real records say "irregular" and nothing else. What sets off an update is what a user needs then.
        found = mention(dataset, "update_trigger") or mention(dataset, "rhythm")
        if found is None:
            return valued(half, "accrual_periodicity", f"{rhythm.original}: does not say what triggers an update")
        return passed("accrual_periodicity", f"{rhythm.original}: {found}")
    # A sentence that ends the updates is as clear as a code; of other sentences a program may read the wrong word.
    if rhythm.id is not None and (rhythm.rule != "pattern" or rhythm.id == "ended"):
        return passed("accrual_periodicity", rhythm.original)
    return valued(half, "accrual_periodicity", f"{rhythm.original}: not a standard term")


def _rhythm(dataset: Dataset) -> Term | None:
    """The update rhythm, unless it is a word for none (`unknown`, `n/a`)."""
    rhythm = dataset.accrual_periodicity
    if rhythm is None or (rhythm.id is None and is_placeholder(rhythm.original)):
        return None
    return rhythm


@criterion("updated-on-rhythm", on_time=_ON_TIME, too_late=_TOO_LATE)
def updated_on_rhythm(dataset: Dataset, context: Context) -> Finding:
    rhythm, changed = _rhythm(dataset), _last_change(dataset, context)
    if rhythm is not None and rhythm.id in _WITHOUT_DATES:
        return not_applicable("accrual_periodicity", f"{rhythm.original}: gives no dates")
    period = frequencies.period_days(rhythm.id) if rhythm is not None and rhythm.id else None
    if rhythm is None or period is None:
        return context.absent("accrual_periodicity", "an update frequency to compare the dates with")
    if changed is None or changed.value is None:
        # Where silence on the rhythm is unknown, to give it may not cost either.
        place = "modified" if context.carries("accrual_periodicity") else "accrual_periodicity"
        return context.absent(place, "a date of the last change to compare with the frequency")
    age = (context.on - changed.value).days / max(period, _SHORTEST_PERIOD_DAYS)
    value = (_TOO_LATE - age) / (_TOO_LATE - _ON_TIME)
    evidence = f"{rhythm.original}, last changed {changed.original}: {age:.1f} periods ago on {context.on}"
    if value < 1 and not context.carries("accrual_periodicity"):
        # Silence is unknown in such a profile: who gives the rhythm there must not be worse off for it.
        return unknown("modified", evidence)
    return valued(value, "modified", evidence)


def _last_change(dataset: Dataset, context: Context) -> Moment | None:
    """The latest change of the dataset or of one of its distributions on a day that can be."""
    return max(_changes(dataset, context), key=lambda moment: str(moment.value), default=None)


def _changes(dataset: Dataset, context: Context) -> list[Moment]:
    moments = (dataset.modified, *(item.modified for item in dataset.distribution))
    return [moment for moment in moments if moment is not None and _can_be(moment, dataset, context)]


@criterion("modified-as-served", days=_NEAR.days, hidden=_HIDDEN)
def modified_as_served(dataset: Dataset, context: Context) -> Finding:
    """Guards against dates that move while the data stay as they are."""
    if not addressed(dataset):
        return without_distributions(dataset, context, "modified")
    told = [day for _, link in checked(dataset, context) if (day := changed_on(link)) is not None]
    if not told:
        return unknown("modified", "no server says when its file last changed")
    stated_dates = _changes(dataset, context)
    if not stated_dates:
        return context.absent("modified", "a date of the last change to compare with the files")
    newest = max(told)
    # Of several dates the best counts, so that no date costs by being given.
    value, stated_date = max(((_nearness(date, newest), date) for date in stated_dates), key=lambda pair: pair[0])
    evidence = f"{stated_date.original} stated; the newest file is from {newest}"
    if value < 1 and not context.carries("modified"):
        return unknown("modified", evidence)
    if not value and len(told) < len(addressed(dataset)):
        return unknown("modified", f"{evidence}, but not every server says")
    return valued(value, "modified", evidence)


def _nearness(stated_date: Moment, newest: datetime.date) -> float:
    day = stated_date.value or datetime.date.min
    near = _NEAR_A_YEAR if stated_date.precision == "year" else _NEAR
    if abs(day - newest) <= near:
        return 1.0
    return _HIDDEN if day < newest else 0.0


@criterion("maintenance-stated")
def maintenance_stated(dataset: Dataset, context: Context) -> Finding:
    looked_for = "who maintains the data, and for how long"
    records = statement(dataset.system_of_records)
    if statement(dataset.maintenance_plan) is None and records is not None and not is_home_page(records):
        # A system of records notice (5 U.S.C. 552a(e)(4)) names the manager and how long records are kept.
        return passed("system_of_records", records)
    return stated(dataset, context, "maintenance_plan", dataset.maintenance_plan, "maintenance", looked_for)
