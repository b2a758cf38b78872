"""Evaluations counted and summed by agency, publisher and source: all that a comparison needs, small enough to store.

Sums are whole numbers (tenths of a score's point, thousandths of a value), as evaluations are rounded to those: so
tallies merge to exactly the same in any order, and the same evaluations give the same bytes.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, TypeVar

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.results import Evaluation, Grade, Outcome

Unit = Annotated[float, msgspec.Meta(ge=0, le=1)]
Points = Annotated[float, msgspec.Meta(ge=0, le=100)]


class CountedResult(msgspec.Struct, frozen=True):
    """What a tally needs of a `scoring.results.Result`."""

    criterion: str
    result: Outcome
    value: Unit | None


class CountedGate(msgspec.Struct, frozen=True):
    """What is counted of a `scoring.results.GateHit`."""

    gate: str


class CountedDimension(msgspec.Struct, frozen=True):
    """What a tally needs of a `scoring.results.DimensionScore`."""

    score: Points | None


class CountedEvaluation(msgspec.Struct, frozen=True):
    """What a tally needs of a `scoring.results.Evaluation`: decoding a line into this skips the evidence.

    agency: the stable id of the agency that the dataset is placed with, such as `us-026`; empty if it is placed with
    none. agency_title, level: of that agency. source: where the record was harvested from.
    """

    country: str
    score: Points | None
    coverage: Unit
    grade: Grade
    dimensions: dict[str, CountedDimension]
    results: list[CountedResult]
    rubric_version: str
    reference_date: datetime.date
    publisher: str | None = None
    agency: str = ""
    agency_title: str = ""
    level: str = ""
    source: str = ""
    gates: list[CountedGate] = []
    identifier: str = ""
    title: str = ""


class DimensionTally(msgspec.Struct):
    """known: datasets with a score in this dimension; tenths: the sum of those scores, in tenths of a point."""

    known: int = 0
    tenths: int = 0


class CriterionTally(msgspec.Struct, omit_defaults=True):
    """Datasets by result; thousandths: the sum of the values of those that are known, in thousandths (pass = 1000)."""

    passed: int = 0
    partial: int = 0
    failed: int = 0
    unknown: int = 0
    not_applicable: int = 0
    thousandths: int = 0

    @property
    def known(self) -> int:
        return self.passed + self.partial + self.failed


class Tally(msgspec.Struct, kw_only=True):
    """The datasets of one publisher of one country, of one agency and from one source.

    publisher: empty if the records name none. agency: its stable id, such as `us-026`; empty if the datasets are placed
    with none, then the publisher stands for itself. agency_title: its name. level: of government. source: where the
    records were harvested from; empty if that is not known.
    scored: datasets with a score; score_tenths: the sum of those scores (0 to 100), in tenths of a point.
    coverage_thousandths: the sum over all datasets of the coverage (0 to 1), in thousandths. grades: datasets by grade.
    first_date, last_date: the reference dates of the evaluations lie between these, both included.
    sample: of records that are made up (`harvesters.sources.source.Source.sample`).
    """

    country: str
    publisher: str
    rubric_version: str
    first_date: datetime.date
    last_date: datetime.date
    data_sets: int = 0
    scored: int = 0
    score_tenths: int = 0
    coverage_thousandths: int = 0
    grades: dict[str, int] = {}
    dimensions: dict[str, DimensionTally] = {}
    criteria: dict[str, CriterionTally] = {}
    sample: bool = False
    agency: str = ""
    agency_title: str = ""
    level: str = ""
    source: str = ""


Key = tuple[str, str, str, str]  # country, agency, publisher, source

_FIELDS: dict[str, str] = {
    "pass": "passed",
    "partial": "partial",
    "fail": "failed",
    "unknown": "unknown",
    "not-applicable": "not_applicable",
}


def collect(evaluations: Iterable[Evaluation | CountedEvaluation]) -> list[Tally]:
    """Counts evaluations by country, agency, publisher and source; the tallies are ordered by these.

    A whole `Evaluation` says nothing of its agency and source: it is counted by its publisher alone.

    Reads the evaluations once and keeps none of them. Raises UsageError if they were made under different versions
    of the rubric: their scores do not mean the same.
    """
    tallies: dict[Key, Tally] = {}
    results: dict[Key, Counter[tuple[str, Outcome, float | None]]] = {}
    for evaluation in evaluations:
        key = _place(evaluation)
        tally = tallies.get(key)
        if tally is None:
            tally = tallies[key] = _started(evaluation, key, next(iter(tallies.values()), None))
            results[key] = Counter()
        _add(tally, evaluation)
        results[key].update([(found.criterion, found.result, found.value) for found in evaluation.results])
    for key, counts in results.items():
        tally = tallies[key]
        tally.criteria = _criteria(counts)
        tally.grades = dict(sorted(tally.grades.items()))
        tally.dimensions = dict(sorted(tally.dimensions.items()))
    return [tallies[key] for key in sorted(tallies)]


def merge(one: Tally, other: Tally) -> Tally:
    """The tally of both together. Raises ValueError for two publishers, UsageError for two versions of the rubric."""
    if _key(one) != _key(other):
        raise ValueError(
            f"{one.publisher!r} and {other.publisher!r} are two publishers, of two agencies or sources, "
            "or one of them is a sample"
        )
    same_rubric({one.rubric_version, other.rubric_version})
    return msgspec.structs.replace(
        one,
        first_date=min(one.first_date, other.first_date),
        last_date=max(one.last_date, other.last_date),
        data_sets=one.data_sets + other.data_sets,
        scored=one.scored + other.scored,
        score_tenths=one.score_tenths + other.score_tenths,
        coverage_thousandths=one.coverage_thousandths + other.coverage_thousandths,
        grades={
            name: one.grades.get(name, 0) + other.grades.get(name, 0) for name in sorted({*one.grades, *other.grades})
        },
        dimensions={
            name: _summed(DimensionTally, one.dimensions.get(name), other.dimensions.get(name))
            for name in sorted({*one.dimensions, *other.dimensions})
        },
        criteria={
            name: _summed(CriterionTally, one.criteria.get(name), other.criteria.get(name))
            for name in sorted({*one.criteria, *other.criteria})
        },
    )


def merged(tallies: Iterable[Tally]) -> list[Tally]:
    """One tally an agency, publisher and source, ordered by country and these; what is a sample stays by itself.

    Raises UsageError if rubric versions are mixed.
    """
    by_key: dict[tuple[Key, bool], Tally] = {}
    versions = set()
    for tally in tallies:
        versions.add(tally.rubric_version)
        same_rubric(versions)
        key = _key(tally)
        by_key[key] = merge(by_key[key], tally) if key in by_key else tally
    return [by_key[key] for key in sorted(by_key)]


def without_samples(tallies: Sequence[Tally], countries: Collection[str]) -> list[Tally]:
    """The tallies of real records; those of samples, where these countries have no others.

    One real record is enough to leave all samples out: a country of invented publishers beside one of real publishers
    would look like a comparison of the two, and is none.
    """
    real = [tally for tally in tallies if not tally.sample]
    return real if any(tally.country in countries for tally in real) else list(tallies)


def _key(tally: Tally) -> tuple[Key, bool]:
    return (tally.country, tally.agency, tally.publisher, tally.source), tally.sample


def _place(evaluation: Evaluation | CountedEvaluation) -> Key:
    agency, source = "", ""
    if isinstance(evaluation, CountedEvaluation):
        agency, source = evaluation.agency, evaluation.source
    return evaluation.country, agency, evaluation.publisher or "", source


def total(tallies: Sequence[Tally]) -> Tally | None:
    """One tally of several publishers of one country, under no name; None of none. Raises as `merge`."""
    found: Tally | None = None
    for tally in tallies:
        nameless = msgspec.structs.replace(tally, publisher="", agency="", agency_title="", level="", source="")
        found = nameless if found is None else merge(found, nameless)
    return found


def same_rubric(versions: set[str]) -> None:
    """Raises UsageError if there is more than one version of the rubric."""
    if len(versions) > 1:
        raise UsageError(
            f"evaluations under rubric versions {' and '.join(sorted(versions))} cannot be compared: "
            "harvest again, or run `ckan aivision rescore` in a catalogue"
        )


_Summable = TypeVar("_Summable", DimensionTally, CriterionTally)


def _summed(kind: type[_Summable], one: _Summable | None, other: _Summable | None) -> _Summable:
    parts = [part for part in (one, other) if part is not None]
    return kind(**{name: sum(getattr(part, name) for part in parts) for name in kind.__struct_fields__})


def _started(evaluation: Evaluation | CountedEvaluation, key: Key, first: Tally | None) -> Tally:
    on = evaluation.reference_date
    version = first.rubric_version if first is not None else evaluation.rubric_version
    country, agency, publisher, source = key
    tally = Tally(
        country=country,
        publisher=publisher,
        rubric_version=version,
        first_date=on,
        last_date=on,
        agency=agency,
        source=source,
    )
    if isinstance(evaluation, CountedEvaluation):
        tally.agency_title, tally.level = evaluation.agency_title, evaluation.level
    return tally


def _add(tally: Tally, evaluation: Evaluation | CountedEvaluation) -> None:
    """Everything of an evaluation but its results."""
    if evaluation.rubric_version != tally.rubric_version:
        same_rubric({evaluation.rubric_version, tally.rubric_version})
    on = evaluation.reference_date
    if on < tally.first_date:
        tally.first_date = on
    elif on > tally.last_date:
        tally.last_date = on
    tally.data_sets += 1
    if evaluation.score is not None:
        tally.scored += 1
        tally.score_tenths += round(10 * evaluation.score)
    tally.coverage_thousandths += round(1000 * evaluation.coverage)
    tally.grades[evaluation.grade] = tally.grades.get(evaluation.grade, 0) + 1
    for name, found in evaluation.dimensions.items():
        dimension = tally.dimensions.get(name)
        if dimension is None:
            dimension = tally.dimensions[name] = DimensionTally()
        if found.score is not None:
            dimension.known += 1
            dimension.tenths += round(10 * found.score)


def _criteria(counts: Counter[tuple[str, Outcome, float | None]]) -> dict[str, CriterionTally]:
    tallies: dict[str, CriterionTally] = {}
    for (name, result, value), times in counts.items():
        tally = tallies.setdefault(name, CriterionTally())
        field = _FIELDS[result]
        setattr(tally, field, getattr(tally, field) + times)
        if value is not None:
            tally.thousandths += times * round(1000 * value)
    return dict(sorted(tallies.items()))
