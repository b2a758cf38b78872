"""Shares of datasets that are alike within agencies: intervals that hold what they promise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ckanext.aivision.compare.estimates.shares import Shares, shares


def of(passed: list[float], known: list[float]) -> Shares:
    """One measure."""
    return shares(np.array([passed], dtype=float).T, np.array([known], dtype=float).T, np.array([float(sum(known))]))


def test_agencies_that_do_all_or_nothing_count_as_one_dataset_each() -> None:
    # Five of ten do: p (1 - p) over its jackknife variance.
    assert of([100, 0] * 5, [100] * 10).effective[0] == pytest.approx(9)


def test_agencies_that_are_all_alike_count_as_many_datasets_as_they_have() -> None:
    assert of([30] * 10, [100] * 10).effective[0] == 1000


@pytest.mark.parametrize("passed", [0, 100])
def test_none_and_all_have_an_interval_of_as_many_datasets_as_agencies(passed: int) -> None:
    found = of([passed] * 12, [100] * 12)
    assert found.effective[0] == 12
    # Wilson's with Student's quantile of 11 degrees of freedom: 2.201^2 / (12 + 2.201^2).
    edge = found.high[0] if passed == 0 else 1 - found.low[0]
    assert edge == pytest.approx(4.844 / 16.844, abs=1e-3)


def test_fewer_than_three_agencies_have_a_share_and_no_interval() -> None:
    found = of([50, 0], [100, 100])
    assert (found.mean(0).value, found.mean(0).interval) == (25, None)
    assert found.mean(0).note == "no interval: 2 of the 3 agencies needed"


def test_of_nothing_known_there_is_no_share() -> None:
    found = of([0, 0, 0], [0, 0, 0])
    assert (found.share(0).value, found.share(0).interval, found.mean(0).note) == (None, None, "nothing is known")


def test_an_agency_of_which_nothing_is_known_is_no_agency() -> None:
    assert of([10, 20, 60, 0], [100, 100, 100, 0]).mean(0) == of([10, 20, 60], [100, 100, 100]).mean(0)


EQUAL, UNEQUAL = (
    lambda chance, number: chance.integers(5, 400, size=number),
    # As real agencies are: most have few datasets, and a few have thousands.
    lambda chance, number: np.ceil(np.minimum(chance.pareto(1, number) * 10 + 5, 3000)).astype(int),
)


@pytest.mark.long
@pytest.mark.parametrize("sizes_of", [EQUAL, UNEQUAL], ids=["alike in size", "few large"])
@pytest.mark.parametrize(
    ("share", "agencies", "alike"), [(0.33, 30, 0.4), (0.33, 10, 0.3), (0.1, 40, 0.1), (0.7, 150, 0.1)]
)
def test_the_interval_holds_the_true_share_as_often_as_it_says(
    share: float, agencies: int, alike: float, sizes_of: Any
) -> None:
    """Agencies' shares are beta distributed, with that correlation within one."""
    chance = np.random.default_rng(17)
    held = 0
    for _ in range(600):
        sizes = sizes_of(chance, agencies)
        own = chance.beta(share * (1 / alike - 1), (1 - share) * (1 / alike - 1), size=agencies)
        found = of(chance.binomial(sizes, own).tolist(), sizes.tolist())
        held += bool(found.low[0] <= share <= found.high[0])
    assert 0.92 <= held / 600 <= 0.99
