"""A daily tally as a point of a trend: means and shares, with the numbers of datasets behind them."""

from __future__ import annotations

import datetime

import msgspec

from ckanext.aivision.compare.tallies.known_share import reason_without_mean, too_little_known
from ckanext.aivision.compare.tallies.tally import CriterionTally, DimensionTally, Tally


class TrendMean(msgspec.Struct, frozen=True):
    """score: 0 to 100, the mean over the `data_sets` of which something is known; None if that is too little."""

    score: float | None
    data_sets: int


class TrendCriterion(msgspec.Struct, frozen=True):
    """value: 0 to 100, the mean over the `known` datasets. The others: datasets by result.

    too_little: why there is no value (compare.tallies.known_share); empty if there is one.
    """

    value: float | None
    known: int
    passed: int
    partial: int
    failed: int
    unknown: int
    not_applicable: int
    too_little: str = ""


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """How the datasets of a country, or of one of its publishers, were on a day.

    publisher: None for the country. rubric_version: that all were evaluated under. first_date, last_date: the reference
    dates of their evaluations lie between these. recomputed: made later, when the rubric had changed, from the records
    of then; lacking: how many datasets there were beside these, whose records of then are not kept. score: the mean,
    0 to 100, over `scored` datasets; None if too little is known (compare.tallies.known_share). coverage: the mean,
    0 to 1, over `data_sets`. grades: datasets by grade. sample: of made-up records.
    """

    day: datetime.date
    country: str
    publisher: str | None
    rubric_version: str
    recomputed: bool
    first_date: datetime.date
    last_date: datetime.date
    data_sets: int
    publishers: int
    lacking: int
    scored: int
    score: float | None
    coverage: float | None
    grades: dict[str, int]
    dimensions: dict[str, TrendMean]
    criterion: TrendCriterion | None = None
    sample: bool = False


def to_trend_point(
    tally: Tally, day: datetime.date, publisher: str | None, counted: tuple[int, int, bool], criterion: str | None
) -> TrendPoint:
    """counted: publishers, lacking datasets, and whether it was made later. criterion: of which results are wanted."""
    publishers, lacking, recomputed = counted
    coverage = _mean(tally.coverage_thousandths, 1000 * tally.data_sets, 3)
    return TrendPoint(
        day=day,
        country=tally.country,
        publisher=publisher,
        rubric_version=tally.rubric_version,
        recomputed=recomputed,
        first_date=tally.first_date,
        last_date=tally.last_date,
        data_sets=tally.data_sets,
        publishers=publishers,
        lacking=lacking,
        scored=tally.scored,
        score=None if too_little_known(coverage or 0) else _mean(tally.score_tenths, 10 * tally.scored, 2),
        coverage=coverage,
        grades=tally.grades,
        dimensions={name: _dimension(found, tally.data_sets) for name, found in tally.dimensions.items()},
        criterion=_criterion(tally.criteria.get(criterion, CriterionTally())) if criterion else None,
    )


def _dimension(found: DimensionTally, data_sets: int) -> TrendMean:
    if not data_sets or too_little_known(found.known / data_sets):
        return TrendMean(None, found.known)
    return TrendMean(_mean(found.tenths, 10 * found.known, 2), found.known)


def _criterion(found: CriterionTally) -> TrendCriterion:
    too_little = reason_without_mean(found)
    return TrendCriterion(
        value=None if too_little else _mean(found.thousandths, 10 * found.known, 2),
        too_little=too_little,
        known=found.known,
        passed=found.passed,
        partial=found.partial,
        failed=found.failed,
        unknown=found.unknown,
        not_applicable=found.not_applicable,
    )


def _mean(total: int, of: int, decimals: int) -> float | None:
    return round(total / of, decimals) if of else None
