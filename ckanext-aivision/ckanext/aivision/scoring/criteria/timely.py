"""Timely: does the record say how old the data are and when they will be updated, and does that happen?"""

from __future__ import annotations

import datetime
import re

from ckanext.aivision.normalise import frequencies
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset, Moment, Term
from ckanext.aivision.scoring.facts.distributions import leads_nowhere, linked
from ckanext.aivision.scoring.facts.evidence import find_fact, mention, own_statement, statement, without_distributions
from ckanext.aivision.scoring.facts.link_quality import changed_on, checked
from ckanext.aivision.scoring.facts.next_update import find_next_update
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, unknown, valued

# An update is on time up to one and a half periods after the last, and as good as none after three.
_ON_TIME, _TOO_LATE = 1.5, 3.0
# What programs write where they hold no date: the first day of .NET, of spreadsheets and databases, and of Unix. Seven
# recalls of 2009 in the corpus were last changed on 1900-01-01.
_FIRST_DAYS = frozenset(map(datetime.date.fromisoformat, ("0001-01-01", "1899-12-30", "1900-01-01", "1970-01-01")))
_FIRST_DAYS_TOLD = ", ".join(map(str, sorted(_FIRST_DAYS)))
# No catalogue or data of today were published or changed before.
_FIRST_YEAR = 1600
# Any date keeps a rhythm that is longer: it counts once the record shows that an update came, half a period or more
# after the first publication, as that of a census does.
_LONGEST_PERIOD_YEARS = 2
_EMPTY_PROMISE = "so long that any date keeps it, and the record shows no earlier update"
# Rhythms that promise no date, so that none can be missed. The first two ask for a reason.
_WITHOUT_RHYTHM = ("irregular", "as-needed")
# So does the end of the updates: it counts in full where the record shows that the data are complete.
_ENDED = "ended"
_UNSHOWN = 0.5
_END_ALONE = "neither a period that is over nor a sentence shows that the data are complete"
# Portals stamp to the second; what is newer than "continuous" can be checked is a day.
_SHORTEST_PERIOD_DAYS = 1.0
# So far may a stated date and that of a file lie apart: publishers upload some time after, and state months.
_NEAR, _NEAR_A_YEAR = datetime.timedelta(31), datetime.timedelta(366)
# A file that changed after the stated date hides an update, which is half as bad as to claim one that never was.
_HIDDEN = 0.5
_OF_RECORD = 0.25


@criterion("issued-stated", first_days=_FIRST_DAYS_TOLD, first_year=_FIRST_YEAR, of_record=_OF_RECORD)
def issued_stated(dataset: Dataset, context: Context) -> Finding:
    return _date(dataset, dataset.issued, dataset.metadata_issued, "issued", "the date of first publication", context)


@criterion("modified-stated", first_days=_FIRST_DAYS_TOLD, first_year=_FIRST_YEAR, of_record=_OF_RECORD)
def modified_stated(dataset: Dataset, context: Context) -> Finding:
    return _date(
        dataset, dataset.modified, dataset.metadata_modified, "modified", "the date of the last change", context
    )


def _date(
    dataset: Dataset, given: Moment | None, of_record: Moment | None, field: str, what: str, context: Context
) -> Finding:
    """A date of the data passes; one of the catalogue's record tells little."""
    if _can_be(given, dataset, context):
        return passed(field, given.original if given else "")
    if of_record is not None and _is_past(of_record, context):
        evidence = f"{of_record.original}: the date of the catalogue record, not of the data"
        return valued(_OF_RECORD, f"metadata_{field}", evidence)
    if given is not None and not is_placeholder(given.original):
        why = _why_not(given, context)
        # A wrong date says no less than none: where none is unknown, so is this.
        place = _place_of_date(field, context)
        return (failed if context.carries(place) else unknown)(field, f"{given.original}: {why}")
    return context.absent(_place_of_date(field, context), what, dataset, field, f"metadata_{field}")


def _is_past(moment: Moment | None, context: Context) -> bool:
    return (
        moment is not None
        and moment.value is not None
        and moment.value.year >= _FIRST_YEAR
        and (moment.value <= context.on)
    )


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
    if moment.value.year < _FIRST_YEAR and not _is_first_day(moment):
        return f"before {_FIRST_YEAR}"
    return "a day that programs write when they have no date" if moment.value <= context.on else "in the future"


def _place_of_date(field: str, context: Context) -> str:
    """A profile may have room for the date of its record only; then that is what is missing."""
    return field if context.carries(field) else f"metadata_{field}"


@criterion("update-frequency-stated", years=_LONGEST_PERIOD_YEARS, too_late=_TOO_LATE, unshown=_UNSHOWN)
def update_frequency_stated(dataset: Dataset, context: Context) -> Finding:
    if (rhythm := _rhythm(dataset)) is None:
        if (found := mention(dataset, "rhythm")) is not None:
            return _unless_broken(valued(_UNSHOWN, "description", found), _rhythm_in_words(found), dataset, context)
        if (trigger := mention(dataset, "update_trigger")) is not None:
            return valued(_UNSHOWN, "description", trigger)
        return context.absent("accrual_periodicity", "the update rhythm", dataset)
    if _is_empty_promise(rhythm, dataset, context):
        return context.failure("accrual_periodicity", f"{rhythm.original}: {_EMPTY_PROMISE}")
    if rhythm.id in (*_WITHOUT_RHYTHM, _ENDED):
        return _without_interval(rhythm, dataset, context)
    # Of a sentence a program may read the wrong word.
    if rhythm.id is not None and rhythm.rule != "pattern":
        return _unless_broken(passed("accrual_periodicity", rhythm.original), rhythm.id, dataset, context)
    written = valued(_UNSHOWN, "accrual_periodicity", f"{rhythm.original}: not a standard term")
    return _unless_broken(written, rhythm.id, dataset, context)


def _without_interval(rhythm: Term, dataset: Dataset, context: Context) -> Finding:
    """What any date keeps: it takes a sentence on what sets off an update, or why there will be none."""
    # 8,622 real records say "irregular" and nothing else. What sets off an update is what a user needs then.
    if rhythm.id == _ENDED:
        shown, why_not = _shows_end(dataset, context), _END_ALONE
    else:
        shown = mention(dataset, "update_trigger") or mention(dataset, "rhythm") or ""
        why_not = "does not say what triggers an update"
    return valued(1.0 if shown else _UNSHOWN, "accrual_periodicity", f"{rhythm.original}: {shown or why_not}")


def _rhythm_in_words(text: str) -> str | None:
    """The first frequency that a text names: `updated monthly`."""
    found = (frequencies.clean(word).id for word in re.findall(r"[a-z-]{4,20}", text.lower()))
    return next((id for id in found if id is not None and frequencies.period_days(id)), None)


def _unless_broken(found: Finding, rhythm: str | None, dataset: Dataset, context: Context) -> Finding:
    """A rhythm that was not kept is worth no more than none.

    Only a date of the dataset itself shows it, as that date earns more than the rhythm loses: to give one never costs.
    """
    changed = _last_change(dataset, context)
    periods = _periods_since(changed, rhythm, context)
    if changed is None or periods is None or periods < _TOO_LATE or not _can_be(dataset.modified, dataset, context):
        return found
    late = f"{found.evidence}, but last changed {changed.original}, {periods:.0f} periods ago"
    return context.failure("accrual_periodicity", late)


def _periods_since(changed: Moment | None, rhythm: str | None, context: Context) -> float | None:
    """How many periods of a rhythm ago the data changed; None if one of the two is not known."""
    period = frequencies.period_days(rhythm) if rhythm is not None else None
    if changed is None or changed.value is None or period is None:
        return None
    return (context.on - changed.value).days / max(period, _SHORTEST_PERIOD_DAYS)


def _is_empty_promise(rhythm: Term, dataset: Dataset, context: Context) -> bool:
    """Whether a rhythm is so long that any date keeps it, and the record shows no earlier update."""
    period = frequencies.period_days(rhythm.id) if rhythm.id is not None else None
    if period is None or period <= 366 * _LONGEST_PERIOD_YEARS:
        return False
    changed = _last_change(dataset, context)
    return changed is None or changed.value is None or not _shows_update(changed.value, period, dataset, context)


def _shows_update(changed: datetime.date, period: float, dataset: Dataset, context: Context) -> bool:
    issued = dataset.issued
    if issued is None or issued.value is None or not _can_be(issued, dataset, context):
        return False
    return (changed - issued.value).days >= period / 2


def _shows_end(dataset: Dataset, context: Context) -> str:
    """What shows that there will be no more updates: a period that is over, or a sentence; empty if nothing does."""
    for period in dataset.temporal:
        if period.start is not None and period.end is not None and _FIRST_YEAR <= period.end.year < context.on.year:
            return f"the period ends on {period.end}"
    return mention(dataset, "update_trigger") or ""


def _rhythm(dataset: Dataset) -> Term | None:
    """The update rhythm, unless it is a word for none (`unknown`, `n/a`)."""
    rhythm = dataset.accrual_periodicity
    if rhythm is None or (rhythm.id is None and is_placeholder(rhythm.original)):
        return None
    return rhythm


@criterion("updated-on-rhythm", on_time=_ON_TIME, too_late=_TOO_LATE, years=_LONGEST_PERIOD_YEARS, in_words=_UNSHOWN)
def updated_on_rhythm(dataset: Dataset, context: Context) -> Finding:
    rhythm, changed = _rhythm(dataset), _last_change(dataset, context)
    if rhythm is not None and rhythm.id == _ENDED and _shows_end(dataset, context):
        return not_applicable("accrual_periodicity", f"{rhythm.original}: gives no dates")
    if rhythm is not None and rhythm.id in (*_WITHOUT_RHYTHM, _ENDED):
        return unknown("accrual_periodicity", f"{rhythm.original}: no interval to compare the dates with")
    if rhythm is None:
        return _on_rhythm_in_words(dataset, changed, context)
    if (frequencies.period_days(rhythm.id) if rhythm.id else None) is None:
        why = f"{rhythm.original}: no interval that a program can read, to compare the dates with"
        return unknown("accrual_periodicity", why)
    if changed is None or changed.value is None:
        return context.absent(
            "modified", "a date of the last change to compare with the frequency", dataset, "distribution.modified"
        )
    if _is_empty_promise(rhythm, dataset, context):
        return unknown("accrual_periodicity", f"{rhythm.original}: {_EMPTY_PROMISE}")
    return _on_time(_periods_since(changed, rhythm.id, context) or 0.0, rhythm.original, changed, context)


def _on_rhythm_in_words(dataset: Dataset, changed: Moment | None, context: Context) -> Finding:
    """A rhythm in a sentence is held against the dates too, for half: a program may read the wrong word of it."""
    if (told := mention(dataset, "rhythm")) is None:
        # To promise nothing is no broken promise; it earns as little.
        return unknown("accrual_periodicity", "no update frequency is stated to compare the dates with")
    age = _periods_since(changed, _rhythm_in_words(told), context)
    if age is None or not _can_be(dataset.modified, dataset, context):
        return unknown("accrual_periodicity", f"{told}: no interval and date that can be compared")
    return _on_time(age, told, changed, context, most=_UNSHOWN)


def _on_time(age: float, rhythm: str, changed: Moment | None, context: Context, most: float = 1.0) -> Finding:
    evidence = f"{rhythm}, last changed {changed.original if changed else ''}: {age:.1f} periods ago on {context.on}"
    return valued(min(most, (_TOO_LATE - age) / (_TOO_LATE - _ON_TIME)), "modified", evidence)


def _last_change(dataset: Dataset, context: Context) -> Moment | None:
    """The latest change of the dataset or of one of its distributions on a day that can be."""
    return max(_changes(dataset, context), key=lambda moment: str(moment.value), default=None)


def _changes(dataset: Dataset, context: Context) -> list[Moment]:
    moments = (dataset.modified, *(item.modified for item in dataset.distribution))
    return [moment for moment in moments if moment is not None and _can_be(moment, dataset, context)]


@criterion("next-update-stated")
def next_update_stated(dataset: Dataset, context: Context) -> Finding:
    if (rhythm := _rhythm(dataset)) is not None and rhythm.id == _ENDED and _shows_end(dataset, context):
        return not_applicable("accrual_periodicity", f"{rhythm.original}: there will be no other")
    found = find_next_update(dataset)
    if found is None:
        place = "next_update" if context.carries("next_update") else "description"
        return context.absent(place, "the date of the next update", dataset, "next_update")
    if found.last < context.on:
        return failed(found.field, f"{found.words}: in the past")
    return passed(found.field, found.words)


@criterion("modified-as-served", days=_NEAR.days, hidden=_HIDDEN)
def modified_as_served(dataset: Dataset, context: Context) -> Finding:
    """Guards against dates that move while the data stay as they are."""
    if not linked(dataset):
        return without_distributions(dataset, context, "modified")
    told = [day for _, link in checked(dataset, context) if (day := changed_on(link)) is not None]
    if not told:
        return unknown("modified", "no server says when its file last changed")
    stated_dates = _changes(dataset, context)
    if not stated_dates:
        return context.absent(
            "modified", "a date of the last change to compare with the files", dataset, "distribution.modified"
        )
    newest = max(told)
    # Of several dates the best counts, so that no date costs by being given.
    value, stated_date = max(((_nearness(date, newest), date) for date in stated_dates), key=lambda pair: pair[0])
    evidence = f"{stated_date.original} stated; the newest file is from {newest}"
    if value < 1 and not context.carries("modified"):
        return unknown("modified", evidence)
    if not value and len(told) < len(linked(dataset)):
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
    if own_statement(dataset.maintenance_plan) is None and records is not None and not leads_nowhere(records):
        # A system of records notice (5 U.S.C. 552a(e)(4)) names the manager and how long records are kept.
        return passed("system_of_records", records)
    return find_fact(
        dataset, context, "maintenance_plan", dataset.maintenance_plan, "maintenance", looked_for, "system_of_records"
    )
