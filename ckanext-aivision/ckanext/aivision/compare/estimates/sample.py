"""The tallies of one country as arrays: publishers down, criteria or dimensions across."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from ckanext.aivision.compare.estimates.intervals import Array
from ckanext.aivision.compare.tallies.known_share import reason_without_mean
from ckanext.aivision.compare.tallies.tally import CriterionTally, DimensionTally, Tally


class CriterionLike(Protocol):
    """What a comparison needs of a `scoring.rubric.Criterion`."""

    @property
    def id(self) -> str: ...

    @property
    def dimension(self) -> str: ...

    @property
    def question(self) -> str: ...

    @property
    def weight(self) -> int: ...


@dataclasses.dataclass(frozen=True)
class Sample:
    """One country. Scores and values are sums in points (0 to 100 each), the rest are numbers of datasets.

    data_sets, scored, score, coverage: by publisher. dimension_known, dimension_score: publishers x dimensions.
    passed, partial, failed, known, unknown, value: publishers x criteria.
    """

    tallies: Sequence[Tally]
    data_sets: Array
    scored: Array
    score: Array
    coverage: Array
    dimension_known: Array
    dimension_score: Array
    passed: Array
    partial: Array
    failed: Array
    known: Array
    unknown: Array
    value: Array

    @property
    def publishers(self) -> int:
        return len(self.tallies)

    def known_share(self, criterion: int) -> float | None:
        """Share 0 to 1 of the datasets it applies to for which a criterion's result is known; None if it applies to
        none. It is the lower of the share by dataset and of the mean of the publishers' shares, so that one large
        publisher cannot answer for a country.
        """
        by_publisher = self.publishers_known_share(criterion)
        if by_publisher is None:
            return None
        known, unknown = self.known[:, criterion].sum(), self.unknown[:, criterion].sum()
        return float(min(known / (known + unknown), by_publisher))

    def publishers_known_share(self, criterion: int) -> float | None:
        """The mean of the publishers' shares 0 to 1 of their datasets for which a criterion's result is known."""
        known, applicable = self.known[:, criterion], (self.known + self.unknown)[:, criterion]
        some = applicable > 0
        return float((known[some] / applicable[some]).mean()) if some.any() else None

    def reason_without_mean(self, criterion: int) -> str:
        """Why a criterion has no mean in this country (`known_share.reason_without_mean`); empty if it has one."""
        numbers = (self.passed, self.partial, self.failed, self.unknown)
        passed, partial, failed, unknown = (int(one[:, criterion].sum()) for one in numbers)
        counts = CriterionTally(passed, partial, failed, unknown)
        return reason_without_mean(counts, self.publishers_known_share(criterion))


def sample(tallies: Sequence[Tally], criteria: Sequence[CriterionLike], dimensions: Sequence[str]) -> Sample:
    """The arrays of one country's tallies, one tally a publisher."""
    by_dimension = [[tally.dimensions.get(name, _NO_DIMENSION) for name in dimensions] for tally in tallies]
    by_criterion = [[tally.criteria.get(row.id, _NO_CRITERION) for row in criteria] for tally in tallies]
    across, along = (len(tallies), len(dimensions)), (len(tallies), len(criteria))

    def column(values: list[int]) -> Array:
        return np.array(values, dtype=np.float64)

    def table(values: list[list[int]], shape: tuple[int, int]) -> Array:
        return np.array(values, dtype=np.float64).reshape(shape)

    return Sample(
        tallies=tallies,
        data_sets=column([tally.data_sets for tally in tallies]),
        scored=column([tally.scored for tally in tallies]),
        score=column([tally.score_tenths for tally in tallies]) / 10,
        coverage=column([tally.coverage_thousandths for tally in tallies]) / 10,
        dimension_known=table([[found.known for found in row] for row in by_dimension], across),
        dimension_score=table([[found.tenths for found in row] for row in by_dimension], across) / 10,
        passed=table([[found.passed for found in row] for row in by_criterion], along),
        partial=table([[found.partial for found in row] for row in by_criterion], along),
        failed=table([[found.failed for found in row] for row in by_criterion], along),
        known=table([[found.known for found in row] for row in by_criterion], along),
        unknown=table([[found.unknown for found in row] for row in by_criterion], along),
        value=table([[found.thousandths for found in row] for row in by_criterion], along) / 10,
    )


_NO_DIMENSION = DimensionTally()
_NO_CRITERION = CriterionTally()
