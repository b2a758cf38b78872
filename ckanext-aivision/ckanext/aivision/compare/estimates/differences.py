"""The difference between two countries: how large it is, and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from ckanext.aivision.compare.estimates.figures import Comparison, Difference, Interval, Mean
from ckanext.aivision.compare.estimates.intervals import Array, percentile_interval
from ckanext.aivision.compare.estimates.means import Estimate, Means
from ckanext.aivision.compare.estimates.sample import CriterionLike, Sample
from ckanext.aivision.compare.estimates.verdict import NOT_COMPARED, short_verdict
from ckanext.aivision.compare.tallies.known_share import LEAST_KNOWN, percent, too_little_known

LEAST_PUBLISHERS = 3
LEAST_DATA_SETS = 30


def reasons_left_out(
    samples: Sequence[Sample], labels: Sequence[str], criteria: Sequence[CriterionLike]
) -> dict[int, str]:
    """Which criteria (by their place) are no part of the difference, and why, in words.

    samples, labels: of the two countries. A country without datasets leaves nothing out: there is no difference then.
    """
    if not all(country.publishers for country in samples):
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


class Differences:
    """All differences between two countries' estimates, first minus second."""

    def __init__(self, first: Estimate, second: Estimate, labels: Sequence[str]) -> None:
        self._labels = labels
        self._by_data_set = self._limits(first.by_data_set, second.by_data_set)
        self._by_publisher = self._limits(first.by_publisher, second.by_publisher)

    @staticmethod
    def _limits(first: Means, second: Means) -> tuple[Means, Means, Array, Array]:
        low, high = percentile_interval(first.draws - second.draws)
        return first, second, np.clip(low, -100, 100), np.clip(high, -100, 100)

    def at(self, column: int, criteria: int, of_criteria: int) -> Comparison:
        """The comparison of one measure, made of so many of its criteria."""
        by_data_set = self._difference(self._by_data_set, column)
        by_publisher = self._difference(self._by_publisher, column)
        together = _together(by_data_set, by_publisher)
        found = Comparison(by_data_set, by_publisher, together, criteria, of_criteria, by_data_set.note)
        return msgspec.structs.replace(found, verdict=short_verdict(found, self._labels))

    def _difference(self, limits: tuple[Means, Means, Array, Array], column: int) -> Difference:
        first, second, low, high = limits
        means = mean(first, column), mean(second, column)
        exact = rounded(first.value[column] - second.value[column])
        if lacking := self._lacking((first, second), column):
            return Difference(*means, exact, None, None, lacking)
        interval = Interval(round(float(low[column]), 2), round(float(high[column]), 2))
        value = exact or 0
        told = (interval.low > 0 and value > 0) or (interval.high < 0 and value < 0)
        return Difference(*means, exact, interval, told)

    def _lacking(self, both: tuple[Means, Means], column: int) -> str:
        """What there is too little of, or nothing."""
        lacks = []
        for means, label in zip(both, self._labels, strict=True):
            publishers, data_sets = int(means.publishers[column]), int(means.data_sets[column])
            if publishers < LEAST_PUBLISHERS:
                lacks.append(f"{label}: {publishers} of the {LEAST_PUBLISHERS} publishers needed")
            elif data_sets < LEAST_DATA_SETS:
                lacks.append(f"{label}: {data_sets} of the {LEAST_DATA_SETS} datasets needed")
        return f"too few to tell ({'; '.join(lacks)})" if lacks else ""


def not_compared(note: str, of_criteria: int = 1) -> Comparison:
    """For a measure of so many criteria that has no difference."""
    nothing = Difference(Mean(None, None, note), Mean(None, None, note), None, None, None, note)
    return Comparison(nothing, nothing, None, 0, of_criteria, note, NOT_COMPARED)


def mean(means: Means, column: int) -> Mean:
    """One measure's mean; without an interval, and with the reason, where publishers are too few for one."""
    publishers = int(means.publishers[column])
    if not publishers:
        return Mean(None, None, "nothing is known")
    value = rounded(means.value[column])
    if publishers < LEAST_PUBLISHERS:
        return Mean(value, None, f"no interval: {publishers} of the {LEAST_PUBLISHERS} publishers needed")
    return Mean(value, Interval(round(float(means.low[column]), 2), round(float(means.high[column]), 2)))


def rounded(value: float) -> float | None:
    """Two decimals; None for NaN."""
    return None if np.isnan(value) else round(float(value), 2)


def _together(one: Difference, other: Difference) -> bool | None:
    """Only what both ways of counting tell apart, and in the same direction, is called distinguishable."""
    if one.distinguishable is None or other.distinguishable is None:
        return None
    same_side = (one.value or 0) * (other.value or 0) > 0
    return one.distinguishable and other.distinguishable and same_side
