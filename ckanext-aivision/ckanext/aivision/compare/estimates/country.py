"""One country's figures: its means with their intervals, grades, and how its publishers differ."""

from __future__ import annotations

from typing import get_args

import msgspec
import numpy as np

from ckanext.aivision.compare.estimates.differences import LEAST_DATA_SETS, mean
from ckanext.aivision.compare.estimates.figures import (
    Country,
    Figures,
    GradeShare,
    Interval,
    Mean,
    Publisher,
    Share,
    Spread,
)
from ckanext.aivision.compare.estimates.intervals import Array, wilson
from ckanext.aivision.compare.estimates.means import Columns, Estimate
from ckanext.aivision.compare.estimates.sample import Sample
from ckanext.aivision.compare.tallies.known_share import TOO_LITTLE, reason_without_group_mean, too_little_known
from ckanext.aivision.compare.tallies.tally import Tally
from ckanext.aivision.scoring.results import Grade

NO_NAME = "(no publisher named)"


def country(sample: Sample, code: str, label: str) -> Country:
    """What is told of a country before any comparison."""
    total = int(sample.data_sets.sum())
    largest = max(sample.tallies, key=lambda tally: tally.data_sets, default=None)
    return Country(
        code=code,
        label=label,
        data_sets=total,
        publishers=sample.publishers,
        largest_publisher=(largest.publisher or NO_NAME) if largest else "",
        largest_share=round(100 * largest.data_sets / total, 2) if largest else None,
        grades=[_grade(sample, name, total) for name in get_args(Grade)],
        spread=_spread(sample),
    )


def publishers(sample: Sample, code: str) -> list[Publisher]:
    """The largest first: by size, as an order by mean would be a ranking that the samples do not bear out."""
    rows = [
        Publisher(
            country=code,
            name=tally.publisher or NO_NAME,
            data_sets=tally.data_sets,
            mean=_publisher_mean(tally),
            known=round(tally.coverage_thousandths / 10 / tally.data_sets, 2),
            small_sample=tally.data_sets < LEAST_DATA_SETS,
        )
        for tally in sample.tallies
    ]
    return sorted(rows, key=lambda row: (-row.data_sets, row.name))


def _publisher_mean(tally: Tally) -> float | None:
    if not tally.scored or too_little_known(tally.coverage_thousandths / 1000 / tally.data_sets):
        return None
    return round(tally.score_tenths / 10 / tally.scored, 2)


class CountryFigures:
    """The figures of one country, measure by measure."""

    def __init__(self, sample: Sample, estimate: Estimate, columns: Columns, weights: Array) -> None:
        """weights: of all criteria, comparable or not; criteria x (1 + dimensions)."""
        self._sample, self._estimate, self._columns = sample, estimate, columns
        self._members = weights > 0
        # As in scoring.score: that a question does not apply is an answer too.
        with np.errstate(invalid="ignore", divide="ignore"):
            asked = sample.data_sets.sum() * weights.sum(axis=0)
            self._coverage = np.nan_to_num(1 - (sample.unknown.sum(axis=0) @ weights) / asked)
            each = 1 - (sample.unknown @ weights) / (sample.data_sets[:, None] * weights.sum(axis=0))
        self._publishers_coverage = np.nan_to_num(each.mean(axis=0)) if sample.publishers else self._coverage

    def dimension(self, measure: int) -> Figures:
        """Overall (0) or a dimension (1 and on)."""
        column = self._columns.own(measure)
        inside = self._members[:, measure]
        data_sets = int(self._estimate.by_data_set.data_sets[column])
        passed = share(int(self._sample.passed[:, inside].sum()), int(self._sample.known[:, inside].sum()), data_sets)
        known, by_publisher = float(self._coverage[measure]), float(self._publishers_coverage[measure])
        return self._figures(column, passed, known, reason_without_group_mean(known, by_publisher))

    def criterion(self, index: int) -> Figures:
        known = int(self._sample.known[:, index].sum())
        applicable = known + float(self._sample.unknown[:, index].sum())
        passed = share(int(self._sample.passed[:, index].sum()), known, known)
        coverage = known / applicable if applicable else 0.0
        return self._figures(self._columns.criterion(index), passed, coverage, self._sample.reason_without_mean(index))

    def _figures(self, column: int, passed: Share, coverage: float, too_little: str) -> Figures:
        """coverage: 0 to 1. too_little: why there is no mean."""
        figures = Figures(
            data_sets=int(self._estimate.by_data_set.data_sets[column]),
            publishers=int(self._estimate.by_data_set.publishers[column]),
            by_data_set=mean(self._estimate.by_data_set, column),
            by_publisher=mean(self._estimate.by_publisher, column),
            passed=passed,
            known=round(100 * coverage, 2),
        )
        if not self._sample.publishers:
            too_little = "there are no datasets"
        return _without_means(figures, too_little) if too_little else figures


def _without_means(figures: Figures, reason: str) -> Figures:
    nothing = Mean(None, None, f"{TOO_LITTLE}: {reason}")
    passed = msgspec.structs.replace(figures.passed, value=None, interval=None)
    return msgspec.structs.replace(figures, by_data_set=nothing, by_publisher=nothing, passed=passed, too_little=reason)


def share(passed: int, known: int, cases: int) -> Share:
    """passed of known, per cent. cases: how many of `known` the interval takes as independent of each other."""
    if not known or not cases:
        return Share(passed, known, cases, None, None)
    low, high = wilson(cases * passed / known, cases)
    return Share(
        passed, known, cases, round(100 * passed / known, 2), Interval(round(100 * low, 2), round(100 * high, 2))
    )


def _grade(sample: Sample, name: str, total: int) -> GradeShare:
    counts = np.array([tally.grades.get(name, 0) for tally in sample.tallies], dtype=np.float64)
    by_publisher = round(100 * float((counts / sample.data_sets).mean()), 2) if sample.publishers else None
    return GradeShare(name, share(int(counts.sum()), total, total), by_publisher)


def _spread(sample: Sample) -> Spread:
    means = [mean for tally in sample.tallies if (mean := _publisher_mean(tally)) is not None]
    if not means:
        return Spread(0)
    low, middle, high = np.percentile(means, [10, 50, 90]).round(2).tolist()
    return Spread(len(means), low, middle, high, round(high - low, 2))
