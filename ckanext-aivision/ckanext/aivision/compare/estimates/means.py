"""The means of one country for every measure at once, by dataset and by publisher, with their bootstrap draws.

Measures are columns, in this order: overall, each dimension, each criterion; then overall and each dimension again,
over the comparable criteria alone (`Columns`). So one matrix product draws them all.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from ckanext.aivision.compare.estimates.intervals import Array, clustered_draws, percentile_interval, resamples
from ckanext.aivision.compare.estimates.sample import Sample


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
    """value: by measure, NaN where nothing is known. draws: draws x measures. low, high: 95 per cent limits, 0 to 100.

    data_sets, publishers: by measure, those of which something is known.
    """

    value: Array
    draws: Array
    low: Array
    high: Array
    data_sets: Array
    publishers: Array


@dataclasses.dataclass(frozen=True)
class Estimate:
    """Both ways to count."""

    by_data_set: Means
    by_publisher: Means


def estimate(country: Sample, weights: Array, draws: int, generator: np.random.Generator) -> Estimate:
    """The means of one country.

    weights: criteria x (1 + dimensions); column 0 the weights of the comparable criteria overall, then those of each
    dimension; a criterion that cannot be compared, or of another dimension, weighs 0.
    """
    overall, scored = country.score[:, None], country.scored[:, None]
    numerators = np.hstack([overall, country.dimension_score, country.value, country.value @ weights])
    denominators = np.hstack([scored, country.dimension_known, country.known, country.known @ weights])
    data_sets = np.hstack([scored, country.dimension_known, country.known, scored, country.dimension_known])
    some = denominators > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = np.where(some, numerators / denominators, 0.0)
    publishers = some.sum(axis=0)
    counted = np.where(some, data_sets, 0.0).sum(axis=0)
    if not country.publishers:
        nothing = np.full(numerators.shape[1], np.nan)
        empty = Means(nothing, np.full((draws, len(nothing)), np.nan), nothing, nothing, counted, publishers)
        return Estimate(empty, empty)
    counts = resamples(country.publishers, draws, generator)
    found = [
        _means(top, bottom, counts, counted, publishers)
        for top, bottom in ((numerators, denominators), (ratios, some.astype(np.float64)))
    ]
    return Estimate(*found)


def _means(numerators: Array, denominators: Array, counts: Array, data_sets: Array, publishers: Array) -> Means:
    draws = clustered_draws(numerators, denominators, counts)
    low, high = percentile_interval(draws)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = numerators.sum(axis=0) / denominators.sum(axis=0)
    return Means(value, draws, np.clip(low, 0, 100), np.clip(high, 0, 100), data_sets, publishers)
