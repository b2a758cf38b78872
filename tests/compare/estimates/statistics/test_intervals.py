"""Intervals: Wilson's by known values, the clustered bootstrap by what it must and must not do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ckanext.aivision.compare.estimates.statistics.intervals import (
    clustered_draws,
    effective_clusters,
    percentile_interval,
    resamples,
    student_t,
    wilson,
)


@pytest.mark.parametrize(
    ("passed", "of", "low", "high"),
    [(0, 10, 0.0, 0.27753), (5, 10, 0.23659, 0.76341), (8, 10, 0.49016, 0.94332), (10, 10, 0.72247, 1.0)],
)
def test_wilson_gives_the_published_values(passed: Any, of: Any, low: Any, high: Any) -> None:
    limits = wilson(np.array([passed / of]), np.array([float(of)]), np.array([1.959964]))
    assert [float(limit[0]) for limit in limits] == pytest.approx([low, high], abs=1e-5)


@pytest.mark.parametrize(("freedom", "quantile"), [(2, 4.3027), (3, 3.1824), (5, 2.5706), (9, 2.2622), (59, 2.0010)])
def test_students_t_is_within_one_per_cent_of_the_tables(freedom: Any, quantile: Any) -> None:
    assert student_t(np.array([float(freedom)]))[0] == pytest.approx(quantile, rel=0.01)


def test_each_resample_draws_as_many_clusters_as_there_are() -> None:
    counts = resamples(7, 50, np.random.default_rng(0))
    assert counts.shape == (50, 7)
    assert (counts.sum(axis=1) == 7).all()


def test_the_same_seed_draws_the_same() -> None:
    one, two = (resamples(7, 50, np.random.default_rng(3)) for _ in range(2))
    assert (one == two).all()


def _interval(sums: Any, sizes: Any, seed: Any = 0) -> Any:
    """The interval of sum(sums) / sum(sizes) over clusters."""
    counts = resamples(len(sums), 1000, np.random.default_rng(seed))
    _, draws, _ = clustered_draws(np.array([sums]).T, np.array([sizes]).T, counts)
    low, high = percentile_interval(draws)
    return float(low[0]), float(high[0])


def test_clusters_that_are_all_alike_leave_no_doubt() -> None:
    assert _interval([400.0, 800.0, 1200.0], [10.0, 20.0, 30.0]) == pytest.approx((40.0, 40.0))


def test_a_hundred_copies_of_every_record_make_the_interval_no_narrower() -> None:
    sums, sizes = np.array([100.0, 300.0, 450.0, 80.0]), np.array([10.0, 10.0, 9.0, 2.0])
    assert _interval(sums, sizes) == pytest.approx(_interval(100 * sums, 100 * sizes))


def test_many_records_of_few_publishers_are_less_sure_than_as_many_publishers() -> None:
    means = np.array([20.0, 40.0, 60.0, 80.0])
    few = _interval(means * 25, np.full(4, 25.0))
    many = _interval(np.tile(means, 25), np.ones(100))
    assert few[1] - few[0] > 4 * (many[1] - many[0])


def test_the_interval_holds_the_true_mean_95_times_in_100_also_with_six_publishers() -> None:
    chance = np.random.default_rng(11)
    held = 0
    for seed in range(400):
        low, high = _interval(chance.normal(50, 10, size=6), np.ones(6), seed)
        held += low <= 50 <= high
    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.long
def test_the_interval_holds_the_true_mean_where_few_clusters_are_large() -> None:
    chance = np.random.default_rng(11)
    held = 0
    for seed in range(400):
        sizes = np.ceil(np.minimum(chance.pareto(1, 150) * 10 + 5, 3000))
        low, high = _interval(sizes * chance.normal(50, 15, size=150), sizes, seed)
        held += low <= 50 <= high
    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.parametrize(
    ("sizes", "effective"), [([10.0] * 8, 8), ([90.0, 10.0], 1.2195), ([5.0, 0.0, 5.0], 2), ([0.0, 0.0], 0)]
)
def test_large_clusters_leave_the_others_hardly_any_weight(sizes: Any, effective: float) -> None:
    assert effective_clusters(np.array([sizes]).T)[0] == pytest.approx(effective, abs=1e-4)


def test_draws_without_any_cluster_that_has_the_measure_are_left_out() -> None:
    counts = np.array([[3.0, 0.0, 0.0], [0.0, 2.0, 1.0], [1.0, 1.0, 1.0]])
    _, draws, errors = clustered_draws(np.array([[0.0], [50.0], [70.0]]), np.array([[0.0], [1.0], [1.0]]), counts)
    assert np.isnan(draws[0, 0])
    assert errors[0] > 0
    low, high = percentile_interval(draws)
    assert low[0] < high[0]


def test_limits_are_the_quantiles_that_numpy_gives() -> None:
    draws = np.random.default_rng(5).normal(size=(7, 1000))
    draws[3, :40] = np.nan
    low, high = percentile_interval(draws)
    assert low == pytest.approx(np.nanquantile(draws, 0.025, axis=1))
    assert high == pytest.approx(np.nanquantile(draws, 0.975, axis=1))


def test_a_measure_that_no_draw_has_gives_no_interval() -> None:
    low, high = percentile_interval(np.full((1, 10), np.nan))
    assert np.isnan(low[0])
    assert np.isnan(high[0])
