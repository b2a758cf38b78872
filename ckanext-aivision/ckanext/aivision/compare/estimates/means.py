"""The means of one country for every measure at once, by dataset and by agency, with their bootstrap draws.

Measures are columns, in this order: overall, each dimension, each criterion; then overall and each dimension again,
over the comparable criteria alone (`Columns`). So one matrix product draws them all.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from ckanext.aivision.compare.estimates.sample import Sample
from ckanext.aivision.compare.estimates.statistics.intervals import (
    Array,
    clustered_draws,
    effective_clusters,
    percentile_interval,
    resamples,
)


@dataclasses.dataclass(frozen=True)
class Columns:
    """Where a measure stands among the columns."""

    dimensions: int
    criteria: int

    def own(self, measure: int) -> int:
        """Of overall (0) or a dimension (1 and on), over all that is known."""
        return measure

    def criterion(self, index: int) -> int:
        return 1 + self.dimensions + index

    def comparable(self, measure: int) -> int:
        """Of overall (0) or a dimension (1 and on), over the comparable criteria alone."""
        return 1 + self.dimensions + self.criteria + measure


@dataclasses.dataclass(frozen=True)
class Means:
    """value, error: by measure, the mean and its standard error, NaN where nothing is known. draws: measures x draws.

    low, high: 95 per cent limits, 0 to 100. data_sets, agencies: by measure, those that the mean is made of. clusters:
    the effective number of agencies.
    """

    value: Array
    error: Array
    draws: Array
    low: Array
    high: Array
    data_sets: Array
    agencies: Array
    clusters: Array


@dataclasses.dataclass(frozen=True)
class Estimate:
    """Both ways to count: every dataset once, and every agency with datasets enough once."""

    by_data_set: Means
    by_agency: Means


def estimate(country: Sample, weights: Array, draws: int, generator: np.random.Generator) -> Estimate:
    """The means of one country. Whole agencies are drawn for their intervals.

    weights: criteria x (1 + dimensions); column 0 the weights of the comparable criteria overall, then those of each
    dimension; a criterion that cannot be compared, or of another dimension, weighs 0.
    """
    rows = country.by_agency
    overall, scored = rows.score[:, None], rows.scored[:, None]
    tops = np.hstack([overall, rows.dimension_score, rows.value, rows.value @ weights])
    bottoms = np.hstack([scored, rows.dimension_known, rows.known, rows.known @ weights])
    data_sets = np.hstack([scored, rows.dimension_known, rows.known, scored, rows.dimension_known])
    return _estimated(country, tops, bottoms, data_sets, draws, generator)


def estimate_groups(
    country: Sample, own: Array, comparable: Array, draws: int, generator: np.random.Generator
) -> Estimate:
    """As `estimate`, without the criteria: of a sample that holds no scores by group, so that theirs come of the rows.

    own, comparable: the weights of all rows and of those that can be compared, rows x (1 + groups). The columns are
    `Columns(groups, 0)`.
    """
    rows, weights = country.by_agency, np.hstack([own, comparable])
    data_sets = np.hstack([rows.scored[:, None], rows.dimension_known] * 2)
    return _estimated(country, rows.value @ weights, rows.known @ weights, data_sets, draws, generator)


def _estimated(
    country: Sample, tops: Array, bottoms: Array, data_sets: Array, draws: int, generator: np.random.Generator
) -> Estimate:
    """Of sums and numbers by agency and measure."""
    some = bottoms > 0
    once = some * country.counted[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = np.where(once, tops / bottoms, 0.0)
    if not len(country.agencies):
        nothing = np.full(tops.shape[1], np.nan)
        none = np.zeros(tops.shape[1])
        empty = Means(nothing, nothing, np.full((len(nothing), draws), np.nan), nothing, nothing, none, none, none)
        return Estimate(empty, empty)
    counts = resamples(len(country.agencies), draws, generator)
    return Estimate(
        _means(tops, bottoms, counts, np.where(some, data_sets, 0)),
        _means(ratios, once, counts, np.where(once, data_sets, 0)),
    )


def _means(tops: Array, bottoms: Array, counts: Array, data_sets: Array) -> Means:
    value, draws, error = clustered_draws(tops, bottoms, counts)
    low, high = percentile_interval(draws)
    return Means(
        value=value,
        error=error,
        draws=draws,
        low=np.clip(low, 0, 100),
        high=np.clip(high, 0, 100),
        data_sets=data_sets.sum(axis=0),
        agencies=(bottoms > 0).sum(axis=0),
        clusters=effective_clusters(bottoms),
    )
