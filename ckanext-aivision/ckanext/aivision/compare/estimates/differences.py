"""The difference between two countries: how large it is, and whether it is more than chance."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import msgspec
import numpy as np

from ckanext.aivision.compare.estimates.figures import Comparison, Difference, Mean, Measure
from ckanext.aivision.compare.estimates.means import Estimate, Means
from ckanext.aivision.compare.estimates.method import Interval
from ckanext.aivision.compare.estimates.sample import LEAST_DATA_SETS, CriterionLike, Sample
from ckanext.aivision.compare.estimates.statistics.intervals import (
    LEAST_CLUSTERS,
    LEVEL,
    Array,
    percentile_interval,
    too_few_clusters,
)
from ckanext.aivision.compare.estimates.statistics.significance import holm, p_values
from ckanext.aivision.compare.estimates.verdict_sentences import NOT_COMPARED, short_verdict
from ckanext.aivision.compare.tallies.known_share import LEAST_KNOWN, percent, too_little_known


def reasons_left_out(
    samples: Sequence[Sample], labels: Sequence[str], criteria: Sequence[CriterionLike]
) -> dict[int, str]:
    """Which criteria (by their place) are no part of the difference, and why, in words.

    samples, labels: of the two countries. A country without datasets leaves nothing out: there is no difference then.
    """
    if not all(country.agencies for country in samples):
        return {}
    reasons = {}
    for index in range(len(criteria)):
        if reason := _reason(samples, index, labels):
            reasons[index] = reason
    return reasons


def _reason(samples: Sequence[Sample], index: int, labels: Sequence[str]) -> str:
    shares = [country.known_share(index) for country in samples]
    nowhere = [label for share, label in zip(shares, labels, strict=True) if share is None]
    if nowhere:
        return f"applies to none of the datasets of the {' and the '.join(nowhere)}"
    if all(share == 0 for share in shares):
        return "not known for any dataset: it needs more than the metadata, or no format has a field for it"
    if not any(too_little_known(share or 0) for share in shares):
        said = (country.reason_without_mean(index) for country in samples)
        silent = ", ".join(f"{label}: {reason}" for reason, label in zip(said, labels, strict=True) if reason)
        return f"almost no dataset can fail it, because saying nothing counts as unknown ({silent})" if silent else ""
    known = ", ".join(f"{label} {percent(share or 0, 1)}" for share, label in zip(shares, labels, strict=True))
    return f"known for too few datasets ({known}; {100 * LEAST_KNOWN:.0f} % needed in both countries)"


def comparable_weights(criteria: Sequence[CriterionLike], dimensions: Sequence[str], out: dict[int, str]) -> Array:
    """criteria x (1 + dimensions): the weights overall (column 0) and in each dimension; 0 where left out."""
    weights = np.zeros((len(criteria), 1 + len(dimensions)))
    for index, row in enumerate(criteria):
        if index not in out:
            weights[index, 0] = row.weight
            weights[index, 1 + dimensions.index(row.dimension)] = row.weight
    return weights


@dataclasses.dataclass(frozen=True)
class _Differences:
    """One way to count. low, high: 95 per cent limits by measure. p: p-values, not corrected."""

    first: Means
    second: Means
    low: Array
    high: Array
    p: Array


class Differences:
    """All differences between two countries' estimates, first minus second."""

    def __init__(self, first: Estimate, second: Estimate, labels: Sequence[str]) -> None:
        self._labels = labels
        self._by_data_set = _differences(first.by_data_set, second.by_data_set)
        self._by_agency = _differences(first.by_agency, second.by_agency)

    def at(self, column: int, criteria: int, of_criteria: int) -> Comparison:
        """The comparison of one measure, by itself. It is based on that many criteria."""
        by_data_set = self._difference(self._by_data_set, column)
        by_agency = self._difference(self._by_agency, column)
        found = Comparison(
            by_data_set, by_agency, by_agency.distinguishable, criteria, of_criteria, by_agency.note, "", by_agency.p
        )
        return msgspec.structs.replace(found, verdict=short_verdict(found, self._labels))

    def _difference(self, found: _Differences, column: int) -> Difference:
        both = found.first, found.second
        means = mean(found.first, column), mean(found.second, column)
        exact = rounded(found.first.value[column] - found.second.value[column])
        if lacking := self._explain_missing(both, column):
            return Difference(*means, exact, None, None, lacking)
        interval = Interval(round(float(found.low[column]), 2), round(float(found.high[column]), 2))
        value = exact or 0
        told = (interval.low > 0 and value > 0) or (interval.high < 0 and value < 0)
        return Difference(*means, exact, interval, told, p=float(f"{found.p[column]:.4g}"))

    def _explain_missing(self, both: tuple[Means, Means], column: int) -> str:
        """What there are too few of, as a sentence; empty if there are enough."""
        lacks = []
        for means, label in zip(both, self._labels, strict=True):
            agencies, data_sets = int(means.agencies[column]), int(means.data_sets[column])
            if agencies < LEAST_CLUSTERS:
                lacks.append(f"{label}: {agencies} of the {LEAST_CLUSTERS} agencies needed")
            elif data_sets < LEAST_DATA_SETS:
                lacks.append(f"{label}: {data_sets} of the {LEAST_DATA_SETS} datasets needed")
        return f"too few to tell ({'; '.join(lacks)})" if lacks else ""


def _differences(first: Means, second: Means) -> _Differences:
    low, high = percentile_interval(first.draws - second.draws)
    clusters = np.maximum(first.clusters, LEAST_CLUSTERS), np.maximum(second.clusters, LEAST_CLUSTERS)
    p = p_values(first.value - second.value, (first.error, second.error), clusters)
    return _Differences(first, second, np.clip(low, -100, 100), np.clip(high, -100, 100), p)


def corrected(family: Sequence[Measure], labels: Sequence[str]) -> list[Measure]:
    """Measures that are compared beside each other: each is told apart only if it is after Holm's correction.

    labels: of the two countries. Those without a difference are not counted.
    """
    compared = [place for place, row in enumerate(family) if row.comparison.corrected is not None]
    p = holm([family[place].comparison.corrected or 0.0 for place in compared])
    found = list(family)
    for place, value in zip(compared, p, strict=True):
        own = family[place].comparison
        told = bool(own.by_agency.distinguishable) and value < 1 - LEVEL
        comparison = msgspec.structs.replace(own, corrected=float(f"{value:.4g}"), distinguishable=told)
        comparison = msgspec.structs.replace(comparison, verdict=short_verdict(comparison, labels))
        found[place] = msgspec.structs.replace(family[place], comparison=comparison)
    return found


def not_compared(note: str, of_criteria: int = 1) -> Comparison:
    """For a measure of so many criteria that has no difference."""
    nothing = Difference(Mean(None, None, note), Mean(None, None, note), None, None, None, note)
    return Comparison(nothing, nothing, None, 0, of_criteria, note, NOT_COMPARED)


def mean(means: Means, column: int, none: str = "nothing is known") -> Mean:
    """One measure's mean; without an interval, and with the reason, where agencies are too few for one.

    none: why there is none, if it is of no agency.
    """
    agencies = int(means.agencies[column])
    if not agencies:
        return Mean(None, None, none)
    value = rounded(means.value[column])
    if agencies < LEAST_CLUSTERS:
        return Mean(value, None, too_few_clusters(agencies))
    return Mean(value, Interval(round(float(means.low[column]), 2), round(float(means.high[column]), 2)))


def rounded(value: float) -> float | None:
    """Two decimals; None for NaN."""
    return None if np.isnan(value) else round(float(value), 2)
