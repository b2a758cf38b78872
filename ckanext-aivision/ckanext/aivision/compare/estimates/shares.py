"""Shares with intervals that allow for datasets of one agency being alike.

The interval is Wilson's (1927), of the *effective* number of datasets: as many independent ones as would give the
variance that the agencies' shares show (Korn and Graubard 1998, "Confidence intervals for proportions with small
expected number of positive counts estimated from survey data"; Dean and Pagano 2015, "Evaluating confidence interval
methods for binomial proportions in clustered surveys"). The variance is that of a ratio's jackknife over agencies:
(n-1)/n times the sum of the squares of each agency's residual over what remains without it. With the plain linearised
one, n/(n-1), and n-1 degrees of freedom, intervals of agencies as unequal as real ones contained the true share 73 to
87 times in 100 (tests/compare/estimates/test_shares.py): the largest pull the share towards themselves. For the
same reason Student's quantile has the degrees of freedom of the effective number of agencies.
Where no dataset passes, or all do, the variance is 0 and says nothing: each agency counts as one dataset then.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from ckanext.aivision.compare.estimates.figures import Mean, Share
from ckanext.aivision.compare.estimates.method import Interval
from ckanext.aivision.compare.estimates.statistics.intervals import (
    LEAST_CLUSTERS,
    Array,
    effective_clusters,
    quantile,
    too_few_clusters,
    wilson,
)

_HARDLY_ANY = 1e-9  # effective datasets, where there are none: no division by zero


@dataclasses.dataclass(frozen=True)
class Shares:
    """Shares of several measures at once. value, low, high: 0 to 1, NaN where there is none."""

    passed: Array
    known: Array
    clusters: Array
    effective: Array
    value: Array
    low: Array
    high: Array

    def share(self, column: int) -> Share:
        """One measure's share, per cent."""
        passed, known = round(float(self.passed[column])), round(float(self.known[column]))
        mean = self.mean(column)
        cases = 0.0 if mean.interval is None else round(float(self.effective[column]), 1)
        return Share(passed, known, cases, mean.value, mean.interval)

    def mean(self, column: int) -> Mean:
        """One measure's share, per cent, as a mean; without an interval, and with the reason, for few agencies."""
        if not self.known[column]:
            return Mean(None, None, "nothing is known")
        value = round(100 * float(self.value[column]), 2)
        clusters = int(self.clusters[column])
        if clusters < LEAST_CLUSTERS:
            return Mean(value, None, too_few_clusters(clusters))
        low, high = float(self.low[column]), float(self.high[column])
        return Mean(value, Interval(round(100 * low, 2), round(100 * high, 2)))


def shares(passed: Array, known: Array, most: Array) -> Shares:
    """passed of known, with 95 per cent intervals.

    passed, known: clusters x measures. most: by measure, how many datasets there are: no share is surer than one of so
    many independent datasets.
    """
    tops, bottoms = passed.sum(axis=0), known.sum(axis=0)
    clusters = (known > 0).sum(axis=0).astype(np.float64)
    at_least = np.maximum(clusters, LEAST_CLUSTERS)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = tops / bottoms
        residuals = (passed - value * known) / (bottoms - known)
        variance = (at_least - 1) / at_least * (residuals**2).sum(axis=0)
        effective = np.minimum(value * (1 - value) / variance, most)
    effective = np.where((tops == 0) | (tops == bottoms), clusters, effective)
    low, high = wilson(value, np.maximum(effective, _HARDLY_ANY), quantile(effective_clusters(known)))
    return Shares(tops, bottoms, clusters, effective, value, low, high)
