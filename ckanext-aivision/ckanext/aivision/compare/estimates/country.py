"""One country's figures: its means with their intervals, grades, and how its agencies differ."""

from __future__ import annotations

import msgspec
import numpy as np

from ckanext.aivision.compare.estimates.agency_figures import own_means
from ckanext.aivision.compare.estimates.differences import mean
from ckanext.aivision.compare.estimates.figures import (
    Country,
    Figures,
    GradeShare,
    Mean,
    Publisher,
    Share,
    Spread,
)
from ckanext.aivision.compare.estimates.means import Columns, Estimate
from ckanext.aivision.compare.estimates.sample import GRADES, LEAST_DATA_SETS, LEAST_OF_AGENCY, NO_NAME, Sample
from ckanext.aivision.compare.estimates.shares import shares
from ckanext.aivision.compare.estimates.statistics.intervals import Array
from ckanext.aivision.compare.tallies.known_share import TOO_LITTLE, reason_without_group_mean


def country(sample: Sample, code: str, label: str) -> Country:
    """The figures of one country, before any comparison."""
    sizes = sample.by_agency.data_sets
    total = int(sizes.sum())
    largest = int(sizes.argmax()) if total else None
    return Country(
        code=code,
        label=label,
        data_sets=total,
        agencies=len(sample.agencies),
        agencies_left_out=sample.agencies_left_out,
        publishers=len(sample.publishers),
        unplaced=sum(int(size) for size, name in zip(sizes, sample.agencies, strict=True) if not name.id),
        largest_agency=sample.agencies[largest].title if largest is not None else "",
        largest_share=round(100 * float(sizes[largest]) / total, 2) if largest is not None else None,
        grades=_grades(sample),
        spread=_spread(sample),
    )


def publishers(sample: Sample, code: str) -> list[Publisher]:
    """The largest first, as agencies are."""
    means, known = own_means(sample.by_publisher)
    rows = [
        Publisher(
            country=code,
            name=name.name or NO_NAME,
            data_sets=int(size),
            mean=means[place],
            known=known[place],
            small_sample=bool(size < LEAST_DATA_SETS),
            agency=name.agency,
        )
        for place, (name, size) in enumerate(zip(sample.publishers, sample.by_publisher.data_sets, strict=True))
    ]
    return sorted(rows, key=lambda row: (-row.data_sets, row.name, row.agency))


class CountryFigures:
    """The figures of one country, measure by measure."""

    def __init__(self, sample: Sample, estimate: Estimate, columns: Columns, weights: Array) -> None:
        """weights: of all criteria, comparable or not; criteria x (1 + dimensions)."""
        self._sample, self._estimate, self._columns = sample, estimate, columns
        rows, members = sample.by_agency, (weights > 0).astype(np.float64)
        data_sets = np.array([estimate.by_data_set.data_sets[columns.own(place)] for place in range(weights.shape[1])])
        self._passed_in_group = shares(rows.passed @ members, rows.known @ members, data_sets)
        self._passed = shares(rows.passed, rows.known, rows.known.sum(axis=0))
        # As in scoring.scores.score: that a question does not apply is an answer too.
        with np.errstate(invalid="ignore", divide="ignore"):
            each = np.nan_to_num(1 - (rows.unknown @ weights) / (rows.data_sets[:, None] * weights.sum(axis=0)))
            self._coverage = np.nan_to_num(rows.data_sets @ each / rows.data_sets.sum())
        counted = each[sample.counted > 0]
        self._agencies_coverage = counted.mean(axis=0) if len(counted) else self._coverage

    def dimension(self, measure: int) -> Figures:
        """Overall (0) or a dimension (1 and on)."""
        known, by_agency = float(self._coverage[measure]), float(self._agencies_coverage[measure])
        too_little = reason_without_group_mean(known, by_agency)
        return self._figures(self._columns.own(measure), self._passed_in_group.share(measure), known, too_little)

    def criterion(self, index: int) -> Figures:
        """One criterion, by its place."""
        rows = self._sample.by_agency
        known, applicable = float(rows.known[:, index].sum()), float(rows.applicable[:, index].sum())
        coverage = known / applicable if applicable else 0.0
        too_little = self._sample.reason_without_mean(index)
        return self._figures(self._columns.criterion(index), self._passed.share(index), coverage, too_little)

    def _figures(self, column: int, passed: Share, coverage: float, too_little: str) -> Figures:
        """coverage: 0 to 1. too_little: why there is no mean."""
        figures = Figures(
            data_sets=int(self._estimate.by_data_set.data_sets[column]),
            agencies=int(self._estimate.by_data_set.agencies[column]),
            by_data_set=mean(self._estimate.by_data_set, column),
            by_agency=mean(self._estimate.by_agency, column, f"no agency has the {LEAST_OF_AGENCY} datasets needed"),
            passed=passed,
            known=round(100 * coverage, 2),
        )
        if not self._sample.agencies:
            too_little = "there are no datasets"
        return _without_means(figures, too_little) if too_little else figures


def _without_means(figures: Figures, reason: str) -> Figures:
    nothing = Mean(None, None, f"{TOO_LITTLE}: {reason}")
    passed = msgspec.structs.replace(figures.passed, value=None, interval=None, cases=0.0)
    return msgspec.structs.replace(figures, by_data_set=nothing, by_agency=nothing, passed=passed, too_little=reason)


def _grades(sample: Sample) -> list[GradeShare]:
    rows = sample.by_agency
    sizes = np.repeat(rows.data_sets[:, None], len(GRADES), axis=1)
    by_data_set = shares(rows.grades, sizes, sizes.sum(axis=0))
    once = np.repeat(sample.counted[:, None], len(GRADES), axis=1)
    by_agency = shares(once * rows.grades / sizes, once, sizes.sum(axis=0))
    return [GradeShare(name, by_data_set.share(place), by_agency.mean(place)) for place, name in enumerate(GRADES)]


def _spread(sample: Sample) -> Spread:
    own, _ = own_means(sample.by_agency)
    means = [value for value, counted in zip(own, sample.counted, strict=True) if value is not None and counted]
    if not means:
        return Spread(0)
    low, middle, high = np.percentile(means, [10, 50, 90]).round(2).tolist()
    return Spread(len(means), low, middle, high, round(high - low, 2))
